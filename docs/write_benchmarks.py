#!/usr/bin/env python3
"""Writes docs/benchmarks.md: how long a slider stop takes, natively and in WebAssembly, what a training step costs beside the
same step by hand, beside PyTorch and, in WebAssembly, beside jax-js and TensorFlow.js, tree and fast Gauss sum beside scikit-learn and NumPy, what the page weighs, how soon it shows something,
how often it draws and what memory it takes.

    cmake --build --preset release --target bench_step bench_tree bench_gauss bench_network bench_threads
    cmake --build --preset web --target bench_web
    python3 docs/write_benchmarks.py                  # all, after ./check or ./demo has built release and web
    python3 docs/write_benchmarks.py networks stops   # these parts alone; the others stay as they are
    python3 docs/write_benchmarks.py --print page     # prints a part and writes nothing

Parts: stops, convolutions (stops of the stories that have some), step, networks (beside PyTorch), threads, web (beside jax-js and TensorFlow.js, which npm installs into build/peers), growth
(tree and fast Gauss sum beside scikit-learn and NumPy), page.

Nothing here is asserted anywhere: machines differ. Medians of five runs."""
import gzip
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
from pathlib import Path

from written import put

ROOT = Path(__file__).parent.parent
MID = ROOT / "build/release/bin/mid"
WEB = ROOT / "build/web"
RUNS = 5
PIECES = 9
STOPS = [("visitors", "off", ["defense.kind=none", "model.bottleneck=0"]), ("visitors", "β .1", []), ("confidence", "off", ["defense.kind=none"]),
         ("confidence", "β .003", []), ("which-seven", "off", ["defense.kind=none"]), ("which-seven", "β .01", [])]

CONVOLUTIONS = [("visitors-conv", "visitors", "off", ["defense.kind=none", "model.bottleneck=0"]), ("visitors-conv", "visitors", "β .1", []),
                ("digits-conv", "which-seven", "off", ["defense.kind=none"]), ("digits-conv", "which-seven", "β .01", [])]


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def machine():
    """What a part was measured on, and how busy it was."""
    return f"{processor()}, {os.cpu_count()} cores, {os.getloadavg()[0]:.1f} programs on them before"


def simd():
    info = subprocess.run([MID, "info"], check=True, capture_output=True, text=True).stdout
    return re.search(r"^device +cpu \((.+)\)", info, re.M)[1]


def native(preset, settings):
    words = [MID, "run", f"preset:{preset}", "--json", "--no-cache", "--threads", "1"]
    for s in settings:
        words += ["--set", s]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def wasm(spec):
    path = WEB / "benchmark-spec.json"
    path.write_text(json.dumps(spec))
    out = subprocess.run(["node", ROOT / "web/shell/run_node.mjs", path, WEB / "bin"], check=True, capture_output=True, text=True).stdout
    return json.loads(out)


def seconds(runs):
    return " + ".join(f"{statistics.median(r['timing'][k] for r in runs):.2f}" for k in ("train_s", "attack_s"))


