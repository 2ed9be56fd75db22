#!/usr/bin/env python3
"""Wrong input of every kind: exit code 2, one sentence on standard error that names the field, nothing half-written; odd input that
is no mistake: an answer.

Each case is a line of a table below. MIDLAB_BIN names the program; only Python's own library is needed. A pattern as the
only argument runs the cases whose name contains it and prints their sentences.
"""
import concurrent.futures
import gzip
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

BIN = os.environ["MIDLAB_BIN"]
DATA = pathlib.Path(os.environ["MIDLAB_SOURCE"]) / "core/data"

# A specification that is quick to refuse: no case may get as far as training.
ADULT = {"data": {"name": "adult", "sensitive": "sex", "private": 300, "auxiliary": 500, "held_out": 500}, "train": {"epochs": 1},
         "attack": {"kind": "likelihood_inference"}}
FACES = {"data": {"name": "london-faces"}, "train": {"epochs": 1}, "attack": {"kind": "ridge_inversion"}}
DIGITS = {"data": {"name": "digits"}, "train": {"epochs": 1}}

cases = []


def case(name, field, arguments, files=None, env=None):
    """`files`: name -> bytes or text, in the folder where the program runs. `field` must appear in the sentence."""
    cases.append((name, field, arguments, files or {}, env or {}))


def spec(name, field, json_or_text, files=None, env=None):
    text = json_or_text if isinstance(json_or_text, str) else json.dumps(json_or_text)
    case(f"spec: {name}", field, ["run", "spec.json"], {"spec.json": text, **(files or {})}, env)


def with_(base, section, **fields):
    return {**base, section: {**base.get(section, {}), **fields}}


# ---- not a specification at all --------------------------------------------------------------------------------------
spec("empty file", "spec.json", "")
spec("broken JSON", "spec.json", '{"data": {"name": "adult"')
spec("NaN is no JSON", "spec.json", '{"train": {"learning_rate": NaN}}')
spec("a comment", "spec.json", '{"seed": 1 /* one */}')
spec("bytes behind a zero byte", "spec.json", '{"seed": 1}\0{"seed": 2}')
case("spec: UTF-16", "UTF-16", ["run", "spec.json"], {"spec.json": '{"seed": 1}'.encode("utf-16")})
spec("comma at the end", "spec.json", '{"seed": 1,}')
spec("broken UTF-8", "spec.json", '{"data": {"name": "\udcff"}}')
spec("a list", "specification", [])
spec("a number", "specification", "3")
spec("null", "specification", "null")
spec("very deep", "spec.json", "[" * 100000)
spec("very deep and closed", "spec.json", '{"attack": {"kind": ' + "[" * 200000 + "]" * 200000 + "}}")
spec("number beyond all numbers", "spec.json", '{"seed": 1e400}')
spec("key written twice", "seed", '{"seed": 1, "seed": 2}')
spec("object written twice", "data", '{"data": {"name": "adult"}, "data": {"name": "digits"}}')

DEEP = "[" * 200000 + "]" * 200000

# ---- top level -------------------------------------------------------------------------------------------------------
for key, value in [("dat", {}), ("", 1), ("Data", {}), ("defence", {"kind": "mid"})]:
    spec(f"unknown key {key!r}", key, {key: value})
for value in [2, "1", None, 1.5]:
    spec(f"version {value!r}", "version", {"version": value})
for value in [-1, 1.5, "x", None, 2**53, 1e300, True, []]:
    spec(f"seed {value!r}", "seed", {"seed": value})
for value in ["shuffled", 1, True, None, ["permuted"], {}]:
    spec(f"control {value!r}", "control", {"control": value})
spec("a control without an attack", "control", {"control": "permuted"})
for section in ["data", "model", "train", "defense", "release", "attack"]:
    spec(f"{section} is a list", section, {section: []})
    spec(f"{section} is null", section, {section: None})
    spec(f"{section} has an unknown field", f"{section}.colour", {section: {"colour": 1}})
for section, key in [("data", "name"), ("model", "kind"), ("defense", "kind"), ("release", "kind"), ("attack", "kind")]:
    for value in ["nonsense", 5, None, "", ["none"]]:
        spec(f"{section}.{key} {value!r}", f"{section}.{key}", {section: {key: value}})

# ---- values of fields ------------------------------------------------------------------------------------------------
for field, values in {
    "model.convolutions": ["8", 8, {}, [8], None],
    "model.hidden": ["128", [0], [-5], [10**9], [1.5], [[8]], [8] * 9, None],
    "model.activation": ["swish", 1],
    "model.bottleneck": [-1, 1.5, "8", 10**9],
    "model.sigma_start": ["x", 1e6],
    "train.optimizer": ["adagrad", None],
    "train.learning_rate": [0, -1, 1e99, "fast", []],
    "train.schedule": ["step"],
    "train.batch": [0, -3, 2.5, 10**12],
    "train.epochs": [0, -1, 10**12, "many"],
    "train.momentum": [1, -0.1],
    "train.weight_decay": [-1],
    "train.shifts": [-1, 100],
}.items():
    section, key = field.split(".")
    for value in values:
        spec(f"{field} {value!r}", field, with_(ADULT, section, **{key: value}))
