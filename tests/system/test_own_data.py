#!/usr/bin/env python3
"""Tables as people really have them: read right (the figures of the plain table, to the last bit) or refused with the way out; and
what `mid data columns` and `mid data export` say of a table.

MIDLAB_BIN names the program; only Python's own library is needed. A pattern as the only argument runs the tables whose name
contains it.
"""
import ast
import csv
import gzip
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

BIN = os.environ["MIDLAB_BIN"]
COLUMNS = ["age", "bmi", "sex", "cost", "ill"]
random.seed(3)
PEOPLE = []
for _ in range(120):
    age, sex = random.randint(18, 80), random.choice("fm")
    PEOPLE.append({"age": str(age), "bmi": f"{random.gauss(25, 4):.1f}", "sex": sex, "cost": f"{2000 + 40 * age + random.gauss(0, 300) + 500 * (sex == 'm'):.2f}",
                   "ill": "yes" if age + random.gauss(0, 10) > 50 else "no"})
TREE = {"data": {"csv": "my.csv", "target": "ill", "sensitive": "sex", "auxiliary": 0}, "model": {"kind": "tree", "min_leaf": 5}, "attack": {"kind": "tree_black_box"}}
LINE = {"data": {"csv": "my.csv", "target": "cost", "sensitive": "sex", "auxiliary": 0}, "model": {"kind": "linear"}, "attack": {"kind": "map_inference"}}


def text(people=PEOPLE, columns=COLUMNS, sep=",", end="\n", header=None, quote=False):
    cell = lambda s: '"' + s.replace('"', '""') + '"' if quote or sep in s else s
    return "".join(sep.join(map(cell, row)) + end for row in [header or columns, *([p[c] for c in columns] for p in people)])


def changed(**columns):
    """The people with other cells: column -> function of row number and cell."""
    return [{**p, **{name: str(f(i, p.get(name, ""))) for name, f in columns.items()}} for i, p in enumerate(PEOPLE)]


def first(name, f):
    """The table with a column `name` before the others."""
    return text(changed(**{name: f}), [name, *COLUMNS])


def comma(cell):
    return f"{float(cell):,.2f}".replace(",", "x").replace(".", ",").replace("x", ".")


GERMAN = text(changed(bmi=lambda i, c: c.replace(".", ","), cost=lambda i, c: comma(c)), sep=";", end="\r\n")
PLAIN = text()
THOUSANDS = [f"{float(p['cost']):,.2f}" for p in PEOPLE]

# name, content, what a warning says (None: there is none beside those of the plain table)
SAME = [
    ("quoted", text(quote=True), None),
    ("semicolons and decimal commas", GERMAN, "decimal mark in"),
    ("semicolons and decimal commas with a mark of byte order", b"\xef\xbb\xbf" + GERMAN.encode(), "decimal mark in"),
    ("tabs", text(sep="\t"), None),
    ("bars", text(sep="|"), None),
    ("a line that names the separator", "sep=;\n" + text(sep=";"), None),
    ("a comment above the header", "# exported, by ward 7, on Monday\n" + PLAIN, "begin with #"),
    ("control-Z at the end", PLAIN + "\x1a", None),
    ("a comma too many in every row", PLAIN.replace("\n", ",\n").replace("ill,", "ill", 1), "one empty field more"),
    ("thousands", text(changed(cost=lambda i, c: THOUSANDS[i])), "thousands separators"),
    ("thousands by apostrophe", text(changed(cost=lambda i, c: THOUSANDS[i].replace(",", "'"))), None),
    ("thousands by a narrow blank", text(changed(cost=lambda i, c: THOUSANDS[i].replace(",", "\u202f"))), None),
    ("dollars", text(changed(cost=lambda i, c: "$" + THOUSANDS[i])), "without their $"),
    ("euros", text(changed(cost=lambda i, c: comma(c) + " \u20ac"), sep=";"), "without their \u20ac"),
    ("percent", text(changed(bmi=lambda i, c: c + "%")), "without their %"),
    ("formulas of text", text(changed(bmi=lambda i, c: f'="{c}"')).replace('"="', '="'), None),
    ("non-breaking blanks", text(changed(sex=lambda i, c: "\u00a0" + c), header=["age", "bmi", "sex", "cost", "ill\u00a0"]), None),
    ("gzip of two members", gzip.compress(PLAIN[:999].encode()) + gzip.compress(PLAIN[999:].encode()), None),
    ("index of pandas", first("", lambda i, c: i), "only say which row"),
    ("index of pandas, written twice", first("Unnamed: 0", lambda i, c: i), "only say which row"),
    ("names of rows from R", text(changed(**{"": lambda i, c: f"Mazda {i}"}), ["", *COLUMNS], quote=True), "only say which row"),
    ("ids", first("customer_id", lambda i, c: 100037 + 37 * i), "customer_id"),
    ("ids called Nr.", first("Nr.", lambda i, c: i + 1), "Nr."),
    ("ids of texts", first("patientId", lambda i, c: f"p{i:04}"), "patientId"),
    ("Windows-1252", first("\u00e4", lambda i, c: "\u201cx\u201d \u20ac").encode("cp1252"), "Windows-1252"),
    ("a column of nothing", first("m", lambda i, c: "None"), '"None" (120)'),
]

