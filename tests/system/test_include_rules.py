#!/usr/bin/env python3
"""Who may include whom: the include lines of core/mid against the table in docs/architecture.md."""
import os
import pathlib
import re
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["MIDLAB_SOURCE"])
HEADING = "## Who may include whom"
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')


def read_table(text):
    """Folder -> what its files may include: names of folders and of single headers."""
    if HEADING not in text:
        sys.exit(f"docs/architecture.md has no heading '{HEADING}'")
    rules = {}
    for line in text.split(HEADING, 1)[1].split("\n## ", 1)[0].splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 2 and cells[0] != "folder" and not set(cells[0]) <= set("-: "):
            rules[cells[0]] = {word.strip() for word in cells[1].split(",")}
    return rules


def problems_in(core, rules):
    """A sentence for each include that the rules forbid."""
    found = []
    for path in sorted([*core.rglob("*.hpp"), *core.rglob("*.cpp"), *core.rglob("*.def")]):
        where = path.relative_to(core)
        folder = where.parts[0]
        if len(where.parts) < 2 or folder not in rules:
            found.append(f"{where}: its folder is not in the table of docs/architecture.md")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            header = match[1]
            if not header.startswith("mid/"):
                found.append(f"{where}:{number}: \"{header}\" must be written from the root, as \"mid/...\"")
                continue
            target = header[len("mid/"):]
            if "/" not in target:  # written by the build: mid/version.hpp
                if target != "version.hpp":
                    found.append(f"{where}:{number}: {header} lies in no folder")
            elif target.split("/")[0] not in rules[folder] and target not in rules[folder]:
                found.append(f"{where}:{number}: {folder} may not include {header}; allowed: {', '.join(sorted(rules[folder]))}")
    return found


def test_itself(rules):
    """A tree with known faults: each must be found, and nothing else."""
    tree = {
        "base/good.hpp": '#include <vector>\n#include "mid/base/error.hpp"\n',
        "base/bad.hpp": '#include "mid/run/spec.hpp"\n',
        "attack/good.cpp": '#include "mid/defense/release.hpp"\n#include "mid/version.hpp"\n',
        "attack/bad.cpp": '  #  include "mid/defense/defense.hpp"\n',
        "attack/local.cpp": '#include "good.hpp"\n',
        "widgets/new.hpp": "",
        "stray.hpp": "",
        "metric/unknown.cpp": '#include "mid/widgets/new.hpp"\n',
    }
    with tempfile.TemporaryDirectory() as folder:
        core = pathlib.Path(folder)
        for name, text in tree.items():
            (core / name).parent.mkdir(exist_ok=True)
            (core / name).write_text(text)
        found = {line.split(":")[0] for line in problems_in(core, rules)}
    expected = {"base/bad.hpp", "attack/bad.cpp", "attack/local.cpp", "widgets/new.hpp", "stray.hpp", "metric/unknown.cpp"}
    if found != expected:
        sys.exit(f"the test itself is wrong: found {sorted(found)}, expected {sorted(expected)}")


def main():
    rules = read_table((SOURCE / "docs/architecture.md").read_text())
    if len(rules) < 5:
        sys.exit("the table of docs/architecture.md could not be read")
    test_itself(rules)
    found = problems_in(SOURCE / "core/mid", rules)
    print("\n".join(found) or f"{len(rules)} folders keep to the table")
    sys.exit(1 if found else 0)


main()
