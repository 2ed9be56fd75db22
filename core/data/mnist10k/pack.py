"""What travels with the page of these digits (core/data/pack_web.py)."""
import struct

IN_FILE, USED = 10_000, 7_000


def mnist7k(content):
    """The rows that midlab uses, in its fixed shuffle (the same line is in core/mid/data/source/mnist.cpp): images, labels."""
    images = content("images.idx3-ubyte.gz")[16:]
    labels = content("labels.idx1-ubyte.gz")[8:]
    size = 28 * 28
    rows = [(i * 6997 + 1234) % IN_FILE for i in range(USED)]
    return (
        struct.pack(">IIII", 0x803, USED, 28, 28) + b"".join(images[r * size:(r + 1) * size] for r in rows),
        struct.pack(">II", 0x801, USED) + bytes(labels[r] for r in rows),
    )


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


def packed(content):
    images, labels = mnist7k(content)
    inked, values = ink(images)
    return {"mnist7k-inked.idx2-ubyte": inked, "mnist7k-ink.idx1-ubyte": values, "mnist7k-labels.idx1-ubyte": labels}