for kind, field, value in [
    ("defense.mid", "beta", -1), ("defense.mid", "beta", "strong"), ("defense.mid", "beta", None), ("defense.mid", "lambda", 1),
    ("defense.none", "beta", 1), ("release.round", "decimals", -1), ("release.round", "decimals", 1.5),
    ("release.round", "decimals", 99), ("release.noise", "scale", -1), ("release.noise", "of", "soul"),
    ("release.none", "decimals", 1), ("release.label_only", "of", 3),
    ("release.mixing", "weight", 1), ("release.mixing", "of", "embedding"), ("release.top_k", "keep", 0), ("defense.dp_sgd", "delta", 0), ("defense.dp_sgd", "clip", 0),
    ("defense.label_smoothing", "alpha", 1), ("defense.dropout", "rate", 1), ("defense.purification", "reserved_fraction", 0), ("defense.bido", "label", -1),
    ("attack.likelihood_inference", "repeats", 0), ("attack.likelihood_inference", "repeats", 1.5),
    ("attack.likelihood_inference", "ridge", -1), ("attack.none", "repeats", 1),
    ("attack.mi_face", "adversary", "mean_z"), ("attack.mi_face", "steps", 0), ("attack.mi_face", "prior", "gan"), ("attack.mi_face", "l2_weight", -1),
    ("attack.updates_leak", "update_rate", 0), ("attack.updates_leak", "probes", 0), ("attack.updates_leak", "networks", 0), ("attack.updates_leak", "hidden", [0]),
    ("attack.membership", "shadows", 3), ("attack.membership", "repeats", 0),
    ("attack.brep_mi", "queries", 0), ("attack.brep_mi", "prior", "pixels"), ("attack.brep_mi", "start_share", 2),
    ("attack.cma_es", "queries", 1), ("attack.cma_es", "sd", 0),
    ("attack.learned_inference", "networks", 0), ("attack.learned_inference", "neighbours", 0), ("attack.learned_inference", "ridge", -1),
    ("attack.ked_mi", "trials", 0), ("attack.ked_mi", "epochs", 0), ("attack.mi_face", "views", -1), ("attack.mi_face", "students", 99),
    ("attack.gmi", "prior", "pixels"), ("attack.gmi", "restarts", 0), ("attack.gmi", "momentum", 1),
    ("attack.ridge_inversion", "features", "cubic"), ("attack.ridge_inversion", "components", 0),
    ("attack.ridge_inversion", "draws", 0), ("attack.ridge_inversion", "floor", 5), ("attack.ridge_inversion", "mirror", 1),
]:
    section, name = kind.split(".")
    base = FACES if name in ("ridge_inversion", "mi_face", "gmi", "brep_mi", "cma_es", "ked_mi") else ADULT
    spec(f"{kind} {field} {value!r}", f"{section}.{field}", {**base, section: {"kind": name, field: value}})

# ---- fields against each other and against the data ------------------------------------------------------------------
for fields, at in [({"filters": 0}, "[0].filters"), ({"kernel": 0}, "[0].kernel"), ({"kernel": "3"}, "[0].kernel"), ({"stride": 0}, "[0].stride"),
                   ({"padding": -1}, "[0].padding"), ({"pool": 0}, "[0].pool"), ({"size": 3}, "[0].size")]:
    spec(f"a convolution of {fields!r}", "model.convolutions" + at, with_(DIGITS, "model", convolutions=[fields]))
spec("convolutions of a table", "model.convolutions", with_(ADULT, "model", convolutions=[{}]))
spec("too many convolutions", "model.convolutions", with_(DIGITS, "model", convolutions=[{"kernel": 1}] * 9))
spec("a kernel wider than the picture", "model.convolutions[1].kernel", with_(DIGITS, "model", convolutions=[{}, {"kernel": 60}]))
spec("a pool wider than the picture", "model.convolutions[0].pool", with_(DIGITS, "model", convolutions=[{"pool": 60}]))
spec("MID without a bottleneck", "model.bottleneck", {**with_(ADULT, "model", bottleneck=0), "defense": {"kind": "mid"}})
for key, values in {
    "private": [0, -5, 3.5, "many", 10**9], "auxiliary": [-1, 10**8], "held_out": [0, 10**8], "sensitive": ["nonsense", 7, "income"],
    "rows": [0, -1, "all"], "columns": [["nonsense"], "age", [1]], "drop": [["nonsense"], [None]],
    "standardize": ["z", 1], "test_fraction": [1.5, 0],
}.items():
    for value in values:
        spec(f"adult {key} {value!r}", f"data.{key}", with_(ADULT, "data", **{key: value}))
for key, values in {"image_size": [7, 3, 128, "32"], "drop_ids": [["nobody"], "143", ["143", "143"]], "private": [101, 200],
                    "csv": ["a.csv"]}.items():
    for value in values:
        spec(f"faces {key} {value!r}", f"data.{key}", with_(FACES, "data", **{key: value}))
