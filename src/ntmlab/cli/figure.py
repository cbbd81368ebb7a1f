"""``ntmlab figure``: one sequence above the predictions of several models."""

import argparse
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

from ntmlab.cli.inputs import (
    default_models,
    find_predictors,
    name_of,
    next_symbol_task,
    one_sequence,
    parse_window,
    read_lines,
)
from ntmlab.console import coloured
from ntmlab.errors import InputError, Remark
from ntmlab.evaluation import compare
from ntmlab.evaluation.predictors import LABELS
from ntmlab.figures import strips_text
from ntmlab.figures.lines import chosen_rows
from ntmlab.figures.save import check_path
from ntmlab.letters import read_letters
from ntmlab.sequences import Sequences
from ntmlab.studies import strips
from ntmlab.tasks.draws import TRAINING_START

MODELS = ("optimal", "ntm", "lstm")  # of the paper's task
OF_PICTURES = ("differences", "columns", "width")
NOT_IN_A_TERMINAL = (*OF_PICTURES, "out", "no_close_up")


def run(arguments: argparse.Namespace) -> int:
    """Draws the picture, saves the arrays beside it, and prints where."""
    models = arguments.models or _models(arguments.task)
    _check(arguments, models)
    task, letters = next_symbol_task(arguments, models)
    given = _given(arguments, letters)
    window = parse_window(arguments.window, given.inputs.shape[1] if given else task.steps)
    chosen_rows(arguments.rows, letters)
    out = arguments.out or "strips.png"
    if not arguments.terminal:
        check_path(Path(out))
    found = find_predictors(models, task, unchecked=arguments.unchecked)
    labels = {name: _label(shown) for name, shown in zip(models, found, strict=True)}
    predictors = {_label(shown): predictor for shown, predictor in found.items()}
    marked = [labels[name] for name in arguments.arrow_models or models if name != "optimal"]
    drawn = (
        strips.Subject(given, "")
        if given
        else strips.subject(task, predictors, marked, arguments.seed, arguments.index)
    )
    comparison = compare(drawn.sequences, predictors)
    look: dict[str, Any] = {
        "about": drawn.about,
        "window": window,
        "arrows": arguments.arrows,
        "arrow_models": marked if arguments.arrow_models else None,
        "rows": arguments.rows,
        "dark_is_one": not arguments.white_is_one,
    }
    if arguments.terminal:
        width, colour = shutil.get_terminal_size().columns, coloured(sys.stdout)
        print(strips_text(comparison, **look, width=width, colour=colour))
        return 0
    look |= {name: getattr(arguments, name) for name in OF_PICTURES}
    strips.drawing(comparison, **look, close_up=not arguments.no_close_up).save(out)
    print(out)
    return 0


def _models(task: str | None) -> list[str]:
    """The models drawn where none are named: the paper's, or those shipped for a task."""
    return list(MODELS) if task is None else default_models(task)


def _label(name: str) -> str:
    return LABELS.get(name, name)


def _given(arguments: argparse.Namespace, letters: int) -> Sequences | None:
    """The sequence written on the command line or in a file, if one is."""
    if arguments.bits is not None and letters != 2:
        raise InputError(f"--bits is for two letters; this task has {letters}: give --symbols")
    text = arguments.bits if arguments.symbols is None else arguments.symbols
    if text is not None:
        return one_sequence(read_letters(text, letters, "the sequence"), letters)
    if arguments.file is not None:
        lines = read_lines(arguments.file, letters)
        if len(lines) > 1:
            about = f"{name_of(arguments.file)} has {len(lines):,} sequences; the first is drawn"
            warnings.warn(about, Remark, stacklevel=2)
        return one_sequence(lines[0], letters)
    return None


def _check(arguments: argparse.Namespace, models: list[str]) -> None:
    """Raises InputError for options that do not go together."""
    if arguments.arrows < 0:
        raise InputError(f"--arrows must not be negative, not {arguments.arrows}")
    is_written = (arguments.bits, arguments.symbols, arguments.file) != (None, None, None)
    if is_written and arguments.length is not None:
        raise InputError("--length is of sequences that are drawn; leave out it or the sequence")
    if arguments.no_close_up and (arguments.columns, arguments.width) != (None, None):
        raise InputError("with --columns or --width nothing is larger: leave out --no-close-up")
    if arguments.index is not None:
        if is_written:
            raise InputError("--index numbers a seed's sequences; leave out the sequence")
        if not 0 <= arguments.index < TRAINING_START:
            raise InputError(f"--index is from 0 to {TRAINING_START - 1}, not {arguments.index}")
    if arguments.terminal and (given := [n for n in NOT_IN_A_TERMINAL if getattr(arguments, n)]):
        raise InputError(f"--{given[0].replace('_', '-')} is for a picture; leave out --terminal")
    if arguments.differences and "optimal" not in models:
        raise InputError("--differences are from optimal, which is not in --models")
    missing = set(arguments.arrow_models or ()) - set(models)
    if missing:
        raise InputError(f"--arrow-models names {', '.join(sorted(missing))}, not in --models")
