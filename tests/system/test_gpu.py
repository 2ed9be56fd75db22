#!/usr/bin/env python3
"""--device as a user meets it: a GPU that works, none at all, a library that is missing, changed, or another's; mid bench and the
rule of `auto`. The GPU is the one made of software that the unit tests use; a copy of the library stands in for changed ones."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

MID = os.environ["MIDLAB_BIN"]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "midlab"
LIBRARY = CACHE / "webgpu" / "libwebgpu_wrapper.so"
SOFTWARE = os.environ["VK_ICD_FILENAMES"]
SMALL = ["preset:confidence", *(w for s in ("train.epochs=1", "train.batch=500", "data.private=1000", "data.auxiliary=1000", "data.held_out=1000") for w in ("--set", s))]
SPEC = [*SMALL, "--no-cache", "--json"]
failures = []


def mid(*words, folder, cwd=None, **environment):
    """Runs mid with a cache folder of its own. Exit code, standard output, standard error."""
    env = {**os.environ, "XDG_CACHE_HOME": str(folder), "MIDLAB_WEBGPU": str(LIBRARY), **environment}
    done = subprocess.run([MID, *words], env=env, cwd=cwd, capture_output=True, text=True, timeout=600)
    return done.returncode, done.stdout, done.stderr


def check(what, right, *shown):
    if not right:
        failures.append(what)
        print("FAILED:", what, *shown, sep="\n  ")


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)

    code, out, err = mid("run", *SPEC, "--device", "gpu", folder=folder)
    check("a run on the GPU ends well", code == 0, err)
    gpu = json.loads(out)
    check("the result names device, adapter and dispatches", gpu["device"].startswith("gpu (") and gpu["notes"]["dispatches"] > 50, gpu["device"], gpu["notes"])
    check("a GPU of software is said to be one", "made of software" in err and err.count("\n") == 1, err)
    print(gpu["device"], gpu["notes"]["dispatches"], "dispatches")

    code, out, err = mid("run", *SPEC, folder=folder)
    cpu = json.loads(out)
    check("without --device the processor works and nothing is said", cpu["device"] == "cpu" and "dispatches" not in cpu["notes"] and err == "", err)
    near = all(abs(gpu["utility"][k]["value"] - m["value"]) < 5e-3 for k, m in cpu["utility"].items() if m["value"] is not None)
    check("both say the same", near, cpu["utility"], gpu["utility"])

    code, out, err = mid("run", *SPEC, "--device", "gpu", folder=folder, VK_ICD_FILENAMES="/nowhere.json")
    check("without a driver the processor works, and one sentence says so", code == 0 and json.loads(out)["device"] == "cpu" and "the GPU was asked for, but no GPU was found" in err and err.count("\n") == 1, err)

    code, out, err = mid("run", *SPEC, "--device", "gpu", folder=folder, MIDLAB_WEBGPU=str(folder / "none.so"))
    check("without the library, too", code == 0 and json.loads(out)["device"] == "cpu" and "none.so, which is no file; docs/gpu.md says where to get it" in err, err)
    code, out, err = mid("run", *[a for a in SPEC if a != "--json"], "--thread", "--device", "gpu", folder=folder, MIDLAB_WEBGPU=str(folder / "none.so"))
    check("on a thread of its own, too", code == 0 and json.loads(out)["device"] == "cpu" and "docs/gpu.md says where to get it" in err, err)
    code, out, err = mid("sweep", *SMALL, "--seeds", "2", "--out", str(folder / "sweep"), "--device", "gpu", folder=folder, MIDLAB_WEBGPU=str(folder / "none.so"))
    check("a sweep says it once", code == 0 and err.count("docs/gpu.md says where to get it") == 1, err)

    # A name alone: the file that is checked is the file that is opened, wherever the system would look for it.
    rogue, here = folder / "rogue", folder / "here"
    rogue.mkdir(), here.mkdir()
    shutil.copy("/usr/bin/env", rogue / LIBRARY.name)
    shutil.copy(LIBRARY, here / LIBRARY.name)
    code, out, err = mid("info", "--devices", folder=folder, cwd=here, MIDLAB_WEBGPU=LIBRARY.name, LD_LIBRARY_PATH=str(rogue))
    check("a library named without its folder is the one in the working folder", code == 0 and "device   gpu (" in out, out, err)

    changed = folder / "changed.so"
    changed.write_bytes(LIBRARY.read_bytes() + b"!")
    hashed = subprocess.run(["sha256sum", changed], capture_output=True, text=True, check=True).stdout.split()[0]
    code, out, err = mid("run", *SPEC, "--device", "gpu", folder=folder, MIDLAB_WEBGPU=str(changed))
    check("another build is refused with its hash", code == 0 and json.loads(out)["device"] == "cpu" and hashed in err and "MIDLAB_WEBGPU_UNVERIFIED=1" in err, err)
    code, out, err = mid("info", "--devices", folder=folder, MIDLAB_WEBGPU=str(changed), MIDLAB_WEBGPU_UNVERIFIED="1")
    check("at the user's own risk it is opened", code == 0 and "device   gpu (" in out, out, err)
    wrong = folder / "wrong.so"
    shutil.copy("/usr/bin/env", wrong)
    code, out, err = mid("run", *SPEC, "--device", "gpu", folder=folder, MIDLAB_WEBGPU=str(wrong), MIDLAB_WEBGPU_UNVERIFIED="1")
    check("what is no library says so", code == 0 and json.loads(out)["device"] == "cpu" and ("could not be opened" in err or "has no function" in err), err)

    code, out, err = mid("info", "--devices", folder=folder)
    check("info tells adapter, driver, limits and library", code == 0 and all(w in out for w in ("made of software", "driver", "MB in one matrix", str(LIBRARY))), out, err)

    code, out, err = mid("bench", "--device", "all", "--most", "5e6", "--json", folder=folder)
    bench = json.loads(out) if code == 0 else {"rows": []}
    check("bench times both devices", code == 0 and bench["rows"] and all(r["cpu_s"] > 0 and r["gpu_s"] > 0 for r in bench["rows"]), out, err)
    check("a training step is few dispatches", all(r["gpu_dispatches"] < 45 for r in bench["rows"]), out)
    check("small work alone, in which the processor leads, is no rule", not (folder / "midlab" / "device.json").exists() and "no rule" in err, err)
    code, out, err = mid("run", *SPEC, "--device", "auto", folder=folder)
    check("auto measures the rule, writes it, follows it and prints it", json.loads((folder / "midlab" / "device.json").read_text())["adapter"] == bench["gpu"] and code == 0 and json.loads(out)["device"].startswith("auto (0 of ") and "processor" in err, out[:200], err)
    (folder / "midlab" / "device.json").write_text(json.dumps({"adapter": bench["gpu"], "cpu": bench["cpu"], "operations": 0}))
    code, out, err = mid("run", *SPEC, "--device", "auto", folder=folder)
    check("auto gives the GPU what the rule says", code == 0 and not json.loads(out)["device"].startswith("auto (0 of "), out[:200], err)
    code, out, err = mid("run", *SPEC, "--device", "abacus", folder=folder)
    check("an unknown device is refused", code == 2 and "--device" in err, err)

sys.exit(f"{len(failures)} of the checks failed" if failures else 0)