spec("digits of another size", "data.image_size", with_(DIGITS, "data", image_size=5))
spec("more victims than private digits", "data.attacked", with_(DIGITS, "data", private=10, attacked=20))
spec("more victims than held-out digits", "data.attacked", with_(DIGITS, "data", held_out=10, attacked=20, victims="held_out"))
spec("victims of no kind", "data.victims", with_(DIGITS, "data", victims="auxiliary"))
UPDATES = {**DIGITS, "data": {"name": "digits", "attacked": 50, "victims": "held_out"}, "attack": {"kind": "updates_leak"}}
spec("an update with a record already learnt from", "data.victims", with_(UPDATES, "data", victims="private"))
spec("an update of a table with a record already learnt from", "data.victims", {**with_(ADULT, "data", victims="private"), "attack": {"kind": "updates_leak"}})
spec("the class of somebody who has none", "attack.kind", {**FACES, "attack": {"kind": "updates_leak"}})
spec("an update of a tree", "attack.kind", {**ADULT, "model": {"kind": "tree"}, "train": {}, "attack": {"kind": "updates_leak"}})
spec("members of an embedding", "release.of", {**ADULT, "release": {"kind": "none", "of": "embedding"}, "attack": {"kind": "membership"}})
spec("members of a class that the attacker's own have none of", "attack.kind", {**FACES, "attack": {"kind": "membership"}})
spec("too few records to train models of one's own", "data.auxiliary", {**with_(ADULT, "data", auxiliary=3), "attack": {"kind": "membership"}})
spec("the name that a field had before 0.1.0", "data.open is called data.auxiliary", with_(DIGITS, "data", open=20))
spec("too few records to watch an update", "data.auxiliary", with_(UPDATES, "data", auxiliary=2))
spec("attack on a secret without one", "attack.kind", {**FACES, "attack": {"kind": "likelihood_inference"}})
spec("attack on pictures of a table", "attack.kind", {**ADULT, "attack": {"kind": "ridge_inversion"}})
spec("shifts of a table", "train.shifts", with_(ADULT, "train", shifts=2))
spec("a number to predict", "data.target", {"data": {"name": "warfarin"}, "train": {"epochs": 1}})

# ---- a CSV of one's own ----------------------------------------------------------------------------------------------
GOOD = "age,sex,rich\n" + "".join(f"{20 + i},{'fm'[i % 2]},{'ny'[i % 3 == 0]}\n" for i in range(60))
USE = {"csv": "my.csv", "target": "rich", "sensitive": "sex"}


def csv(name, field, content, /, **fields):
    spec(f"csv {name}", field, {"data": {**USE, **fields}, "train": {"epochs": 1}, "attack": {"kind": "likelihood_inference"}},
         {"my.csv": content} if content is not None else {})


