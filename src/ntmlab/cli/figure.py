"""``ntmlab figure``: one sequence above the predictions of several models."""

import argparse
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ntmlab.cli.inputs import (
    find_predictors,
    ngrams,
    one_sequence,
    parse_bits,
    parse_window,
    read_lines,
)
from ntmlab.console import coloured
from ntmlab.errors import InputError
from ntmlab.evaluation import Comparison, compare
from ntmlab.evaluation.predictors import LABELS
from ntmlab.evaluation.showing import SEED, sequence_to_show
from ntmlab.figures import save, strip_arrays, strips, strips_text
from ntmlab.figures.save import check_path
from ntmlab.sequences import Predictor, Sequences, Task
from ntmlab.tasks.draws import TRAINING_START


class Subject(NamedTuple):
    """What is drawn, and what the caption says of it."""

    sequences: Sequences  # a single one
    about: str


def run(arguments: argparse.Namespace) -> int:
    """Draws the picture, saves the arrays beside it, and prints where."""
    _check(arguments)
    task, given = ngrams(arguments), _given(arguments)
    steps = given.sequences.targets.shape[1] if given else task.steps
    window = parse_window(arguments.window, steps)
    if not arguments.terminal:
        check_path(Path(arguments.out))
    found = find_predictors(arguments.models, task)
    predictors = {_label(name): predictor for name, predictor in found.items()}
    sequences, about = given or _drawn(arguments, task, predictors)
    comparison = compare(sequences, predictors)
    marked: dict[str, Any] = {
        "window": window,
        "arrows": arguments.arrows,
        "arrow_models": arguments.arrow_models
        and [_label(name) for name in arguments.arrow_models],
    }
    look: dict[str, Any] = {"dark_is_one": not arguments.white_is_one, "about": about}
    if arguments.terminal:
        width, colour = shutil.get_terminal_size().columns, coloured(sys.stdout)
        print(strips_text(comparison, **marked, **look, width=width, colour=colour))
        return 0
    axes = strips(comparison, **marked, **look, close_up=not arguments.no_close_up)
    save(axes.figure, Path(arguments.out), _arrays(comparison, marked))
    print(arguments.out)
    return 0


def _label(name: str) -> str:
    return LABELS.get(name, name)


def _given(arguments: argparse.Namespace) -> Subject | None:
    """The sequence written on the command line or in a file, if one is."""
    if arguments.bits is not None:
        return Subject(one_sequence(parse_bits(arguments.bits, "the sequence")), "")
    if arguments.file is not None:
        return Subject(one_sequence(read_lines(arguments.file)[0]), "")
    return None


def _drawn(
    arguments: argparse.Namespace, task: Task, predictors: Mapping[str, Predictor]
) -> Subject:
    """The sequence of the seed and number asked for, or the one to show, and what is said of it."""
    seed, index, rule = arguments.seed, arguments.index, ""
    if seed is None and index is None:
        names = arguments.arrow_models or arguments.models
        marked = [_label(name) for name in names if name != "optimal"]
        index, rule = sequence_to_show(task, predictors, marked)
        rule = f": {rule}"
    seed, index = seed or SEED, index or 0
    return Subject(task.sample(1, seed, index), f"Sequence {index} of seed {seed}{rule}.")


def _arrays(comparison: Comparison, marked: Mapping[str, Any]) -> dict[str, NDArray[np.generic]]:
    """Input and predictions of the whole sequence by label, and where the arrows are."""
    every: dict[str, NDArray[np.generic]] = {"Input": comparison.targets[0, :, 0]}
    every |= {name: p[0, :, 0] for name, p in comparison.probabilities.items()}
    found = strip_arrays(comparison, **marked)
    return every | {k: v for k, v in found.items() if k.startswith(("arrows/", "departures/"))}


def _check(arguments: argparse.Namespace) -> None:
    """Raises InputError for options that do not go together."""
    if arguments.arrows < 0:
        raise InputError(f"--arrows must not be negative, not {arguments.arrows}")
    if arguments.index is not None:
        if arguments.bits is not None or arguments.file is not None:
            raise InputError("--index numbers a seed's sequences; leave out --bits and --file")
        if not 0 <= arguments.index < TRAINING_START:
            raise InputError(f"--index is from 0 to {TRAINING_START - 1}, not {arguments.index}")
    missing = set(arguments.arrow_models or ()) - set(arguments.models)
    if missing:
        raise InputError(f"--arrow-models names {', '.join(sorted(missing))}, not in --models")
