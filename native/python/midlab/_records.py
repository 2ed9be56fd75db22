"""The records of a specification, as the model takes them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._run import Specification, specification


@dataclasses.dataclass(frozen=True)
class Column:
    """One input of the model, as `mid data columns` prints it."""

    place: int
    name: str
    meaning: str
    unit: str
    mean: float
    """of the model's first step, (x - mean) / sd"""
    sd: float
    column: str = ""
    """the table's column behind it; empty of pixels"""
    categories: list[str] | None = None
    """of a tree: the column's categories, in the order of their numbers"""
    offset: float | None = None
    """what was taken off each number"""
    missing: float | None = None
    """the input where the number is missing"""


@dataclasses.dataclass(frozen=True, eq=False)
class Part:
    """Some of the records, copied."""

    rows: NDArray[np.int32]
    """their places in Data"""
    inputs: NDArray[np.float32]
    """[records, inputs]"""
    target: NDArray[Any]
    """[records]: int32 classes (-1: none of them), or float64 numbers"""


@dataclasses.dataclass(frozen=True, eq=False)
class Data:
    """All records of a specification, in the order of their file. Arrays are the core's memory, not copied."""

    name: str
    inputs: NDArray[np.float32]
    """[records, inputs], before the model's first step"""
    target: NDArray[Any]
    """[records]: int32 classes (-1: none of them), or float64 numbers"""
    columns: list[Column]
    """the inputs in the order in which a model takes them"""
    classes: list[str]
    """names of the classes; empty: the target is a number"""
    about: dict[str, Any]
    """what `mid data columns --json` prints, and "spec" """
    pictures: NDArray[np.float32] | None
    """[records, height, width] in [0, 1]: what an attacker draws; None of tables"""
    secret: NDArray[np.int32] | None
    """[records]: the value of the sensitive attribute (-1: missing), whose names are in about["secret"]; None: no secret"""
    row: NDArray[np.int32]
    """[records]: where it stands in its file, from 1"""
    part: NDArray[np.str_]
    """[records]: train, test or auxiliary, as `mid data export` writes it; empty: left out"""
    train: Part
    """private: the model learns from these"""
    test: Part
    """held out: use is measured on these"""
    attacked: Part
    """the victims, of train or test"""
    auxiliary: Part
    """the attacker's own"""


def data(spec: Specification, *, set: Mapping[str, Any] | None = None) -> Data:
    """The records of a specification (as of run() or attack()), and who gets which, as its model takes them: who defends and who attacks
    makes no difference. Raises Error."""
    given = specification(spec, set)
    asked: dict[str, Any] = {"attack": {"kind": "none"}, **{name: given[name] for name in ("data", "model", "seed") if name in given}}
    model = given.get("model", {})
    if isinstance(model, dict) and (model.get("kind") == "black_box" or "as_table" in model):  # it need not be there yet
        asked["model"] = {"kind": "black_box", "command": ["python"], "as_table": model.get("as_table", False)}
    found = _core.records(json.dumps(asked))
    about = json.loads(found["about"])
    inputs, target = found["inputs"], found["target"]
    parts = {name: Part(found[name], inputs[found[name]], target[found[name]]) for name in ("train", "test", "attacked", "auxiliary")}
    return Data(about["data"], inputs, target, [Column(**each) for each in about["inputs"]], about["target"].get("classes", []), about,
                found["pictures"], found["secret"], found["row"], np.array(found["part"], dtype=np.str_), **parts)
