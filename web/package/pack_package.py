"""Puts the npm package together: pack_package.py SOURCE OUT VERSION NAME=FILE...

SOURCE  midlab's, OUT  the package's folder, where core.js and core.wasm are already, NAME=FILE  licences of what is in them. Writes beside
those two everything that `npm pack OUT` packs, among it sets.js with the data sets, and docs/javascript.md as its README.md. A licence that
is missing stops the build.
"""
import json
import pathlib
import re
import shutil
import sys

FILES = ["index.js", "node.js", "api.js", "arrays.js", "index.d.ts", "LICENSES.md"]
BESIDE = re.compile(r"README|COPYING|LICENSE")   # what of a data set's folder is for people


def sets_of(data):
    """The data sets that say in a page.json how they travel: {name in a specification: files}, as SHA256SUMS lists them."""
    listed = [line[66:] for line in (data / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
    out = {}
    for page in sorted(data.glob("*/page.json")):
        name = json.loads(page.read_text(encoding="utf-8"))["set"]
        out[name] = [file for file in listed if file.startswith(page.parent.name + "/")]
    return out


def sets_text(sets):
    """Each address is written out, because that is how bundlers see that a file is needed."""
    address = lambda file: f'new URL("./data/{file}", import.meta.url)'
    lines = []
    for name, files in sets.items():
        needed = "".join(f'      "{file}": {address(file)},\n' for file in files if not BESIDE.search(file))
        beside = "".join(f"      {address(file)},\n" for file in files if BESIDE.search(file))
        lines.append(f'  "{name}": {{\n    files: {{\n{needed}    }},\n    beside: [\n{beside}    ],\n  }},\n')
    head = "// Written by pack_package.py: the data sets by their names in a specification, their files and what goes along with them."
    return f"{head}\nexport const sets = {{\n{''.join(lines)}}};\n"


def readme(document):
    """Without the links to other documents, which are not in the package."""
    return re.sub(r"\[([^\]]+)\]\((?![a-z]+:)[^)]+\)", r"\1", document)


def main(source, out, version, *licences):
    package, data = source / "web/package", source / "core/data"
    read = lambda path: (source / path).read_text(encoding="utf-8")
    texts = {
        "package.json": read("web/package/package.json").replace("@version@", version),
        "README.md": readme(read("docs/javascript.md")),
        "cbor.js": read("web/shell/page/cbor.js") + "export { readCbor };\n",
        "sets.js": sets_text(sets := sets_of(data)),
    }
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8")
    for name in FILES:
        shutil.copy(package / name, out)
    shutil.copy(source / "LICENSE", out)
    for folder in ("data", "licences"):
        shutil.rmtree(out / folder, ignore_errors=True)
    (out / "licences").mkdir()
    for name, file in (pair.split("=", 1) for pair in licences):
        shutil.copy(file, out / "licences" / f"{name}.txt")
    for file in ["README.md", *(file for files in sets.values() for file in files)]:
        (out / "data" / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(data / file, out / "data" / file)


main(*map(pathlib.Path, sys.argv[1:3]), *sys.argv[3:])
