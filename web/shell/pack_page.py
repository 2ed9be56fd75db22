"""Puts the page together: pack_page.py SHELL BUILT DATA PACKED OUT VERSION TEXTS...

SHELL  web/shell/page, BUILT  folder with midlab.js and what split_module.py made of its module, DATA  core/data, PACKED  what core/data/pack_web.py wrote, OUT  the
site's folder, TEXTS  the files of core/teach/texts and those from outside the tree. Writes the static site (index.html, what it fetches,
and offline.js, which keeps all that for visits without a network) and midlab.html, the whole page in one file that also works from a disk. A page that a visitor would load too long stops the build.
"""
import base64
import gzip
import hashlib
import html
import json
import pathlib
import shutil
import sys

LIMITS = {"before the first picture": 1_700_000, "together with the data of all stories": 3_530_000}   # bytes, gzipped
SCRIPTS = ["words.js", "cbor.js", "late.js", "load.js", "host.js", "page.js", "form.js"]


def sets_of(data, packed):
    """The data sets that do not travel inside the module, as core/data/NAME/page.json says: {name: files} of those that the one-file
    page has, too, and of those that it leaves out for their licence (GPL), or because few ask for them."""
    inside, beside = {}, {}
    for file in sorted(data.glob("*/page.json")):
        about, folder = json.loads(file.read_text(encoding="utf-8")), file.parent.name
        if about["travels"] == "page":
            inside[about["set"]] = sorted(f"{folder}/{f.name}" for f in (packed / folder).glob("*.gz"))
        elif about["travels"] == "site":
            beside[about["set"]] = [f"{folder}/{name}" for name in about["files"]]
    return inside, beside


def inlined(text):
    """Text for a <script>: it must not end the element."""
    return text.replace("</", "<\\/")


def source_of(text):
    """What a Content-Security-Policy calls an element by that has this text and no other."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode() + "'"


def languages_of(files):
    """What the page must say before its core is there: {code: {"name", "unreviewed", "texts"}}, English first; and all texts of the
    languages that the core does not hold: {code: bytes of JSON}. A file without "language" adds to another one's texts."""
    out, beside = {}, {}
    for file in sorted(files, key=lambda f: (f.stem != "en", f.stem)):
        parts = json.loads(file.read_text(encoding="utf-8"))
        about = parts.pop("language", {})
        texts = {key: text for group in parts.values() for key, text in group.items()}
        language = out.setdefault(file.stem, {"name": about.get("name"), "texts": {}})
        language["texts"] |= {key: text for key, text in texts.items() if key.startswith("start.")}
        if file.stem != "en":
            beside.setdefault(file.stem, {}).update((key, text) for key, text in texts.items() if not key.startswith("start."))
        if about.get("unreviewed"):
            language["unreviewed"] = texts["language.unreviewed"]
    return out, {code: json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode("utf-8") for code, texts in beside.items()}


def page(shell, version, files, payload, languages):
    read = lambda name: (shell / name).read_text(encoding="utf-8")
    code = "".join(read(name) for name in SCRIPTS).replace("@version@", version).replace("@languages@", json.dumps(languages, ensure_ascii=False, separators=(",", ":")))
    start = (f"mid.open({json.dumps(files)}, {json.dumps(read('late.js') + read('worker.js'))})"
             ".catch(e => giveUp(said('could_not_start'), String(e.message ?? e)));")
    style, script = read("style.css"), inlined(code + start)
    parts = {"connect": "'self'" if files else "'none'", "style-hash": source_of(style), "script-hash": source_of(script),
             "style": style, "payload": payload, "script": script}
    # Without JavaScript nobody knows the language: each says it.
    parts["no-script"] = "<br>".join(f'<span lang="{code}">{html.escape(l["texts"]["start.no_javascript"])}</span>' for code, l in languages.items())
    parts |= {key: html.escape(text) for key, text in languages["en"]["texts"].items()}
    whole = read("index.html")
    for name, text in parts.items():
        whole = whole.replace(f"@{name}@", text)
    return whole


