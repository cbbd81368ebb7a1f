"""Trains what a figure of the paper shows."""

import sys
from collections.abc import Sequence
from pathlib import Path

from ntmlab.runs.status import finished
from ntmlab.training import RECIPES, resume, train
from ntmlab.training.estimate import estimated_seconds, in_words


def train_models(names: Sequence[str], folder: Path, device: str) -> bool:
    """Trains what is not there yet as RECIPE-seed0; returns whether all ended.

    LSTMs are trained on the device. How long it takes here is said on stderr.
    """
    places = {name: device if RECIPES[name].model == "lstm" else "cpu" for name in names}
    todo = [name for name in names if not finished(folder / f"{name}-seed0")]
    for name in todo:
        words = in_words(estimated_seconds(RECIPES[name], places[name]))
        print(f"training {name}: about {words} here", file=sys.stderr)
    for name in todo:
        path = folder / f"{name}-seed0"
        begun = (path / "config.json").exists()
        ended = resume(path) if begun else train(RECIPES[name], 0, path, places[name])
        if not ended:
            print("saved; the same command goes on", file=sys.stderr)
            return False
    return True