def page_part():
    cache = dict(line.split("=", 1) for line in (WEB / "CMakeCache.txt").read_text().splitlines() if "=" in line and not line.startswith(("#", "//")))
    test = (WEB / "tests/CTestTestfile.cmake").read_text()
    modules = re.search(r"NODE_PATH=([^;\"]+)", test).group(1)
    environment = {**os.environ, "NODE_PATH": modules, "MIDLAB_SITE": str(WEB / "site"), "MIDLAB_BUILD": str(WEB), "MIDLAB_CHROMIUM": cache["MIDLAB_CHROMIUM:FILEPATH"]}
    out = subprocess.run(["node", ROOT / "tests/page/measure_page.mjs", str(RUNS)], check=True, capture_output=True, text=True, env=environment).stdout
    seen = json.loads(out)
    mb = lambda n: f"{n / 2**20:.1f}"
    median = lambda name: f"{statistics.median(load[name] for load in seen['loads']):.2f}"
    memory = [seen["heap"]["page"], seen["heap"]["worker"], seen["wasm"]["page"], seen["wasm"]["worker"]]
    dragged = lambda story, slower, name: seen["dragged"][f"{story} {slower}"][name]
    answers = lambda story: " | ".join(f"{statistics.median(dragged(story, slower, 'answers')):.2f}" for slower in (1, 4))
    frames = lambda story: " | ".join("{:.0f} ({:.0f})".format(statistics.median(longest), max(longest)) for longest in (dragged(story, slower, "longest") for slower in (1, 4)))
    files = [("index.html", "index.html"), ("script", "midlab-*.js"), ("module with fonts and data", "midlab-[0-9a-f]*.wasm"), ("second module", "midlab-late-*.wasm"), ("in one file, midlab.html", "midlab.html")]
    weights = []
    for title, pattern in files:
        data = next((WEB / "site").glob(pattern)).read_bytes()
        weights.append((title, len(data), len(gzip.compress(data, 9))))
    first = [sum(w[i] for w in weights[:3]) for i in (1, 2)]
    stories = sum(file.stat().st_size for file in (WEB / "site/data").glob("*/*.gz"))   # packed already
    weights[3:3] = [("before the first picture (limit 1.700)", *first)]
    weights[5:5] = [("with the second module and the data of all stories (limit 3.530)", *(size + late + stories for size, late in zip(first, weights[4][1:])))]
    weights = [f"| {title} | {plain / 1e6:.3f} | {packed / 1e6:.3f} |" for title, plain, packed in weights]
    return f"""## Weight of the page, MB

| part | plain | gzip -9 |
|---|---|---|
{chr(10).join(weights)}

## The page in headless Chromium, 1280x720, drawn by software, from a server on the same machine

Medians of {RUNS} visits on {machine()}.

| | |
|---|---|
| first frame after the load began, s | {median("first_frame")} |
| first reconstruction after the load began, s | {median("first_reconstruction")} |
| frames a second while training | {seen["training"]:.0f} |
| frames a second at rest | {seen["rest"]:g} |
| memory, MB: JavaScript of page and worker, WebAssembly of page and worker | {" + ".join(map(mb, memory))} = {mb(sum(memory))} (limit 128) |

Medians of {len(dragged("visitors", 1, "answers"))} drags over stops that had not been run. The second column brakes the page's own thread to a quarter of its speed; Chromium has no brake for its worker, which trains as fast as in the first.

| | as it is | page's thread 4x slower |
|---|---|---|
| a drag's answer, visitors: from letting go until the defended figures stand, s | {answers("visitors")} |
| a drag's answer, confidence, s | {answers("confidence")} |
| longest frame while dragging, visitors, ms: median (and the longest of all) | {frames("visitors")} |
| longest frame while dragging, confidence, ms | {frames("confidence")} |
"""


def output(*words, **environment):
    """What a program prints; the sentence of what is missing where it does not run."""
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, env={**os.environ, **environment})
    if done.returncode != 0:
        print(f"{words[-1]}: {done.stderr.strip() or done.stdout.strip()}", file=sys.stderr)
        return ""
    return done.stdout


def program(name):
    path = ROOT / "build/release/bin" / name
    return output(path) if path.exists() else print(f"{name} was not built", file=sys.stderr) or ""


def python(name, **environment):
    """Debian's packages belong to Debian's Python."""
    return output("/usr/bin/python3", ROOT / "tests/bench" / name, **environment)


def ratio(theirs, ours):
    return f"{theirs / ours:.1f}" if theirs and ours else "–"


# Kernel sets of OpenBLAS; each row takes the one that is best for PyTorch on this machine.
CORES = ("Haswell", "SkylakeX", "Zen")


