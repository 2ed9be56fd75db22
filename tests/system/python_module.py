"""What the tests of the Python module share: finds it in MIDLAB_BUILD, compares with the command line, and keeps count of failures."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np

BIN, SOURCE, BUILD = (pathlib.Path(os.environ[name]) for name in ("MIDLAB_BIN", "MIDLAB_SOURCE", "MIDLAB_BUILD"))
sys.path.insert(0, str(BUILD / "python"))
sys.dont_write_bytecode = True
kept = tempfile.TemporaryDirectory()  # finished stages of this test alone
os.environ.update(PYTHONPATH=os.pathsep.join(filter(None, [sys.path[0], os.environ.get("PYTHONPATH")])), XDG_CACHE_HOME=kept.name, PYTHONDONTWRITEBYTECODE="1")
import midlab  # noqa: E402

SEX = {"train.epochs": 2, "data.private": 600, "data.held_out": 600}
FACES = {"train.epochs": 3}
TREE = {"data.private": 1000, "data.held_out": 500}
failures = []


def check(true, sentence, *shown):
    if not true:
        failures.append(sentence)
        print("FAILED:", sentence, *shown, flush=True)


def raises(kind, work, *parts):
    """The exception that `work` raises, whose words must hold `parts`."""
    try:
        work()
    except kind as e:
        check(all(part in str(e) for part in parts), f"{kind.__name__} does not say {parts}:", e)
        return e
    except BaseException as e:
        check(False, f"{type(e).__name__} came where {kind.__name__} was expected", e)
        return e
    check(False, f"no {kind.__name__} came, which should say {parts}")
    return None


def mid(*words, code=0, folder=None):
    done = subprocess.run([BIN, *map(str, words)], cwd=folder, capture_output=True, text=True, timeout=300)
    if done.returncode != code:
        sys.exit(f"mid {words} ended with {done.returncode}: {done.stderr}")
    return done.stdout if code == 0 else done.stderr.removeprefix("mid: ").strip()


def words_of(fields):
    return [word for path, value in fields.items() for word in ("--set", f"{path}={json.dumps(value)}")]


def same(result, printed):
    """As JSON, but for the time that it took."""
    mine, theirs = json.loads(json.dumps(result)), json.loads(printed)
    for one in (mine, theirs):
        one.pop("timing")
    return json.dumps(mine, sort_keys=True) == json.dumps(theirs, sort_keys=True)


def is_view(array):
    """Whether its numbers lie in memory that another object keeps."""
    while isinstance(array, np.ndarray):
        if array.flags.owndata:
            return False
        array = array.base
    return type(array).__name__ == "PyCapsule"


def table(folder, **model):
    """A small table of one's own, where the secret is in the answers."""
    file = folder / "people.csv"
    if not file.exists():
        random = np.random.default_rng(3)
        age, sex = random.integers(18, 80, 400), random.integers(0, 2, 400)
        ill = random.random(400) < 1 / (1 + np.exp(-(age - 50) / 10 - 2 * sex + 1))
        lines = [f"{a},{'fm'[s]},{'no yes'.split()[i]},{('train', 'test', 'auxiliary')[k % 3]}\n" for k, (a, s, i) in enumerate(zip(age, sex, ill.astype(int)))]
        file.write_text("age,sex,ill,part\n" + "".join(lines))
    spec = {"data": {"csv": str(file), "target": "ill", "sensitive": "sex", "split_column": "part"}, "attack": {"kind": "tree_black_box"}}
    return {**spec, "model": {"kind": "black_box", **model}} if model else spec


def write(path, spec):
    path.write_text(json.dumps(spec))
    return path


def test(parts):
    """All of them, or those that the arguments name, each with a folder of its own."""
    unknown = set(sys.argv[1:]) - {part.__name__ for part in parts}
    if unknown:
        sys.exit(f"there is no part {unknown}")
    warnings.filterwarnings("error", category=RuntimeWarning)  # what the module has to say of device and cache
    for part in parts:
        if sys.argv[1:] and part.__name__ not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory() as name:
            began = time.monotonic()
            part(pathlib.Path(name))
            print(f"{part.__name__}: {time.monotonic() - began:.1f} s", flush=True)
    kept.cleanup()
    sys.exit(f"{len(failures)} failures" if failures else 0)
