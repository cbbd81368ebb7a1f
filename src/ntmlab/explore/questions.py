"""What the browser may ask, checked: every bound of the server stands here."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ntmlab.errors import InputError
from ntmlab.given import is_whole
from ntmlab.specifications import MOST_CHARACTERS

LONGEST = 10_000  # steps of a sequence
MOST_TEXT = 4 * LONGEST  # characters of one: beyond 36 letters, numbers and commas
MOST_MODELS = 8
MOST_CHANGES = 32
MOST_ARROWS = 20
LARGEST_SEED = 2**64 - 1
SIZES = ("length", "repeats", "items")

# Slots that a change names.
CHANGES = {"clear": 1, "swap": 2, "freeze": 0}


class Change(NamedTuple):
    """Something done to a machine's memory before a step reads it.

    "clear" sets a slot to zeros, "swap" exchanges two, "freeze" keeps all from there on.
    """

    kind: str
    step: int
    slots: tuple[int, ...]


class ViewQuestion(NamedTuple):
    """What predictors say of one sequence of letters."""

    task: str | None  # a specification; the catalog's first task without one
    symbols: str | None  # either these letters
    seed: int | None  # or the first sequence of this seed
    models: tuple[str, ...]
    arrows: int
    window: tuple[int, int] | None
    machine: str | None  # the NTM to be traced
    changes: tuple[Change, ...]


class AnswerQuestion(NamedTuple):
    """What a model answers on a task whose targets follow from its inputs."""

    task: str | None
    model: str
    seed: int
    sizes: dict[str, int]


def view_question(given: object) -> ViewQuestion:
    """The checked question; raises InputError naming the first field that is wrong."""
    known = "task symbols seed models arrows window machine changes"
    fields = _fields(given, known.split())
    symbols, seed = fields.get("symbols"), fields.get("seed")
    if (symbols is None) == (seed is None):
        raise InputError("give either symbols or a seed")
    return ViewQuestion(
        task=_task(fields.get("task")),
        symbols=None if symbols is None else _symbols(symbols),
        seed=None if seed is None else _whole(seed, "seed", 0, LARGEST_SEED),
        models=_models(fields.get("models", ["optimal"])),
        arrows=_whole(fields.get("arrows", 2), "arrows", 0, MOST_ARROWS),
        window=_window(fields.get("window")),
        machine=None if fields.get("machine") is None else _text(fields["machine"], "machine"),
        changes=tuple(map(_change, _items(fields.get("changes", []), "changes", MOST_CHANGES))),
    )


def answer_question(given: object) -> AnswerQuestion:
    """The checked question; raises InputError naming the first field that is wrong."""
    fields = _fields(given, ["task", "model", "seed", "sizes"])
    sizes = _fields(fields.get("sizes", {}), SIZES)
    return AnswerQuestion(
        task=_task(fields.get("task")),
        model=_text(fields.get("model"), "model"),
        seed=_whole(fields.get("seed", 0), "seed", 0, LARGEST_SEED),
        sizes={name: _whole(value, name, 1, LONGEST) for name, value in sizes.items()},
    )


def _fields(given: object, known: Iterable[str]) -> Mapping[str, Any]:
    names = list(known)
    if not isinstance(given, dict):
        raise InputError(f"expected a JSON object with {', '.join(names)}")
    for name in given:
        if name not in names:
            raise InputError(f"unknown field {str(name)[:40]!r}; known: {', '.join(names)}")
    return given


def _whole(value: object, name: str, least: int, most: int) -> int:
    if not is_whole(value) or not least <= value <= most:
        raise InputError(f"{name} must be a whole number from {least} to {most}")
    return value


def _text(value: object, name: str, most: int = 200) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= most:
        raise InputError(f"{name} must be a text of 1 to {most} characters")
    return value


def _task(value: object) -> str | None:
    return None if value is None else _text(value, "task", MOST_CHARACTERS)


def _symbols(value: object) -> str:
    return _text(value, "symbols", MOST_TEXT)


def _items(value: object, name: str, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise InputError(f"{name} must be a list of at most {most}")
    return value


def _models(value: object) -> tuple[str, ...]:
    names = tuple(_text(name, "a model") for name in _items(value, "models", MOST_MODELS))
    if not names or len(set(names)) < len(names):
        raise InputError("models must name at least one model, and none twice")
    return names


def _window(value: object) -> tuple[int, int] | None:
    if value is None:
        return None
    ends = _items(value, "window", 2)
    if len(ends) != 2:
        raise InputError("window must be a first step and a later end")
    start = _whole(ends[0], "window's start", 0, LONGEST - 1)
    return start, _whole(ends[1], "window's end", start + 1, LONGEST)


def _change(value: object) -> Change:
    fields = _fields(value, ["kind", "step", "slots"])
    kind = fields.get("kind")
    if not isinstance(kind, str) or kind not in CHANGES:
        raise InputError(f"a change's kind must be one of {', '.join(CHANGES)}")
    slots = _items(fields.get("slots", []), "slots", 2)
    if len(slots) != CHANGES[kind]:
        raise InputError(f"{kind} takes {CHANGES[kind]} slots, not {len(slots)}")
    return Change(
        kind,
        _whole(fields.get("step"), "a change's step", 0, LONGEST - 1),
        tuple(_whole(slot, "a slot", 0, 2**20) for slot in slots),
    )
