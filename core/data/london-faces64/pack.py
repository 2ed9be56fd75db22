"""What travels with the page of these faces (core/data/pack_web.py)."""
import struct


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


def packed(content):
    return {"faces64-gray-residuals.idx3-ubyte": residuals(content("faces64-gray.idx3-ubyte")), "index.csv": content("index.csv")}
