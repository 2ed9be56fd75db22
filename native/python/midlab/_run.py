"""Experiments: one, many, and one about a model that is a function of Python."""

from __future__ import annotations

import collections
import concurrent.futures
import json
import os
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Union

import numpy as np

from . import _core
from ._result import Result, result_of

Specification = Union[Mapping[str, Any], str, "os.PathLike[str]"]
Progress = Callable[[float, str], object]
Cache = Union[bool, None, str, "os.PathLike[str]"]


def plain(value: Any) -> Any:
    """For json: what NumPy and pathlib have in the place of Python's own."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a specification holds what JSON knows, found {type(value).__name__}: {value!r}")


def spec_text(spec: Specification, set: Mapping[str, Any] | None = None) -> str:
    fields = [(path, json.dumps(value, default=plain)) for path, value in (set or {}).items()]
    if isinstance(spec, Mapping):
        return _core.specification("", json.dumps(spec, default=plain), fields)
    return _core.specification(os.fspath(spec), None, fields)


def parsed(text: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(text)
    return value


def specification(spec: Specification, set: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A specification as a dict, with the fields of `set` ({"defense.beta": 0.1}) set in their order, as `mid run --set` does: choosing
    a kind takes that kind's defaults. It is checked when it runs."""
    return parsed(spec_text(spec, set))


def cache_of(cache: Cache) -> str:
    if cache is None or cache is False:
        return ""
    folder = _core.cache_folder() if cache is True else os.fspath(cache)
    if folder and os.path.exists(folder) and not os.path.isdir(folder):
        raise _core.Error(f"cache must be a folder, found the file {folder}")
    return folder


def say_notes(runner: _core.Runner) -> None:
    for sentence in runner.notes():
        warnings.warn(sentence, RuntimeWarning, stacklevel=3)


def run(spec: Specification, progress: Progress | None = None, *, set: Mapping[str, Any] | None = None, cache: Cache = True,
        device: str = "cpu", all_victims: bool = False) -> Result:
    """Trains, attacks and measures one experiment.

    spec: a dict, "preset:NAME", or the path of a JSON file. set: fields to change, {"defense.beta": 0.1}.
    progress: called about ten times a second with the fraction of the stage, 0 to 1, and a text; what it raises ends the run.
    cache: True: finished stages are kept where `mid` keeps them, so that a new attack retrains nothing; a folder; False: nothing is kept.
    device: cpu, gpu or auto (docs/gpu.md). all_victims: pictures and beliefs are of everybody attacked, not of the first 60 or 1,000.

    Raises Error for bad input and Failure for work that broke, each with the core's sentence. Ctrl-C raises KeyboardInterrupt; with a
    cache the state is kept, and the same call goes on.
    """
    runner = _core.Runner(cache_of(cache), device, 0, None)
    result = result_of(runner.run(spec_text(spec, set), progress, "", all_victims))
    say_notes(runner)
    return result


def attack(predict: Callable[[Any], object], spec: Specification, progress: Progress | None = None, *, set: Mapping[str, Any] | None = None,
           name: str | None = None, cache: Cache = False, all_victims: bool = False) -> Result:
    """Attacks a model that is a function, as a model that only answers (docs/own-model.md, "Anything that answers").

    predict: takes records as a float32 array [n, inputs], NaN where a value is missing, in the order and units of data(spec).columns;
        gives [n, classes] confidences, or [n] numbers where the target is one. What it raises comes out. It is called on this thread,
        with at most model.rows_per_question records (256), and with no record twice.
    spec: whose records are the victims, what the release does to answers, and the attack. Its object "model" may say how to ask
        (as_table, fresh, tolerance, rows_per_question, budget); one that says how to train a model is left out.
    name: what sentences call the model. cache: as of run(), and only with a name: answers are kept under it, so another model needs
        another name. all_victims: as of run().
    """
    if not callable(predict):
        raise TypeError(f"predict must be a function of an array, found {type(predict).__name__}")
    if cache and not name:
        raise _core.Error("cache needs a name: answers are kept under it, and another model must have another")
    asked = specification(spec, set)
    model = asked.get("model", {})
    if isinstance(model, dict):
        if model.get("kind", "black_box") != "black_box":
            model = {}
        model = {key: value for key, value in model.items() if key not in ("command", "url")}
        asked["model"] = {"kind": "black_box", **model, "command": ["python", name or getattr(predict, "__qualname__", "predict")]}
    runner = _core.Runner(cache_of(cache), "cpu", 0, predict)
    result = result_of(runner.run(json.dumps(asked), progress, "", all_victims))
    say_notes(runner)
    return result


