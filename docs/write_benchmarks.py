#!/usr/bin/env python3
"""Writes docs/benchmarks.md: how long a slider stop takes, natively and in WebAssembly, what a training step costs beside the
same step by hand, and what the page weighs.

    cmake --build --preset release --target bench_step
    python3 docs/write_benchmarks.py          # after ./check or ./demo has built release and web

Nothing here is asserted anywhere: machines differ. Medians of five runs."""
import gzip
import json
import os
import platform
import statistics
import subprocess
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


def main():
    rows = []
    for preset, title, settings in STOPS:
        runs = [native(preset, settings) for _ in range(RUNS)]
        web = [wasm(runs[0]["spec"]) for _ in range(RUNS)]
        rows.append(f"| {preset} | {title} | {seconds(runs)} | {seconds(web)} |")
    bench = ROOT / "build/release/bin/bench_step"
    step = subprocess.run([bench], check=True, capture_output=True, text=True).stdout.strip() if bench.exists() else "bench_step was not built"
    site = sorted((WEB / "site").iterdir())
    weights = [f"| {p.name} | {p.stat().st_size / 1e6:.2f} | {len(gzip.compress(p.read_bytes(), 9)) / 1e6:.2f} |" for p in site if p.is_file()]
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

## Weight of the page, MB

| file | plain | gzip -9 |
|---|---|---|
{chr(10).join(weights)}
"""
    target = ROOT / "docs/benchmarks.md"
    temporary = target.with_suffix(".part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(target)


main()