# name, content, what the sentence says
REFUSED = [
    ("a stray text", PLAIN.replace(PEOPLE[7]["bmi"], "n.n.", 1), 'column 2 ("bmi") says "n.n."'),
    ("infinity", text(changed(bmi=lambda i, c: "inf" if i == 7 else c)), "line 9, column 2"),
    ("a number beyond all", text(changed(bmi=lambda i, c: "1e400" if i == 7 else c)), "line 9, column 2"),
    ("percent here and there", text(changed(bmi=lambda i, c: c + "%" if i % 2 else c)), "numbers without a sign"),
    ("a total at the end", PLAIN + "Total,,,9,\n", 'line 122, column 1 ("age") says "Total"'),
    ("units below the header", PLAIN.replace("ill\n", "ill\nyears,kg/m2,,EUR,\n", 1), "line 2, column 1"),
    ("thousands or decimals", "cost;sex;ill\n" + "".join(f"{1 + i % 7},{100 + i};{'fm'[i % 2]};{'yn'[i % 3 == 0]}\n" for i in range(40)), "data.decimal"),
    ("names and streets", "name,street,sex,ill,cost\n" + "".join(f"N{i},S{i},{'fm'[i % 2]},{'yn'[i % 3 == 0]},{i}\n" for i in range(300)), 'data.drop must list columns "name" and "street"'),
    ("a title", "Report\n\n" + PLAIN, "if it is a title"),
    ("a title of a sheet", "Report,,,,\n" + PLAIN, "if it is a title"),
    ("no header", PLAIN.split("\n", 1)[1], "the first line must name the columns"),
    ("a source below", PLAIN + "Source: ward 7\n", "line 122 has 1 fields"),
    ("names of rows without a name", text([{**p, "age": f"{i},{p['age']}"} for i, p in enumerate(PEOPLE)]).replace('"', ""), "names of rows need a name"),
    ("blanks between the columns", text(sep=" "), "separate the columns by"),
    ("a web page", "<!DOCTYPE html>\n<html><body>Please sign in</body></html>\n", "is a web page"),
    ("a pointer of git-LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n", "git lfs pull"),
    ("JSON", json.dumps(PEOPLE), "is JSON"),
    ("gzip cut off", gzip.compress(PLAIN.encode())[:-200], "cut off"),
    ("gzip and more", gzip.compress(PLAIN.encode()) + b"more", "behind the end"),
    ("2,000 columns of 150 texts", ",".join(f"c{i}" for i in range(2000)) + ",sex,ill,cost\n" +
     "".join(",".join(f"t{(r * 7 + i) % 150}" for i in range(2000)) + f",{'fm'[r % 2]},{'yn'[r % 3 == 0]},{r}\n" for r in range(150)), "at most 20000"),
]


