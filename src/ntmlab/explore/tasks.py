"""What the page is told of a task, and how it may ask for one; no task is known by name here."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ntmlab.errors import InputError, unknown_name
from ntmlab.evaluation.compare import DIVERGENCE_SPACING
from ntmlab.explore.questions import LONGEST
from ntmlab.foreign import is_foreign
from ntmlab.given import is_number
from ntmlab.outputs import MOST_LETTERS
from ntmlab.sequences import Task
from ntmlab.tasks import VARIANTS, Source, make_task, settings_of, specification, split_task
from ntmlab.tasks.ranges import Range

MOST_VALUES = 100_000  # steps times letters of a sequence that is shown
LARGEST = 1e6  # number that a page may set an option to
FIELDS = 4  # numbers of a list that get a field each
LENGTH = "length"  # the size that every source has
USUAL = {LENGTH: Range(1, 1, LONGEST), "letters": Range(2, 2, MOST_LETTERS)}

# The rule of the arrows, as `Comparison.divergences` has it.
ARROWS = (
    "where it departs most from the optimum, by KL(optimal ‖ model), at least "
    f"1/{1 / DIVERGENCE_SPACING:g} of the steps shown apart"
)


class Known(NamedTuple):
    """A task that a page may ask for: its name, and the options that it opens with."""

    name: str
    options: dict[str, Any]

    def make(self) -> Task:
        """The task that the page opens on."""
        return make_task(self.name, **self.options)


def asked(known: Mapping[str, Known], text: str) -> tuple[str, Task]:
    """Name and task of a specification from a page; raises InputError for what it may not ask."""
    name, options = split_task(text)
    if name not in known:
        raise unknown_name("task", name, known)
    opened = known[name].options
    ranges = _ranges(known[name].make())
    for option, value in options.items():
        if option not in opened or value != opened[option]:
            _check(option, value, ranges.get(option))
    return name, make_task(name, **options)


def alphabet(task: Task) -> int:
    """The letters of a next-symbol task; raises InputError for others, and for long sequences."""
    if task.letters is None:
        raise InputError(f"task {task.name} asks for answers; there is no next symbol to predict")
    check_steps(task.steps, task.letters)
    return task.letters


def check_steps(steps: int, letters: int) -> None:
    """Raises InputError for more steps than are shown."""
    most = min(LONGEST, MOST_VALUES // letters)
    if steps > most:
        raise InputError(f"at most {most} steps of {letters} letters are shown, not {steps}")


def describe(name: str, task: Task) -> dict[str, Any]:
    """What the page is told of a task: its kind, its alphabet, and what may be chosen."""
    words = name if is_foreign(name) else name.replace("-", " ").capitalize()
    told = {
        "name": name,
        "title": getattr(task, "title", words),
        "about": (type(task).__doc__ or name).strip().splitlines()[0].replace("``", ""),
        "specification": specification(name, settings_of(task)),
        "letters": task.letters,
        "variant": VARIANTS.get(name),
        "form": list(task.form),
    }
    if task.letters is None:
        return told | {"kind": "answers", "sizes": _sizes(task)}
    contexts = isinstance(task, Source) and task.contexts is not None
    return told | {"kind": "symbols", "options": _options(task), "contexts": contexts}


def _ranges(task: Task) -> dict[str, Any]:
    """How far each option goes, or the words that it may be, where that is known."""
    return {**USUAL, **getattr(task, "ranges", {})}


def _sizes(task: Task) -> list[dict[str, Any]]:
    """The sizes of a task with answers, and the option that says how large each was in training."""
    ranges = getattr(task, "ranges", {})
    usual = task.options()
    told = []
    for size, options in task.sizes.items():
        least, first, most = ranges.get(size) or Range(1, usual[options[-1]], LONGEST)
        told.append(
            {"name": size, "least": least, "first": first, "most": most, "trained": options[-1]}
        )
    return told


def _options(task: Task) -> list[dict[str, Any]]:
    """The options that can be chosen, with their values; the length first."""
    ranges = _ranges(task)
    sizes = {size: getattr(task, size) for size in task.sizes if hasattr(task, size)}
    values = {**sizes, **task.options()}
    told = [_option(name, value, ranges.get(name)) for name, value in values.items()]
    return sorted((one for one in told if one is not None), key=lambda one: one["name"] != LENGTH)


def _option(name: str, value: Any, bounds: Any) -> dict[str, Any] | None:
    """An option as the page is told of it; None where it cannot be chosen."""
    if isinstance(bounds, tuple) and not isinstance(bounds, Range):
        return {"name": name, "kind": "word", "value": value, "words": list(bounds)}
    if isinstance(value, tuple | list) and value and all(map(is_number, value)):
        if len(value) <= FIELDS:
            return {"name": name, "kind": "numbers", "value": list(value)}
        return _option(name, value[0], None) if len(set(value)) == 1 else None
    if not is_number(value):
        return None
    kind = "whole" if isinstance(value, int) else "number"
    told = {"name": name, "kind": kind, "value": value}
    return told | {"least": bounds.least, "most": bounds.most} if bounds else told


def _check(option: str, value: Any, bounds: Any) -> None:
    """Raises InputError for a value that a page may not set: a text could name a file."""
    if isinstance(bounds, tuple) and not isinstance(bounds, Range):
        if value not in bounds:
            raise unknown_name(option, str(value), bounds)
        return
    numbers = value if isinstance(value, list) else [value]
    if not all(is_number(number) and abs(number) <= LARGEST for number in numbers):
        raise InputError(f"{option} must be a number of at most {LARGEST:g} here")
    if isinstance(bounds, Range) and not bounds.least <= numbers[0] <= bounds.most:
        raise InputError(f"{option} must be from {bounds.least} to {bounds.most}")
