#!/usr/bin/env python3
"""mid-mpi under a real mpirun with four ranks: the bytes of a plain sweep, of few runs and of more than 10,000, and of a comparison; with a rank
that is killed in the middle of a run, which goes to another; and with a job that the kill ends as a whole, which the same command goes on with.
What is wrong is said once."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BIN = os.environ["MIDLAB_BIN"]
MPI_BIN = str(pathlib.Path(BIN).with_name("mid-mpi"))
TOO_LONG = 300  # seconds
ATTEMPTS = 5    # to kill a rank before all is done
# Where core/cmake/setup.sh unpacks OpenMPI, which is not installed: so its folder and libraries are named.
MPI = pathlib.Path(os.environ.get("MIDLAB_MPI", pathlib.Path.home() / ".cache/midlab/mpi"))
MPIRUN = MPI / "usr/bin/mpirun.openmpi"
SWEEP = ["sweep", "preset:tiny", "--no-cache", "--seeds", "300", "--vary", "defense.lambda=0.1,1"]
FEW = ["sweep", "preset:tiny", "--no-cache", "--seeds", "3", "--vary", "defense.lambda=0.1,1"]
LONG = ["sweep", "preset:tiny", "--no-cache", "--seeds", "51", "--vary", "defense.lambda=0.1,1," + ",".join(map(str, range(-1, -200, -1)))]
COMPARE = ["compare", "preset:tiny", "--settings", "1", "--seeds", "1", "--quick", "--no-cache"]
GATED = ["--no-cache", "--seeds", "3", "--vary", "release.decimals=0,1,2,3"]
# A model that answers when the gate is open; until then it says whose run waits.
GATE = """import json, os, pathlib, sys, time
folder = pathlib.Path(sys.argv[1])
for line in sys.stdin:
    (folder / f"waits.{os.getppid()}").touch()
    while not (folder / "open").exists():
        time.sleep(.01)
    question = json.loads(line)
    print(json.dumps({"id": question["id"], "values": [sum(x) / len(x) for x in question["inputs"]]}), flush=True)