def run(folder, content, base, *sets):
    pathlib.Path(folder, "my.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    pathlib.Path(folder, "spec.json").write_text(json.dumps(base))
    arguments = [BIN, "run", "spec.json", "--no-cache", "--json", *(word for s in sets for word in ("--set", s))]
    return subprocess.run(arguments, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100)


def figures(done):
    result = json.loads(done.stdout)
    return {key: result[key] for key in ("utility", "privacy", "information")}, result["warnings"]


def check_tables(folder, pattern):
    bad = []
    for base in (TREE, LINE):
        want, usual = figures(run(folder, PLAIN, base))
        for name, content, words in SAME:
            if pattern not in name:
                continue
            done = run(folder, content, base)
            if done.returncode != 0:
                bad.append(f"{name}: refused: {done.stderr.strip()}")
                continue
            got, warnings = figures(done)
            more = [w for w in warnings if w not in usual]
            if got != want:
                bad.append(f"{name}: other figures than the plain table's: {got['utility']}")
            # The odd columns are constant, so their own warning is no news.
            if words is not None and not any(words in w for w in more):
                bad.append(f"{name}: no warning says {words!r}: {more}")
            if words is None and [w for w in more if "thousands" not in w]:
                bad.append(f"{name}: warnings: {more}")
        for name, content, words in REFUSED:
            if pattern not in name:
                continue
            done = run(folder, content, base)
            if done.returncode != 2 or words not in done.stderr or done.stderr.count("\n") != 1:
                bad.append(f"{name}: exit code {done.returncode}, not a sentence with {words!r}: {done.stderr.strip()[:300]}")
    # Ids that are wanted are kept; seen by a tree they are inputs.
    kept = run(folder, first("customer_id", lambda i, c: 100037 + 37 * i), TREE, 'data.columns=["customer_id","age","bmi","cost"]')
    if kept.returncode != 0 or any("left out" in w for w in figures(kept)[1]):
        bad.append(f"ids that are wanted: {kept.stderr}")
    return bad


def npy(path):
    """Type, shape and bytes of an array of NumPy's format 1.0."""
    raw = path.read_bytes()
    assert raw[:8] == b"\x93NUMPY\x01\0", raw[:8]
    (length,) = struct.unpack("<H", raw[8:10])
    assert (10 + length) % 64 == 0
    header = ast.literal_eval(raw[10:10 + length].decode())
    assert header["fortran_order"] is False
    return header["descr"], header["shape"], raw[10 + length:]


def check_export(folder):
    folder = pathlib.Path(folder)
    long_name = "\u00e4" * 300 + ' "quoted", and more'
    people = changed(**{long_name: lambda i, c: "" if i == 5 else i % 7, "ill": lambda i, c: "" if i == 3 else c})
    (folder / "my.csv").write_text(text(people, [long_name, *COLUMNS], sep=";"))
    base = {"data": {**TREE["data"], "auxiliary": 10}, "model": {"kind": "network", "hidden": [4]}, "train": {"epochs": 2}, "attack": {"kind": "likelihood_inference"}}
    (folder / "spec.json").write_text(json.dumps(base))

    def mid(*arguments):
        done = subprocess.run([BIN, *arguments], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    said = json.loads(mid("data", "columns", "spec.json", "--json"))
    names = [i["name"] for i in said["inputs"]]
    assert names == [long_name, long_name + " missing", "age", "bmi", "sex=m", "cost"], names
    assert said["target"]["classes"] == ["no", "yes"] and said["secret"]["values"] == ["f", "m"] and said["secret"]["inputs"] == [4]
    assert [i["place"] for i in said["inputs"]] == list(range(6))
    plain = mid("data", "columns", "spec.json")
    assert all(json.dumps(n, ensure_ascii=False) in plain for n in names), plain
    (folder / "tree.json").write_text(json.dumps({**base, "model": {"kind": "tree"}, "train": {}, "attack": {"kind": "none"}}))
    tree = json.loads(mid("data", "columns", "tree.json", "--json"))
    assert [i["name"] for i in tree["inputs"]] == [long_name, *[c for c in COLUMNS if c != "ill"]] and tree["inputs"][3]["categories"] == ["f", "m"], tree["inputs"]

    mid("data", "export", "spec.json", "--out", "csv")
    mid("data", "export", "spec.json", "--out", "npy", "--format", "npy")
    assert sorted(p.name for p in (folder / "csv").iterdir()) == ["columns.json", "records.csv"]
    assert sorted(p.name for p in (folder / "npy").iterdir()) == ["columns.json", "inputs.npy", "part.npy", "row.npy", "target.npy"]
    with open(folder / "csv/records.csv", newline="") as file:
        head, *rows = list(csv.reader(file))
    assert head == ["row", "part", *names, "target: ill"], head
    assert [int(r[0]) for r in rows] == [i + 1 for i in range(120) if i != 3]
    for row in rows:
        person = people[int(row[0]) - 1]
        assert float(row[4]) == float(person["age"]) and float(row[6]) == (person["sex"] == "m") and row[-1] == person["ill"], row
        assert abs(float(row[7]) - float(person["cost"])) < 1e-3 and float(row[3]) == (person[long_name] == "")
    parts = [r[1] for r in rows]
    assert {p: parts.count(p) for p in set(parts)} == said["records"] == {"train": 79, "test": 30, "auxiliary": 10}, said["records"]
    # The mean and sd that the model begins with are those of the training rows.
    ages = [float(r[4]) for r in rows if r[1] == "train"]
    assert abs(sum(ages) / len(ages) - said["inputs"][2]["mean"]) < 1e-4

    kind, shape, raw = npy(folder / "npy/inputs.npy")
    assert (kind, shape) == ("<f4", (119, 6))
    numbers = struct.unpack(f"<{119 * 6}f", raw)
    assert all(abs(numbers[r * 6 + i] - float(rows[r][2 + i])) <= 1e-6 * abs(numbers[r * 6 + i]) for r in range(119) for i in range(6))
    kind, shape, raw = npy(folder / "npy/target.npy")
    assert (kind, shape) == ("<i4", (119,)) and [said["target"]["classes"][v] for v in struct.unpack("<119i", raw)] == [r[-1] for r in rows]
    kind, shape, raw = npy(folder / "npy/row.npy")
    assert (kind, shape) == ("<i4", (119,)) and list(struct.unpack("<119i", raw)) == [int(r[0]) for r in rows]
    kind, shape, raw = npy(folder / "npy/part.npy")
    assert (kind, shape) == ("|S9", (119,)) and [raw[9 * i:9 * i + 9].rstrip(b"\0").decode() for i in range(119)] == parts

    # What was exported is the split of a run: named by it, the same records give the same figures.
    with open(folder / "csv/records.csv", newline="") as file:
        part = {int(r["row"]): r["part"] for r in csv.DictReader(file)}
    own = [{**p, "part": part[i + 1]} for i, p in enumerate(people) if i != 3]
    (folder / "again.csv").write_text(text(own, [long_name, *COLUMNS, "part"], sep=";"))
    again = {**base, "data": {"csv": "again.csv", "target": "ill", "sensitive": "sex", "split_column": "part"}}
    (folder / "again.json").write_text(json.dumps(again))
    mid("data", "export", "again.json", "--out", "again")
    with open(folder / "again/records.csv", newline="") as file:
        assert [r[1:] for r in csv.reader(file)][1:] == [r[1:] for r in rows]
    refused = subprocess.run([BIN, "data", "export", "spec.json", "--out", "my.csv"], cwd=folder, capture_output=True, text=True)
    assert refused.returncode == 2 and "--out must be a folder" in refused.stderr, refused.stderr


def main():
    pattern = sys.argv[1] if len(sys.argv) > 1 else ""
    with tempfile.TemporaryDirectory() as folder:
        bad = check_tables(folder, pattern)
    for line in bad:
        print(line)
    if not pattern:
        with tempfile.TemporaryDirectory() as folder:
            check_export(folder)
    print(f"{len(SAME)} tables read right and {len(REFUSED)} refused, as trees and as regressions: {len(bad)} problems")
    sys.exit(bool(bad))


main()
