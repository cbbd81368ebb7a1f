"""Sequences and predictors as the command line names them."""

import argparse
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from ntmlab.errors import InputError
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.sequences import Predictor, Sequences, Task, next_symbol
from ntmlab.tasks import TASKS, DynamicNGrams, fix_sizes, make_task
from ntmlab.weights import read_card, shipped, weights_path


def parse_bits(text: str, where: str) -> list[int]:
    """The bits of a text of 0s and 1s; raises InputError saying which character is neither, where.

    >>> parse_bits("0110", "the sequence")
    [0, 1, 1, 0]
    """
    if not text:
        raise InputError(f"{where} is empty; give at least one 0 or 1")
    for place, character in enumerate(text, start=1):
        if character not in "01":
            raise InputError(f"{where} has {character!r} at character {place}; only 0 and 1 count")
    return [int(character) for character in text]


def read_lines(path: str) -> list[list[int]]:
    """The sequences of a text, one a line; "-" is standard input.

    Raises InputError if there is none, or one is empty or has other characters.
    """
    name = "standard input" if path == "-" else path
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"there is no file {path}") from None
    except UnicodeDecodeError:
        raise InputError(f"{name} is not a text file; only 0 and 1 count") from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    lines = [line.strip() for line in text.rstrip().splitlines()]
    if not lines:
        raise InputError(f"{name} is empty; give one sequence of 0s and 1s a line")
    return [parse_bits(line, f"{name}, line {i},") for i, line in enumerate(lines, start=1)]


def parse_window(text: str | None, length: int) -> tuple[int, int] | None:
    """The steps to show, checked to lie within the sequence."""
    if text is None:
        return None
    start, colon, end = text.partition(":")
    if not (colon and start.isdecimal() and end.isdecimal()):
        raise InputError(f"--window takes A:B with whole numbers, such as 80:120, not {text!r}")
    if not 0 <= int(start) < int(end) <= length:
        raise InputError(f"--window {text} does not lie within the sequence's {length} steps")
    return int(start), int(end)


def one_sequence(bits: list[int]) -> Sequences:
    """A batch of one."""
    return next_symbol([bits])


def ngrams(arguments: argparse.Namespace) -> DynamicNGrams:
    """The task with the sizes given on the command line."""
    return DynamicNGrams(**ngrams_options(arguments))


def ngrams_of(options: dict[str, Any]) -> DynamicNGrams:
    """The task of a card's options; raises InputError for those it does not have."""
    task = make_task(DynamicNGrams.name, **options)
    assert isinstance(task, DynamicNGrams)
    return task


def ngrams_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """The sizes given on the command line, defaults left out."""
    names = ("length", "order", "prior")
    given = {name: getattr(arguments, name, None) for name in names}
    return {name: value for name, value in given.items() if value is not None}


def sized_task(arguments: argparse.Namespace, models: Iterable[str]) -> Task:
    """The task named, of the sizes given, in the form that the trained models are bound to.

    Raises InputError for sizes the task does not have, or models of different forms.
    """
    names = ("length", "repeats", "items", "order", "prior")
    given = {name: getattr(arguments, name, None) for name in names}
    sizes = fix_sizes(arguments.task, {k: v for k, v in given.items() if v is not None})
    forms = {name: form for name in models if (form := _form(name, arguments.task))}
    for (first, form), (other, another) in pairwise(forms.items()):
        if form != another:
            raise InputError(f"{first} and {other} are trained on different forms of the task")
    return make_task(arguments.task, **next(iter(forms.values()), {}) | sizes)


def is_trained(model: str) -> bool:
    """Whether a name stands for weights on disk, and not for an exact or a user's predictor."""
    return not (model in ("optimal", "coin") or model.startswith("kt-") or ":" in model)


def _form(model: str, task: str) -> dict[str, Any]:
    """The task options that a model's card binds it to; none for what has no card."""
    if not is_trained(model):
        return {}
    card = read_card(weights_path(model))
    options = card.get("task_options", {})
    return {k: options[k] for k in TASKS[task].form if card.get("task") == task and k in options}


def default_models(task: str) -> list[str]:
    """The optimum and the shipped models of a task."""
    if task == DynamicNGrams.name:
        return ["optimal", "ntm", "lstm"]
    cards = {name: read_card(path) for name, path in shipped().items()}
    return ["optimal", *(name for name, card in cards.items() if card.get("task") == task)]


def find_predictors(names: Iterable[str], task: Task) -> dict[str, Predictor]:
    """Predictors by name, in order; raises InputError for a name that is unknown or given twice."""
    found: dict[str, Predictor] = {}
    for name in names:
        if name in found:
            raise InputError(f"model {name} is named twice")
        found[name] = find_predictor(name, task)
    return found
