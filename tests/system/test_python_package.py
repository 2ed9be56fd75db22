#!/usr/bin/env python3
"""What comes with the Python module: examples, notebook and the lines of docs/python.md run; everything public has types and words; the
installed package and a wheel of it work."""
import ast
import importlib.util
import inspect
import io
import json
import os
import shutil
import subprocess
import sys
import traceback

from python_module import BUILD, SOURCE, check, midlab, table, test

EXAMPLES = SOURCE / "native/python/examples"


def examples(folder):
    """Scripts run, and the notebook: by nbconvert where it is installed, or else its cells in their order."""
    for script in sorted(EXAMPLES.glob("*.py")):
        done = subprocess.run([sys.executable, script], cwd=folder, capture_output=True, text=True, timeout=300)
        check(done.returncode == 0 and "%" in done.stdout, f"{script.name} ended with {done.returncode}", done.stderr)
        print(done.stdout)
    for notebook in sorted(EXAMPLES.glob("*.ipynb")):
        if importlib.util.find_spec("nbconvert") and importlib.util.find_spec("ipykernel"):
            done = subprocess.run([sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--output-dir", folder, notebook], capture_output=True, text=True, timeout=300)
            check(done.returncode == 0, f"{notebook.name} ended with {done.returncode}", done.stderr)
            continue
        names, out = {}, io.StringIO()
        cells = json.loads(notebook.read_text())["cells"]
        check(not any(cell.get("outputs") for cell in cells), f"{notebook.name} is kept with outputs, which change with every version")
        for number, cell in enumerate(cell for cell in cells if cell["cell_type"] == "code"):
            try:
                exec(compile("".join(cell["source"]), f"{notebook.name}, cell {number}", "exec"), names)
            except Exception:
                check(False, f"{notebook.name}, cell {number} failed", traceback.format_exc())
                break
    # The document's own lines.
    text = (SOURCE / "docs/python.md").read_text()
    blocks = [block.split("```")[0] for block in text.split("```python\n")[1:]]
    check(len(blocks) >= 4, "docs/python.md has no examples")
    names = {"people": str(folder / "people.csv")}
    table(folder)
    for block in blocks:
        wanted = [alias.name.split(".")[0] for node in ast.walk(ast.parse(block)) if isinstance(node, (ast.Import, ast.ImportFrom))
                  for alias in (node.names if isinstance(node, ast.Import) else [ast.alias(node.module)])]
        if any(importlib.util.find_spec(module) is None for module in wanted):
            print("docs/python.md: left out, for want of", wanted)
            continue
        try:
            exec(block, names)
        except Exception:
            check(False, "an example of docs/python.md failed", block, traceback.format_exc())


def types(folder):
    """Everything public has types and words; the stub names what the compiled part has."""
    for name in midlab.__all__:
        thing = getattr(midlab, name)
        check(name == "__version__" or thing.__doc__, f"{name} has no words")
        if inspect.isfunction(thing):
            signature = inspect.signature(thing)
            untyped = [p.name for p in signature.parameters.values() if p.annotation is p.empty]
            check(not untyped and signature.return_annotation is not signature.empty, f"{name} has no types for {untyped}")
    stub = ast.parse((SOURCE / "native/python/midlab/_core.pyi").read_text())
    stubbed = {node.name for node in stub.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))} | {node.target.id for node in stub.body if isinstance(node, ast.AnnAssign)}
    check(stubbed == {name for name in dir(midlab._core) if not name.startswith("__")}, "the stub is about other names", stubbed ^ set(dir(midlab._core)))
    check((BUILD / "python/midlab/py.typed").exists(), "the package does not say that it is typed")
    if importlib.util.find_spec("mypy"):
        done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder / "mypy", "-p", "midlab"], cwd=BUILD / "python", capture_output=True, text=True)
        check(done.returncode == 0, "mypy has complaints", done.stdout, done.stderr)
    else:
        print("mypy is not installed: types are only looked at")


def installed(folder):
    """By CMake into a folder of packages, with its data; nothing of it in the installation of the programs."""
    subprocess.run(["cmake", "--install", BUILD, "--component", "python", "--prefix", folder / "prefix"], check=True, stdout=subprocess.DEVNULL)
    (place,) = (folder / "prefix").rglob("site-packages")
    shutil.move(place, folder / "elsewhere")
    check(not [p for p in (folder / "prefix").rglob("*") if p.is_file()], "the component brings more than the package")
    code = "import midlab, os; print(midlab.__file__, os.environ['MIDLAB_DATA'], midlab.run('preset:dose', cache=False)['id'])"
    env = {name: value for name, value in os.environ.items() if name != "MIDLAB_DATA"}
    done = subprocess.run([sys.executable, "-c", code], env={**env, "PYTHONPATH": str(folder / "elsewhere")}, capture_output=True, text=True)
    check(done.returncode == 0 and done.stdout.count(str(folder / "elsewhere")) == 2, "the installed package does not work", done.stdout, done.stderr)
    if not (importlib.util.find_spec("setuptools") and importlib.util.find_spec("wheel") and importlib.util.find_spec("pip")):
        print("setuptools, wheel or pip is not installed: no wheel is made")
        return
    made = subprocess.run([sys.executable, SOURCE / "native/python/make_wheel.py", BUILD, folder / "wheels"], capture_output=True, text=True)
    check(made.returncode == 0, "no wheel was made", made.stdout, made.stderr)
    (wheel,) = (folder / "wheels").glob("midlab-*.whl")
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target", folder / "target", wheel], check=True)
    done = subprocess.run([sys.executable, "-c", code], env={**env, "PYTHONPATH": str(folder / "target")}, capture_output=True, text=True)
    check(done.returncode == 0 and done.stdout.count(str(folder / "target")) == 2, "the package of the wheel does not work", done.stdout, done.stderr)


test([examples, types, installed])
