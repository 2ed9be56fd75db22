#!/usr/bin/env python3
"""Writes the figures of docs/gpu.md, between its two marks, from docs/measured/: what was measured on a real GPU, which is not at
hand where this runs.

    python3 docs/write_gpu.py             # writes docs/gpu.md
    python3 docs/write_gpu.py collect DIR # makes docs/measured/NAME.json (--name NAME --machine TEXT) of what is in DIR:
                                          # bench.json (mid bench --json), torch.json (tests/bench/gpu_torch.py), ops.txt
                                          # (unit_gpu "[.perf]") and PRESET.cpu.json, PRESET.gpu.json (mid run --json --device)
"""
import argparse
import json
from pathlib import Path

from written import put

ROOT = Path(__file__).parent.parent
MEASURED, PAGE = ROOT / "docs/measured", ROOT / "docs/gpu.md"
BEGIN, END = "<!-- figures: written by docs/write_gpu.py -->", "<!-- end of figures -->"
PRESETS = ["confidence", "visitors", "which-seven", "face-from-name"]
SHOWN = {"confidence": ["utility.accuracy", "privacy.attack_accuracy", "information.kl_bound"],
         "visitors": ["utility.accuracy", "privacy.line_up", "privacy.ssim", "information.kl_bound"],
         "which-seven": ["utility.accuracy", "privacy.correlation", "information.kl_bound"],
         "face-from-name": ["utility.accuracy", "privacy.line_up", "privacy.correlation", "information.kl_bound"]}


def tidy(value):
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {k: tidy(v) for k, v in value.items()}
    return [tidy(v) for v in value] if isinstance(value, list) else value


def run_of(file):
    r = json.loads(file.read_text())
    figures = {f"{group}.{name}": [m["value"], m["low"], m["high"]] for group in ("utility", "privacy", "information")
               for name, m in r[group].items() if m["value"] is not None}
    return {"device": r["device"], "dispatches": r.get("notes", {}).get("dispatches"), "timing": r["timing"], "figures": figures}


def collect(folder, name, machine):
    out = {"machine": machine, "bench": json.loads((folder / "bench.json").read_text()), "torch": json.loads((folder / "torch.json").read_text()),
           "presets": {p: {d: run_of(folder / f"{p}.{d}.json") for d in ("cpu", "gpu")} for p in PRESETS}, "operations": []}
    for line in (folder / "ops.txt").read_text().splitlines():
        rest = line[28:].split()
        if len(rest) == 8 and rest[4] == "ms":
            out["operations"].append({"name": line[:28].strip(), "rows": int(rest[0]), "cols": int(rest[2]), "cpu_ms": float(rest[3]), "gpu_ms": float(rest[5])})
    MEASURED.mkdir(exist_ok=True)
    put(MEASURED / f"{name}.json", json.dumps(tidy(out), indent=1) + "\n")


def ms(seconds):
    return f"{1000 * seconds:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def times(ratio):
    return f"{ratio:.2g}" if ratio < 10 else f"{ratio:.0f}"


def lines_of(m):
    bench, torch = m["bench"], m["torch"]
    yield f"Machine: {m['machine']}; processor one thread, {bench['cpu']}; PyTorch {torch['torch']}."
    yield ""
    yield "| a step, its loss read | operations | processor | GPU | times as fast | kernels | PyTorch on the same GPU | GPU / PyTorch |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for r in bench["rows"]:
        t = torch["rows"][r["name"]]
        yield f"| {r['name']} | {r['operations']:.1e} | {ms(r['cpu_s'])} | {ms(r['gpu_s'])} | {times(r['cpu_s'] / r['gpu_s'])} | {r['gpu_dispatches']} | {ms(t)} | {r['gpu_s'] / t:.2f} |"
    behind = [r["name"] for r in bench["rows"] if r["gpu_s"] > torch["rows"][r["name"]]]
    yield ""
    if behind:
        yield f"PyTorch (eager, fused Adam, no TF32) is faster at {len(behind)} of {len(bench['rows'])}: {'; '.join(behind)}."
    others = [t for name, t in torch["rows"].items() if name not in behind]
    yield f"At the others its step takes {ms(min(others))} to {ms(max(others))}, whatever the size."
    if bench.get("crossover") is not None:
        yield f"`--device auto` there: from {bench['crossover']:.1e} operations a run on the GPU is ahead over a thousand runs, the translation of the kernels counted."
    yield ""
    yield "Whole stories, as shipped, on both devices (value, and in brackets its 95 % interval on the processor):"
    yield ""
    yield "| story | figure | processor | GPU |"
    yield "|---|---|---:|---:|"
    for p in PRESETS:
        cpu, gpu = m["presets"][p]["cpu"], m["presets"][p]["gpu"]
        for name in SHOWN[p]:
            if name not in cpu["figures"]:
                continue
            value, low, high = cpu["figures"][name]
            interval = f" ({low:.3f} to {high:.3f})" if low is not None and high is not None else ""
            yield f"| {p} | `{name.split('.')[1]}` | {value:.4f}{interval} | {gpu['figures'][name][0]:.4f} |"
        c, g = (sum(r["timing"].values()) for r in (cpu, gpu))
        yield f"| {p} | training and attack | {c:.2f} s | {g:.2f} s, {gpu['dispatches']} kernels |"
    outside = [(p, n) for p in PRESETS for n, (v, low, high) in m["presets"][p]["cpu"]["figures"].items()
               if low is not None and high is not None and not low <= m["presets"][p]["gpu"]["figures"][n][0] <= high]
    total = sum(len(m["presets"][p]["cpu"]["figures"]) for p in PRESETS)
    yield ""
    yield f"Of all {total} figures of the four stories, {len(outside) or 'none'} on the GPU lie outside the processor's interval{': ' + ', '.join(f'{n} of {p}' for p, n in outside) if outside else ''}."
    yield ""
    yield "One operation at a time, at the tests' shapes made larger (a run with its reading back takes 0.03 ms there, whatever it does):"
    yield ""
    yield "| operation | shape | processor | GPU |"
    yield "|---|---:|---:|---:|"
    for o in m["operations"]:
        if o["rows"] * o["cols"] >= 100000:
            yield f"| {o['name']} | {o['rows']} x {o['cols']} | {o['cpu_ms']:.3f} ms | {o['gpu_ms']:.3f} ms |"


def write():
    parts = []
    for file in sorted(MEASURED.glob("*.json")):
        parts += lines_of(json.loads(file.read_text()))
    text = PAGE.read_text()
    before, after = text[:text.index(BEGIN) + len(BEGIN)], text[text.index(END):]
    put(PAGE, before + "\n" + "\n".join(parts) + "\n" + after)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["collect"])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--name")
    parser.add_argument("--machine")
    arguments = parser.parse_args()
    if arguments.what:
        collect(arguments.folder, arguments.name, arguments.machine)
    write()
