#!/usr/bin/env python3
"""The documents keep to what there is: every relative link of the Markdown files in the root and in docs/ leads to a file
(and its anchor to a heading), and so does every path that they name; in the tables of docs/method.md every file, every name in code type and every test exists;
every section of method.md that a source file cites is there; the lists of its section 6 are the program's; the example of
docs/reproduce.md compiles; docs/paper-map.md says what its figures say. Every command of the program that a page shows is one that it
understands: those that only print are run, of those that train and attack the specification and its fields are checked."""
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["MIDLAB_SOURCE"])
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`]+)`")
QUOTED = re.compile(r"“([^”]+)”")
TEST_CASE = re.compile(r'TEST_CASE\("((?:[^"\\]|\\.)*)"')
PATH = re.compile(r"(?<![\w/.<\-])(?:core|docs|tests|web|native)/[\w./\-]*\w")
CITED = re.compile(r"method\.md,? sections? (\d(?:\.\d)?)(?:(?: and | to |, )(\d(?:\.\d)?))?")


def without_code(text):
    """Fenced blocks and code type hold no links."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))


def anchors(text):
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def broken_links(root):
    found = []
    for page in sorted([*root.glob("*.md"), *(root / "docs").glob("*.md")]):
        text = page.read_text(encoding="utf-8")
        for target in dict.fromkeys(target for _, _, target in LINK.findall(without_code(text))):
            if re.match(r"[a-z]+:", target):
                continue  # elsewhere
            path, _, anchor = target.partition("#")
            file = (page.parent / path).resolve() if path else page
            where = f"{page.relative_to(root)}: the link {target}"
            if not file.exists():
                found.append(f"{where} leads nowhere")
            elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text(encoding="utf-8")):
                found.append(f"{where} names no heading of {file.name}")
        # Paths in running text. NAME stands for any; an example's own file is the reader's to write.
        for path in dict.fromkeys(PATH.findall(LINK.sub("", text))):
            name = pathlib.PurePath(path).stem
            if "NAME" not in path and f"const Attack {name}" not in text and not (root / path).exists():
                found.append(f"{page.relative_to(root)}: there is no {path}")
    return found


def words_of(file):
    return set(re.findall(r"[\w\-]+", file.read_text(encoding="utf-8")))


def wrong_rows(root):
    """Problems in the tables of docs/method.md: columns rule, formula, tag, code, test."""
    page = root / "docs/method.md"
    found, rows, tests = [], 0, 0
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if not line.startswith("|") or cells[0] == "rule" or set(cells[0]) <= set("-: "):
            continue
        where = f"docs/method.md:{number}"
        if len(cells) != 5:
            found.append(f"{where}: {len(cells)} cells instead of 5")
            continue
        rows += 1
        rule, _, tag, code, test = cells
        if not any(t in tag for t in ("[paper]", "[code]", "[derived", "[lit: ", "usual definitions")):
            found.append(f"{where}: \"{rule}\" has no tag")
        # A word in code type stands in one of the files linked in its cell, or names a file of a folder linked there.
        files = [(page.parent / target).resolve() for _, _, target in LINK.findall(code)]
        known = set().union(*(words_of(f) if f.is_file() else {entry.stem for entry in f.glob("*")} for f in files))
        if not files:
            found.append(f"{where}: \"{rule}\" names no file")
        for name in CODE.findall(LINK.sub("", code)):
            if name not in known:
                found.append(f"{where}: `{name}` is not in {', '.join(f.name for f in files)}")
        # A quoted test is a test case of a file linked in its cell.
        cases = set()
        for _, _, target in LINK.findall(test):
            file = (page.parent / target).resolve()
            if file.is_file():
                cases |= {c.replace('\\"', '"') for c in TEST_CASE.findall(file.read_text(encoding="utf-8"))}
        for name in QUOTED.findall(test):
            tests += 1
            if name not in cases:
                found.append(f"{where}: there is no test “{name}” in the files linked there")
    return found, rows, tests


def missing_sections(root):
    """Sections of method.md that sources cite and the page lacks."""
    there = set(re.findall(r"^## (\d(?:\.\d)?)[. ]", (root / "docs/method.md").read_text(encoding="utf-8"), re.M))
    found = []
    for folder in ("core", "native", "web", "tests"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".hpp", ".cpp", ".py", ".mjs", ".def") or path.name == "test_docs.py":
                continue
            for match in CITED.findall(path.read_text(encoding="utf-8")):
                found += [f"{path.relative_to(root)}: cites section {s} of method.md, which has none" for s in match if s and s not in there]
    return found


def listed_names(text):
    """The names in code type of each list of docs/method.md's section 6, by the list's title."""
    section = re.search(r"^## 6\. .*?(?=^## )", text + "\n## ", re.S | re.M)
    lists = re.findall(r"^\* \*\*([^*]+)\.\*\* (.*)$", section.group() if section else "", re.M)
    # What stands in brackets behind "(" is an example, unless it is part of the list itself.
    return {title: set(CODE.findall(re.sub(r"\(`[^`,]+`\)", "", names))) for title, names in lists}


def known_names():
    """The same, as the program knows them."""
    mid = os.environ["MIDLAB_BIN"]
    catalogue = json.loads(subprocess.run([mid, "schema", "--catalogue"], capture_output=True, text=True, check=True).stdout)
    entries = {s["name"]: {e["name"] for e in s["entries"]} for s in catalogue["sections"]}
    figures = {group: {f["name"] for f in catalogue["figures"] if f["group"] == group} for group in ("utility", "privacy", "information")}
    return {"Attacks": entries["attack"], "Defences": entries["defense"], "Releases": entries["release"], "Data sets": entries["data"],
            "Presets": set(catalogue["presets"]), "Figures of use": figures["utility"], "Figures of privacy": figures["privacy"],
            "Figures of information": figures["information"]}


def wrong_lists(listed, known):
    found = []
    for title, names in known.items():
        there = listed.get(title, set())
        found += [f"docs/method.md, section 6: {title} lack `{name}`" for name in sorted(names - there)]
        found += [f"docs/method.md, section 6: {title} name `{name}`, which the program does not know" for name in sorted(there - names)]
    return found


def example_errors(root):
    """Compiles the C++ of docs/reproduce.md as the build that runs this test compiles an attack."""
    blocks = re.findall(r"^```cpp\n(.*?)^```", (root / "docs/reproduce.md").read_text(encoding="utf-8"), re.S | re.M)
    attacks = [b for b in blocks if "const Attack" in b]
    if len(attacks) != 1:
        return [f"docs/reproduce.md: {len(attacks)} example attacks instead of one"]
    build = os.environ["MIDLAB_BUILD"]
    listed = subprocess.run(["ninja", "-C", build, "-t", "commands", "-s", "core/CMakeFiles/mid_core.dir/mid/attack/csmia.cpp.o"],
                            capture_output=True, text=True).stdout.strip().splitlines()
    if not listed:
        return [f"{build}: ninja does not say how it compiles core/mid/attack/csmia.cpp"]
    words = shlex.split(listed[-1])
    flags, skip = [], False
    for word in words[next(i for i, w in enumerate(words) if re.search(r"(\+\+|clang|cc)(-[\d.]+)?$", w) and "ccache" not in w):]:
        if skip:
            skip = False
        elif word in ("-MF", "-MT", "-o", "-c"):
            skip = True
        elif word != "-MD":
            flags.append(word)
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "example.cpp"
        file.write_text(attacks[0], encoding="utf-8")
        done = subprocess.run([*flags, "-fsyntax-only", str(file)], cwd=build, capture_output=True, text=True)
    return [] if done.returncode == 0 else ["docs/reproduce.md: the example does not compile:\n" + done.stderr[-3000:]]


def stale_pages(root):
    """docs/paper-map.md is made of other pages, docs/public.md of golden values: they must be what their scripts make of them now."""
    done = [subprocess.run([sys.executable, root / f"docs/{script}.py", "--check"], capture_output=True, text=True) for script in ("write_paper_map", "write_public")]
    return [d.stderr.strip() for d in done if d.returncode]


# A word that stands for what the reader puts there: SPEC, E, I/N, ...
PLACEHOLDER = re.compile(r"(?<![\w:/.])[A-Z][A-Z/]*(?![\w])|\.\.\.|\[")
PRINTS = ("schema", "data list", "data columns", "lesson list", "lesson show")   # and nothing else: they are run as they stand
LEARNS = ("run", "sweep", "compare")
# What these need (a finished run, a table, a graphics card, minutes) other tests have: test_report, test_serve, test_onnx, test_lessons,
# test_own_data, test_gpu, test_studio, test_clusters.
ELSEWHERE = ("show", "collect", "report", "serve", "export", "lesson play", "lesson show visitor --html", "data export", "data verify", "info", "bench", "cache clear")


def commands_of(text):
    """The program's commands in a page: lines of its blocks without a language, and code in running text that is a whole command."""
    blocks = re.findall(r"^```(?:sh)?\n(.*?)^```", text, re.S | re.M)
    lines = [line for block in blocks for line in block.splitlines()]
    lines += CODE.findall(re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))
    commands = [line.split(" #")[0].split(" > ")[0].strip() for line in lines if re.match(r"mid [a-z]+", line)]
    # `mid run`, `mid sweep --vary`, `mid lesson` alone are the names of things.
    return [c for c in commands if not re.fullmatch(r"mid (?:run|sweep|compare|lesson|data|data columns)(?: --.*)?", c)]


