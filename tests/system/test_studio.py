#!/usr/bin/env python3
"""The window, on a screen that nobody sees (Xvfb): its pictures, what it opens, what it keeps, and what it refuses.

MIDLAB_BIN names `mid`; mid-studio lies beside it. Where it was not built (no SDL2) there is nothing to test.
"""
import base64
import contextlib
import json
import os
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib

MID = os.environ["MIDLAB_BIN"]
STUDIO = str(pathlib.Path(MID).with_name("mid-studio"))
failures = []


def check(true, sentence):
    if not true:
        failures.append(sentence)
        print("FAILED:", sentence, flush=True)


@contextlib.contextmanager
def screen():
    read, write = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
                              pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        yield ":" + os.fdopen(read).readline().strip()
    finally:
        server.terminate()
        server.wait()


def pixels(path):
    """Width, height and rows of (red, green, blue) of a PNG without palette."""
    data = pathlib.Path(path).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", f"{path} is no PNG"
    at, idat = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            assert (depth, colour) == (8, 2), "not 8 bits of red, green and blue"
        if kind == b"IDAT":
            idat += body
        at += 12 + length
    raw, stride, rows, above = zlib.decompress(idat), width * 3, [], bytearray(width * 3)
    for y in range(height):
        kind, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for i in range(stride):
            left, up, corner = (line[i - 3] if i > 2 else 0), above[i], (above[i - 3] if i > 2 else 0)
            if kind == 1: line[i] = (line[i] + left) & 255
            elif kind == 2: line[i] = (line[i] + up) & 255
            elif kind == 3: line[i] = (line[i] + (left + up) // 2) & 255
            elif kind == 4:
                p = left + up - corner
                a, b, c = abs(p - left), abs(p - up), abs(p - corner)
                line[i] = (line[i] + (left if a <= b and a <= c else up if b <= c else corner)) & 255
        rows.append([tuple(line[x:x + 3]) for x in range(0, stride, 3)])
        above = line
    return width, height, rows


def colours(rows, x, y, w, h):
    return len({rows[j][i] for j in range(y, y + h) for i in range(x, x + w)})


with screen() as display, tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    environment = {**os.environ, "DISPLAY": display, "XDG_STATE_HOME": str(folder / "state"), "XDG_CACHE_HOME": str(folder / "cache")}

    def studio(*arguments, env=None):
        return subprocess.run([STUDIO, *map(str, arguments)], env=env or environment, cwd=folder, capture_output=True, text=True, timeout=300)

    # ---- pictures ----------------------------------------------------------------------------------------------------
    def picture(name, *arguments):
        done = studio(*arguments, "--screenshot", folder / name)
        check(done.returncode == 0 and not done.stderr, f"{name}: exit code {done.returncode}, {done.stderr!r}")
        return pixels(folder / name)

    width, height, light = picture("light.png", "--preset", "confidence")
    check((width, height) == (1280, 720), f"the picture is {width}x{height}")
    for what, place in {"stage": (30, 130, 860, 350), "slider": (30, 520, 860, 90), "numbers": (30, 625, 860, 70), "top bar": (0, 0, 1280, 54)}.items():
        check(colours(light, *place) > 20, f"the {what} is nearly blank: {colours(light, *place)} colours")
    for what, place in {"left": (0, 60, 14, 655), "right": (1267, 60, 12, 655), "bottom": (0, 714, 1280, 5)}.items():
        check(colours(light, *place) == 1, f"something is painted on the {what} margin")
    _, _, dark = picture("dark.png", "--preset", "confidence", "--theme", "dark")
    check(sum(dark[400][5]) < 150 < sum(light[400][5]), "the dark theme is not dark")
    width, height, _ = picture("large.png", "--preset", "confidence", "--size", "2560x1440", "--scale", "2")
    check((width, height) == (2560, 1440), f"the large picture is {width}x{height}")
    check(not (folder / "state").exists(), "a picture left a state behind")

    # ---- what it opens: the positional argument goes the way of a dropped file ---------------------------------------
    subprocess.run([MID, "run", "preset:confidence", "--set", "defense.beta=0.01", "--out", folder / "out"], env=environment, check=True, capture_output=True)
    seen = {}
    for name in ["out", "out/result.json", "out/spec.json"]:
        seen[name] = picture(f"{name.replace('/', '-')}.png", folder / name)[2]
    check(seen["out"] != light, "a run's folder shows the story as it begins")
    spec = json.loads((folder / "out/spec.json").read_text())
    spec["defense"]["beta"] = 0.0001
    (folder / "other.json").write_text(json.dumps(spec))
    check(picture("other.png", folder / "other.json")[2] != seen["out"], "another specification shows the same")

    # A table of one's own: the wizard stands on the stage, whatever story trains behind it.
    (folder / "people.csv").write_text("smokes,age,buys\n" + "".join(f"{'yes' if i % 3 else 'no'},{20 + i},{'much' if i % 2 else 'little'}\n" for i in range(40)))
    table = picture("table.png", folder / "people.csv")[2]
    check(colours(table, 30, 130, 860, 350) > 20 and table != picture("no-table.png", "--preset", "visitors")[2], "a table does not open the wizard")

    # ---- what it refuses ---------------------------------------------------------------------------------------------
    (folder / "broken.json").write_text('{"data": {"name": "adult"')
    (folder / "unknown.json").write_text('{"defence": {"kind": "mid"}}')
    (folder / "letter.txt").write_text("Dear Sir or Madam")
    (folder / "empty").mkdir()
    refusals = [  # arguments, words of the sentence
        (["--size", "12"], ["--size", "7680x4320", "'12'"]),
        (["--size", "100x100"], ["--size", "320x480"]),
        (["--size", "1280x720x3"], ["--size"]),
        (["--scale", "9"], ["--scale", "0.5 to 4", "'9'"]),
        (["--scale", "large"], ["--scale", "'large'"]),
        (["--scale", "nan"], ["--scale"]),
        (["--theme", "blue"], ["--theme", "light, dark or contrast", "'blue'"]),
        (["--preset", "nobody"], ["--preset", "visitors, confidence", "'nobody'"]),
        (["--state", "&&&"], ["--state", '"&&&"']),
        (["--screenshot", "picture.jpg"], ["--screenshot", ".png", "picture.jpg"]),
        (["--wait", "5"], ["--wait", "--screenshot"]),
        (["--screenshot", "a.png", "--wait", "0"], ["--wait", "'0'"]),
        (["--cache", ""], ["--cache"]),
        (["--colour", "red"], ["--colour"]),
        (["other.json", "--preset", "confidence"], ["--preset"]),
        (["nowhere.json"], ["nowhere.json"]),
        (["broken.json"], ["broken.json"]),
        (["unknown.json"], ["defence"]),
        (["letter.txt"], ["letter.txt"]),
        (["nowhere.csv"], ["nowhere.csv"]),
        (["people.csv", "nowhere.onnx"], ["nowhere.onnx", ".safetensors"]),
        (["people.csv", "letter.txt"], ["letter.txt", ".safetensors"]),
        (["other.json", "nowhere.onnx"], ["nowhere.onnx", "people.csv"]),
        (["empty"], ["empty", "result.json"]),
    ]
    for arguments, words in refusals:
        done = studio(*arguments)
        check(done.returncode == 2, f"{arguments}: exit code {done.returncode}")
        check(done.stderr.count("\n") == 1 and not done.stdout, f"{arguments}: not one sentence: {done.stderr!r}")
        for word in words:
            check(word in done.stderr, f"{arguments}: '{word}' is missing in {done.stderr!r}")
    nowhere = {k: v for k, v in environment.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = studio(env=nowhere)
    check(done.returncode == 1 and "xvfb-run" in done.stderr and done.stderr.count("\n") == 1, f"without a screen: {done.returncode}, {done.stderr!r}")
    done = studio("--version")
    check(done.returncode == 0 and done.stdout.count(".") == 2, f"--version: {done.stdout!r}")

    # ---- a window: rests, keeps its state ----------------------------------------------------------------------------
    kept = folder / "state/midlab/studio.json"

    def kept_now():
        try:
            return json.loads(kept.read_text())
        except ValueError:
            return {}

    def window(*arguments, until, then=lambda pid: None):
        """Opens a window, waits until it kept what `until` wants, and closes it."""
        with subprocess.Popen([STUDIO, *arguments], env=environment, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
            for _ in range(600):
                time.sleep(.1)
                if process.poll() is not None or (kept.exists() and until(kept_now())):
                    break
            else:
                check(False, f"{arguments}: nothing was kept in a minute")
            then(process.pid)
            process.send_signal(signal.SIGTERM)
            check(process.wait(30) == 0, f"{arguments}: closed with {process.returncode}: {process.stderr.read()!r}")

    def story(state):
        link = json.loads(state["page"])["link"]
        return json.loads(base64.urlsafe_b64decode(link + "=" * (-len(link) % 4)))

    def work(pid):
        """Processor ticks, and how often the thread that draws went to sleep."""
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        status = pathlib.Path(f"/proc/{pid}/task/{pid}/status").read_text()
        return int(stat[11]) + int(stat[12]), int(status.split("\nvoluntary_ctxt_switches:")[1].split()[0])

    def rests(pid):
        time.sleep(3)
        before = work(pid)
        time.sleep(3)
        ticks, sleeps = (b - a for a, b in zip(before, work(pid)))
        check(ticks <= 2 and sleeps <= 3, f"a window at rest does not rest: {ticks} ticks and {sleeps} turns in 3 s")

    window("--preset", "confidence", "--theme", "dark", until=lambda s: s and story(s)["story"] == "confidence", then=rests)
    first = story(json.loads(kept.read_text()))
    check(first["view"]["theme"] == "dark", "the theme was not kept")
    before = kept.stat().st_mtime_ns
    window("--scale", "1.25", until=lambda s: kept.stat().st_mtime_ns != before)
    again = json.loads(kept.read_text())
    check(story(again) == first, f"the second start shows {story(again)}, the first {first}")
    check(again["text_scale"] == 1.25, "the size of the text was not kept")
    check([p.name for p in kept.parent.iterdir()] == ["studio.json"], "something else lies in the state folder")
    # A state that cannot be read is as good as none; a page's whole address is as good as what Share copied.
    kept.write_text("{ no JSON")
    window("--state", "https://example.org/midlab/#s=" + json.loads(again["page"])["link"],
           until=lambda s: kept.stat().st_size > 100)
    check(story(json.loads(kept.read_text())) == first, "a link does not lead to its state")

sys.exit(f"{len(failures)} failures" if failures else 0)