def networks_part():
    """Steps of networks beside PyTorch. Least of a few runs of both, in turns."""
    by = re.compile(r"^ {2}(.+?) +([\d.]+) ms$", re.M)
    ours, theirs, best, version, kernel, load = {}, {}, {}, "", "", os.getloadavg()[0]
    for core in CORES:
        printed = program("bench_network")
        kernel = (re.search(r"steps of networks, (.+), one thread", printed) or [None, kernel])[1]
        for name, ms in by.findall(printed):
            ours[name] = min(float(ms), ours.get(name, 1e9))
        text = python("network_torch.py", **({"OPENBLAS_CORETYPE": core} if core else {}))
        version = (re.search(r"PyTorch ([\d.]+)", text) or [None, version])[1]
        for name, ms in by.findall(text):
            if float(ms) < theirs.get(name, 1e9):
                theirs[name], best[name] = float(ms), core or "its own choice"
    vmap = theirs.get("the same by functorch's vmap(grad)")
    rows = [f"| {name} | {ms:.3f} | {f'{theirs[name]:.3f}' if name in theirs else '–'} | {ratio(theirs.get(name), ms)} | {best.get(name, '–')} |" for name, ms in ours.items()]
    note = f" With the gradient of each record by functorch's `vmap(grad)` PyTorch needs {vmap:.0f} ms for the step of DP-SGD; the row below is its fastest way, norms without these gradients, written by hand as ours is." if vmap else ""
    return f"""## Steps of networks, ms of processor time

Training steps with Adam and the inner step of MI-Face, beside PyTorch{" " + version if version else ""} on one thread with the kernel set of OpenBLAS that is best for the row. Least of {len(CORES)} runs of each program, in turns, on {processor()}, ours by the kernel {kernel}. When it began, {load:.0f} programs wanted the machine's {os.cpu_count()} cores. To reach: 2.2, 1.4 and 1.15 at batch 32, 128 and 512; 12 and 40 of the small networks; 1.3 of DP-SGD; 1 with convolutions. DP-SGD draws fresh noise for every weight, ours from Philox's counter (the same numbers on every machine), PyTorch its own.{note}

| step | midlab | PyTorch | ratio | kernels |
|---|---|---|---|---|
{chr(10).join(rows) or "| not measured: a program was not there |"}
"""


def threads_part():
    """Steps of networks by one thread and by as many as the machine has cores, on the clock."""
    load, printed = os.getloadavg()[0], program("bench_threads")
    count = (re.search(r"one thread and (\d+)", printed) or [None, "?"])[1]
    rows = re.findall(r"^ {2}(.+?) +([\d.]+) ms +([\d.]+) ms, ratio ([\d.]+)$", printed, re.M)
    return f"""## Steps of networks by several threads, ms on the clock

One thread and {count}, in turns: medians of 21 rounds, and the median of their ratios, on {processor()}. When it began, {load:.0f} programs wanted the machine's {os.cpu_count()} cores. The results are the same to the last bit (tests/unit/nn/test_device.cpp). To reach: 1.6 in training at batch 128 and above.

| step | one thread | {count} threads | ratio |
|---|---|---|---|
{chr(10).join(f"| {name} | {one} | {several} | {ratio} |" for name, one, several, ratio in rows) or "| not measured: the program was not there |"}
"""