def main(shell, built, data, packed_data, out, version, *texts):
    languages, texts_beside = languages_of(texts)
    in_page, beside = sets_of(data, packed_data)
    script, module, late = (built / "midlab.js").read_bytes(), (built / "early.wasm").read_bytes(), (built / "late.wasm").read_bytes()
    # A name with the content's hash: a browser never pairs an old script with a new module.
    files, named = {}, {}
    def keep(beginning, bytes_, end):
        name = f"{beginning}-{hashlib.sha256(bytes_).hexdigest()[:12]}.{end}"
        named[name] = bytes_
        return name

    for kind, beginning, bytes_, end in (("script", "midlab", script, "js"), ("module", "midlab", module, "wasm"), ("late", "midlab-late", late, "wasm")):
        files[kind] = {"name": keep(beginning, bytes_, end), "bytes": len(bytes_)}
    files["texts"] = {code: keep(f"midlab-{code}", bytes_, "json") for code, bytes_ in texts_beside.items()}
    files["separate"] = {**beside, **in_page}
    index = page(shell, version, files, "", languages)
    block = '<script type="text/plain" id="{}">{}</script>'
    inside = [(f"data/{file}", (packed_data / file).read_bytes()) for names in in_page.values() for file in names]
    payload = "".join(block.format(name, base64.b64encode(bytes_).decode()) for name, bytes_ in
                      (("core-script", script), ("core-module", module), ("core-late", late), *((f"texts/{code}", text) for code, text in texts_beside.items()), *inside))
    single = page(shell, version, None, payload, languages)

    packed = {name: len(gzip.compress(data, 9, mtime=0)) for name, data in
              (("index.html", index.encode()), ("midlab.js", script), ("module with fonts and data", module))}
    late_packed = len(gzip.compress(late, 9, mtime=0))
    for name, size in (packed | {"second module": late_packed} | {f"texts in {languages[code]['name']}": len(gzip.compress(text, 9, mtime=0)) for code, text in texts_beside.items()}).items():
        print(f"{size:>10,} bytes gzipped  {name}")
    first = sum(packed.values())
    for (what, limit), size in zip(LIMITS.items(), (first, first + late_packed + sum(len(bytes_) for _, bytes_ in inside))):
        print(f"{size:>10,} bytes gzipped  {what} (limit {limit:,})")
        if size > limit:
            sys.exit(f"The page is {size - limit:,} bytes larger, gzipped, {what}, than the {limit:,} that a visitor should load: build more of it "
                     "for size (web/CMakeLists.txt), look why more functions are needed (split_module.py), or let a data set travel beside it (core/data/NAME/page.json).")
    print(f"{len(single):>10,} bytes as it is  midlab.html")

    out.mkdir(parents=True, exist_ok=True)
    for old in [*out.glob("midlab-*.js"), *out.glob("midlab-*.wasm"), *out.glob("midlab-*.json")]:
        old.unlink()
    for name, bytes_ in named.items():
        (out / name).write_bytes(bytes_)
    for names in beside.values():
        folder = pathlib.Path(names[0]).parent
        shutil.copytree(data / folder, out / "data" / folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("page.json"))
    for names in in_page.values():
        folder = out / "data" / pathlib.Path(names[0]).parent
        folder.mkdir(parents=True, exist_ok=True)
        for file in [*(packed_data / name for name in names), *(data / folder.name).glob("*.md")]:
            shutil.copy(file, folder)
    (out / "index.html").write_text(index, encoding="utf-8")
    kept = ["./", *(f"./{name}" for name in named), *(f"./data/{file}" for names in files["separate"].values() for file in names)]
    mark = hashlib.sha256(b"".join((out / (name if name != "./" else "index.html")).read_bytes() for name in kept)).hexdigest()[:12]
    worker = (shell / "offline.js").read_text(encoding="utf-8").replace("@files@", json.dumps(kept)).replace("@mark@", mark)
    (out / "offline.js").write_text(worker, encoding="utf-8")
    (out / "midlab.html").write_text(single, encoding="utf-8")


main(*map(pathlib.Path, sys.argv[1:6]), sys.argv[6], *map(pathlib.Path, sys.argv[7:]))
