#!/usr/bin/env python3
"""The manual: every document is in its list of contents, every link and picture leads somewhere and every anchor to a heading, no page
loads anything from elsewhere, the search's index holds the words of documents, fields and lessons, in a form for a server and in one for
a disk; every field of the schema and every lesson has its place."""
import html.parser
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

SOURCE, BIN = pathlib.Path(os.environ["MIDLAB_SOURCE"]), os.environ["MIDLAB_BIN"]
OUTSIDE = re.compile(r"^(?:[a-z]+:)?//")
failures = []


def check(true, sentence, *shown):
    if not true:
        failures.append(sentence)
        print("FAILED:", sentence, *shown, flush=True)


class Page(html.parser.HTMLParser):
    """What a page loads, where it leads, its anchors, and what stands in code type."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.leads, self.anchors, self.codes, self.in_code = [], [], set(), set(), False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if "id" in a:
            self.anchors.add(a["id"])
        if tag == "a" and a.get("name"):
            self.anchors.add(a["name"])
        if tag == "a" and "href" in a:
            self.leads.append(a["href"])
        elif tag == "link" and not {"canonical", "prev", "next"} & set(a.get("rel", "").split()):
            self.loads.append(a["href"])
        self.loads += [a[k] for k in ("src", "poster", "data") if k in a]
        self.in_code = tag == "code" or self.in_code and tag not in ("td", "p")

    def handle_endtag(self, tag):
        if tag == "code":
            self.in_code = False

    def handle_data(self, data):
        if self.in_code:
            self.codes.add(data.strip())


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        site = folder / "site/manual"
        done = subprocess.run([sys.executable, SOURCE / "docs/make_manual.py", BIN, folder / "work", site], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"the manual could not be made: {done.stdout}{done.stderr}")
        pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
        for path, page in pages.items():
            where = path.relative_to(site)
            if where.name == "404.html":
                continue   # its addresses are the server's
            for address in page.loads + page.leads:
                if address in page.loads:
                    check(not OUTSIDE.match(address), f"{where} loads {address} from elsewhere")
                if OUTSIDE.match(address) or re.match(r"(?:mailto|data|javascript):", address):
                    continue
                target, _, anchor = urllib.parse.unquote(address).partition("#")
                file = (path.parent / target).resolve() if target else path
                file = file / "index.html" if file.is_dir() else file
                check(file.exists(), f"{where}: {address} leads nowhere")
                check(not anchor or file not in pages or anchor in pages[file].anchors or anchor.startswith("__"), f"{where}: {address} names no heading")
        for style in site.rglob("*.css"):
            for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", style.read_text(encoding="utf-8")):
                check(address.startswith("data:") or not OUTSIDE.match(address), f"{style.relative_to(site)} loads {address} from elsewhere")
        for script in site.rglob("*.js"):
            text = script.read_text(encoding="utf-8")
            for host in ("unpkg.com", "cdn.", "googleapis", "gstatic", "cloudflare"):
                check(script.name == "search_index.js" or host not in text, f"{script.relative_to(site)} names {host}")

        contents = pages[site / "index.html"].leads
        documents = [path.stem for path in (SOURCE / "docs").glob("*.md")] + ["index", "contributing", "changelog"]
        for document in documents:
            check(f"{document}.html" in contents or document == "index" and "./" not in contents, f"{document} is not in the list of contents")
        lessons = [json.loads(path.read_text(encoding="utf-8"))["key"] for path in (SOURCE / "docs/lessons").glob("*.json")]
        for lesson in lessons:
            check(f"lessons/{lesson}.html" in contents, f"the lesson {lesson} is not in the list of contents")
        check(len(lessons) >= 12 and len(documents) >= 18, f"only {len(lessons)} lessons and {len(documents)} documents were found")

        catalogue = json.loads(subprocess.run([BIN, "schema", "--catalogue"], capture_output=True, text=True, check=True).stdout)
        for section in catalogue["sections"]:
            page = pages[site / f"fields-{section['name']}.html"]
            for entry in section["entries"]:
                check(not section["key"] or entry["name"] in page.anchors, f"fields-{section['name']} has no heading {entry['name']}")
                for param in entry["params"]:
                    check(param["name"] in page.codes, f"fields-{section['name']} lacks {param['name']} of {entry['name']}")
        for figure in catalogue["figures"]:
            check(figure["name"] in pages[site / "figures.html"].codes, f"figures.html lacks {figure['name']}")

        index = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))
        words = " ".join(doc["title"] + " " + doc["text"] for doc in index["docs"])
        for word in ("functional mechanism", "also_unknown", "door camera", "closest_answer", "within_20"):
            check(word in words, f"the search does not know “{word}”")
        from_disk = (site / "search/search_index.js").read_text(encoding="utf-8")
        check(json.loads(from_disk[from_disk.index("(") + 1:from_disk.rindex(")")]) == index, "the search's index for a disk is another one")
        check("search/from_disk.js" in pages[site / "index.html"].loads, "pages on a disk do not look for their index")
        size = sum(f.stat().st_size for f in site.rglob("*") if f.is_file())
        check(size < 12_000_000, f"the manual has {size:,} bytes")
        print(f"{len(pages)} pages, {len(index['docs'])} sections to search, {size:,} bytes")
    sys.exit(f"{len(failures)} checks failed" if failures else 0)


main()