def growth_part():
    """The tree beside scikit-learn, the fast Gauss sum beside NumPy, and how both grow. The programs of one pair run one after the
    other; the ratios are what counts."""
    tree, other_tree = program("bench_tree"), python("tree_sklearn.py")
    ours = {(kind, int(rows)): (float(ms), float(growth) if growth else None)
            for kind, rows, ms, growth in re.findall(r"^ *(cuts|bins) +(\d+) rows: +([\d.]+) ms least.*?(?:, ([\d.]+) times half the rows)?$", tree, re.M)}
    theirs = {int(rows): float(ms) for rows, ms in re.findall(r"^ *(\d+) rows: +([\d.]+) ms least", other_tree, re.M)}
    sklearn = re.search(r"scikit-learn ([\d.]+)", other_tree)
    tree_rows = []
    for (kind, rows), (ms, growth) in ours.items():
        other = theirs.get(rows) if kind == "cuts" else None
        tree_rows.append(f"| {kind} | {rows:,} | {ms:.1f} | {f'{other:.1f}' if other else '–'} | {ratio(other, ms)} | {growth if growth else '–'} |")

    gauss, numpy = program("bench_gauss"), python("gauss_numpy.py")
    fast, _, growth = gauss.partition("growth of the fast sums")
    by_numpy = {int(rows): float(ms) for rows, ms in re.findall(r"^ *(\d+) rows +([\d.]+) ms", numpy, re.M)}
    gauss_rows = []
    for rows, s, ms, direct, times in re.findall(r"^ *(\d+) +([\d.]+) +([\d.]+) +([\d.]+) +([\d.]+) ", fast, re.M):
        other = by_numpy.get(int(rows)) if float(s) == 1 else None
        gauss_rows.append(f"| {int(rows):,} | {s} | {ms} | {direct} | {times} | {f'{other:.1f}' if other else '–'} | {ratio(other, float(ms))} |")
    growth_rows = [f"| {int(rows):,} | {s} | {ms} | {exponent or '–'} |" for rows, s, ms, exponent in re.findall(r"^ *(\d+) +([\d.]+) +([\d.]+)(?: +([\d.]+))?$", growth, re.M)]
    missing = "| not measured: a program was not there |"
    return f"""## Growing a tree: 20 numeric columns, depth 8, at least 25 rows a leaf, ms of processor time

*cuts* asks x <= cut as scikit-learn{" " + sklearn.group(1) if sklearn else ""} does, at 7 quantiles instead of every value. On {machine()}. To reach: 15 times as fast at 50,000 rows, at most 2.2 times the time at twice the rows.

| numbers | rows | midlab | scikit-learn | ratio | time over that of half the rows |
|---|---|---|---|---|---|
{chr(10).join(tree_rows) or missing}

## Information of noisy answers with its gradient, ms

*Direct* is the sum over all pairs in C++, *NumPy* the same with one matrix of exponentials. To reach: 5 times as fast as NumPy at 5,000 rows, an exponent of growth of at most 1.15.

| rows | s | fast sum | direct | ratio | NumPy | ratio |
|---|---|---|---|---|---|---|
{chr(10).join(gauss_rows) or missing}

| rows | s | fast sum | exponent of growth since ten times fewer |
|---|---|---|---|
{chr(10).join(growth_rows) or missing}
"""


PEERS = ("jax-js", "tfjs-wasm")


def web_peers_part():
    """Steps of networks in WebAssembly beside those of other libraries for browsers, all in one run under node."""
    folder, sources = ROOT / "build/peers", ROOT / "tests/bench/web"
    heading = "## Steps of networks in WebAssembly under node, ms of processor time\n\n"
    if not (WEB / "bin/bench_web.js").exists():
        return f"{heading}Not measured: bench_web was not built.\n"
    folder.mkdir(parents=True, exist_ok=True)
    lock, wanted = folder / "package-lock.json", (sources / "package-lock.json").read_bytes()
    if not (folder / "node_modules").exists() or not lock.exists() or lock.read_bytes() != wanted:
        (folder / "package.json").write_bytes((sources / "package.json").read_bytes())
        lock.write_bytes(wanted)
        if subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, capture_output=True).returncode != 0:
            print("npm could not install the other libraries", file=sys.stderr)
    load = os.getloadavg()[0]
    text = output("node", sources / "compare.mjs", WEB / "bin", folder, str(PIECES))
    if not text:
        return f"{heading}Not measured: the programs did not run.\n"
    seen = json.loads(text)
    rows, notes = [], [f"{name} could not be had ({why})." for name, why in seen["missing"].items()]
    for row in seen["rows"]:
        median = {name: statistics.median(ms) for name, ms in row["ms"].items()}
        cells = []
        for name in ("midlab", *PEERS):
            ms = row["ms"].get(name)
            quarters = statistics.quantiles(ms, n=4) if ms else None
            cells.append(f"{median[name]:.3f} ({quarters[0]:.3f} to {quarters[2]:.3f})" if ms else "–")
        cells += [ratio(median.get(name), median["midlab"]) for name in PEERS]
        rows.append(f"| {row['name']} | {' | '.join(cells)} |")
        notes += [f"{name} does not run {row['name']} ({why})." for name, why in row["missing"].items()]
    versions = ", ".join(f"{name} {seen['versions'][name]}" for name in PEERS if name in seen["versions"])
    return f"""{heading}Training steps with Adam and the inner step of MI-Face, ours by the kernel {seen["versions"]["midlab"]}, beside {versions}, one thread each. Median of {PIECES} pieces of about a tenth of a second, in turns, and the quarters beside it; the ratios are those of the medians. When it began, {load:.0f} programs wanted the machine's {os.cpu_count()} cores. To reach: beside jax-js 3.5, 2.5, 2.2, – and 3, beside tfjs-wasm 9, 10, –, 40 and – in the first five rows; 2 beside either of them with convolutions.{"".join(" " + n for n in notes)}

| step | midlab | jax-js | tfjs-wasm | jax-js / midlab | tfjs-wasm / midlab |
|---|---|---|---|---|---|
{chr(10).join(rows)}
"""


