"""Sequences, tasks and predictors as the command line names them."""

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ntmlab.errors import InputError
from ntmlab.evaluation.predictors import find_predictor, is_exact
from ntmlab.evaluation.prefix import LooksAhead, marked
from ntmlab.letters import read_letters
from ntmlab.models import NTM, ModulePredictor, WritesFor, names_code
from ntmlab.models.sizes import check_positive
from ntmlab.names import PAPER_TASK
from ntmlab.sequences import Predictor, Sequences, Task, next_symbol
from ntmlab.specifications import write_specification
from ntmlab.tasks import (
    fix_sizes,
    make_task,
    settings_of,
    specification,
    split_task,
    task_of_card,
)
from ntmlab.tasks.optimum import optimum_of
from ntmlab.weights import ALIASES, read_card, shipped, weights_path

MOST_CHARACTERS = 10**8  # of a text of sequences
SIZES = ("length", "repeats", "items", "order", "prior")


def read_lines(path: str, letters: int) -> list[list[int]]:
    """The sequences of a text, one a line; "-" is standard input.

    Raises InputError if there is none, or one is empty or has other characters than letters.
    """
    name = name_of(path)
    try:
        text = _text(path)
    except FileNotFoundError:
        raise InputError(f"there is no file {path}") from None
    except UnicodeDecodeError:
        raise InputError(f"{name} is not a text file of one sequence a line") from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    text = text.removeprefix("\ufeff").rstrip()  # a byte order mark
    lines = [line.strip() for line in text.split("\n")] if text else []
    if not lines:
        raise InputError(f"{name} is empty; give one sequence a line")
    return [read_letters(line, letters, f"{name}, line {i},") for i, line in enumerate(lines, 1)]


def name_of(path: str) -> str:
    """What a file is called in messages."""
    return "standard input" if path == "-" else path


def _text(path: str) -> str:
    """All of a text; raises InputError where it is too long to be held."""
    if path == "-":
        text = sys.stdin.read(MOST_CHARACTERS + 1)
    else:
        with Path(path).open(encoding="utf-8") as file:
            text = file.read(MOST_CHARACTERS + 1)
    if len(text) > MOST_CHARACTERS:
        raise InputError(
            f"{name_of(path)} has more than {MOST_CHARACTERS:,} characters; give it in parts"
        )
    return text


def parse_window(text: str | None, length: int) -> tuple[int, int] | None:
    """The steps to show, checked to lie within the sequence."""
    if text is None:
        return None
    start, colon, end = text.partition(":")
    if not (colon and start.isdecimal() and end.isdecimal() and len(text) < 40):
        raise InputError(
            f"--window takes A:B with whole numbers, such as 80:120, not {text[:40]!r}"
        )
    if not 0 <= int(start) < int(end) <= length:
        raise InputError(f"--window {text} does not lie within the sequence's {length} steps")
    return int(start), int(end)


def one_sequence(symbols: list[int], letters: int = 2) -> Sequences:
    """A batch of one."""
    return next_symbol([symbols], letters)


def next_symbol_task(arguments: argparse.Namespace, models: Iterable[str]) -> tuple[Task, int]:
    """The task of a command that predicts symbols, and the size of its alphabet.

    Raises InputError for a task that asks for answers.
    """
    task, _ = specified_task(arguments, models)
    return task, letters_of(task)


def letters_of(task: Task) -> int:
    """The size of a task's alphabet; raises InputError for a task that asks for answers."""
    if task.letters is None:
        raise InputError(
            f"this is about predicting the next symbol; task {task.name} asks for answers"
        )
    return task.letters


def specified_task(arguments: argparse.Namespace, models: Iterable[str]) -> tuple[Task, str]:
    """The task named, of the sizes given, and the specification that makes it again.

    What is not given is as the trained models among ``models`` had it in training, where they
    agree; where they do not, or another size is given, a remark on stderr says so. Raises
    InputError for sizes the task does not have, or is named with as others, or models of different
    forms.
    """
    bound = {model: _task_of_card(model) for model in models if is_trained(model)}
    first = next((task for task, _ in bound.values() if task), PAPER_TASK)
    name, named = split_task(arguments.task or first)
    trained = {m: options for m, (its, options) in bound.items() if its == name and options}
    own = _agreed(name, trained) | named
    task, spec = specified(name, own | _sizes(arguments, name, named, own))
    _remark(name, task, trained)
    return task, spec


