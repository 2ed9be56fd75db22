#!/usr/bin/env python3
"""Who may include whom: the include lines of core/mid, web and native against the tables in docs/architecture.md. And the public interface, which is what
core/mid/mid.hpp includes: each of its headers stands in a group that mid.hpp defines, nothing of the core includes mid.hpp, and
the example of a user (tests/system/package) includes nothing else. And no two files define types of one name."""
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


def included(path):
    """The headers of a file's include lines in quotes, each with its line."""
    matches = ((number, INCLUDE.match(line)) for number, line in enumerate(path.read_text().splitlines(), 1))
    return [(number, match[1]) for number, match in matches if match]


def problems_in(core, rules):
    """A sentence for each include that the rules forbid."""
    found = []
    for path in sorted([*core.rglob("*.hpp"), *core.rglob("*.cpp"), *core.rglob("*.def")]):
        where = path.relative_to(core)
        if str(where) == "mid.hpp":
            continue  # public_problems
        folder = where.parts[0]
        if len(where.parts) < 2 or folder not in rules:
            found.append(f"{where}: its folder is not in the table of docs/architecture.md")
            continue
        for number, header in included(path):
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


def outer_problems(root, rules):
    """The same of web and native, whose rows begin with their paths. A header in quotes without a folder lies beside the file, or in no
    folder at all (written by the build, or a library's)."""
    folders = {row for row in rules if "/" in row}
    found = []
    for path in sorted(path for top in ("web", "native") for kind in ("*.hpp", "*.cpp") for path in (root / top).rglob(kind)):
        where = path.relative_to(root)
        folder = str(where.parent)
        if folder not in folders:
            found.append(f"{where}: its folder is not in the table of docs/architecture.md")
            continue
        for number, header in included(path):
            place, _, _ = header.rpartition("/")
            if header.startswith("mid/"):
                target = place.split("/")[1] if "/" in place else ""
            elif place:
                target = ("web/" if place.split("/")[0] in ("ui", "shell") else "native/") + place
            else:
                target = folder if (path.parent / header).exists() else ""
                if folder.startswith("web/ui") and target:
                    found.append(f"{where}:{number}: \"{header}\" must be written from the root, as \"ui/...\"")
            if target and target not in rules[folder]:
                found.append(f"{where}:{number}: {folder} may not include {header}; allowed: {', '.join(sorted(rules[folder]))}")
    return found


def test_outer_itself():
    rules = {"web/ui": {"base", "web/ui/draw"}, "web/ui/draw": {"web/ui/draw"}, "native/cli": {"native/cli", "base"}}
    tree = {"web/ui/good.cpp": '#include "mid/base/error.hpp"\n#include "ui/draw/paint.hpp"\n#include "fonts.hpp"\n#include "mid/version.hpp"\n',
            "web/ui/draw/paint.hpp": '#include "ui/good.hpp"\n', "web/ui/bad.cpp": '#include "mid/session/session.hpp"\n',
            "web/ui/draw/local.cpp": '#include "paint.hpp"\n', "web/odd/a.hpp": "", "native/cli/common.hpp": "",
            "native/cli/good.cpp": '#include "common.hpp"\n', "native/cli/bad.cpp": '#include "gpu/choice.hpp"\n'}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in tree.items():
            (pathlib.Path(folder) / name).parent.mkdir(exist_ok=True, parents=True)
            (pathlib.Path(folder) / name).write_text(text)
        found = {line.split(":")[0] for line in outer_problems(pathlib.Path(folder), rules)}
    expected = {"web/ui/draw/paint.hpp", "web/ui/bad.cpp", "web/ui/draw/local.cpp", "web/odd/a.hpp", "native/cli/bad.cpp"}
    if found != expected:
        sys.exit(f"the test itself is wrong: around the core it found {sorted(found)}, expected {sorted(expected)}")


def public_problems(core, example):
    """The same of the public interface. `example`: the sources of a user."""
    text = (core / "mid.hpp").read_text()
    public = set(re.findall(r'^#include "mid/([^"]+)"', text, re.M))
    groups = set(re.findall(r"^/// @defgroup (\w+)", text, re.M))
    found = []
    for header in sorted(public):
        if not (core / header).is_file():
            found.append(f"mid.hpp: there is no mid/{header}")
            continue
        group = re.search(r"^/// @ingroup (\w+)", (core / header).read_text(), re.M)
        if not group or group[1] not in groups:
            found.append(f"{header}: mid.hpp includes it, so it must say '/// @ingroup GROUP' with a group of mid.hpp ({', '.join(sorted(groups))})")
    for path in sorted([*core.rglob("*.hpp"), *core.rglob("*.cpp")]):
        name = str(path.relative_to(core))
        if name not in public and name != "mid.hpp" and "@ingroup" in path.read_text():
            found.append(f"{name}: has an @ingroup but mid.hpp does not include it")
    for path in sorted(example.rglob("*.cpp")):
        for header in re.findall(r'^\s*#\s*include\s*[<"]mid/([^>"]+)[>"]', path.read_text(), re.M):
            if header not in public | {"mid.hpp", "version.hpp"}:
                found.append(f"{path.name}: mid/{header} is internal; a user includes mid/mid.hpp or what it includes")
    return found


