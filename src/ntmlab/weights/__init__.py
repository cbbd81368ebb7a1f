"""Shipped weights, and weights on disk.

This folder holds one ``NAME.safetensors`` and ``NAME.json`` for each model that comes with the
package.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from ntmlab.errors import InputError, nearest
from ntmlab.models import Model, names_code
from ntmlab.names import ALIASES, EXACT
from ntmlab.optimal.named import named_form
from ntmlab.runs.weights import load_weights, read_card, save_model

FOLDER = Path(__file__).parent

RUN_WEIGHTS = "model.safetensors"  # in a run folder

__all__ = [
    "ALIASES",
    "load_model",
    "load_weights",
    "read_card",
    "save_model",
    "shipped",
    "weights_path",
]


def shipped() -> dict[str, Path]:
    """The weights that come with the package: their names and files."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.safetensors"))}


def weights_path(name: str) -> Path:
    """The weights file a name stands for: a shipped model, a run folder, or a weights file.

    Raises InputError for anything else, with the nearest names, those of exact predictors too.
    """
    known = shipped()
    full_name = ALIASES.get(name, name)
    if full_name in known:
        return known[full_name]
    path = Path(name)
    if os.path.isdir(path):  # False for names that no file can have
        if not (path / RUN_WEIGHTS).exists():
            raise InputError(
                f"folder {name} holds no {RUN_WEIGHTS}; is it a run, and has it saved?"
            )
        return path / RUN_WEIGHTS
    if path.suffix == ".safetensors":
        return path
    aliases = [alias for alias, full in ALIASES.items() if full in known]
    if names_code(name):
        raise InputError(
            f"model {name} is code, and this asks for a trained model: train it with ntmlab train "
            f"--task TASK --model {name}, and name its run"
        )
    if name in EXACT or named_form(name):
        raise InputError(f"{name!r} is an exact predictor; this asks for a trained model")
    raise unknown_model(name, sorted([*known, *aliases, *EXACT]))


def unknown_model(name: str, known: Iterable[str]) -> InputError:
    """The error for what is no model: a path that is not there, or a name, with the nearest.

    >>> print(unknown_model("runs/gru", []))
    there is no run folder or weights file 'runs/gru'
    >>> str(unknown_model("optmal", ["coin", "optimal"])).partition("?")[0]
    "unknown model 'optmal'; did you mean 'optimal'"
    """
    if "/" in name or os.sep in name:
        return InputError(f"there is no run folder or weights file {name!r}")
    meant = nearest(name, known) or ";"
    own = "one of your own is module:factory, as mine:GRU for the GRU of mine.py"
    return InputError(f"unknown model {name!r}{meant} `ntmlab list models` has all; {own}")


def load_model(name: str) -> Model:
    """A trained model in evaluation mode, by shipped name, run folder or weights file.

    Raises InputError for unknown names and for damaged or foreign files.
    """
    return load_weights(weights_path(name))