def wrong_commands(root, folder):
    """Commands that the program does not understand; how many were run, and how many only checked."""
    mid, found, ran, checked = os.environ["MIDLAB_BIN"], [], 0, 0
    no_folder = folder / "file"   # a cache that cannot be: the specification and its fields are looked at before it is
    no_folder.write_text("")
    specification = re.search(r"^```json\n(.*?)^```", (root / "docs/reproduce.md").read_text(encoding="utf-8"), re.S | re.M)[1]
    (folder / "my.json").write_text(specification, encoding="utf-8")
    where = {}
    for page in sorted([*root.glob("*.md"), *(root / "docs").glob("*.md")]):
        for line in commands_of(page.read_text(encoding="utf-8")):
            if not PLACEHOLDER.search(line):
                where.setdefault(line, page.relative_to(root))
    for line, page in where.items():
        words = shlex.split(line)[1:]
        name = next((n for n in ELSEWHERE + PRINTS + LEARNS if words[:len(n.split())] == n.split()), None)
        if name in ELSEWHERE or "attack.kind=closest_answer" in words:   # an example of docs/reproduce.md
            continue
        if name is None:
            found.append(f"{page}: `{line}` is no command that tests/system/test_docs.py knows; add it to a list there")
            continue
        learns = name in LEARNS
        done = subprocess.run([mid, *words, *(["--cache", str(no_folder)] if learns else [])], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        understood = done.returncode == 2 and "--cache must be a folder" in done.stderr if learns else done.returncode == 0
        ran, checked = ran + (not learns), checked + learns
        if not understood:
            found.append(f"{page}: `{line}` is not understood: {done.stderr.strip()}")
    return found, ran, checked


def test_itself():
    """A tree with known faults: each must be found, and nothing else."""
    table = "| rule | formula | tag | code | test |\n|---|---|---|---|---|\n"
    good = "| good | x | [derived] | [a](../core/a.hpp) `one` | [t](../tests/t.cpp) “it works” |\n"
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name in ("docs", "core", "tests", "native", "web"):
            (root / name).mkdir()
        (root / "core/a.hpp").write_text('/// method.md section 1, "Name"; method.md sections 2 to 4.1\nint one();\n')
        (root / "tests/t.cpp").write_text('TEST_CASE("it works", "[t]") {}\n')
        (root / "README.md").write_text("[good](docs/method.md#1-first) [web](https://example.org/no) `[code](none)`\n"
                                        "[lost](docs/none.md) [no heading](docs/method.md#none)\n"
                                        "core/a.hpp, `core/attack/NAME.cpp`, core/c.hpp and build/web/x\n")
        (root / "docs/method.md").write_text(
            "## 1. First\n## 2. Second\n" + table + good + good.replace("`one`", "`two`") + good.replace("it works", "it does not") +
            good.replace("[derived]", "so") + "| short | row |\n" + good.replace("a.hpp", "b.hpp"))
        links, (rows, _, _), sections = broken_links(root), wrong_rows(root), missing_sections(root)
    expected = (["README.md: the link docs/none.md leads nowhere", "README.md: the link docs/method.md#none names no heading of method.md",
                 "README.md: there is no core/c.hpp",
                 "docs/method.md: the link ../core/b.hpp leads nowhere"],
                ["docs/method.md:6: `two` is not in a.hpp", "docs/method.md:7: there is no test “it does not” in the files linked there",
                 "docs/method.md:8: \"good\" has no tag", "docs/method.md:9: 2 cells instead of 5", "docs/method.md:10: `one` is not in b.hpp"],
                ["core/a.hpp: cites section 4.1 of method.md, which has none"])
    lists = wrong_lists(listed_names("## 6. Names\n* **Attacks.** Section 2: `a`, `old`. And `b`.\n* **Presets.** `p` and more (`q`, `r`).\n* **Figures of privacy.** `f` (`f_of_x`).\n"
                                     "* **Figures of information.** `g`.\n## Next\n* **Attacks.** `c`.\n"),
                        {"Attacks": {"a", "b", "new"}, "Presets": {"p", "q", "r"}, "Figures of privacy": {"f"}, "Figures of information": {"g"}})
    if lists != ["docs/method.md, section 6: Attacks lack `new`", "docs/method.md, section 6: Attacks name `old`, which the program does not know"]:
        sys.exit(f"the test itself is wrong: found {lists}")
    text = "`mid run preset:a --set b=1` and `mid` and `mid run --out` and `mid run SPEC`\n```\nmid schema > f     # words\ncmake x\n```\n```json\nmid no\n```\n"
    if [c for c in commands_of(text) if not PLACEHOLDER.search(c)] != ["mid schema", "mid run preset:a --set b=1"]:
        sys.exit(f"the test itself is wrong: found the commands {commands_of(text)}")
    if (links, rows, sections) != expected:
        sys.exit(f"the test itself is wrong: found\n{links}\n{rows}\n{sections}\nexpected\n" + "\n".join(map(str, expected)))


def main():
    test_itself()
    rows_wrong, rows, tests = wrong_rows(SOURCE)
    if rows < 20 or tests < 20:
        sys.exit("the tables of docs/method.md could not be read")
    lists = wrong_lists(listed_names((SOURCE / "docs/method.md").read_text(encoding="utf-8")), known_names())
    found = broken_links(SOURCE) + rows_wrong + missing_sections(SOURCE) + lists + example_errors(SOURCE) + stale_pages(SOURCE)
    with tempfile.TemporaryDirectory() as folder:
        not_understood, ran, checked = wrong_commands(SOURCE, pathlib.Path(folder))
    if ran < 5 or checked < 40:
        sys.exit(f"only {ran} and {checked} commands were found in the pages")
    found += not_understood
    print("\n".join(found) or f"all links lead somewhere; {rows} rules have their files and {tests} tests; the example compiles; "
          f"{ran} commands were run, {checked} checked")
    sys.exit(1 if found else 0)


main()