class Stopped(Exception):
    """Nobody waits for the other runs any more."""


def sweep(spec: Specification, vary: Mapping[str, Sequence[Any]] | None = None, seeds: int = 1, progress: Progress | None = None, *,
          set: Mapping[str, Any] | None = None, jobs: int | None = None, cache: Cache = True, device: str = "cpu") -> Iterator[Result]:
    """Runs every combination of the varied values with `seeds` seeds from the specification's on, and gives each result as it comes, in
    the order of `mid sweep`, with its ids. What the specification refuses and what fails gives a result that says so (Result.failed).

    vary: {"defense.beta": [0.001, 0.01]}; the last field changes fastest. jobs: runs at a time; as many as cores if not given.
    progress: called with the share of runs that have ended, and a text. The rest as of run(). Who leaves the loop stops the others.
    At most 1,000,000 runs; of more than 10,000 none is planned before its turn.
    """
    values = [(path, json.dumps(list(each), default=plain)) for path, each in (vary or {}).items()]
    planned = _core.Plan(spec_text(spec, set), values, seeds)
    return results_of(planned, progress, jobs or os.cpu_count() or 1, cache_of(cache), device)


def refused_result(plan: dict[str, Any]) -> Result:
    """What is no experiment, in the form of one that failed."""
    failed = {"stage": "", "sentence": plan["refused"], "input": True}
    return Result({"id": None, "spec": {"seed": plan["seed"]}, "utility": {}, "privacy": {}, "information": {}, "warnings": [], "failed": failed},
                  plan["varied"])


def results_of(planned: _core.Plan, progress: Progress | None, jobs: int, cache: str, device: str) -> Iterator[Result]:
    own = threading.local()  # a Session for each thread
    stop = threading.Event()

    def listen(fraction: float, text: str) -> None:
        if stop.is_set():
            raise Stopped

    def one(plan: dict[str, Any]) -> _core.Run:
        listen(0, "")
        if not hasattr(own, "runner"):
            own.runner = _core.Runner(cache, device, 1, None)
        runner: _core.Runner = own.runner
        run = runner.run(json.dumps(plan["spec"]), listen, plan["id"])
        say_notes(runner)
        return run

    def told(ended: int) -> None:
        if progress is not None:
            progress(ended / len(planned), f"{ended} of {len(planned)} runs")

    # Two combinations may be one experiment: it runs once. A long list is not looked through for that.
    needed = collections.Counter(parsed(planned.run(at))["id"] for at in range(len(planned) if planned.held else 0))
    plans: dict[int, dict[str, Any]] = {}
    runs: dict[str, concurrent.futures.Future[_core.Run]] = {}
    pool = concurrent.futures.ThreadPoolExecutor(max_workers=jobs)

    def start(at: int) -> None:
        if at in plans:
            return
        plan = plans[at] = parsed(planned.run(at))
        if not planned.held:
            needed[plan["id"]] += 1
        if not plan["refused"] and plan["id"] not in runs:
            runs[plan["id"]] = pool.submit(one, plan)

    try:
        told(0)
        for at in range(len(planned)):
            for soon in range(at, min(at + 2 * jobs, len(planned))):  # no more than that is held ready
                start(soon)
            plan = plans.pop(at)
            if plan["refused"]:
                result = refused_result(plan)
            else:
                result = result_of(runs[plan["id"]].result(), plan["varied"])
                needed[plan["id"]] -= 1
                if not needed[plan["id"]]:
                    del runs[plan["id"]], needed[plan["id"]]
            told(at + 1)
            yield result
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
