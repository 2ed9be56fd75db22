"""Divides the page's module in two: split_module.py WASM_SPLIT NODE BUILT

WASM_SPLIT  Binaryen's wasm-split, BUILT  folder with midlab.js and midlab.wasm, functions by their mangled names. Writes beside them
early.wasm, what a visitor loads before the first picture, and late.wasm, which follows it (web/shell/page/late.js). Early are all functions
that a rehearsed first visit called (rehearse.mjs), and all of panels and of their libraries, so that the first clicks wait for nothing. Where a
function of the second part is called before it is there, the page brings it at once: which part a function lies in changes no result.
"""
import pathlib
import subprocess
import sys

# What the browsers that the page is for have in common: Binaryen writes nothing newer.
FEATURES = [f"--enable-{name}" for name in ("bulk-memory", "exception-handling", "multivalue", "mutable-globals", "nontrapping-float-to-int",
                                            "reference-types", "sign-ext", "simd")]

def main(wasm_split, node, built):
    module, built = built / "midlab.wasm", pathlib.Path(built)
    run = lambda *command: subprocess.run([*map(str, command)], check=True, stdout=subprocess.PIPE, text=True, encoding="utf-8").stdout
    split = lambda *options: run(wasm_split, *FEATURES, *options)
    rehearsed, profile, kept = built / "rehearsed.wasm", built / "rehearsed.profile", built / "early.functions"
    split("--instrument", module, "-o", rehearsed)
    run(node, pathlib.Path(__file__).with_name("rehearse.mjs"), built / "midlab.js", rehearsed, profile)
    rehearsed.unlink()
    # Lines "+ NAME" of those that were called, "- NAME" of the others.
    lines = [line[:2] + line[2:].strip() for line in split(f"--print-profile={profile}", module).splitlines() if line[:2] in ("+ ", "- ")]
    early = [line[2:] for line in lines if line[0] == "+" or "3mid2ui" in line or not ("3mid" in line or "5Eigen" in line)]
    kept.write_text("\n".join(early) + "\n", encoding="utf-8")
    split(module, f"--keep-funcs=@{kept}", "-o1", built / "early.wasm", "-o2", built / "late.wasm",
          "--import-namespace=early", "--placeholder-namespace=late", "--export-prefix=%")
    print(f"{len(early):,} of {len(lines):,} functions come before the first picture")


main(*map(pathlib.Path, sys.argv[1:4]))
