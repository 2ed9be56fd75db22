#!/usr/bin/env python3
"""mid-mpi under a real mpirun with four ranks: the bytes of a plain sweep, of few runs and of more than 10,000, and of a comparison; with a rank
that is killed at work, whose run goes to another; and with a job that the kill ends as a whole, which the same command goes on with."""
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


def mid(*words):
    done = subprocess.run([BIN, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TOO_LONG)
    expect(done.returncode == 0, f"mid {words[0]}: {done.returncode}, {done.stderr[-300:]!r}")
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


def killed_at_work(folder, name, options):
    """Starts the sweep and kills rank 2 when there are results: (exit code, standard error, results at that moment, folder). None: it was too fast."""
    for attempt in range(ATTEMPTS):
        out = folder / f"{name}{attempt}"
        process = mpirun(folder, *SWEEP, "--out", out, "--patience", "2", options=options)
        end = time.monotonic() + TOO_LONG
        while process.poll() is None and time.monotonic() < end:
            if len(list((out / "runs").glob("*.json"))) >= 3 and (victim := rank_of(process, 2)):
                os.kill(victim, signal.SIGKILL)
                break
            time.sleep(.002)
        there = len(list((out / "runs").glob("*.json")))
        code, _, err = ended(process)
        if there < 600:
            return code, err, there, out
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
        met = killed_at_work(folder, "recovers", ["--enable-recovery"])
        expect(met, "no kill met a job at work: the test sees nothing")
        if met:
            code, err, there, out = met
            expect(code == 0 and "rank 2 is silent" in err, f"killed: {code}, {err[-600:]!r}")
            same(out, folder / "plain", f"rank 2 was killed after {there} of 600 runs", [*TABLES, "results.jsonl"])

        # mpirun ends all, as it does by itself: the same command goes on.
        met = killed_at_work(folder, "aborts", [])
        expect(met, "no kill met a job at work: the test sees nothing")
        if met:
            code, err, there, out = met
            expect(code != 0 and not (out / "table.csv").exists(), f"killed without --enable-recovery: {code}, {err[-600:]!r}")
            before = {p: p.stat().st_mtime_ns for p in (out / "runs").glob("*.json")}
            code, _, err = ended(mpirun(folder, *SWEEP, "--out", out))
            expect(code == 0, f"the same command again: {code}, {err[-600:]!r}")
            expect(all(p.stat().st_mtime_ns == t for p, t in before.items()), "what had ended was done again")
            same(out, folder / "plain", "a job that was ended and started again", [*TABLES, "results.jsonl"])

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
        code, _, err = ended(mpirun(folder, "run", "preset:tiny", ranks=2))
        expect(code != 0 and "sweep and compare" in err, f"run on many ranks: {code}, {err[-600:]!r}")
    print("\n".join(problems) or "mid-mpi gives the bytes of a plain mid, with a killed rank too")
    sys.exit(1 if problems else 0)


main()
