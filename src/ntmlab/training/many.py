"""Brings run folders of several seeds to their ends, those together that can step together."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import NamedTuple

import torch

from ntmlab.errors import InputError
from ntmlab.files import make_folders
from ntmlab.recipes import Recipe
from ntmlab.runs.folder import (
    RunFolder,
    begun,
    check_free,
    create,
    going_on,
    locked,
    trained_on,
)
from ntmlab.runs.status import finished
from ntmlab.training.checkpoint import check_settings, generators
from ntmlab.training.device import find_device
from ntmlab.training.isolation import isolated
from ntmlab.training.keeper import TrainingError
from ntmlab.training.longer import take_up
from ntmlab.training.loop import Observer, Trainer
from ntmlab.training.progress import watched
from ntmlab.training.together import Generators, Group, why_not_together
from ntmlab.training.validation import Validation

Ending = bool | TrainingError  # whether a run's end was reached, or why it failed


class Place(NamedTuple):
    """A seed and its run folder."""

    seed: int
    path: Path


def complete_together(
    recipe: Recipe, places: Sequence[Place], device: str = "cpu", also: Observer | None = None
) -> dict[Path, Ending]:
    """Brings runs of several seeds to their ends, wherever each stands, step by step together.

    Those that stand at one position step together, and such groups one after another. Raises
    InputError where a model cannot, or a folder holds a run of other settings or of another device,
    and begins none then.
    """
    why_not = why_not_together(recipe)
    if why_not is not None:
        raise InputError(why_not)
    place = find_device(device, recipe.model)
    for one in places:
        check_place(recipe, one, device)
    endings: dict[Path, Ending] = {one.path: finished(one.path) for one in places}
    left = [one for one in places if not endings[one.path]]
    asked, also = Event(), also or Observer()
    with isolated(place), ExitStack() as locks:
        standing: dict[int, list[tuple[Trainer, Generators]]] = {}
        validation = Validation(recipe.make_task()) if left else None
        for one in left:
            trainer = open_run(recipe, one, device, place, validation, locks)
            at = trainer.progress.sequences
            standing.setdefault(at, []).append((trainer, generators(trainer.model)))
        for _, trainers in sorted(standing.items()):
            ended = _train(trainers, place, replace(also, asked=asked.set))
            endings |= {
                trainer.keeper.run.path: end
                for (trainer, _), end in zip(trainers, ended, strict=True)
            }
            if asked.is_set() or False in ended:
                break
    if asked.is_set():
        also.asked()
    return endings


def check_place(recipe: Recipe, one: Place, device: str) -> None:
    """Raises InputError unless a run can begin or go on at a place."""
    run = RunFolder(one.path)
    if not run.config.exists():
        check_free(run)
        return
    check_settings(one.path, recipe, one.seed)
    if begun(run) and not finished(one.path) and trained_on(run) != device:
        raise InputError(
            f"{one.path} was trained on {trained_on(run)}, not {device}; bring it to its end with: "
            f"{going_on(one.path)}"
        )


def open_run(
    recipe: Recipe,
    one: Place,
    device: str,
    place: torch.device,
    validation: Validation | None,
    locks: ExitStack,
) -> Trainer:
    """The trainer of a run that begins or goes on, its folder locked."""
    run = RunFolder(one.path)
    trainer = Trainer(run, recipe, one.seed, Observer(), place, validation=validation)
    make_folders(run.path)
    locks.enter_context(locked(run))
    if not run.config.exists():
        create(one.path, recipe, one.seed, device)
    else:
        check_settings(one.path, recipe, one.seed)  # again: now nobody else writes there
        take_up(trainer, device)
    return trainer


def _train(
    trainers: list[tuple[Trainer, Generators]], place: torch.device, also: Observer
) -> list[Ending]:
    """Trains a group with a display, until the end or a signal."""
    runs, first = len(trainers), trainers[0][0]
    total, done = runs * first.recipe.sequences, runs * first.progress.sequences
    with watched(total, done, also) as observer:
        return list(Group(trainers, observer, place).train())