"""
TABLES = ["table.csv", "table.txt", "trade-off.svg", "trade-off.png"]

problems = []


def expect(good, sentence):
    if not good:
        problems.append(sentence)


def environment(folder):
    there = dict(os.environ)
    if MPIRUN.exists():
        libraries = sorted({str(p.parent) for p in (MPI / "usr/lib").rglob("lib*.so*")} | {str(p.parent) for p in (MPI / "lib").rglob("lib*.so*")})
        there |= {"OPAL_PREFIX": str(MPI / "usr"), "LD_LIBRARY_PATH": os.pathsep.join(libraries)}
    # Root in a container, more ranks than cores, no other machine, no shared memory.
    return there | {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_plm": "isolated",
                    "OMPI_MCA_pml": "ob1", "OMPI_MCA_btl": "self,tcp", "OMPI_MCA_btl_tcp_if_include": "lo", "OMPI_MCA_oob_tcp_if_include": "lo",
                    "OMPI_MCA_hwloc_base_binding_policy": "none", "TMPDIR": str(folder)}


def mid(*words, code=0):
    done = subprocess.run([BIN, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TOO_LONG)
    expect(done.returncode == code, f"mid {words[0]}: {done.returncode}, {done.stderr[-300:]!r}")
    return done


def mpirun(folder, *words, ranks=4, options=()):
    program = str(MPIRUN) if MPIRUN.exists() else shutil.which("mpirun")
    return subprocess.Popen([program, *options, "-n", str(ranks), MPI_BIN, *map(str, words)], env=environment(folder), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process):
    try:
        out, err = process.communicate(timeout=TOO_LONG)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
        expect(False, f"{process.args}: not ended after {TOO_LONG} s; {err[-500:]!r}")
    return process.returncode, out, err


def same(folder, plain, what, files=TABLES):
    for f in files:
        expect((folder / f).exists() and (folder / f).read_bytes() == (plain / f).read_bytes(), f"{what}: {f} is not that of a plain mid")


def rank_of(process, rank):
    """The process of a rank, a child of mpirun."""
    for child in pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        try:
            if f"OMPI_COMM_WORLD_RANK={rank}".encode() in pathlib.Path(f"/proc/{child}/environ").read_bytes().split(b"\0"):
                return int(child)
        except OSError:
            pass
    return None


def killed_in_a_run(folder):
    """A sweep of which rank 2 is killed while it holds a run that cannot have ended: (exit code, standard error, the sweep)."""
    gate = folder / "gate"
    gate.mkdir()
    (folder / "gate.py").write_text(GATE)
    spec = {"data": {"name": "synthetic-dose", "rows": 50}, "model": {"command": [sys.executable, str(folder / "gate.py"), str(gate)]}, "release": {"kind": "round"},
            "attack": {"kind": "map_inference"}}
    (folder / "gated.json").write_text(json.dumps(spec))
    sweep = ["sweep", folder / "gated.json", *GATED]
    process = mpirun(folder, *sweep, "--out", folder / "recovers", "--patience", "2", options=["--enable-recovery"])
    end = time.monotonic() + TOO_LONG
    victim = None
    while process.poll() is None and time.monotonic() < end and not victim:
        victim = next((int(p.suffix[1:]) for p in gate.glob("waits.*") if int(p.suffix[1:]) == rank_of(process, 2)), None)
        time.sleep(.01)
    if victim:
        os.kill(victim, signal.SIGKILL)
    (gate / "open").touch()
    code, _, err = ended(process)
    expect(victim, f"rank 2 never held a run: {code}, {err[-600:]!r}")
    return code, err, sweep


def killed_at_work(folder):
    """Starts the sweep and kills rank 2 when there are results: (exit code, standard error, folder). None: it was too fast."""
    for attempt in range(ATTEMPTS):
        out = folder / f"aborts{attempt}"
        process = mpirun(folder, *SWEEP, "--out", out, "--patience", "2")
        end = time.monotonic() + TOO_LONG
        while process.poll() is None and time.monotonic() < end:
            if len(list((out / "runs").glob("*.json"))) >= 3 and (victim := rank_of(process, 2)):
                os.kill(victim, signal.SIGKILL)
                break
            time.sleep(.002)
        there = len(list((out / "runs").glob("*.json")))
        code, _, err = ended(process)
        if there < 600:
            return code, err, out
    return None


def main():
    if not pathlib.Path(MPI_BIN).exists():
        sys.exit(f"{MPI_BIN} is missing; build the target mid-mpi")
    if not MPIRUN.exists() and not shutil.which("mpirun"):
        sys.exit(f"there is no mpirun, and OpenMPI is not in {MPI}; ./check puts it there")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        mid(*SWEEP, "--out", folder / "plain")

        # A rank is killed, and mpirun lets the others go on.
        code, err, sweep = killed_in_a_run(folder)
        expect(code == 0 and "rank 2 is silent; its run" in err and "is handed out again" in err, f"killed: {code}, {err[-600:]!r}")
        mid(*sweep, "--out", folder / "ungated")
        same(folder / "recovers", folder / "ungated", "rank 2 was killed in a run", [*TABLES, "results.jsonl"])

        # mpirun ends all, as it does by itself: mid collect says that runs are missing, and the same command goes on.
        met = killed_at_work(folder)
        expect(met, "no kill met a job at work: the test sees nothing")
        if met:
            code, err, out = met
            expect(code != 0 and not (out / "table.csv").exists(), f"killed without --enable-recovery: {code}, {err[-600:]!r}")
            expect(mid("collect", out, code=1).stderr.count("of 600 runs have ended") == 1, "mid collect takes a part for the whole")
            before = {p: p.stat().st_mtime_ns for p in (out / "runs").glob("*.json")}
            code, _, err = ended(mpirun(folder, *SWEEP, "--out", out))
            expect(code == 0, f"the same command again: {code}, {err[-600:]!r}")
            expect(all(p.stat().st_mtime_ns == t for p, t in before.items()), "what had ended was done again")
            same(out, folder / "plain", "a job that was ended and started again", [*TABLES, "results.jsonl"])
            mid("collect", out)

        # More runs than files; two at a time; and a comparison. The tables come once.
        done = mid(*LONG, "--out", folder / "long")
        code, out, err = ended(mpirun(folder, *LONG, "--out", folder / "long-mpi", "--jobs", "2"))
        expect(code == 0 and out == done.stdout, f"a long list: {code}, {err[-600:]!r}, prints {out[:200]!r}")
        same(folder / "long-mpi", folder / "long", "a long list")
        done = mid(*COMPARE, "--out", folder / "fronts")
        code, out, err = ended(mpirun(folder, *COMPARE, "--out", folder / "fronts-mpi", ranks=3))
        expect(code == 0 and out == done.stdout, f"a comparison: {code}, {err[-600:]!r}")
        same(folder / "fronts-mpi", folder / "fronts", "a comparison", ["comparison.json", "comparison.svg"])

        # One rank is a plain mid; what is no list of runs is refused.
        mid(*FEW, "--out", folder / "few")
        code, _, err = ended(mpirun(folder, *FEW, "--out", folder / "few-mpi", ranks=1))
        expect(code == 0, f"one rank: {code}, {err[-600:]!r}")
        same(folder / "few-mpi", folder / "few", "one rank")

        # One rank says what is wrong, whether mpirun then ends the others or not.
        for options in ([], ["--enable-recovery"]):
            for words, sentence in ((["run", "preset:tiny"], "sweep and compare"), (["sweep", "preset:tiny", "--seeds", "0"], "--seeds"),
                                    (["sweep", "preset:tiny", "--out", folder / "no", "--vary", "defense.lamda=1"], "defense.lamda"), (["sweep", "preset:none", "--out", folder / "no"], "preset")):
                code, _, err = ended(mpirun(folder, *words, ranks=3, options=options))
                said = [line for line in err.splitlines() if line.startswith("mid: ")]
                expect(len(said) == 1 and sentence in said[0] and (code == 2 or options), f"{words} on many ranks: {code}, {said}, {err[-600:]!r}")
        code, out, err = ended(mpirun(folder, "--version", ranks=3))
        expect(code == 0 and out.count("\n") == 1, f"--version on many ranks: {code}, {out!r}, {err[-600:]!r}")
    print("\n".join(problems) or "mid-mpi gives the bytes of a plain mid, with a killed rank too")
    sys.exit(1 if problems else 0)


main()
