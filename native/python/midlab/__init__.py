"""What a trained model gives away about the people in its data, and what mutual-information regularisation does about it.

    import midlab
    result = midlab.run("preset:visitors", set={"defense.beta": 0.01})
    result["privacy"]["line_up"]["value"], result.pictures.guess

docs/python.md has more. Wherever a specification is taken it is a dict, "preset:NAME", or the path of a JSON file.
"""

from __future__ import annotations

import os as _os
import pathlib as _pathlib
from typing import Any

# Data sets that were installed with the package; otherwise the core finds its own.
_data = _pathlib.Path(__file__).parent / "data"
if (_data / "SHA256SUMS").is_file():
    _os.environ.setdefault("MIDLAB_DATA", str(_data))

from . import _core, _run
from ._core import Error, Failure
from ._records import Column, Data, Part, data
from ._result import Answers, Beliefs, LineUps, PicturePath, Pictures, Result
from ._run import attack, run, specification, sweep

__version__: str = _core.version

__all__ = [
    "Answers", "Beliefs", "Column", "Data", "Error", "Failure", "LineUps", "Part", "PicturePath", "Pictures", "Result", "__version__",
    "attack", "catalogue", "data", "presets", "run", "schema", "specification", "sweep",
]


def catalogue() -> dict[str, Any]:
    """What forms are made of, as `mid schema --catalogue` prints it: sections, entries, parameters, presets, version."""
    return _run.parsed(_core.catalogue())


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a specification, as `mid schema` prints it."""
    return _run.parsed(_core.schema())


def presets() -> dict[str, dict[str, Any]]:
    """The presets in their order: name to specification, complete or not."""
    return {name: specification(f"preset:{name}") for name in _core.presets()}