csv("missing", "data.csv", None)
csv("is a folder", "data.csv", None, csv=".")
csv("is a device", "data.csv", None, csv="/dev/zero")
csv("without a path", "data.csv", GOOD, csv="")
csv("is a number", "data.csv", GOOD, csv=5)
csv("empty", "data.csv", "")
csv("blank lines only", "data.csv", "\n\n\n")
csv("header only", "data.csv", "age,sex,rich\n")
csv("ragged row", "data.csv", GOOD + "1,f\n")
csv("row too long", "data.csv", GOOD + "1,f,y,9\n")
csv("open quote", "data.csv", GOOD + '1,"f,y\n')
csv("text behind a quote", "data.csv", GOOD + '1,"f"x,y\n')
csv("two columns of one name", "data.csv", GOOD.replace("age,", "sex,", 1))
csv("zero byte", "data.csv", GOOD.encode() + b"1,\0,y\n")
csv("UTF-16 without a mark", "UTF-16", GOOD.encode("utf-16-le"))
csv("JSON on several lines", "is JSON", json.dumps([{"age": 5, "sex": "f"}], indent=2))
csv("an address", "download", GOOD, csv="https://example.org/my.csv")
csv("columns kept apart by blanks", "one field", GOOD.replace(",", "  "))
csv("columns whose inputs have one name", "data.drop", GOOD.replace("age,", "sex=m,", 1))
csv("a spreadsheet", "data.csv", b"PK\x03\x04" + bytes(100))
csv("half a letter of UTF-16", "UTF-16", GOOD.encode("utf-16") + b"x")
csv("a row of sums", "data.rows", GOOD + f"{sum(range(20, 80))},Total,\n")
csv("names in two lines", "second line", GOOD.replace("rich\n", "rich\nyears,,\n", 1))
csv("damaged gzip", "data.csv", b"\x1f\x8b\x08\0" + bytes(30))
csv("gzip cut off", "cut off", gzip.compress(GOOD.encode())[:-40])
csv("gzip and more", "behind the end", gzip.compress(GOOD.encode()) + b"more")
csv("a web page", "web page", "<!doctype html><html><body>Sign in</body></html>")
csv("a pointer of git-LFS", "git lfs pull", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n")
csv("JSON", "is JSON", json.dumps([{"age": 5, "sex": "f"}]))
csv("a title", "title", "Report of ward 7\n" + GOOD)
csv("a total", "data.missing", GOOD + "Total,,\n")
csv("without a header", "name the columns", "1,2,x\n3,4,y\n" * 20)
csv("missing that is no list", "data.missing", GOOD, missing="unknown")
csv("categories that are no columns", "data.categories", GOOD, categories=["town"])
csv("decimal mark that is none", "data.decimal", GOOD, decimal=";")
csv("many columns of texts", '"t1"', "t0,t1,age,sex,rich\n" + "".join(f"x{i},y{i},{i},{'fm'[i % 2]},{'ny'[i % 3 == 0]}\n" for i in range(300)))
csv("number too large", "data.csv", GOOD + "1e31,f,y\n")
csv("field of a megabyte", "data.csv", GOOD + "1," + "f" * 1_000_000 + ",y\n")
csv("without a target", "data.target", GOOD, target=None)
csv("target that is no column", "data.target", GOOD, target="wealth")
csv("target that is a number", "data.target", GOOD, target="age")
csv("target of one class", "data.target", re.sub("[ny]$", "n", GOOD, flags=re.M))
csv("target missing in every row", "data.target", re.sub(",[ny]$", ",", GOOD, flags=re.M))
csv("secret that is no column", "data.sensitive", GOOD, sensitive="gender")
csv("secret that is the target", "data.sensitive", GOOD, sensitive="rich")
csv("secret of one value", "data.sensitive", GOOD.replace(",m,", ",f,"))
csv("secret that is a number", "data.sensitive", GOOD, sensitive="age")
csv("fewer rows than asked for", "data.private", GOOD, private=100)
csv("one row", "data", "age,sex,rich\n1,f,y\n")
csv("split column that is none", "data.split_column", GOOD, split_column="part")
csv("split column of other words", "data.split_column", GOOD, split_column="sex")
csv("split column and numbers", "data.split_column", GOOD, split_column="sex", private=10)
csv("all columns dropped", "data.", GOOD, drop=["age", "sex"])
csv("target dropped", "data.", GOOD, drop=["rich"])
csv("and the name of a set", "data.", GOOD, name="adult")

# ---- trees and regressions on a CSV of one's own ----------------------------------------------------------------------
TREE = {"model": {"kind": "tree", "min_leaf": 2}, "attack": {"kind": "tree_black_box"}}
LINE = {"model": {"kind": "linear"}, "attack": {"kind": "map_inference"}}
DOSE = "age,job,sex,rich\n" + "".join(f"{20 + i},{'abc'[i % 3]},{'fm'[i % 2]},{i * 1.37:.2f}\n" for i in range(60))
CARE = "age,job,sex,rich\n" + "".join(f"{20 + i},{'abc'[i % 3]},{'fm'[i % 2]},{'ny'[i % 3 == 0]}\n" for i in range(60))


def changed(text, **columns):
    """`text` with other cells: name of a column -> function of row number and cell."""
    head, *rows = text.strip().split("\n")
    names = head.split(",")
    rows = [[str(columns[n](i, cell)) if n in columns else cell for n, cell in zip(names, row.split(","))] for i, row in enumerate(rows)]
    return "\n".join([head, *(",".join(row) for row in rows)]) + "\n"


def parted(text, part):
    """`text` with a column that says which rows serve what."""
    head, *rows = text.strip().split("\n")
    return "\n".join([head + ",part", *(f"{row},{part(i)}" for i, row in enumerate(rows))]) + "\n"


answered = []


def model_case(name, field, base, content, **fields):
    """`field`: what the sentence names; None: it is no mistake and has an answer."""
    parts = {k: fields.pop(k) for k in ("defense", "release", "attack", "model") if k in fields}
    whole = {**base, **{k: {**base.get(k, {}), **v} for k, v in parts.items()}, "data": {**USE, **({} if "split_column" in fields else {"auxiliary": 0}), **fields}}
    name = f"{base['model']['kind']} {name}"
    if field is None:
        answered.append((name, whole, {"my.csv": content}))
    else:
        spec(name, field, whole, {"my.csv": content})


def cell(i):
    return "" if (i * 7) % 4 == 0 else i


for base, text in ((TREE, CARE), (LINE, DOSE)):
    tree = base is TREE
    model_case("of one row", "data.rows", base, text.split("\n")[0] + "\n" + text.split("\n")[1] + "\n")
    model_case("of one training row", None if tree else "data", base, parted(text, lambda i: "train" if i == 5 else "test"), split_column="part")
    model_case("secret of one value", "data.sensitive", base, changed(text, sex=lambda i, c: "f"))
    model_case("secret of one value in training", None, base, parted(changed(text, sex=lambda i, c: "f" if i < 40 else c), lambda i: "train" if i < 40 else "test"), split_column="part")
    model_case("constant column", None, base, changed(text, age=lambda i, c: 5))
    model_case("constant column in training", None, base, parted(changed(text, age=lambda i, c: 5 if i < 40 else c), lambda i: "train" if i < 40 else "test"), split_column="part")
    model_case("all inputs constant in training", None if tree else "data", base,
               parted(changed(text, age=lambda i, c: 5, job=lambda i, c: "a", sex=lambda i, c: "f" if i < 40 else c), lambda i: "train" if i < 40 else "test"), split_column="part")
    model_case("constant target", "data.target", base, changed(text, rich=lambda i, c: 5))
    model_case("constant target in training", None if tree else "data", base,
               parted(changed(text, rich=lambda i, c: ("n" if tree else 5) if i < 40 else c), lambda i: "train" if i < 40 else "test"), split_column="part")
    model_case("NaN", None, base, changed(text, age=lambda i, c: "NaN" if i % 5 == 0 else c))
    model_case("NaN in every row", None, base, changed(text, age=lambda i, c: "NaN"))
    model_case("infinite number", "line 5, column 1", base, changed(text, age=lambda i, c: "inf" if i == 3 else c))
    model_case("infinite number that is missing", None, base, changed(text, age=lambda i, c: "inf" if i == 3 else c), missing=["inf"])
    model_case("column of codes", None, base, changed(text, age=lambda i, c: "3+" if i == 3 else i % 3), categories=["age"])
    model_case("odd cell in a column that is dropped", None, base, changed(text, age=lambda i, c: "inf" if i == 3 else c), drop=["age"])
    model_case("time stamps", None, base, changed(text, age=lambda i, c: 1700000000000 + 977 * i))
    model_case("numbers too small for floats", "data.drop", base, changed(text, age=lambda i, c: f"{1 + i % 9}e-60"))
    model_case("pandas index", None, base, "\n".join(f"{'' if i == 0 else i - 1},{row}" for i, row in enumerate(text.strip().split("\n"))) + "\n")
    model_case("target that is NaN in some rows", None, base, changed(text, rich=lambda i, c: "NaN" if i % 5 == 0 else c))
    model_case("200 categories", None, base, changed(text, job=lambda i, c: f"j{i}") + "".join(f"1,j{i},f,{'n' if tree else i}\n" for i in range(60, 200)))
    model_case("201 categories", "data.drop", base, changed(text, job=lambda i, c: f"j{i}") + "".join(f"1,j{i},f,{'n' if tree else i}\n" for i in range(60, 201)))
    model_case("target of the other kind", "model.kind", base, DOSE if tree else changed(text, rich=lambda i, c: f"t{i}"))
    model_case("empty cells everywhere", None, base, changed(text, age=lambda i, c: cell(i), job=lambda i, c: cell(i + 1), sex=lambda i, c: "" if i % 9 == 0 else c, rich=lambda i, c: "" if i % 11 == 0 else c))
    model_case("nothing but empty cells", "data.target", base, changed(text, age=lambda i, c: "", job=lambda i, c: "", sex=lambda i, c: "", rich=lambda i, c: ""))
    model_case("inputs all empty", None, base, changed(text, age=lambda i, c: "", job=lambda i, c: ""))
    model_case("secret the only input", None, base, text, columns=["sex"])
    model_case("categories that training lacks", None, base, parted(changed(text, job=lambda i, c: f"u{i}" if i >= 40 else c), lambda i: "train" if i < 40 else "test"), split_column="part")
    model_case("unknown column that is none", "attack.also_unknown", base, text, attack={"also_unknown": ["shoe"]})
    model_case("unknown column that is the secret", "attack.also_unknown", base, text, attack={"also_unknown": ["sex"]})
    model_case("unknown column that is the target", "attack.also_unknown", base, text, attack={"also_unknown": ["rich"]})
    model_case("unknown column named twice", "attack.also_unknown", base, text, attack={"also_unknown": ["job", "job"]})
    model_case("unknown columns that are no list", "attack.also_unknown", base, text, attack={"also_unknown": "job"})
    model_case("too many unknown columns", "attack.also_unknown", base, "age,job,sex,rich,a,b,c\n" + "".join(f"{row},{i % 20},{i % 19},{i % 18}\n" for i, row in enumerate(text.split("\n")[1:-1])),
               attack={"also_unknown": ["a", "b", "c"]})
    model_case("two unknown columns", None, base, text, attack={"also_unknown": ["job", "age"]})
    model_case("victims who are nobody", "data.victims", base, text, victims="auxiliary")
    model_case("victims learnt from", None, base, text, victims="private")
model_case("way of MID that is none", "defense.by", TREE, CARE, defense={"kind": "mid", "by": "hope"})
model_case("pruned", None, TREE, CARE, defense={"kind": "mid", "by": "pruning", "lambda": .1})
model_case("pruned at once", "defense.by", LINE, DOSE, defense={"kind": "mid", "by": "pruning"})
for kind in ("mid_targeted", "depth_placement"):
    model_case(f"{kind} without a secret", "data.sensitive", {**TREE, "attack": {"kind": "none"}}, CARE, defense={"kind": kind}, sensitive=None)
for kind, text in (("dp_tree", CARE), ("functional_mechanism", DOSE), ("mid", DOSE), ("ridge", DOSE)):
    base = TREE if kind == "dp_tree" else LINE
    for name, content in {"constant column": changed(text, age=lambda i, c: 5), "empty column": changed(text, age=lambda i, c: ""),
                          "twelve rows": "\n".join(text.split("\n")[:13]) + "\n"}.items():
        model_case(f"{kind} {name}", None, base, content, defense={"kind": kind})
model_case("functional_mechanism of a target that others never vary in", "defense", LINE, parted(changed(DOSE, rich=lambda i, c: 5 if i >= 40 else c), lambda i: "train" if i < 40 else "test"),
           defense={"kind": "functional_mechanism"}, split_column="part")

# ---- damaged data sets -----------------------------------------------------------------------------------------------


def idx(name, content):
    """London faces whose pictures are `content`."""
    field = "index.csv" if name == "fewer pictures than the index" else "faces64-gray"
    files = {"data/SHA256SUMS": "", "data/london-faces64/index.csv": (DATA / "london-faces64/index.csv").read_bytes()}
    if content is not None:
        files["data/london-faces64/faces64-gray.idx3-ubyte"] = content
    spec(f"idx {name}", field, FACES, files, {"MIDLAB_DATA": "data"})


def header(*sizes, kind=8, dimensions=None):
    return bytes([0, 0, kind, len(sizes) if dimensions is None else dimensions]) + b"".join(struct.pack(">I", s) for s in sizes)


idx("missing", None)
idx("empty", b"")
idx("of text", b"these are not the faces you are looking for")
idx("of floats", header(204, 64, 64, kind=13) + bytes(100))
idx("header cut off", header(204, 64)[:9])
idx("without dimensions", header(dimensions=0))
idx("of 200 dimensions", header(1, 1, dimensions=200))
idx("with a side of 0", header(0, 64, 64))
idx("cut off", header(204, 64, 64) + bytes(1000))
idx("with bytes too many", header(2, 64, 64) + bytes(2 * 4096 + 1))
idx("that overflows", header(2**32 - 1, 2**32 - 1, 2**32 - 1) + bytes(8))
idx("of another size", header(204, 8, 8) + bytes(204 * 64))
idx("fewer pictures than the index", header(3, 64, 64) + bytes(3 * 4096))
spec("no data folder", "MIDLAB_DATA", FACES, env={"MIDLAB_DATA": "nowhere"})

# ---- flags -----------------------------------------------------------------------------------------------------------
SPEC = {"spec.json": json.dumps(ADULT)}
RUN = ["run", "spec.json"]
case("no command", "subcommand", [])
case("unknown command", "fly", ["fly"])
case("unknown flag", "--fast", [*RUN, "--fast"], SPEC)
case("run without a specification", "spec", ["run"])
case("two specifications", "other.json", [*RUN, "other.json"], SPEC)
case("specification that is missing", "nothing.json", ["run", "nothing.json"])
case("specification that is a folder", "folder", ["run", "folder"], {"folder/file": ""})
case("unknown preset", "preset:nothing", ["run", "preset:nothing"])
case("preset without a name", "preset:", ["run", "preset:"])
for value in ["defense", "=5", "a.b.c=1", "nonsense.x=1", "defense.=1", ".kind=mid", "data.colour.x=1"]:
    case(f"--set {value}", value.split("=")[0] or "--set", [*RUN, "--set", value], SPEC)
case("--set that swallows the next flag", "--out", [*RUN, "--set"], SPEC)
case("--set a word where a number belongs", "defense.beta", [*RUN, "--set", "defense.kind=mid", "--set", "defense.beta=strong"], SPEC)
case("--set a field of another kind", "defense.beta", [*RUN, "--set", "defense.beta=1"], SPEC)
case("--set a field of a number", "seed", [*RUN, "--set", "seed.x=1"], SPEC)
case("--set nothing", "train.epochs", [*RUN, "--set", "train.epochs="], SPEC)
for flag, values in {"--seeds": ["0", "-1", "x", "1.5", "100000"], "--slice": ["-1", "x"]}.items():
    for value in values:
        case(f"{flag} {value}", flag, [*RUN, f"{flag}={value}"], SPEC)
case("seeds beyond the largest", "--seeds", [*RUN, "--seeds", "3", "--set", f"seed={2**53 - 1}"], SPEC)
case("--out is a file", "--out", [*RUN, "--out", "spec.json"], SPEC)
case("--out below a file", "--out", [*RUN, "--out", "spec.json/x"], SPEC)
case("--cache is a file", "--cache", [*RUN, "--cache", "spec.json"], SPEC)
case("show nothing", "dir", ["show"])
case("show a folder that is missing", "nowhere", ["show", "nowhere"])
case("show a folder without a result", "result.json", ["show", "."])
case("show what is no JSON", "result.json", ["show", "."], {"result.json": "{"})
case("show an empty object", "id", ["show", "."], {"result.json": "{}"})
case("show a list", "id", ["show", "."], {"result.json": "[1]"})
for command in ["show", "report", "collect"]:
    case(f"{command} a file", "my.json is no folder", [command, "my.json"], {"my.json": "{}"})
    case(f"{command} a folder that is not there", "nowhere is not there", [command, "nowhere"])
GOOD_RESULT = {"id": "x", "spec": {}, "utility": {}, "privacy": {}, "information": {}, "timing": {"train_s": 1, "attack_s": 1},
               "device": "cpu", "warnings": [], "failed": None, "version": "0"}
for key, value in {"id": 5, "utility": [], "privacy": {"mcc": 3}, "information": {"x": {"value": "high"}}, "timing": None,
                   "warnings": "none", "device": None}.items():
    field = {"privacy": "mcc", "information": "value"}.get(key, key)
    case(f"show a result whose {key} is wrong", field, ["show", "."], {"result.json": json.dumps({**GOOD_RESULT, key: value})})
# Names of strangers: no terminal obeys them, and what is too long ends between letters.
STRANGE = "age,se\x1b[31mx,rich\n" + "".join(f"{20 + i},{'fm'[i % 2]},{'yn'[i % 3 > 0]}\n" for i in range(60))
TREE = {"model": {"kind": "tree"}, "attack": {"kind": "tree_black_box"}}
spec("a key with control characters", "model.bott\\u001b]0;owned\\u0007leneck\\u000a", {"model": {"bott\x1b]0;owned\x07leneck\n": 1}})
spec("columns with control characters", "se\\u001b[31mx", {"data": {"csv": "t.csv", "target": "rich", "sensitive": "sex"}, **TREE}, {"t.csv": STRANGE})
for before in range(4):
    long = "x" * before + "\u00e9" * 60
    spec(f"a column of {before} and 60 letters", "\u00e9...", {"data": {"csv": "t.csv", "target": long, "sensitive": long}, **TREE}, {"t.csv": STRANGE.replace("age", long)})
case("a file name with control characters", "a\\u001b[2Jb.json", ["run", "a\x1b[2Jb.json"])
case("a file name that is no UTF-8", "caf\ufffd.json", ["run", "caf\udce9.json"])
case("a command with control characters", "fl\\u009b2Jy", ["fl\x9b2Jy"])
case("--set with control characters", "train.\\u001bc", [*RUN, "--set", "train.\x1bc=1"], SPEC)
case("cache clear without a home", "XDG_CACHE_HOME", ["cache", "clear"], env={"HOME": "", "XDG_CACHE_HOME": ""})
for file in ["sweep.json", "compare.json", "summary.json", "result.json"]:
    for content in ["[]", "5", "null", "{}", '{"spec": 5}']:
        case(f"report of {file} that is {content}", "." if file == "compare.json" else file if file != "result.json" else "id", ["report", "."], {file: content})
case("run a result", "spec.json beside it", ["run", "result.json"], {"result.json": json.dumps(GOOD_RESULT)})
case("columns of a sweep", "spec.json beside it", ["data", "columns", "sweep.json"], {"sweep.json": json.dumps({"version": 1, "spec": ADULT, "vary": []})})
for kind, file in {"a sweep": "sweep.json", "a comparison": "compare.json"}.items():
    case(f"run into the folder of {kind}", f"holds {kind}", [*RUN, "--out", "there"], {**SPEC, f"there/{file}": "{}"})
for kind, file in {"a run": "result.json", "runs of several seeds": "summary.json"}.items():
    case(f"sweep into the folder of {kind}", f"holds {kind}", ["sweep", "spec.json", "--vary", "train.epochs=1,2", "--out", "there"],
         {**SPEC, f"there/{file}": "{}"})
GOOD_RESULT_DEEP = json.dumps({**GOOD_RESULT, "spec": "DEEP"}).replace('"DEEP"', DEEP)
case("show a result of 200,000 levels", "result.json", ["show", "."], {"result.json": GOOD_RESULT_DEEP})
case("show a result of 64 MB and more", "64 MB", ["show", "."], {"result.json": " " * (64 << 20) + "{}"})
case("show a result that is a folder", "result.json", ["show", "."], {"result.json/x": ""})
case("show a cut result", "result.json", ["show", "."], {"result.json": json.dumps(GOOD_RESULT)[:100]})
for key, value in {"spec": 7, "failed": "broken", "notes": []}.items():
    case(f"show a result whose {key} is none", key, ["show", "."], {"result.json": json.dumps({**GOOD_RESULT, key: value})})
case("show a failure without words", "sentence", ["show", "."], {"result.json": json.dumps({**GOOD_RESULT, "failed": {"stage": "x", "sentence": 3}})})

FIGURE = {"mean": 1, "sd": None, "n": 1, "unit": "nats", "baseline": None, "low": None, "high": None}
for name, all_ in {"of a list": [], "without figures": {}, "of texts": {"summary": "x", "seeds": [1]}, "of one seed": {"summary": {}, "seeds": 1},
                   "of a group that is none": {"summary": {"utility": 3}, "seeds": [1]}, "of a figure that is none": {"summary": {"utility": {"a": 3}}, "seeds": [1]},
                   "without a mean": {"summary": {"utility": {"a": {**FIGURE, "mean": None}}}, "seeds": [1]},
                   "of a mean in words": {"summary": {"utility": {"a": {**FIGURE, "mean": "1"}}}, "seeds": [1]},
                   "without an sd": {"summary": {"utility": {"a": {"mean": 1}}}, "seeds": [1]},
                   "of n in words": {"summary": {"utility": {"a": {**FIGURE, "n": "2"}}}, "seeds": [1]},
                   "of a unit that is a number": {"summary": {"utility": {"a": {**FIGURE, "unit": 3}}}, "seeds": [1]},
                   "of a baseline in words": {"summary": {"utility": {"a": {**FIGURE, "baseline": "x"}}}, "seeds": [1]}}.items():
    case(f"show a summary {name}", "summary.json", ["show", "."], {"summary.json": json.dumps(all_)})
case("show a cut summary", "summary.json", ["show", "."], {"summary.json": '{"summary":'})
case("show a deep summary", "summary.json", ["show", "."], {"summary.json": DEEP})
case("show a summary that is a folder", "summary.json", ["show", "."], {"summary.json/x": ""})

SWEEP = {"version": 1, "build": "x", "spec": {"data": {"name": "steak"}, "model": {"kind": "tree"}}, "vary": [{"path": "model.max_depth", "values": [1, 2]}],
         "seeds": {"first": 1, "count": 1}, "csv": {}}
for name, part in {"no value": {"vary": [{"path": "model.max_depth", "values": []}]}, "no seeds": {"vary": [], "seeds": {"first": 1, "count": 0}},
                   "seeds below none": {"seeds": {"first": 1, "count": -1}}, "too many seeds": {"seeds": {"first": 1, "count": 4294967297}}, "a seed in words": {"seeds": {"first": "1", "count": 1}},
                   "vary that is none": {"vary": 3}, "a path that is none": {"vary": [{"path": 3, "values": [1]}]}, "a field without values": {"vary": [{"path": "seed"}]},
                   "an unknown field": {"vary": [{"path": "model.colour", "values": [1]}]}, "a specification that is none": {"spec": [1]}, "an unknown data set": {"spec": {"data": {"name": "x"}}}}.items():
    case(f"show a sweep of {name}", "sweep.json", ["show", "."], {"sweep.json": json.dumps({**SWEEP, **part})})
case("show a sweep of 200,000 levels", "sweep.json", ["show", "."], {"sweep.json": json.dumps({**SWEEP, "spec": "DEEP"}).replace('"DEEP"', DEEP)})
case("show a cut sweep", "sweep.json", ["show", "."], {"sweep.json": json.dumps(SWEEP)[:50]})
case("show an empty sweep", "sweep.json", ["show", "."], {"sweep.json": ""})
case("show a sweep that is a folder", "sweep.json", ["show", "."], {"sweep.json/x": ""})
case("show a sweep that is null", "sweep.json", ["show", "."], {"sweep.json": "null"})

# ---- a trained model of one's own ------------------------------------------------------------------------------------
STEAK = {"data": {"name": "steak"}, "attack": {"kind": "none"}}


def own(name, field, kind, content):
    spec(f"model.file {name}", field, {**STEAK, "model": {"kind": kind, "file": "my.model"}, "train": {}}, {"my.model": content})


def header(entry):
    text = '{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}'.replace('"F32"', entry).encode()
    return struct.pack("<Q", len(text)) + text + bytes(4)


def tree(**parts):
    leaf = {"depth": 1, "counts": [1, 2]}
    good = {"format": "midlab-tree-1", "criterion": "entropy", "classes": ["a", "b"], "columns": [{"name": "x", "numeric": True, "cuts": [1]}],
            "nodes": [{"depth": 0, "counts": [2, 4], "column": 0, "split": "cut", "cut": 0, "child": [1, 2, -1]}, leaf, leaf]}
    return json.dumps({"tree": {**good, **parts}}).replace('"DEEP"', DEEP)


own("empty", "model.file", "network", "")
own("of text", "model.file", "network", "this is no model")
own("with a deep header", "nested", "network", header(DEEP))
own("that names a tensor twice", "twice", "network", struct.pack("<Q", 126) + b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'.ljust(126) + bytes(4))
own("of nothing", "head.weight", "network", struct.pack("<Q", 2) + b"{}")
own("a tree that is empty", "model.file", "tree", "")
own("a tree that is a list", "tree.json", "tree", "[]")
own("a tree that is cut", "line 1", "tree", tree()[:200])
own("a tree of deep columns", "nested", "tree", tree(columns="DEEP"))
own("a tree of a deep format", "nested", "tree", tree(format="DEEP"))
own("a tree whose column is absent here", '"x"', "tree", tree())
chain = [{"depth": i, "counts": [1, 2], "column": 0, "split": "cut", "cut": 0, "child": [i + 1, -1, -1]} for i in range(20000)]
own("a tree of 20,000 levels", "100 levels", "tree", tree(nodes=[*chain, {"depth": 20000, "counts": [1, 2]}]))
own("of 129 MB for a tree", "128 MB", "tree", " " * (129 << 20))
own("a tree for a network", "model.file", "network", tree())
case("data without a command", "subcommand", ["data"])
case("data list of something", "extra", ["data", "list", "extra"])
case("data columns of nothing", "spec", ["data", "columns"])
case("data columns of a csv that is missing", "data.csv", ["data", "columns", "spec.json", "--set", "data.csv=none.csv"], {"spec.json": '{"data": {"csv": "x"}}'})
case("data export into nothing", "--out", ["data", "export", "spec.json"], SPEC)
case("data export into a file", "--out", ["data", "export", "spec.json", "--out", "spec.json"], SPEC)
case("data export of another format", "--format", ["data", "export", "spec.json", "--out", "x", "--format", "xlsx"], SPEC)
case("cache without a command", "subcommand", ["cache"])


def check(one):
    """Problems of one case, and its sentence."""
    name, field, arguments, files, env = one
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for path, content in files.items():
            path = folder / path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape"))
        before = sorted(p for p in folder.rglob("*"))
        arguments = list(arguments)
        if arguments[:1] == ["run"]:
            arguments += ["--out=out"] * ("--out" not in arguments) + ["--no-cache"] * ("--cache" not in arguments) + ["--json"]
        environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), **env}
        try:
            done = subprocess.run([BIN, *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        except subprocess.TimeoutExpired:
            return name, ["still running after a minute"], ""
        sentence = done.stderr.decode(errors="replace")
        written = [p for p in folder.rglob("*") if p.is_file() and p not in before]
    problems = []
    if done.returncode != 2:
        problems.append(f"exit code {done.returncode}, not 2")
    if sentence.count("\n") != 1 or not sentence.endswith("\n") or not sentence.startswith("mid: "):
        problems.append("standard error is not one line of midlab's own")
    if re.search(r"[a-z]\. [A-Z]", sentence):
        problems.append("more than one sentence")
    if len(sentence) > 600:
        problems.append(f"a sentence of {len(sentence)} characters")
    if not sentence.removesuffix("\n").isprintable() or "\ufffd" in sentence and "no UTF-8" not in name:
        problems.append("standard error is no printable UTF-8")
    if field not in sentence:
        problems.append(f"the sentence does not name {field}")
    if done.stdout:
        problems.append("something on standard output: " + repr(done.stdout[:80]))
    if written:
        problems.append("left behind: " + ", ".join(p.name for p in written))
    return name, problems, sentence


def check_answer(one):
    """What is no mistake: a result of finite numbers, or null with a sentence."""
    name, whole, files = one
    with tempfile.TemporaryDirectory() as folder:
        for path, content in {**files, "spec.json": json.dumps(whole)}.items():
            pathlib.Path(folder, path).write_text(content)
        done = subprocess.run([BIN, "run", "spec.json", "--no-cache", "--json"], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        return name, [f"exit code {done.returncode}, not 0"], done.stderr
    result = json.loads(done.stdout)
    problems = [f"{key} is null without a sentence" for group in ("utility", "privacy", "information") for key, m in result[group].items()
                if m["value"] is None and not any(key in w for w in result["warnings"])]
    problems += [] if result["utility"] and result["information"] and (result["privacy"] or whole["attack"]["kind"] == "none") else ["a group of figures is empty"]
    return name, problems, done.stderr


def main():
    pattern = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [c for c in cases if pattern in c[0]]
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        good = [c for c in answered if pattern in c[0]]
        for name, problems, sentence in [*pool.map(check, chosen), *pool.map(check_answer, good)]:
            bad += bool(problems)
            if problems or pattern:
                print(f"{name}: {'; '.join(problems) or 'good'}\n    {sentence.strip()[:700]}")
    print(f"{len(chosen) + len(good) - bad} of {len(chosen) + len(good)} wrong or odd inputs are refused or answered as they should be")
    if bad or len(cases) < 60:
        sys.exit(1)


main()
