"""Shows how far a build is: cmake --build ... | progress.py SECONDS LAST

Reads what Ninja prints with NINJA_STATUS="[%f/%t] " and adds how long it still takes. SECONDS is what the whole build is expected to take,
LAST how much of it its last step; the more is done, the more the build's own pace counts. On a terminal a line replaces the one before it, elsewhere (a log) every line stays.
"""
import re
import shutil
import sys
import time

STATUS = re.compile(r"\[(\d+)/(\d+)\] (.*)")
TRUST = .3   # of the expected pace: as much as that share of the build, seen
WHOLE = 20   # steps; with fewer, most was built before, and nothing is expected


def left(done, total, passed, expected, last):
    """Seconds until the end: the last step, and what a step takes, as it was seen and expected, for each of the others."""
    steps = max(total - 1, 1)
    if total < WHOLE:
        expected = last = 0
    return (steps - done) * (passed + TRUST * (expected - last)) / (done + TRUST * steps) + last


def words(seconds):
    return f"about {(seconds + 30) // 60:.0f} min left" if seconds >= 90 else f"about {(seconds + 9) // 10 * 10:.0f} s left"


def main(expected, last):
    start, open_line = time.monotonic(), False
    terminal = sys.stdout.isatty()
    for line in sys.stdin:
        line = line.rstrip("\n")
        status = STATUS.match(line)
        if status:
            done, total = int(status[1]), int(status[2])
            seconds = left(done, total, time.monotonic() - start, expected, last)
            line = f"[{done}/{total}, {words(seconds)}] {status[3]}" if seconds >= 1 else line
        if terminal:
            width = shutil.get_terminal_size().columns
            print(("\r\x1b[K" if status and open_line else "\n" if open_line else "") + (line[:width - 1] if status else line),
                  end="" if status else "\n", flush=True)
            open_line = bool(status)
        else:
            print(line, flush=True)
    if open_line:
        print()


main(float(sys.argv[1]), float(sys.argv[2]))