def _sizes(
    arguments: argparse.Namespace, name: str, named: Mapping[str, Any], own: Mapping[str, Any]
) -> dict[str, Any]:
    """The options of the sizes given; raises InputError for one that is named as another."""
    found: dict[str, Any] = {}
    for size in SIZES:
        if (value := getattr(arguments, size, None)) is None:
            continue
        for option, fixed in fix_sizes(name, {size: value}, **own).items():
            if option in named and named[option] != fixed:
                then = write_specification(name, {option: named[option]})
                now = " ".join(map(str, value)) if isinstance(value, list) else value
                raise InputError(f"{then} and --{size} {now} are two values of one: give one")
            found[option] = fixed
    return found


def specified(name: str, options: Mapping[str, Any]) -> tuple[Task, str]:
    """A task by name and options, and the specification that makes it again."""
    task = make_task(name, **options)
    return task, specification(name, settings_of(task))


def head_of(task: Task, spec: str, sequences: int, seed: int) -> dict[str, Any]:
    """What JSON of a command begins with: the task by a name, and so that it can be made again."""
    return {"task": task.name, "specification": spec, "sequences": sequences, "seed": seed}


def with_options(head: dict[str, Any], task: Task) -> dict[str, Any]:
    """The head, and the task's options after it; one that is called as what is there stays out.

    The specification has it all the same.
    """
    return {**head, **{k: v for k, v in task.options().items() if k not in head}}


def _agreed(name: str, trained: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The options that all trained models share, their form at least."""
    every = list(trained.items())
    if not every:
        return {}
    first, options = every[0]
    made = make_task(name, **options)
    for other, others in every[1:]:
        another = make_task(name, **others)
        if any(getattr(made, k, None) != getattr(another, k, None) for k in made.form):
            raise InputError(f"{first} and {other} are trained on different forms of the task")
    if all(others == options for _, others in every):
        return options
    return {key: options[key] for key in made.form if key in options}


def _remark(name: str, task: Task, trained: dict[str, dict[str, Any]]) -> None:
    """Says which models were trained on other sizes than are now asked for."""
    now = specification(name, settings_of(task))
    for model, options in trained.items():
        then = specification(name, settings_of(make_task(name, **options)))
        if then != now:
            print(f"ntmlab: {model} was trained on {then}; this is {now}", file=sys.stderr)


def is_trained(model: str) -> bool:
    """Whether a name stands for weights on disk, and not for an exact or a user's predictor."""
    return not (is_exact(model) or names_code(model))


def _task_of_card(model: str) -> tuple[str, dict[str, Any]]:
    """The task that a trained model is for and its options; no name where the card says none."""
    card = read_card(weights_path(model))
    return task_of_card(card, f"the card of model {model}") if "task" in card else ("", {})


def default_models(text: str) -> list[str]:
    """The optimum, if it is known, and the shipped models that fit a task.

    Raises InputError where there is none of these.
    """
    name, options = split_task(text)
    task = make_task(name, **options)
    short = {full: alias for alias, full in ALIASES.items()}
    found = []
    for model, path in shipped().items():
        card = read_card(path)
        sizes = (card["options"].get("input_size"), card["options"].get("output_size"))
        if card.get("task") == name and sizes == (task.input_size, task.output_size):
            found.append(short.get(model, model))
    order = list(ALIASES)
    found.sort(key=lambda model: order.index(model) if model in order else len(order))
    if optimum_of(task) is not None:
        return ["optimal", *found]
    if not found:
        raise InputError(f"task {text} has no known optimum and no shipped model: give --models")
    return found


def find_predictors(
    names: Sequence[str], task: Task, *, unchecked: bool = False, writes: int | None = None
) -> dict[str, Predictor]:
    """Predictors by name, in order; raises InputError for a name that is unknown or given twice.

    What looks ahead is refused, or marked in its name where it is taken ``unchecked``. With
    ``writes``, each NTM is followed by itself as it writes for so many steps and then only reads.
    Raises InputError where there is none.
    """
    found: dict[str, Predictor] = {}
    for name in names:
        if name in found or marked(name) in found:
            raise InputError(f"model {name} is named twice")
        predictor = find_predictor(name, task, unchecked=unchecked)
        ahead = isinstance(predictor, LooksAhead)
        found[marked(name) if ahead else name] = predictor
    return found if writes is None else _and_writing_for(found, writes)


def _and_writing_for(predictors: dict[str, Predictor], steps: int) -> dict[str, Predictor]:
    """The predictors, each NTM among them followed by itself as it writes for so many steps."""
    check_positive(**{"--writes": steps})
    found = {}
    for name, one in predictors.items():
        found[name] = one
        if isinstance(one, ModulePredictor) and isinstance(one.module, NTM):
            machine = WritesFor(one.module, steps)
            found[f"{name}, {steps} writes"] = ModulePredictor(machine, one.outputs)
    if len(found) == len(predictors):
        raise InputError("--writes is for NTMs, and there is none among the models")
    return found
