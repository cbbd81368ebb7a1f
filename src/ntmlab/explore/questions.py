"""What the browser may ask, checked: every bound of the server stands here."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ntmlab.errors import InputError

LONGEST = 10_000  # bits or steps of a sequence
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


class Draw(NamedTuple):
    """A sequence to be drawn from the task: the first of a seed."""

    seed: int
    length: int


class ViewQuestion(NamedTuple):
    """What predictors say of one sequence of bits."""

    bits: str | None  # either these
    draw: Draw | None  # or these
    order: int
    prior: tuple[float, float]
    models: tuple[str, ...]
    arrows: int
    window: tuple[int, int] | None
    machine: str | None  # the NTM to be traced
    changes: tuple[Change, ...]


class AnswerQuestion(NamedTuple):
    """What a model answers on a task whose targets follow from its inputs."""

    model: str
    seed: int
    sizes: dict[str, int]


def view_question(given: object) -> ViewQuestion:
    """The checked question; raises InputError naming the first field that is wrong."""
    known = "bits draw order prior models arrows window machine changes"
    fields = _fields(given, known.split())
    bits, draw = fields.get("bits"), fields.get("draw")
    if (bits is None) == (draw is None):
        raise InputError("give either bits or draw")
    return ViewQuestion(
        bits=None if bits is None else _bits(bits),
        draw=None if draw is None else _draw(draw),
        order=_whole(fields.get("order", 6), "order", 1, 17),
        prior=_prior(fields.get("prior", [0.5, 0.5])),
        models=_models(fields.get("models", ["optimal"])),
        arrows=_whole(fields.get("arrows", 2), "arrows", 0, MOST_ARROWS),
        window=_window(fields.get("window")),
        machine=None if fields.get("machine") is None else _text(fields["machine"], "machine"),
        changes=tuple(map(_change, _items(fields.get("changes", []), "changes", MOST_CHANGES))),
    )


def answer_question(given: object) -> AnswerQuestion:
    """The checked question; raises InputError naming the first field that is wrong."""
    fields = _fields(given, ["model", "seed", "sizes"])
    sizes = _fields(fields.get("sizes", {}), SIZES)
    return AnswerQuestion(
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
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InputError(f"{name} must be a whole number from {least} to {most}")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= 200:
        raise InputError(f"{name} must be a text of 1 to 200 characters")
    return value


def _items(value: object, name: str, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise InputError(f"{name} must be a list of at most {most}")
    return value


def _bits(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST:
        raise InputError(f"bits must be a text of 1 to {LONGEST} characters 0 and 1")
    for place, character in enumerate(value, start=1):
        if character not in "01":
            raise InputError(f"bits has {character!r} at character {place}; only 0 and 1 count")
    return value


def _draw(value: object) -> Draw:
    fields = _fields(value, ["seed", "length"])
    return Draw(
        _whole(fields.get("seed"), "seed", 0, LARGEST_SEED),
        _whole(fields.get("length", 200), "length", 1, LONGEST),
    )


def _prior(value: object) -> tuple[float, float]:
    numbers = _items(value, "prior", 2)
    good = all(isinstance(x, int | float) and not isinstance(x, bool) for x in numbers)
    if len(numbers) != 2 or not good or not all(1e-3 <= x <= 1e6 for x in numbers):
        raise InputError("prior must be two numbers from 0.001 to 1000000")
    return float(numbers[0]), float(numbers[1])


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
