#!/usr/bin/env python3
"""Writes the data files of the page into a folder, those that it embeds and those that lie beside it: pack_web.py OUT

The layout is that of core/data, so that the program finds them by the same names. Each set says in its page.json how it travels:

    {"set": "digits", "travels": "page", "files": ["digits.csv.gz"]}

set      its name in a specification
travels  "module": inside the program, so everywhere; "page": beside the program, and inside the page in one file; "site": beside the
         program only, as it is, with its licence and README (sets under the GPL must: they stay files of their own)
files    what is needed of it; without them the set's pack.py says it: packed(content), a dictionary of names and bytes, where content(NAME)
         is what a file of the set holds, unpacked

Gzip at level 9 without time stamps: the same bytes always.
"""
import gzip
import hashlib
import json
import runpy
import sys
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
WAYS = ("module", "page", "site")


def pages(data=HERE):
    """What the sets say of themselves: {folder: page.json, complete}."""
    out = {}
    for file in sorted(data.glob("*/page.json")):
        about = json.loads(file.read_text(encoding="utf-8"))
        if about.get("travels") not in WAYS or not about.get("set"):
            sys.exit(f"{file}: must have a set, its name in a specification, and travels, one of {', '.join(WAYS)}")
        out[file.parent.name] = about
    return out


def smallest_gzip(raw):
    """Of deflate's ways to look for repetitions the one that suits these bytes best."""
    packers = (zlib.compressobj(9, zlib.DEFLATED, 31, 9, strategy)
               for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED, zlib.Z_HUFFMAN_ONLY))
    return min((packer.compress(raw) + packer.flush() for packer in packers), key=len)


def packed(folder, about):
    """The bytes of a set's files, by their names without .gz."""
    def content(name):
        raw = (HERE / folder / name).read_bytes()
        return gzip.decompress(raw) if name.endswith(".gz") else raw
    if "files" in about:
        return {name.removesuffix(".gz"): content(name) for name in about["files"]}
    return runpy.run_path(str(HERE / folder / "pack.py"))["packed"](content)


def main(out):
    sums, total = [], 0
    for folder, about in pages().items():
        if about["travels"] == "site":
            continue
        for name, raw in packed(folder, about).items():
            small, path = smallest_gzip(raw), f"{folder}/{name}.gz"
            (out / folder).mkdir(parents=True, exist_ok=True)
            (out / path).write_bytes(small)
            sums.append(f"{hashlib.sha256(small).hexdigest()}  {path}\n")
            total += len(small)
            print(f"{len(small):>9,} bytes  {path}")
    (out / "SHA256SUMS").write_text("".join(sorted(sums, key=lambda line: line[66:])))
    print(f"{total:>9,} bytes  together")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
