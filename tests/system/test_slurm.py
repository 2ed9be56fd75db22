#!/usr/bin/env python3
"""mid sweep --slurm on a real Slurm of one node, made for this test: its job array and the job after it give the bytes of a plain sweep, and the same
command again submits what is missing alone. The daemons end with the test, whatever happens."""
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BIN = os.environ["MIDLAB_BIN"]
TOO_LONG = 300  # seconds
SWEEP = ["sweep", "preset:tiny", "--no-cache", "--seeds", "4", "--vary", "defense.lambda=0.1,1"]
FILES = ["results.jsonl", "table.csv", "table.txt", "trade-off.svg", "trade-off.png"]
# Where core/cmake/setup.sh unpacks Slurm, which is not installed: so its programs, libraries and plug-ins are named.
SLURM = pathlib.Path(os.environ.get("MIDLAB_CLUSTER", pathlib.Path.home() / ".cache/midlab/cluster"))
LIBRARIES = sorted({p.parent for p in (SLURM / "usr/lib").rglob("*.so*")})
PLUGINS = next((p.parent for p in LIBRARIES and (SLURM / "usr/lib").rglob("auth_munge.so")), None)
PATH = os.pathsep.join([str(SLURM / "usr/bin"), str(SLURM / "usr/sbin"), os.environ.get("PATH", os.defpath)])
CONFIGURATION = """ClusterName=midlab
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
PluginDir={plugins}
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
MailProg=/bin/true
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
MinJobAge=3600
SchedulerParameters=sched_interval=1,batch_sched_delay=0
NodeName={host} NodeAddr=127.0.0.1 CPUs=1 State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""

problems = []


def expect(good, sentence):
    if not good:
        problems.append(sentence)


def run(*words, **more):
    return subprocess.run([*map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TOO_LONG, **more)


def until(state, what):
    """Waits for a state, however long the machine takes for it."""
    end = time.monotonic() + TOO_LONG
    while not state():
        if time.monotonic() > end:
            sys.exit(f"after {TOO_LONG} s {what} has not come")
        time.sleep(.1)


def free_ports():
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Cluster:
    """munged, slurmctld and slurmd in a folder of their own, as children of this process."""

    def __init__(self, folder):
        self.folder, self.children = folder, []
        host = socket.gethostname().split(".")[0]
        self.environment = {**os.environ, "SLURM_CONF": str(folder / "slurm.conf"), "PATH": PATH,
                            "LD_LIBRARY_PATH": os.pathsep.join(map(str, LIBRARIES))}
        for name in ("state", "spool"):
            (folder / name).mkdir()
        (folder / "slurm.conf").write_text(CONFIGURATION.format(folder=folder, plugins=PLUGINS, host=host, user=pwd.getpwuid(os.getuid()).pw_name, ports=free_ports()))
        (folder / "munge.key").write_bytes(os.urandom(1024))
        (folder / "munge.key").chmod(0o400)

    def start(self, name, *words):
        log = open(self.folder / f"{name}.out", "wb")
        self.children.append(subprocess.Popen([SLURM / "usr/sbin" / name, *map(str, words)], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def __enter__(self):
        try:
            # Munge is one user's own here: it takes folders as safe that are not the system's.
            self.start("munged", "--foreground", "--force", f"--key-file={self.folder}/munge.key", f"--socket={self.folder}/munge.socket",
                       f"--pid-file={self.folder}/munge.pid", f"--log-file={self.folder}/munge.log", f"--seed-file={self.folder}/munge.seed")
            until(lambda: (self.folder / "munge.socket").exists() or self.dead(), "the socket of munge")
            self.start("slurmctld-wlm", "-D")
            self.start("slurmd-wlm", "-D", "-d", SLURM / "usr/sbin/slurmstepd-wlm")
            until(lambda: self.answer("sinfo", "-h", "-o", "%T") == "idle" or self.dead(), "an idle node")
        except BaseException:
            self.__exit__()
            raise
        return self

    def dead(self):
        for child in self.children:
            if child.poll() is not None:
                logs = "\n".join(f"{p.name}: {p.read_text(errors='replace')[-1500:]}" for p in sorted(self.folder.glob("*.out")) + sorted(self.folder.glob("*.log")))
                sys.exit(f"{pathlib.Path(child.args[0]).name} ended with {child.returncode}\n{logs}")
        return False

    def answer(self, *words):
        return run(shutil.which(words[0], path=PATH), *words[1:], env=self.environment).stdout.strip()

    def jobs_have_ended(self):
        self.dead()
        states = self.answer("squeue", "-h", "-t", "all", "-o", "%T").split()
        return states and all(s in ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "BOOT_FAIL", "OUT_OF_MEMORY") for s in states)

    def __exit__(self, *_):
        for child in reversed(self.children):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in self.children:
            try:
                child.wait(timeout=20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def main():
    if not PLUGINS or not (SLURM / "usr/bin/sbatch").exists():
        sys.exit(f"Slurm is not in {SLURM}; ./check puts it there")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        run(BIN, *SWEEP, "--out", folder / "plain")
        plain = {f: (folder / "plain" / f).read_bytes() for f in FILES}
        cluster_folder = folder / "cluster"
        cluster_folder.mkdir()
        with Cluster(cluster_folder) as cluster:
            submit = [BIN, *SWEEP, "--out", "out", "--slurm", "--partition", "all", "--time", "10", "--runs-per-task", "3"]
            done = run(*submit, env=cluster.environment, cwd=folder)
            expect(done.returncode == 0 and "1-3 of 3 tasks" in done.stdout, f"submitted: {done.returncode}, {done.stdout!r}, {done.stderr!r}")
            until(cluster.jobs_have_ended, "the end of all jobs")
            states = cluster.answer("squeue", "-h", "-t", "all", "-o", "%j %T")
            logs = {p.name: p.read_text() for p in (folder / "out/slurm").glob("*")} if (folder / "out/slurm").exists() else {}
            expect(states.count("COMPLETED") == states.count("\n") + 1 and "mid-collect COMPLETED" in states, f"jobs: {states!r}, {logs}")
            for f in FILES:
                there = folder / "out" / f
                expect(there.exists() and there.read_bytes() == plain[f], f"Slurm's {f} is not that of a plain sweep: {logs}")
            expect((folder / "out/results.sqlite").exists(), f"the job after the array has not collected: {logs}")

            # Of what is missing alone: the task of one run.
            victim = sorted((folder / "out/runs").iterdir())[0]
            victim.unlink()
            (folder / "out/table.csv").unlink()
            done = run(*submit, env=cluster.environment, cwd=folder)
            expect(done.returncode == 0 and done.stdout.split(": ")[1].split(" of ")[0] in ("1", "2", "3"), f"submitted again: {done.stdout!r}, {done.stderr!r}")
            until(cluster.jobs_have_ended, "the end of the jobs for what was missing")
            expect(victim.exists() and (folder / "out/table.csv").read_bytes() == plain["table.csv"], "what was missing was not run")
            done = run(*submit[:-4], "--partition", "nowhere", env=cluster.environment, cwd=folder)
            victim.unlink()
            done = run(*submit[:-6], "--partition", "nowhere", env=cluster.environment, cwd=folder)
            expect(done.returncode == 1 and "Slurm did not take the job" in done.stderr, f"a partition that is not there: {done.returncode}, {done.stderr!r}")
    print("\n".join(problems) or "a job array of Slurm gives the bytes of a plain sweep")
    sys.exit(1 if problems else 0)


main()
