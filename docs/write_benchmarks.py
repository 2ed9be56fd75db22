#!/usr/bin/env python3
"""Writes docs/benchmarks.md: how long a slider stop takes, natively and in WebAssembly, what a training step costs beside the
same step by hand, what the page weighs, how soon it shows something, how often it draws and what memory it takes.

    cmake --build --preset release --target bench_step
    python3 docs/write_benchmarks.py          # after ./check or ./demo has built release and web
    python3 docs/write_benchmarks.py page     # prints the page's part and writes nothing

Nothing here is asserted anywhere: machines differ. Medians of five runs."""
import gzip
import json
import os
import platform
import re
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
MID = ROOT / "build/release/bin/mid"
WEB = ROOT / "build/web"
RUNS = 5
STOPS = [("visitors", "off", ["defense.kind=none", "model.bottleneck=0"]), ("visitors", "β .1", []), ("confidence", "off", ["defense.kind=none"]),
         ("confidence", "β .003", []), ("which-seven", "off", ["defense.kind=none"]), ("which-seven", "β .01", [])]


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def native(preset, settings):
    words = [MID, "run", f"preset:{preset}", "--json", "--no-cache"]
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
    files = [("index.html", "index.html"), ("script", "midlab-*.js"), ("module with fonts and data", "midlab-*.wasm"), ("in one file, midlab.html", "midlab.html")]
    weights = []
    for title, pattern in files:
        data = next((WEB / "site").glob(pattern)).read_bytes()
        weights.append((title, len(data), len(gzip.compress(data, 9))))
    weights.insert(3, ("together (limit 3.000)", *(sum(w[i] for w in weights[:3]) for i in (1, 2))))
    weights = [f"| {title} | {plain / 1e6:.3f} | {packed / 1e6:.3f} |" for title, plain, packed in weights]
    return f"""## Weight of the page, MB

| part | plain | gzip -9 |
|---|---|---|
{chr(10).join(weights)}

## The page in headless Chromium, 1280x720, drawn by software, from a server on the same machine

| | |
|---|---|
| first frame after the load began, s | {median("first_frame")} |
| first reconstruction after the load began, s | {median("first_reconstruction")} |
| frames a second while training | {seen["training"]:.0f} |
| frames a second at rest | {seen["rest"]:g} |
| memory, MB: JavaScript of page and worker, WebAssembly of page and worker | {" + ".join(map(mb, memory))} = {mb(sum(memory))} (limit 128) |
"""


def main():
    if sys.argv[1:] == ["page"]:
        print(page_part())
        return
    rows = []
    for preset, title, settings in STOPS:
        runs = [native(preset, settings) for _ in range(RUNS)]
        web = [wasm(runs[0]["spec"]) for _ in range(RUNS)]
        rows.append(f"| {preset} | {title} | {seconds(runs)} | {seconds(web)} |")
    bench = ROOT / "build/release/bin/bench_step"
    step = subprocess.run([bench], check=True, capture_output=True, text=True).stdout.strip() if bench.exists() else "bench_step was not built"
    info = subprocess.run([MID, "info"], check=True, capture_output=True, text=True).stdout
    simd = next(line for line in info.splitlines() if line.startswith("device")).split(None, 1)[1]
    text = f"""# Benchmarks

Written by docs/write_benchmarks.py; do not edit. Machine: {processor()}, {os.cpu_count()} cores, {platform.system()}; native device {simd}; WebAssembly under node {subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip()}. Medians of {RUNS} runs, one thread.

## One stop of the slider: training + attack, seconds

| story | stop | native | WebAssembly |
|---|---|---|---|
{chr(10).join(rows)}

## One training step of 784-128-2x16-10 at batch 50, through Program and by hand in Eigen

```
{step}
```

{page_part()}"""
    target = ROOT / "docs/benchmarks.md"
    temporary = target.with_suffix(".part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(target)


main()
