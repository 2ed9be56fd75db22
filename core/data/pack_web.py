#!/usr/bin/env python3
"""Writes the data files of the page into a folder, those that it embeds and those that lie beside it: pack_web.py OUT

The layout is that of core/data, so that the program finds them by the same names. Only sets whose licence allows it;
the GPL sets (warfarin-simsl, affairs) stay files of their own. Gzip at level 9 without time stamps: the same bytes always.
"""
import gzip
import hashlib
import struct
import sys
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
IN_FILE, USED = 10_000, 7_000


def content(name):
    raw = (HERE / name).read_bytes()
    return gzip.decompress(raw) if name.endswith(".gz") else raw


def smallest_gzip(raw):
    """Of deflate's ways to look for repetitions the one that suits these bytes best."""
    packers = (zlib.compressobj(9, zlib.DEFLATED, 31, 9, strategy)
               for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED, zlib.Z_HUFFMAN_ONLY))
    return min((packer.compress(raw) + packer.flush() for packer in packers), key=len)


def mnist7k():
    """The rows that midlab uses, in its fixed shuffle (the same line is in core/mid/data/source/mnist.cpp): images, labels."""
    images = content("mnist10k/images.idx3-ubyte.gz")[16:]
    labels = content("mnist10k/labels.idx1-ubyte.gz")[8:]
    size = 28 * 28
    rows = [(i * 6997 + 1234) % IN_FILE for i in range(USED)]
    return (
        struct.pack(">IIII", 0x803, USED, 28, 28) + b"".join(images[r * size:(r + 1) * size] for r in rows),
        struct.pack(">II", 0x801, USED) + bytes(labels[r] for r in rows),
    )


def residuals(idx):
    """Pictures of an IDX file as differences from the guess that JPEG-LS makes of each pixel: a third smaller once
    compressed. core/mid/data/idx.cpp adds the guesses again. For digits it does not pay: most of their ground is 0."""
    count, height, width = struct.unpack(">III", idx[4:16])
    out, at = bytearray(idx), 16
    for _ in range(count):
        above = bytes(width)
        for _ in range(height):
            row, left, corner = idx[at:at + width], 0, 0
            for x, value in enumerate(row):
                up = above[x]
                guess = sorted((left, up, left + up - corner))[1]
                out[at + x] = (value - guess) & 255
                left, corner = value, up
            above = row
            at += width
    return bytes(out)


def ink(idx):
    """Which pixels of an IDX file are not 0, a bit each (the first is the highest of its byte, a picture begins a byte), and
    those pixels alone: two IDX files, a tenth smaller once compressed. core/mid/data/idx.cpp puts them together again."""
    count, height, width = struct.unpack(">III", idx[4:16])
    pixels, size = idx[16:], height * width
    bits = bytearray()
    for first in range(0, count * size, size):
        picture = pixels[first:first + size]
        for at in range(0, size, 8):
            bits.append(sum(128 >> i for i, value in enumerate(picture[at:at + 8]) if value))
    values = bytes(value for value in pixels if value)
    return (
        struct.pack(">III", 0x802, count, len(bits) // count) + bytes(bits),
        struct.pack(">II", 0x801, len(values)) + values,
    )


def adult_columns():
    """The values of a column one after the other: a quarter smaller once compressed. The columns that midlab does not read
    (fnlwgt, education, relationship) are emptied. core/mid/data/source/adult.cpp turns it back."""
    lines = content("adult/adult.data.gz").decode("ascii").splitlines()
    rows = [[value.strip() for value in line.split(",")] for line in lines if line.strip()]
    for row in rows:
        row[2] = row[3] = row[7] = "-"
    return "".join(",".join(column) + "\n" for column in zip(*rows, strict=True)).encode("ascii")


def main(out):
    images, labels = mnist7k()
    inked, values = ink(images)
    files = {
        "mnist10k/mnist7k-inked.idx2-ubyte": inked,
        "mnist10k/mnist7k-ink.idx1-ubyte": values,
        "mnist10k/mnist7k-labels.idx1-ubyte": labels,
        "london-faces64/faces64-gray-residuals.idx3-ubyte": residuals(content("london-faces64/faces64-gray.idx3-ubyte")),
        "london-faces64/index.csv": content("london-faces64/index.csv"),
        "adult/adult-columns.csv": adult_columns(),
        "digits8x8/digits.csv": content("digits8x8/digits.csv.gz"),
    }
    sums, total = [], 0
    for name, raw in files.items():
        packed = smallest_gzip(raw)
        target = out / (name + ".gz")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(packed)
        sums.append(f"{hashlib.sha256(packed).hexdigest()}  {name}.gz\n")
        total += len(packed)
        print(f"{len(packed):>9,} bytes  {name}.gz")
    (out / "SHA256SUMS").write_text("".join(sorted(sums, key=lambda line: line[66:])))
    print(f"{total:>9,} bytes  together")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
