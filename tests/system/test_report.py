#!/usr/bin/env python3
"""`mid report`: one HTML file with every figure, every picture and the specification of a run, of several seeds, of a sweep and of a
comparison, that needs no other file; what strangers named is text in it and nothing else; what is no such folder gets a sentence.

MIDLAB_BIN names the program; only Python's own library is needed.
"""
import base64
import html.parser
import json
import os
import pathlib
import subprocess
import sys
import tempfile

BIN = os.environ["MIDLAB_BIN"]
VOID = {"meta", "img", "br", "hr", "link", "input"}


def call(*words, code=0):
    done = subprocess.run([BIN, *map(str, words)], capture_output=True, text=True)
    if done.returncode != code:
        sys.exit(f"mid {' '.join(map(str, words))} ended with {done.returncode} and not {code}: {done.stdout[-500:]}{done.stderr[-1500:]}")
    return done.stdout + done.stderr


class Document(html.parser.HTMLParser):
    """Tags that close, the text of each kind, pictures and every address that a browser would fetch."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.rows, self.pre, self.pictures, self.fetched, self.faults = [], [], [], [], [], [], []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag in self.open if tag not in ("html",)]

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        a = dict(attributes)
        if tag == "img":
            self.pictures.append(a["src"])
        self.fetched += [a[k] for k in ("src", "href", "action") if k in a and not a[k].startswith("data:")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "pre":
            self.pre.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag == "html":
            self.open = [t for t in self.open if t != "html"]
        elif not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data
        if self.open and self.open[-1] == "pre":
            self.pre[-1] += data


def expect(right, what):
    if not right:
        sys.exit(what)


def read(file):
    page = Document(pathlib.Path(file).read_text(encoding="utf-8"))
    expect(not page.faults, f"{file}: {page.faults}")
    expect(not page.fetched, f"{file} needs {page.fetched}")
    expect("script" not in page.tags, f"{file} holds a script")
    return page


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)

        # A run with pictures: each figure once, the very bytes of the pictures, a specification that runs again under the same id.
        small = ["--set", "train.epochs=2", "--no-cache"]
        call("run", "preset:visitors", *small, "--out", folder / "faces")
        said = call("report", folder / "faces")
        expect("report.html" in said, f"mid report does not say what it wrote: {said}")
        page = read(folder / "faces/report.html")
        result = json.loads((folder / "faces/result.json").read_text())
        for part in ("utility", "privacy", "information"):
            for figure in result[part]:
                rows = [r for r in page.rows if r and (r[0] == figure or r[0].endswith(f"({figure})"))]
                expect(len(rows) == 1 and len(rows[0]) == 5, f"{figure} stands {len(rows)} times in the report")
        line_up = next(r for r in page.rows if r[0].endswith("(line_up)"))
        expect(line_up[1] == f"{100 * result['privacy']['line_up']['value']:.1f} %", f"line_up is {line_up[1]} in the report")
        drawn = (folder / "faces/pictures.png").read_bytes()
        expect([base64.b64decode(p.split(",", 1)[1]) for p in page.pictures] == [drawn], "the pictures are not those of the run")
        (folder / "again.json").write_text(page.pre[-1])
        again = json.loads(call("run", folder / "again.json", "--no-cache", "--json"))
        expect(again["id"] == result["id"], "the specification in the report is of another run")

        # Several seeds, a tree, a sweep, a comparison; and a file named by --html, through a temporary name.
        call("run", "preset:dose", "--seeds", 2, "--no-cache", "--out", folder / "seeds")
        call("report", folder / "seeds", "--html", folder / "two.html")
        expect(any(r[:2] == ["", "mean"] for r in read(folder / "two.html").rows), "the report of two seeds has no means")
        call("run", "preset:survey-tree", "--no-cache", "--out", folder / "tree")
        call("report", folder / "tree")
        kinds = [p.split(";")[0] for p in read(folder / "tree/report.html").pictures]
        expect(sorted(kinds) == ["data:image/png", "data:image/svg+xml"], f"the report of a tree has the pictures {kinds}")
        call("sweep", "preset:dose", "--vary", "defense.lambda=0.001,0.01", "--seeds", 1, "--out", folder / "sweep")
        call("report", folder / "sweep")
        swept = read(folder / "sweep/report.html")
        expect("defense.lambda" in swept.pre[0] and len(swept.pictures) == 1, "the report of a sweep lacks its table or its chart")

        # Names from a table: text, whatever they are.
        evil = "<script>alert(1)</script>&\"'"
        people = [f"{i % 50 + 20},{'ab'[i * 7 % 3 > 0]},{'yes' if (i * 13) % 50 > 25 else 'no'}" for i in range(150)]
        (folder / "evil.csv").write_text('age,"' + evil.replace('"', '""') + '",ill\n' + "\n".join(people) + "\n")
        spec = {"data": {"name": "csv", "csv": str(folder / "evil.csv"), "target": "ill", "sensitive": evil, "auxiliary": 0}, "model": {"kind": "tree", "min_leaf": 5},
                "attack": {"kind": "tree_black_box"}}
        (folder / "evil.json").write_text(json.dumps(spec))
        call("run", folder / "evil.json", "--no-cache", "--out", folder / "evil")
        call("report", folder / "evil")
        told = json.loads(read(folder / "evil/report.html").pre[-1])
        expect(told["data"]["sensitive"] == evil, "a column's name is not in the report's specification")

        # What cannot be reported is said in one sentence, and nothing is written.
        (folder / "nothing").mkdir()
        expect("nothing" in call("report", folder / "nothing", code=2), "an empty folder is not named")
        expect(not list((folder / "nothing").iterdir()), "something was written into an empty folder")
        (folder / "broken").mkdir()
        (folder / "broken/result.json").write_text('{"id": 7}')
        call("report", folder / "broken", code=2)
    print("reports of a run, seeds, a tree, a sweep and a table of a stranger")


main()