def write(text):
    target = ROOT / "docs/benchmarks.md"
    put(target, text)


def stops_part():
    rows = []
    for preset, title, settings in STOPS:
        runs = [native(preset, settings) for _ in range(RUNS)]
        web = [wasm(runs[0]["spec"]) for _ in range(RUNS)]
        rows.append(f"| {preset} | {title} | {seconds(runs)} | {seconds(web)} |")
    return f"""## One stop of the slider: training + attack, seconds

Medians of {RUNS} runs on {machine()}; natively by {simd()}, one thread; WebAssembly under node {subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip()}.

| story | stop | native | WebAssembly |
|---|---|---|---|
{chr(10).join(rows)}
"""


def processor_seconds(run):
    """Of a program that `run` starts and waits for, and of what it starts."""
    def used():
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        return now.ru_utime + now.ru_stime
    before = used()
    run()
    return used() - before


def convolutions_part():
    rows = []
    for preset, plain, title, settings in CONVOLUTIONS:
        cells = []
        for one in (preset, plain):
            results = []
            for run in (lambda: results.append(native(one, settings)), lambda: wasm(results[0]["spec"])):
                cells.append(f"{min(processor_seconds(run) for _ in range(2)):.1f}")
        rows.append(f"| {preset} | {title} | {cells[0]} | {cells[1]} | {cells[2]} | {cells[3]} |")
    return f"""## A slider stop with convolutions, seconds of processor time

Of whole runs, with their start and the reading of data, beside the perceptrons of the same stories. The less of two runs on {machine()}; natively by {simd()}, one thread; WebAssembly under node {subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip()}.

| story | stop | native | WebAssembly | perceptron, native | perceptron, WebAssembly |
|---|---|---|---|---|---|
{chr(10).join(rows)}
"""


def step_part():
    bench = ROOT / "build/release/bin/bench_step"
    step = subprocess.run([bench], check=True, capture_output=True, text=True).stdout.strip() if bench.exists() else "bench_step was not built"
    return f"""## One training step of 784-128-2x16-10 at batch 50, through Program and by hand in Eigen

On {machine()}.

```
{step}
```
"""


# In the order of the document: how a part begins, and what writes it.
PARTS = {"stops": ("## One stop of the slider", stops_part), "convolutions": ("## A slider stop with convolutions", convolutions_part), "step": ("## One training step", step_part),
         "networks": ("## Steps of networks, ms", networks_part), "threads": ("## Steps of networks by several threads", threads_part),
         "web": ("## Steps of networks in WebAssembly", web_peers_part), "growth": ("## Growing a tree", growth_part),
         "page": ("## Weight of the page", page_part)}


def kept():
    """The parts of the document as it is, by their names."""
    target = ROOT / "docs/benchmarks.md"
    old = target.read_text(encoding="utf-8") if target.exists() else ""
    begins = sorted((old.index(heading), name) for name, (heading, _) in PARTS.items() if heading in old)
    ends = [begin for begin, _ in begins[1:]] + [len(old)]
    return {name: old[begin:end].rstrip("\n") + "\n" for (begin, name), end in zip(begins, ends)}


def main():
    chosen = [a for a in sys.argv[1:] if a != "--print"]
    if unknown := [a for a in chosen if a not in PARTS]:
        sys.exit(f"unknown part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    new = {name: PARTS[name][1]() for name in PARTS if name in chosen or not chosen}
    if "--print" in sys.argv[1:]:
        print("\n".join(new.values()))
        return
    parts = kept() | new
    text = "\n".join(parts[name].rstrip("\n") + "\n" for name in PARTS if name in parts)
    write(f"# Benchmarks\n\nWritten by docs/write_benchmarks.py; do not edit. Each part says on which machine it was measured.\n\n{text}")


main()
