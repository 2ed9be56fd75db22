#!/usr/bin/env python3
"""Writes docs/pictures: the stories as the window shows them.

    python3 docs/write_screenshots.py [build/release/bin/mid-studio]

Without a screen mid-studio draws in memory; with an X server on which nothing else may be seen: xvfb-run python3 ..."""
import collections
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
STUDIO = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/release/bin/mid-studio").resolve()
FOLDER = ROOT / "docs/pictures"
LARGEST = 200_000  # bytes

PICTURES = {  # name: preset, strength of the defence, more words for mid-studio
    "visitors": ("visitors", 0, []),
    "visitors-defended": ("visitors", .1, []),
    "which-seven": ("which-seven", .01, []),
    "confidence": ("confidence", .003, []),
    "confidence-dark": ("confidence", 0, ["--theme", "dark"]),
}


def specification(preset, beta):
    """The story's own, as its slider would set it."""
    settings = [f"defense.beta={beta}"] if beta else ["defense.kind=none"] + (["model.bottleneck=0"] if preset == "visitors" else [])
    words = [str(STUDIO.with_name("mid")), "run", f"preset:{preset}", "--json"] + [w for s in settings for w in ("--set", s)]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)["spec"]


def packed(png):
    """The same picture with a palette of 256 colours: a third of the size, and no difference that the eye sees."""
    at, idat = 8, b""
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        if kind == b"IHDR":
            head = png[at + 8:at + 8 + length]
        if kind == b"IDAT":
            idat += png[at + 8:at + 8 + length]
        at += 12 + length
    width, height = struct.unpack(">II", head[:8])
    raw, stride = zlib.decompress(idat), 3 * width
    rows, above = [], bytes(stride)
    for y in range(height):
        kind, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for i in range(stride):
            left, up, corner = (line[i - 3] if i > 2 else 0), above[i], (above[i - 3] if i > 2 else 0)
            line[i] = (line[i] + predicted(kind, left, up, corner)) & 255
        rows.append([tuple(line[x:x + 3]) for x in range(0, stride, 3)])
        above = line

    count = collections.Counter(c for row in rows for c in row)
    # Of colours that nearly agree the most frequent stands for all: large areas keep theirs exactly.
    cells = {}
    for colour, n in count.most_common():
        cells.setdefault(tuple(v >> 2 for v in colour), [colour, 0])[1] += n
    palette = [colour for colour, _ in sorted(cells.values(), key=lambda c: -c[1])[:256]]
    index = {c: min(range(len(palette)), key=lambda i: sum((a - b) ** 2 for a, b in zip(c, palette[i]))) for c in count}
    body = zlib.compress(b"".join(b"\0" + bytes(index[c] for c in row) for row in rows), 9)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (png[:8] + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)) +
            chunk(b"PLTE", b"".join(map(bytes, palette))) + chunk(b"IDAT", body) + chunk(b"IEND", b""))


def predicted(kind, left, up, corner):
    if kind == 4:
        p = left + up - corner
        a, b, c = abs(p - left), abs(p - up), abs(p - corner)
        return left if a <= b and a <= c else up if b <= c else corner
    return (0, left, up, (left + up) // 2)[kind]


def main():
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as aside:
        for name, (preset, beta, more) in PICTURES.items():
            spec, shot = pathlib.Path(aside) / "spec.json", pathlib.Path(aside) / "shot.png"
            spec.write_text(json.dumps(specification(preset, beta)))
            subprocess.run([str(STUDIO), str(spec), "--screenshot", str(shot), *more], check=True)
            png = packed(shot.read_bytes())
            if len(png) > LARGEST:
                sys.exit(f"{name}.png has {len(png)} bytes, more than {LARGEST}")
            (FOLDER / f"{name}.png").write_bytes(png)
            print(f"{len(png):7,} bytes  docs/pictures/{name}.png")


if __name__ == "__main__":
    main()