TYPE = re.compile(r"(?:struct|class|enum class|enum) (\w+)(?: final)?\s*(?::[^:;][^;]*)?\{")


def twice_defined(root, folders):
    """Types of one name and namespace that two files define: linkers keep one of their functions, without a word. Those in unnamed
    namespaces and inside other types are not meant."""
    places = {}
    for path in sorted(path for folder in folders for path in [*(root / folder).rglob("*.hpp"), *(root / folder).rglob("*.cpp")]):
        spaces = []
        for line in path.read_text().splitlines():
            if match := re.match(r"namespace ?([\w:]*) ?\{", line):
                spaces.append(match[1])
            elif line.startswith("}  // namespace"):
                spaces = spaces[:-1]
            elif (match := TYPE.match(line)) and "" not in spaces:
                places.setdefault("::".join([*spaces, match[1]]), set()).add(str(path.relative_to(root)))
    return [f"{name} is defined in {' and in '.join(sorted(where))}; give one of them another name" for name, where in places.items() if len(where) > 1]


def test_twice_itself():
    tree = {"core/a.hpp": "namespace mid {\nstruct A {\n};\nclass B;\n}  // namespace mid\n", "core/b.cpp": "namespace mid {\nnamespace {\nstruct A {};\n}  // namespace\nstruct B {\n  struct A {};\n};\n}  // namespace mid\n",
            "web/c.hpp": "namespace mid {\nstruct A : B {\n};\nstruct B::A {};\n}  // namespace mid\nnamespace mid::ui {\nstruct B {};\n}  // namespace mid::ui\n"}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in tree.items():
            (pathlib.Path(folder) / name).parent.mkdir(exist_ok=True, parents=True)
            (pathlib.Path(folder) / name).write_text(text)
        found = twice_defined(pathlib.Path(folder), ["core", "web"])
    if len(found) != 1 or not found[0].startswith("mid::A is defined in core/a.hpp and in web/c.hpp"):
        sys.exit(f"the test itself is wrong: defined twice it found {found}")


def test_public_itself():
    tree = {
        "core/mid.hpp": '/// @defgroup data Data\n#include "mid/data/good.hpp"\n#include "mid/data/none.hpp"\n#include "mid/data/gone.hpp"\n#include "mid/data/other.hpp"\n',
        "core/data/good.hpp": "/// @ingroup data\n", "core/data/none.hpp": "", "core/data/other.hpp": "/// @ingroup date\n",
        "core/data/extra.hpp": "/// @ingroup data\n",
        "example/a.cpp": "#include <mid/mid.hpp>\n#include <mid/version.hpp>\n#include <mid/data/good.hpp>\n",
        "example/b.cpp": '#include "mid/data/extra.hpp"\n',
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, text in tree.items():
            (pathlib.Path(folder) / name).parent.mkdir(exist_ok=True, parents=True)
            (pathlib.Path(folder) / name).write_text(text)
        found = [line.split(":")[0] for line in public_problems(pathlib.Path(folder) / "core", pathlib.Path(folder) / "example")]
    if found != ["mid.hpp", "data/none.hpp", "data/other.hpp", "data/extra.hpp", "b.cpp"]:
        sys.exit(f"the test itself is wrong: of the public interface it found {found}")


def test_itself(rules):
    """A tree with known faults: each must be found, and nothing else."""
    tree = {
        "base/good.hpp": '#include <vector>\n#include "mid/base/error.hpp"\n',
        "base/bad.hpp": '#include "mid/experiment/spec.hpp"\n',
        "attack/good.cpp": '#include "mid/oracle/release.hpp"\n#include "mid/version.hpp"\n',
        "attack/bad.cpp": '  #  include "mid/defense/defense.hpp"\n',
        "attack/local.cpp": '#include "good.hpp"\n',
        "widgets/new.hpp": "",
        "stray.hpp": "",
        "measure/unknown.cpp": '#include "mid/widgets/new.hpp"\n',
    }
    with tempfile.TemporaryDirectory() as folder:
        core = pathlib.Path(folder)
        for name, text in tree.items():
            (core / name).parent.mkdir(exist_ok=True)
            (core / name).write_text(text)
        found = {line.split(":")[0] for line in problems_in(core, rules)}
    expected = {"base/bad.hpp", "attack/bad.cpp", "attack/local.cpp", "widgets/new.hpp", "stray.hpp", "measure/unknown.cpp"}
    if found != expected:
        sys.exit(f"the test itself is wrong: found {sorted(found)}, expected {sorted(expected)}")


def main():
    rules = read_table((SOURCE / "docs/architecture.md").read_text())
    if len(rules) < 5:
        sys.exit("the table of docs/architecture.md could not be read")
    test_itself(rules)
    test_outer_itself()
    test_public_itself()
    test_twice_itself()
    found = twice_defined(SOURCE, ["core/mid", "web", "native"])
    found += outer_problems(SOURCE, rules)
    found += problems_in(SOURCE / "core/mid", rules) + public_problems(SOURCE / "core/mid", SOURCE / "tests/system/package")
    print("\n".join(found) or f"{len(rules)} folders keep to the table, no type is defined twice, and the public interface is what mid.hpp includes")
    sys.exit(1 if found else 0)


main()
