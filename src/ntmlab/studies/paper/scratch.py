"""Trains what a figure of the paper shows."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from ntmlab.runs.folder import RunFolder
from ntmlab.runs.status import finished
from ntmlab.sweeps.attempts import Sweep
from ntmlab.sweeps.executors.processes import Processes, cores
from ntmlab.sweeps.shown import drive
from ntmlab.sweeps.study import Study, add_study, read_study
from ntmlab.sweeps.units import Unit
from ntmlab.training import RECIPES, resume, train
from ntmlab.training.estimate import estimated_seconds, in_words


def train_models(names: Sequence[str], folder: Path, device: str) -> bool:
    """Trains what is not there yet as RECIPE-seed0; returns whether all ended.

    What was begun there goes on first; the others are a sweep, as many at once as there are cores.
    LSTMs are trained on the device. How long it takes here is said on stderr.
    """
    places = {name: device if RECIPES[name].model == "lstm" else "cpu" for name in names}
    todo = [name for name in names if not finished(folder / f"{name}-seed0")]
    for name in todo:
        words = in_words(estimated_seconds(RECIPES[name], places[name]))
        print(f"training {name}: about {words} here", file=sys.stderr)
    begun = [name for name in todo if (folder / f"{name}-seed0").exists()]
    new = [name for name in todo if name not in begun]
    ended = all(_go_on(name, folder / f"{name}-seed0", places[name]) for name in begun) and all(
        _sweep([name for name in new if places[name] == place], folder, place)
        for place in dict.fromkeys(places[name] for name in new)
    )
    if not ended:
        print("saved; the same command goes on", file=sys.stderr)
    return ended


def _go_on(name: str, path: Path, device: str) -> bool:
    if RunFolder(path).config.exists():
        return resume(path)
    return train(RECIPES[name], 0, path, device)


def _sweep(names: list[str], folder: Path, device: str) -> bool:
    """Trains at once what is not begun; attempts are in a folder that goes when all have ended."""
    sweep = Sweep(folder / f"under-way-{device}", folder)
    there = read_study(sweep) if sweep.study.exists() else None
    threads = there.threads if there else max(1, cores() // len(names))
    study = Study({f"{name}-seed0": Unit(RECIPES[name], 0, {}) for name in names}, device, threads)
    add_study(sweep, study)
    done, failed = drive(sweep, study, Processes(threads))
    if failed:
        print(f"failed: {', '.join(failed)}; see {sweep.path}", file=sys.stderr)
    elif done:
        shutil.rmtree(sweep.path, ignore_errors=True)
    return done and not failed
