"""What a run gives: the figures as a dict, and beside them what a person looks at, as arrays on the core's memory."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Integers = NDArray[np.int32]


@dataclasses.dataclass(frozen=True, eq=False)
class PicturePath:
    """How an attack's pictures came to be: what it looked at, at some of its steps."""

    step: Integers
    """[steps], increasing from 0"""
    confidence: Floats
    """[steps, rows] in [0, 1]: how sure the model was that the picture is of its class"""
    detail: Floats
    """[steps]: 1 - squared error / squared error of the average picture"""
    best_step: Integers
    """[rows]: where the picture was found that was kept"""
    pictures: Bytes
    """[steps, rows, height, width], 0 black to 255 white"""


@dataclasses.dataclass(frozen=True, eq=False)
class Answers:
    """What the attacker is told about each row: the first answer, as it leaves the release."""

    value: Floats
    """[rows, numbers]: confidences in [0, 1]; or, where `inside`, the numbers inside, in sd of each from its mean"""
    inside: bool
    partly: bool
    """a confidence of 0 was not said: of a label alone, or of the largest alone"""
    names: list[str]
    """of the classes; empty of the numbers inside"""
    spread: Floats | None
    """[rows]: e^entropy of the confidences; 0: nothing was said. None of the numbers inside"""


@dataclasses.dataclass(frozen=True, eq=False)
class LineUps:
    """One of the line-ups that the figure line_up counts, for each row."""

    candidate: Integers
    """[rows, size]: the row whose true picture it is, then the places of `others`; -1: none"""
    likeness: Floats
    """[rows, size]: the correlation by which the attacker chooses"""
    truth: Integers
    """[rows]: the place of the true one"""
    pick: Integers
    """[rows]: the place of the attacker's pick; -1: the picture names nobody"""
    others: Bytes
    """[others, height, width]: candidates that are no rows"""


@dataclasses.dataclass(frozen=True, eq=False)
class Pictures:
    """The first 60 victims (or the classes) of an attack on pictures; all, with all_victims. Arrays are [rows, height, width], 0 black to 255 white."""

    truth: Bytes
    """the true pictures; where `of_classes`, the mean of those learnt from"""
    guess: Bytes
    """the attacker's"""
    average: Bytes
    """the guess without an answer"""
    line_up: Floats
    """[rows] in [0, 1]: the chance to be picked among ten"""
    names: list[str]
    of_classes: bool
    credit: str
    """whose data this is: to be shown wherever a picture is"""
    path: PicturePath | None
    """None: the attack does not go step by step"""
    answers: Answers | None
    """None: no answer is asked"""
    line_ups: LineUps | None
    """None: there are none"""


@dataclasses.dataclass(frozen=True, eq=False)
class Beliefs:
    """What an attack on an attribute believes of the first 1,000 victims; of all, with all_victims."""

    secret: str
    values: list[str]
    """names of the secret's values"""
    truth: Integers
    """[victims]: the value of each"""
    before: Floats
    """[victims, values]: probabilities without an answer"""
    after: Floats
    """the same with the answers: the attacker's scores"""
    answer: Floats
    """[victims]: the released logit, or number, of the first query; empty where answers are more than one number"""
    conditional_mean: Floats | None
    """[victims, values]: mean of that number if the secret had that value; None: not of this attack"""
    conditional_sd: Floats | None
    """the same: its sd"""
    target: Floats
    """[victims] of a regression: what would have been right, in the units that people read"""
    root: bool
    """answers are roots"""
    credit: str


def pictures_of(sheet: dict[str, Any] | None) -> Pictures | None:
    if sheet is None:
        return None
    rows, size = sheet["rows"], (sheet["height"], sheet["width"])
    path, answers, line_ups = sheet["path"], sheet["answers"], sheet["line_ups"]
    if path is not None:
        steps = len(path["step"])
        path = PicturePath(path["step"], path["confidence"].reshape(steps, rows), path["detail"], path["best_step"],
                           path["pictures"].reshape(steps, rows, *size))
    if answers is not None:
        spread = answers["spread"]
        answers = Answers(answers["value"].reshape(rows, answers["numbers"]), answers["inside"], answers["partly"], answers["names"],
                          spread if len(spread) else None)
    if line_ups is not None:
        each = (rows, line_ups["size"])
        line_ups = LineUps(line_ups["candidate"].reshape(each), line_ups["likeness"].reshape(each), line_ups["truth"], line_ups["pick"],
                           line_ups["others"].reshape(-1, *size))
    truth, guess, average = (sheet[name].reshape(-1, *size) for name in ("truth", "guess", "average"))
    return Pictures(truth, guess, average, sheet["line_up"], sheet["names"], sheet["of_classes"], sheet["credit"], path, answers, line_ups)


def beliefs_of(sheet: dict[str, Any] | None) -> Beliefs | None:
    if sheet is None:
        return None
    for bells in ("conditional_mean", "conditional_sd"):
        if not sheet[bells].size:
            sheet[bells] = None
    return Beliefs(**sheet)


class Result(dict[str, Any]):
    """The result of one run: what `mid run --json` prints, to the last bit. Beside it, where the run has them:"""

    pictures: Pictures | None = None
    """of attacks on pictures"""
    beliefs: Beliefs | None = None
    """of attacks on an attribute"""
    tree: dict[str, Any] | None = None
    """of a tree and a secret: its nodes, and what each gives away"""
    model: bytes = b""
    """the trained network or regression, as a safetensors file; empty: a tree, a model outside"""
    varied: dict[str, Any]
    """of a sweep: the varied fields, with their values in this run"""

    def __init__(self, figures: dict[str, Any], varied: dict[str, Any] | None = None) -> None:
        super().__init__(figures)
        self.varied = varied or {}

    @property
    def failed(self) -> str:
        """Why there are no figures (of a sweep, which goes on); empty: there are."""
        return (self.get("failed") or {}).get("sentence", "")

    def text(self) -> str:
        """The figures as `mid run` prints them."""
        return _core.result_text(json.dumps(dict(self)))

    def row(self) -> dict[str, Any]:
        """One flat row for a table: varied fields, seed, id, then NAME and NAME_baseline of every figure, and `failed`."""
        row = {**self.varied, "seed": self["spec"]["seed"], "id": self["id"]}
        for group in ("utility", "privacy", "information"):
            for name, measure in self[group].items():
                row[name], row[f"{name}_baseline"] = measure["value"], measure["baseline"]
        return {**row, "failed": self.failed}


def result_of(run: _core.Run, varied: dict[str, Any] | None = None) -> Result:
    result = Result(json.loads(run.json), varied)
    result.pictures, result.beliefs = pictures_of(run.sheet), beliefs_of(run.beliefs)
    result.tree, result.model = run.tree, run.model
    return result
