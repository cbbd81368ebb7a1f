"""Tasks, one a file: each draws sequences and knows what is scored and its optimal predictor."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from ntmlab.errors import InputError, unknown_name
from ntmlab.foreign import guarded, is_foreign, is_importable, make_foreign
from ntmlab.given import check_whole
from ntmlab.outputs import MOST_LETTERS
from ntmlab.sequences import Sequences, Task, next_symbol
from ntmlab.specifications import parse_specification, write_specification
from ntmlab.tasks.answers import AnswerTask
from ntmlab.tasks.change_points import ChangePointSource
from ntmlab.tasks.coins import CoinSource
from ntmlab.tasks.context_trees import ContextTreeSource
from ntmlab.tasks.copy import Copy
from ntmlab.tasks.dynamic_ngrams import DynamicNGrams
from ntmlab.tasks.fresh import check_draws
from ntmlab.tasks.hmm import HiddenMarkov
from ntmlab.tasks.lags import LagSource
from ntmlab.tasks.mixture import MixtureSource
from ntmlab.tasks.options import option_names
from ntmlab.tasks.partition_tree import PartitionTreeSource
from ntmlab.tasks.recall import Recall
from ntmlab.tasks.repeat_copy import RepeatCopy
from ntmlab.tasks.sort import PrioritySort
from ntmlab.tasks.source import Drawn, Source, Step, choose
from ntmlab.tasks.sources import SOURCES
from ntmlab.tasks.sources import VARIANTS as SOURCE_VARIANTS
from ntmlab.trusted import check_trusted

Kind = type[Source | Copy | PrioritySort | Recall | RepeatCopy]

TASKS: dict[str, Kind] = {
    Copy.name: Copy,
    RepeatCopy.name: RepeatCopy,
    Recall.name: Recall,
    PrioritySort.name: PrioritySort,
    **SOURCES,
    MixtureSource.name: MixtureSource,
}

# The option that a word without a key stands for, as in hmm:mess3.
VARIANTS: dict[str, str] = {**SOURCE_VARIANTS, MixtureSource.name: "of"}

# What a task of a user's own must have: the members of `Task`.
MEMBERS = (
    *("name", "outputs", "letters", "input_size", "output_size", "steps", "deterministic"),
    *("marker_channels", "sizes", "form", "sample", "optimal", "options"),
)

MADE_WITH: Final = "_made_with"  # where a user's own task keeps the options that it was given

__all__ = [
    "TASKS",
    "AnswerTask",
    "ChangePointSource",
    "CoinSource",
    "ContextTreeSource",
    "Copy",
    "Drawn",
    "DynamicNGrams",
    "HiddenMarkov",
    "LagSource",
    "MixtureSource",
    "PartitionTreeSource",
    "PrioritySort",
    "Recall",
    "RepeatCopy",
    "Sequences",
    "Source",
    "Step",
    "choose",
    "fix_sizes",
    "make_task",
    "next_symbol",
    "settings_of",
    "specification",
    "split_task",
    "task_of_card",
]


def make_task(text: str, /, **options: Any) -> Task:
    """The task of a specification; keyword options come on top.

    That is ``name``, ``name:key=value,…``, ``name:variant``, or a user's own
    ``package.module:factory``, with ``:key=value,…`` if it takes options.

    >>> make_task("dynamic-ngrams:order=4").order
    4

    Raises InputError for an unknown name or option, with the nearest ones, or a wrong value.
    """
    if not isinstance(text, str):
        raise InputError(f"a task is named in text, as in 'hmm:mess3', not by {text!r}")
    name, own = split_task(text)
    own |= options
    if name not in TASKS:
        return _foreign(name, own)
    try:
        return TASKS[name](**own)
    except (TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise InputError(f"task {name}: {error}") from None
        known = option_names(TASKS[name])
        for option in own:
            if option not in known:
                raise unknown_name(f"option of task {name}", option, known) from None
        raise InputError(f"task {name}: {error}") from None


def split_task(text: str) -> tuple[str, dict[str, Any]]:
    """Name and options of a specification; raises InputError for an unknown name."""
    found = parse_specification(text, "task", TASKS)
    name, variant, options = found
    if name not in TASKS and not is_foreign(name):
        raise unknown_name("task", name, [*TASKS, "package.module:factory"])
    if variant is not None:
        if name not in VARIANTS:
            raise InputError(
                f"task {name} has no variants such as {variant!r}; give key=value; a file of your "
                f"own must be called otherwise than {name}.py"
            )
        options = found.named(VARIANTS[name], f"task {text}")
    return name, options


def specification(name: str, options: Mapping[str, Any]) -> str:
    """The shortest specification of a task with options: those that differ from its defaults.

    Of a user's own task all of them.

    >>> specification("dynamic-ngrams", {"order": 4, "length": 200})
    'dynamic-ngrams:order=4'
    >>> specification("dynamic-ngrams", {"letters": 3, "prior": (0.5, 0.5, 0.5)})
    'dynamic-ngrams:letters=3'
    >>> specification("hmm", {"process": "rrxor", "length": 50})
    'hmm:rrxor,length=50'
    """
    if name not in TASKS:  # whose defaults only its factory knows
        return write_specification(name, options)
    usual = _usual(name)
    changed = {k: v for k, v in options.items() if k not in usual or not _same(usual[k], v)}
    implied = _usual(name, letters=options["letters"]) if "letters" in changed else {}
    changed = {k: v for k, v in changed.items() if k == "letters" or not _same(implied.get(k), v)}
    key = VARIANTS.get(name, "")
    variant = options.get(key)
    if variant is None or "=" in variant:
        return write_specification(name, changed)
    changed.pop(key, None)
    return write_specification(name, changed, variant)


def settings_of(task: Task) -> dict[str, Any]:
    """The options that make a task again.

    Of a user's own those that it was made with: what it says of itself may be of another class than
    what its factory takes.

    >>> settings_of(make_task("hmm:rrxor"))["process"]
    'rrxor'
    """
    own: dict[str, Any] | None = getattr(task, MADE_WITH, None)
    return task.options() if own is None else dict(own)


def task_of_card(card: Mapping[str, Any], where: str) -> tuple[str, dict[str, Any]]:
    """Name and options of the task that a card names; raises InputError if it names none.

    Code that it names must be in the current folder, or be trusted.
    """
    name, options = card.get("task"), card.get("task_options", {})
    if not isinstance(name, str) or not isinstance(options, dict):
        raise InputError(f"{where} names no task")
    if name not in TASKS:
        if not is_foreign(name):
            raise InputError(f"{where}: {unknown_name('task', name, TASKS)}")
        check_trusted(name, where)
    return name, dict(options)


def fix_sizes(name: str, given: Mapping[str, Any], /, **options: Any) -> dict[str, Any]:
    """Task options for sizes as the command line names them: a length of 7 is always 7.

    ``options`` are what else the task is made with: its sizes may depend on them.

    >>> fix_sizes("copy", {"length": 7})
    {'min_length': 7, 'max_length': 7}

    Raises InputError for an unknown task or a size it does not have.
    """
    sizes = make_task(name, **options).sizes if given else {}
    for size in given:
        if size not in sizes:
            known = ", ".join(f"--{known}" for known in sizes) or "no sizes"
            raise InputError(f"task {name} has no --{size}; it takes {known}")
    return {option: value for size, value in given.items() for option in sizes[size]}


def _foreign(name: str, options: Mapping[str, Any]) -> Task:
    """A user's own task, checked to be one."""
    try:
        made = make_foreign("task", name, {}, options)
    except InputError as error:
        head = name.partition(":")[0]
        if "." not in head and not is_importable(head):
            hint = unknown_name("task", head, TASKS)
            raise InputError(f"{error} ({hint})" if "mean" in str(hint) else str(error)) from None
        raise
    guarded(f"task {name}: one of its members", _check_members, name, made)
    with suppress(AttributeError, TypeError):  # slots have no room for it
        object.__setattr__(made, MADE_WITH, dict(options))
    return made  # type: ignore[return-value]


def _check_members(name: str, made: object) -> None:
    """Raises InputError for what is no task, a source of an alphabet or length that none has, or
    one that draws the same sequences again.
    """
    if isinstance(made, Source) and hasattr(made, "letters") and hasattr(made, "length"):
        check_whole(f"task {name}: letters", made.letters, 2, MOST_LETTERS)
        check_whole(f"task {name}: length", made.length, 1)
    missing = [member for member in MEMBERS if not hasattr(made, member)]
    if missing:
        raise InputError(f"task {name} is no task: it has no {', '.join(missing)}")
    check_draws(name, made)  # type: ignore[arg-type]


def _usual(name: str, **options: Any) -> Mapping[str, Any]:
    """All options of a task where only some are given; none where it needs others."""
    try:
        return make_task(name, **options).options()
    except InputError:
        return {}


def _same(one: Any, other: Any) -> bool:
    """Whether two options are alike; JSON has lists where Python has tuples."""
    pair = [tuple(v) if isinstance(v, list) else v for v in (one, other)]
    return bool(pair[0] == pair[1])
