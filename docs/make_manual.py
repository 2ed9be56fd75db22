#!/usr/bin/env python3
"""Makes the manual: the documents, every field and figure, the lessons and the reference of the library as one static site.

    make_manual.py MID WORK SITE [REFERENCE]     # cmake --build --preset release --target manual calls it

MID  the program, which says what fields, figures and lessons there are; WORK  a folder for the pages before they are HTML; SITE  where
the site goes; REFERENCE  the HTML of the target `reference`, where there is one. Needs mkdocs and mkdocs-material. The site asks no
other address for anything, and its search works from a disk, too."""
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

DOCS = pathlib.Path(__file__).resolve().parent
ROOT = DOCS.parent
# Pages by their places; every document of docs/ must be in one of them. What a program says is made by this script.
PARTS = {"First": ["README", "concepts", "teach"],
         "Use it": ["results", "reproduce", "clusters", "own-model", "python", "javascript", "packages", "gpu", "accessibility"],
         "What was measured": ["stories", "paper-map", "comparison", "attackers", "benchmarks"], "How it is computed": ["method", "public"],
         "Change it": ["CONTRIBUTING", "adding", "architecture", "decisions", "CHANGELOG"]}
NAMES = {"README": "index", "CONTRIBUTING": "contributing", "CHANGELOG": "changelog"}  # those of the root
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "français"}


def said(mid, *words):
    return subprocess.run([mid, *words], check=True, capture_output=True, text=True).stdout


# ---- the documents ----

def lesson_keys():
    return {path.name: json.loads(path.read_text(encoding="utf-8"))["key"] for path in sorted((DOCS / "lessons").glob("*.json"))}


def target_in_site(page, target, lessons):
    """Where a link of a document leads in the site; None: to a file of the tree, which is no part of it."""
    path, _, anchor = target.partition("#")
    file = (page.parent / path).resolve() if path else page
    end = f"#{anchor}" if anchor else ""
    if file.suffix == ".md" and file.parent in (ROOT, DOCS):
        return NAMES.get(file.stem, file.stem) + ".md" + end
    if file.parent == DOCS / "pictures":
        return f"pictures/{file.name}"
    if file.parent == DOCS / "lessons":
        return f"lessons/{lessons[file.name]}.md"
    return None


def spaced(lines):
    """Python-Markdown wants an empty line before a list or a table, where others want none."""
    out, fenced = [], False
    starts = re.compile(r"(?:[*+-]|\d+\.) |\|")
    for line in lines:
        if line.startswith("```"):
            fenced = not fenced
        before = out[-1] if out else ""
        if not fenced and starts.match(line) and before and not starts.match(before) and not before.startswith((" ", "#")):
            out.append("")
        out.append(line)
    return out


def document(path, lessons):
    """A document as the site has it: links to other pages lead there, those to files of the tree become their words."""
    def link(match):
        picture, words, target = match.groups()
        if re.match(r"[a-z]+:", target):
            return match[0]
        there = target_in_site(path, target, lessons)
        return f"{picture}[{words}]({there})" if there else words

    # Code is hidden meanwhile: it holds no links, and would cut one in two whose words it stands in.
    codes = []

    def hide(match):
        codes.append(match[0])
        return f"\0{len(codes) - 1}\0"

    text = re.sub(r"^```.*?^```|`[^`\n]*`", hide, path.read_text(encoding="utf-8"), flags=re.S | re.M)
    text = LINK.sub(link, text)
    text = re.sub(r"\0(\d+)\0", lambda m: codes[int(m[1])], text)
    return "\n".join(spaced(text.split("\n")))


# ---- what the program says ----

def cell(text):
    return html.escape(str(text), quote=False).replace("|", "&#124;").replace("*", "\\*").replace("_", "\\_").replace("\n", " ")


def code(value):
    return f"`{value}`".replace("|", "&#124;") if str(value) else ""


def number(value):
    return f"{value:,.0f}" if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else f"{value:g}"


def allowed(field):
    if field["choices"]:
        return ", ".join(code(c) for c in field["choices"])
    low, high = field["low"], field["high"]
    if low is None and high is None:
        return ""
    return f"{number(low)} to {number(high)}" if None not in (low, high) else f"at least {number(low)}" if high is None else f"at most {number(high)}"


def default(value):
    return "left out" if value is None else "empty" if value in ("", []) else code(json.dumps(value) if not isinstance(value, str) else value)


def fields_table(params):
    rows = ["| field | meaning | type and unit | allowed | default |", "|---|---|---|---|---|"]
    for p in params:
        meaning = cell(p["help"]) + (f" Only for models: {', '.join(code(m) for m in p['models'])}." if p["models"] else "")
        meaning += f" *{cell(p['source'])}*" if p["source"] else ""
        unit = f", {cell(p['unit'])}" if p["unit"] else ""
        rows.append(f"| {code(p['name'])} | {meaning} | {p['type']}{unit} | {allowed(p)} | {default(p['default_value'])} |")
    return rows


