#!/usr/bin/env python3
"""midlab answers for one of its runs (mid serve), by address and in lines, and attacks it through both doors with the figures of the
direct run; an address that is slow, broken, foreign or out of answers has a sentence of its own. A class's limit holds.
"""
import http.server
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

from figures_same import far

BIN = os.environ["MIDLAB_BIN"]
failures = []


def check(true, sentence):
    if not true:
        failures.append(sentence)
        print("FAILED:", sentence, flush=True)


def mid(folder, *arguments, code=0, cache="cache"):
    run = subprocess.run([BIN, *arguments, "--cache", str(folder / cache)], cwd=folder, capture_output=True, text=True, timeout=900)
    if run.returncode != code:
        sys.exit(f"mid {' '.join(arguments)} ended with {run.returncode} and not {code}: {run.stderr}{run.stdout}")
    return json.loads(run.stdout) if code == 0 and "--json" in arguments else run.stderr


def write(path, spec):
    path.write_text(json.dumps(spec))
    return path.name


class Serving:
    """A run behind an address, until the end of a with block."""
    def __init__(self, folder, run, *arguments):
        self.process = subprocess.Popen([BIN, "serve", run, "--port", "0", *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = self.process.stdout.readline()
        found = re.search(r"at (http://127.0.0.1:\d+)/v2/models/m;", said)
        if not found: sys.exit(f"mid serve said: {said}{self.process.communicate()[0]}")
        self.origin = found[1]
        self.url = self.origin + "/v2/models/m"

    def __enter__(self): return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.log = self.process.communicate(timeout=60)[0]
        check(self.process.returncode == 0, f"mid serve ended with {self.process.returncode}: {self.log}")

    def get(self, path, **headers):
        with urllib.request.urlopen(urllib.request.Request(self.origin + path, headers=headers)) as reply: return reply.read().decode()

    def post(self, rows, **more):
        body = {"inputs": [{"name": "input", "shape": [len(rows), len(rows[0])], "datatype": "FP32", "data": rows}], **more}
        request = urllib.request.Request(self.url + "/infer", json.dumps(body).encode(), {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request) as reply: return reply.status, json.loads(reply.read())
        except urllib.error.HTTPError as error: return error.code, json.loads(error.read())


RUNS = {
    "tree": ["preset:survey-tree", "--set", "data.private=1000", "--set", "data.held_out=300", "--set", "defense.kind=none"],
    "lomia": ["preset:survey-tree", "--set", "data.private=1000", "--set", "data.held_out=300", "--set", "defense.kind=none", "--set", "attack.kind=lomia"],
    "dose": ["preset:dose", "--set", "data.private=600", "--set", "defense.kind=none"],
    "faces": ["preset:visitors", "--set", "defense.kind=none", "--set", "model.bottleneck=0", "--set", "model.hidden=[32]", "--set", "train.epochs=4", "--set", "attack.shifts=0"],
}


def both_doors(folder):
    for name, arguments in RUNS.items():
        direct = mid(folder, "run", *arguments, "--out", name, "--json")
        spec = direct["spec"]
        table = {"as_table": True} if spec["model"]["kind"] == "tree" else {}
        def through(**door): return {"data": spec["data"], "model": {**door, **table}, "release": spec["release"], "attack": spec["attack"], "seed": spec["seed"]}
        with Serving(folder, name, "--limit", "1000000") as served:
            seen = {"url": mid(folder, "run", write(folder / "url.json", through(url=served.url)), "--json"),
                    "command": mid(folder, "run", write(folder / "lines.json", through(command=[BIN, "serve", name, "--lines"])), "--json")}
            page = served.get("/")
        for door, result in seen.items():
            bad = far(direct, result, 1e-6)
            check(not bad, f"{name} by {door}: other figures than the direct run: {bad}")
        check(f"<td>127.0.0.1<td>{seen['url']['notes']['questions']}<td>" in page, f"{name}: the page does not show {seen['url']['notes']['questions']} records: {page}")
        logged = sum(int(n) for n in re.findall(r"  (\d+) records  200", served.log))
        check(logged == seen["url"]["notes"]["questions"], f"{name}: {logged} records in the log")
    # The address is gone: the run that ended is kept, and another one needs to know who answers.
    mid(folder, "run", "url.json")
    check("could not be reached, tried 1 times" in mid(folder, "run", "url.json", "--set", "seed=2", "--set", "model.retries=0", code=1), "an address that is gone was not missed")


def served_noise(folder):
    """A noisy model: sticky answers are the same for ever, fresh ones never, and an attacker who knows that asks again."""
    base = ["preset:confidence", "--set", "data.private=300", "--set", "data.held_out=300", "--set", "data.auxiliary=300", "--set", "train.epochs=2", "--set", "attack.kind=none"]
    mid(folder, "run", *base, "--out", "fresh")
    mid(folder, "run", *base, "--set", "release.kind=sticky", "--out", "sticky")
    answers = {}
    for name in ("fresh", "sticky", "sticky"):
        with Serving(folder, name) as served:
            n = json.loads(served.get("/v2/models/m"))["inputs"][0]["shape"][1]
            rows = [[i % 2] * n for i in range(2)]
            answers.setdefault(name, []).extend(served.post(rows, id="q")[1]["outputs"][0]["data"] for _ in range(2))
    check(answers["fresh"][0] != answers["fresh"][1], "fresh noise was the same twice")
    check(all(a == answers["sticky"][0] for a in answers["sticky"]), f"sticky answers changed: {answers['sticky']}")


def limits(folder):
    with Serving(folder, "dose", "--limit", "10") as served:
        metadata = json.loads(served.get("/v2/models/m"))
        n = metadata["inputs"][0]["shape"][1]
        check(metadata["inputs"][0]["name"] == "input" and len(metadata["inputs"][0]["parameters"]["columns"]) == n and metadata["outputs"][0]["shape"] == [-1, 1], f"metadata {metadata}")
        check(json.loads(served.get("/v2/health/ready")) == {"ready": True} and json.loads(served.get("/v2/models/m/versions/1/ready"))["ready"], "it is not ready")
        status, reply = served.post([[0] * n] * 6, id="a")
        check(status == 200 and reply["id"] == "a" and reply["outputs"][0]["shape"] == [6, 1] and len(reply["outputs"][0]["data"]) == 6, f"{status} {reply}")
        status, reply = served.post([[0] * n] * 5)
        check(status == 429 and "10 records" in reply["error"], f"beyond the limit: {status} {reply}")
        check(served.post([[0] * n] * 4)[0] == 200, "what was left was not given")
        for rows, sentence in (([[0] * (n + 1)], f"must have {n} numbers a record, found {n + 1}"), ([["a"] * n], "must be numbers"), ([[None] * n], "infinite or not a number")):
            status, reply = served.post(rows)
            check(status in (400, 429) and (status == 429 or sentence in reply["error"]), f"{sentence}: {status} {reply}")
        check("Wer fragt" in served.get("/", **{"Accept-Language": "xx, de-CH;q=.8, en;q=.2"}), "the page has no German")
        try: served.get("/v2/models/other"), check(False, "another model was there")
        except urllib.error.HTTPError as error: check(error.code == 404 and "POST /v2/models/m/infer" in json.loads(error.read())["error"], "no sentence for another path")
        spec = {"data": {"name": "warfarin", "sensitive": "VKORC1", "private": 600, "standardize": "none"}, "model": {"url": served.url}, "attack": {"kind": "map_inference"}}
        error = mid(folder, "run", write(folder / "limited.json", spec), code=1)
        check("answered with status 429, tried 1 times" in error and "has no more of its 10 records" in error, error)
        error = mid(folder, "run", write(folder / "limited.json", {**spec, "data": {"name": "adult", "sensitive": "sex", "private": 300, "held_out": 300}, "attack": {"kind": "csmia"}}), code=2)
        check(f"model.url takes {n} inputs and the records have" in error, error)
        error = subprocess.run([BIN, "serve", "dose", "--port", served.origin.rsplit(":", 1)[1]], cwd=folder, capture_output=True, text=True)
        check(error.returncode == 2 and "--port must be one that is free" in error.stderr, f"a port that is taken: {error.stderr}")
    for arguments, sentence in ((["nowhere"], "run must be a folder that mid run wrote"), (["dose", "--port", "99999"], "--port")):
        done = subprocess.run([BIN, "serve", *arguments], cwd=folder, capture_output=True, text=True)
        check(done.returncode == 2 and sentence in done.stderr, f"mid serve {arguments}: {done.returncode} {done.stderr}")


class Foreign(http.server.BaseHTTPRequestHandler):
    """Somebody else's server, with a fault."""
    protocol_version, disable_nagle_algorithm, wbufsize = "HTTP/1.1", True, -1
    fault, calls = "none", 0

    def log_message(self, *_): pass

    def reply(self, status, body, kind="application/json", length=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def hang_up(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def do_GET(self):
        Foreign.calls += 1
        if self.fault == "page": return self.reply(200, b"<html>hello</html>", "text/html")
        if self.fault == "gone": return self.reply(404, b'{"error": "no such model"}')
        self.reply(200, json.dumps({"name": "m", "platform": "python", "inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 3]}],
                                    "outputs": [{"name": "labels", "datatype": "INT64", "shape": [-1]}, {"name": "proba", "datatype": "FP64", "shape": [-1, 2]}]}).encode())

    def do_POST(self):
        Foreign.calls += 1
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        data = question["inputs"][0]["data"]
        rows = [data[i:i + 3] for i in range(0, len(data), 3)]
        out = [[.25, .75] if x[0] < 3 else [.75, .25] for x in rows]
        if self.fault == "stumbles" and Foreign.calls % 2 == 0: return self.reply(503, b"{}")
        if self.fault == "broken": return self.reply(500, b'{"error": "out of memory"}')
        if self.fault == "slow": time.sleep(5)
        if self.fault == "drops": return self.hang_up()
        if self.fault == "half":
            self.reply(200, b'{"outputs":', length=1000)
            return self.hang_up()
        if self.fault == "few": out.pop()
        if self.fault == "nan": out[0] = [float("nan"), 1]
        if self.fault == "huge":
            self.send_response(200), self.send_header("Content-Length", str(10 ** 10)), self.end_headers()
            try:
                while True: self.wfile.write(b"9" * 65536)
            except OSError: return
        if self.fault == "trickle":
            self.send_response(200), self.send_header("Content-Length", str(10 ** 6)), self.end_headers()
            try:
                while True: self.wfile.write(b" "), self.wfile.flush(), time.sleep(.1)
            except OSError: return
        self.reply(200, json.dumps({"outputs": [{"name": "labels", "shape": [len(out)], "datatype": "INT64", "data": [0] * len(out)},
                                                {"name": "proba", "shape": [len(out), 2], "datatype": "FP64", "data": [p for row in out for p in row]}]}).encode())


def foreign(folder):
    (folder / "t.csv").write_text("x,y,class,sex,part\n" + "".join(f"{i % 7},{i % 11},{'no' if i % 5 < 2 else 'yes'},{'f' if i % 7 < 3 else 'm'},{('train', 'test', 'auxiliary')[i % 3]}\n" for i in range(150)))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Foreign)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # who hangs up is meant to
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/v2/models/m"
    def spec(**model): return {"data": {"csv": "t.csv", "target": "class", "sensitive": "sex", "split_column": "part"}, "model": {"url": url, "output": "proba", **model}, "attack": {"kind": "tree_black_box"}}
    def run(name, code=0, cache="foreign", **model):
        Foreign.fault = name
        return mid(folder, "run", write(folder / "foreign.json", spec(**model)), "--json", code=code, cache=cache)
    first = run("none")
    check(first["privacy"]["attack_accuracy"]["n"] > 0, "a foreign server was not attacked")
    second = run("stumbles", cache="stumbles", rows_per_question=20)
    check(second["privacy"] == first["privacy"], "a server that stumbles and recovers gave other figures")
    for fault, code, sentence, more in (
            ("broken", 1, r"status 500, tried 3 times: \"out of memory\"", {"retries": 2}), ("slow", 1, "did not answer within 0.4 seconds", {"time_limit": .4}),
            ("trickle", 1, "did not answer within 0.4 seconds", {"time_limit": .4}), ("drops", 1, "could not be reached, tried 2 times", {"retries": 1}),
            ("half", 1, "could not be reached, tried 2 times", {"retries": 1}), ("few", 1, r"answered about \d+ records where \d+ were asked", {}), ("nan", 1, "infinite or none", {}),
            ("huge", 1, "sent more than", {}), ("page", 1, "answered with a web page", {}), ("gone", 1, r"status 404, tried 1 times: \"no such model\"", {}),
            ("none", 2, "model.output must name an output tensor", {"output": "nothing"}), ("none", 2, "answers with 5 numbers|model.output must name", {"output": ""})):
        error = run(fault, code, cache=f"cache-{fault}", **more)
        check(re.search(sentence, error) and "model." in error and len(error.strip().splitlines()) == 1, f"{fault}: {error}")
    Foreign.fault = "none"
    server.shutdown(), server.server_close()
    error = run("none", 1, cache="nobody", retries=1)
    check("could not be reached, tried 2 times" in error, error)
    # Ctrl-C while it waits between two tries.
    stopped = subprocess.Popen([BIN, "run", write(folder / "foreign.json", spec(retries=50)), "--cache", str(folder / "nobody")], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    stopped.send_signal(signal.SIGINT)
    error = stopped.communicate(timeout=60)[1]
    check(stopped.returncode == 130, f"Ctrl-C while it waits ended with {stopped.returncode}: {error}")


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    both_doors(folder)
    served_noise(folder)
    limits(folder)
    foreign(folder)
sys.exit(f"{len(failures)} failures" if failures else 0)
