"""Shipped weights, and weights on disk.

This folder holds one ``NAME.safetensors`` and ``NAME.json`` for each model that comes with the
package.
"""

import os
from pathlib import Path

from ntmlab.errors import InputError, unknown_name
from ntmlab.models import Model
from ntmlab.names import ALIASES
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

    Raises InputError for anything else, with the nearest names.
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
    there = os.path.exists(path)
    if path.suffix == ".safetensors" and there:
        return path
    if there:
        raise InputError(f"{name} is neither a run folder nor weights (.safetensors)")
    if path.suffix == ".safetensors" or len(path.parts) > 1:
        raise InputError(
            f"no weights file or run folder {name}; ntmlab list models has the shipped names"
        )
    raise unknown_name(
        "model", name, [*known, *(a for a, full in ALIASES.items() if full in known)]
    )


def load_model(name: str) -> Model:
    """A trained model in evaluation mode, by shipped name, run folder or weights file.

    Raises InputError for unknown names and for damaged or foreign files.
    """
    return load_weights(weights_path(name))