def section_page(section):
    key = section["key"]
    chosen = f" `{section['name']}.{key}` chooses one of these; left out it is `{section['standard']}`." if key else ""
    lines = [f"# Fields: {section['name']}", "", f"{cell(section['help'])}{chosen}", ""]
    for entry in section["entries"]:
        if key:
            lines += [f"## {entry['name']}", "", f"{cell(entry['title'])}. {cell(entry['summary'])}"]
            lines += [""] + [f"For models: {', '.join(code(m) for m in entry['models'])}."] if entry["models"] else []
            lines += [""] + [f"Source: {cell(entry['source'])}."] if entry["source"] else []
            lines.append("")
        lines += [*(fields_table(entry["params"]) if entry["params"] else ["It has no fields."]), ""]
    return "\n".join(lines)


def fields_page(catalogue, schema):
    lines = ["# Every field of a specification", "", "Written from `mid schema` of this version. A specification is one JSON object with these "
             "sections; what is left out takes its default, and `mid run --set SECTION.FIELD=VALUE` changes one field.", "",
             "| section | what it says | entries |", "|---|---|---|"]
    for s in catalogue["sections"]:
        lines.append(f"| [{s['name']}](fields-{s['name']}.md) | {cell(s['help'])} | {', '.join(code(e['name']) for e in s['entries']) if s['key'] else ''} |")
    lines += ["", "Beside the sections:", "", "| field | meaning | type | allowed | default |", "|---|---|---|---|---|"]
    sections = {s["name"] for s in catalogue["sections"]}
    for name, f in schema["properties"].items():
        if name in sections or "description" not in f:
            continue
        limits = ", ".join(code(c) for c in f["enum"]) if "enum" in f else f"{f['minimum']} to {f['maximum']}" if "minimum" in f else ""
        lines.append(f"| {code(name)} | {cell(f['description'])} | {f['type']} | {limits} | {default(f.get('default'))} |")
    lines += ["", "Specifications with a name:", "", "| name | specification |", "|---|---|"]
    for name, spec in sorted(catalogue["presets"].items()):
        kinds = ", ".join(f"{s['name']} {code(spec[s['name']][s['key']])}" for s in catalogue["sections"] if s["key"] and s["key"] in spec.get(s["name"], {}))
        lines.append(f"| {code('preset:' + name)} | {kinds} |")
    return "\n".join(lines)


def figures_page(catalogue):
    texts = {key: text for group in json.loads((ROOT / "core/teach/texts/en.json").read_text(encoding="utf-8")).values() for key, text in group.items()}
    lines = ["# Every figure of a result", "", "Each is `{\"value\", \"baseline\", \"low\", \"high\", \"n\", \"unit\"}` in result.json, in one of three groups. An attack "
             "may add figures of an attacker of its own under a longer name.", ""]
    for group, title in (("utility", "Use"), ("privacy", "What the attacker gets"), ("information", "What answers tell")):
        lines += [f"## {title}", "", "| figure | term | in plain words | unit | compared with | for its side |", "|---|---|---|---|---|---|"]
        for f in catalogue["figures"]:
            if f["group"] == group:
                lines.append(f"| {code(f['name'])} | {cell(f['title'])} | {cell(f['plain'])} | {cell(f['unit'])} | {cell(texts.get(f['baseline_key'], ''))} | "
                             f"{'' if f['gain'] == 'none' else cell(f['gain'])} |")
        lines.append("")
    return "\n".join(lines)


def lesson_page(mid, key, handouts):
    """What `mid lesson show` says, whose layout is nearly Markdown."""
    title, goal, *rest = said(mid, "lesson", "show", key).rstrip("\n").split("\n")
    lines = [f"# {title}", "", cell(goal), "", "To print, with room to write: " +
             ", ".join(f'<a href="{name}">{LANGUAGES[language]}</a>' for language, name in handouts.items()) + f". To play: `mid lesson play {key}`.", ""]
    for line in rest:
        inner = line.lstrip()
        if not inner:
            lines.append("")
        elif line.startswith("For the teacher"):
            lines += ["## For the teacher", ""]
        elif inner.startswith("preset:"):
            lines += ["", f"    `{inner}`", ""]
        elif inner.startswith("["):
            lines.append(f"    - {'☑' if inner[1] == 'x' else '☐'} {cell(inner[4:])}")
        elif line.startswith("   "):
            listed = inner.startswith("- ")
            lines += [] if listed else [""]
            lines.append(f"    - {cell(inner[2:])}" if listed else f"    {cell(inner)}")
            lines += [] if listed else [""]
        else:
            first, _, words = line.partition(" ")
            lines.append(f"{first} {cell(words)}")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


# ---- the site ----

def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def pages(mid, work, reference):
    """Writes the pages as Markdown, and gives the list of contents."""
    lessons = lesson_keys()
    documents = {path.stem: path for path in [*DOCS.glob("*.md"), *(ROOT / f"{name}.md" for name in NAMES)]}
    forgotten = set(documents) - {name for names in PARTS.values() for name in names}
    if forgotten:
        sys.exit(f"no place in the manual for {', '.join(sorted(forgotten))}: add them to PARTS in docs/make_manual.py")
    contents = []
    for part, names in PARTS.items():
        for name in names:
            write(work / f"{NAMES.get(name, name)}.md", document(documents[name], lessons))
        contents.append({part: [f"{NAMES.get(name, name)}.md" for name in names]})
    shutil.copytree(DOCS / "pictures", work / "pictures")

    catalogue, schema = json.loads(said(mid, "schema", "--catalogue")), json.loads(said(mid, "schema"))
    write(work / "fields.md", fields_page(catalogue, schema))
    for section in catalogue["sections"]:
        write(work / f"fields-{section['name']}.md", section_page(section))
    write(work / "figures.md", figures_page(catalogue))

    for key in lessons.values():
        handouts = {}
        for language in LANGUAGES:
            handouts[language] = f"{key}-{language}.html"
            write(work / "lessons" / handouts[language], said(mid, "lesson", "show", key, "--html", "--language", language))
        write(work / "lessons" / f"{key}.md", lesson_page(mid, key, handouts))
    contents.insert(1, {"Lessons": [f"lessons/{key}.md" for key in lessons.values()]})

    if reference:
        shutil.copytree(reference, work / "reference")
        words = ('The public headers, in groups, with what each function does, its shapes, units, ranges and errors: <a href="reference/index.html">the reference</a>. '
                 "It has a search of its own.")
    else:
        words = "This manual was made without doxygen, which writes the reference of the public headers: install it (`apt install doxygen`), configure again and make the manual again."
    write(work / "library.md", f"# The library\n\n{words}\n\n`#include <mid/mid.hpp>` brings all of it; [the start page](index.md#the-library) says how a CMake project gets there.")
    contents.insert(4, {"Every field, every figure": ["fields.md", *(f"fields-{s['name']}.md" for s in catalogue["sections"]), "figures.md", "library.md"]})
    return catalogue["version"], contents


def configuration(work, site, version, contents):
    """As YAML, of which JSON is a part. Headings get the anchors that the documents' links use, which are GitHub's."""
    settings = {
        "site_name": f"midlab {version}", "docs_dir": str(work), "site_dir": str(site), "use_directory_urls": False, "strict": True, "nav": contents,
        "theme": {"name": "material", "custom_dir": str(DOCS / "manual"), "font": False, "features": ["navigation.indexes", "search.highlight", "search.suggest"],
                  "palette": [{"media": "(prefers-color-scheme: light)", "scheme": "default", "primary": "indigo"},
                              {"media": "(prefers-color-scheme: dark)", "scheme": "slate", "primary": "indigo"}]},
        "plugins": ["search"],
    }
    slug = "!!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}"
    extensions = f"markdown_extensions: [tables, pymdownx.superfences, {{toc: {{permalink: true, toc_depth: 3, slugify: {slug}}}}}]\n"
    return "".join(f"{name}: {json.dumps(value)}\n" for name, value in settings.items()) + extensions


def without_outside(site):
    """The theme's script names the address of a drawing library, for pages that draw: there are none, and none shall be asked for it."""
    for script in site.glob("assets/javascripts/*.js"):
        text = script.read_text(encoding="utf-8")
        script.write_text(re.sub(r"https://unpkg\.com/[\w.@/-]+", "", text), encoding="utf-8")
    for unused in [*site.glob("assets/**/*.map"), site / "sitemap.xml", site / "sitemap.xml.gz"]:
        unused.unlink(missing_ok=True)


def main(mid, work, site, reference=None):
    work, site, mid = (pathlib.Path(p).resolve() for p in (work, site, mid))
    shutil.rmtree(work, ignore_errors=True)
    version, contents = pages(mid, work / "pages", reference)
    made = work / "site"
    write(work / "mkdocs.yml", configuration(work / "pages", made, version, contents))
    environment = {**os.environ, "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "0"), "NO_COLOR": "1"}
    done = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", work / "mkdocs.yml"], env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"mkdocs could not make the manual:\n{done.stdout}{done.stderr}")
    without_outside(made)
    index = (made / "search/search_index.json").read_text(encoding="utf-8")
    (made / "search/search_index.js").write_text(f"var __search = {{index: Promise.resolve({index})}};\n", encoding="utf-8")
    shutil.rmtree(site, ignore_errors=True)
    site.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(made, site)
    size = sum(f.stat().st_size for f in site.rglob("*") if f.is_file())
    print(f"the manual: {site}/index.html ({len(list(site.rglob('*.html')))} pages, {size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main(*sys.argv[1:])
