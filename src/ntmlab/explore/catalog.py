"""The tasks and models that a page can ask for.

The browser names both only as listed here; no name is ever taken as a path or as code.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ntmlab.errors import InputError, unknown_name
from ntmlab.evaluation.predictors import LABELS, is_exact, untested_predictor
from ntmlab.evaluation.prefix import LooksAhead, marked, tested_on
from ntmlab.evaluation.scored import Oracle
from ntmlab.explore.entries import AT, Entry, at_snapshot, exact, misfit, own, sizes_of, trained
from ntmlab.explore.questions import LONGEST
from ntmlab.explore.tasks import ARROWS, MOST_VALUES, Known, asked, describe
from ntmlab.foreign import is_foreign
from ntmlab.models import NTM, names_code
from ntmlab.names import PAPER_TASK
from ntmlab.sequences import Predictor, Task
from ntmlab.tasks import TASKS, Source, make_task, split_task
from ntmlab.weights import ALIASES, shipped, weights_path

# Exact predictors that are always there, and where the page begins without any other word.
BEFORE, AFTER = ("optimal",), ("coin", "kt-4", "oracle")
FIRST_TASK = PAPER_TASK


class Catalog:
    """All tasks and models by name; models are loaded once."""

    def __init__(
        self, given: Iterable[str] = (), task: str | None = None, *, unchecked: bool = False
    ) -> None:
        """Loads shipped models and the given ones; raises InputError where one cannot be had.

        ``task`` is the specification that the page opens on; without it, the task of the first
        model given that was trained, in its form. ``unchecked`` shows what looks ahead as well.
        """
        short = {full: alias for alias, full in ALIASES.items()}
        self.entries: dict[str, Entry] = {}
        self.unchecked = unchecked
        self._made: dict[tuple[str, int, int], Predictor] = {}
        self._ahead: dict[tuple[str, int, int], str | None] = {}
        self.hung: set[str] = set()  # models that did not come back
        for name in BEFORE:
            self._add(exact(name))
        names = {short.get(full, full): path for full, path in shipped().items()}
        for name in sorted(names, key=lambda name: (_rank(name), name)):
            self._add(trained(name, names[name], LABELS.get(name, name)))
        for name in given:
            self._add(replace(self._given(name), given=True))
        for name in AFTER:
            self._add(exact(name))
        self.start, self.tasks = self._known(task)
        self.first = self.tasks[self.start].make()
        for entry in self.entries.values():
            if entry.given and entry.task is None:
                self._check_given(entry)

    def __getitem__(self, name: str) -> Entry:
        """The model of a name, or a snapshot of it; raises InputError for any other."""
        base, at, sequences = name.partition(AT)
        if base not in self.entries:
            raise unknown_name("model", name, self.entries)
        entry = self.entries[base]
        if not at:
            return entry
        known = {str(number): number for number in entry.snapshots}
        if sequences not in known:
            raise unknown_name(f"snapshot of {base}", sequences, known)
        return at_snapshot(entry, known[sequences])

    def task(self, text: str | None) -> tuple[str, Task]:
        """Name and task of a specification from a page, the first task without one."""
        return (self.start, self.first) if text is None else asked(self.tasks, text)

    def predictor(self, name: str, task_name: str, task: Task) -> Predictor:
        """The predictor of a name for a task; raises InputError if it is for another."""
        entry = self[name]
        if name in self.hung:
            raise InputError(f"model {name} hangs: it is not asked again")
        if entry.task not in (None, task_name):
            raise InputError(f"model {name} is for task {entry.task}, not {task_name}")
        if entry.task is not None:
            return entry.predictor(task)
        if entry.kind != "exact":
            return self._own(name, task)
        found = untested_predictor(name, task)
        if isinstance(found, Oracle) and not isinstance(task, Source):
            raise InputError(f"task {task_name} does not say its drawn parameters")
        return found

    def looks_ahead(self, name: str, task_name: str, task: Task) -> str | None:
        """How a user's own model looks ahead, None if it does not; it is asked once.

        Raises InputError for one that fails.
        """
        key = (name, task.input_size, task.output_size)
        if key not in self._ahead:
            found = self.predictor(name, task_name, task)
            tested = tested_on(task, found, name, unchecked=True)
            self._ahead[key] = tested.reason if isinstance(tested, LooksAhead) else None
        return self._ahead[key]

    def label(self, name: str, task: Task) -> str:
        """What a model is called, with a mark where its gap means nothing."""
        ahead = self._ahead.get((name, task.input_size, task.output_size))
        return marked(self[name].label) if ahead else self[name].label

    def why_not(self, name: str, task_name: str, task: Task) -> str | None:
        """Why a model cannot be shown on a task of this form, or None."""
        try:
            self.predictor(name, task_name, task)
        except (InputError, NotImplementedError) as error:
            return str(error)
        return None

    def fitting(self, task_name: str, task: Task) -> list[str]:
        """The models that can be shown on a task."""
        return [name for name in self.entries if self.why_not(name, task_name, task) is None]

    def machine(self, name: str) -> NTM:
        """The NTM of a name; raises InputError for other models, which have no memory."""
        model = self[name].model
        if not isinstance(model, NTM):
            raise InputError(f"model {name} is no NTM: it has no memory to show")
        return model

    def public(self) -> dict[str, Any]:
        """Tasks and models as the page is told."""
        tasks = [self._told(known) for known in self.tasks.values()]
        models = [entry.public() for entry in self.entries.values()]
        return {"tasks": tasks, "models": models, "start": self.start}

    def told(self) -> dict[str, Any]:
        """What the page is told before it asks anything."""
        return {**self.public(), "arrows": ARROWS, "longest": LONGEST, "most": MOST_VALUES}

    def _told(self, known: Known) -> dict[str, Any]:
        """A task as the page is told: itself, its models, and those that are shown first."""
        name, task = known.name, known.make()
        fitting = [self.entries[model] for model in self.fitting(name, task)]
        symbols = task.letters is not None
        every = [e for e in self.entries.values() if e.task == name or (symbols and not e.task)]
        if not symbols:
            every = [e for e in fitting if e.kind != "exact"]
        machines = [e for e in fitting if e.task == name and isinstance(e.model, NTM)]
        return describe(name, task) | {
            "models": [e.name for e in every],
            "first": _first(fitting, machines, symbols),
            "machine": machines[0].name if machines else "",
        }

    def _known(self, task: str | None) -> tuple[str, dict[str, Known]]:
        """The name of the first task, and all tasks with the options that they start with."""
        found = {name: Known(name, {}) for name in TASKS}
        models = [e for e in self.entries.values() if e.given and e.task is not None]
        for entry in reversed(models):  # the first given has the last word
            name = str(entry.task)
            form = make_task(name, **entry.options).form
            found[name] = Known(name, {k: v for k, v in entry.options.items() if k in form})
            if is_foreign(name):
                found[name] = Known(name, entry.options)
        if task is not None:
            name, options = split_task(task)
            found[name] = Known(name, options)
            return name, found
        return next((str(entry.task) for entry in models), FIRST_TASK), found

    def _own(self, name: str, task: Task) -> Predictor:
        """What a user's factory makes for a task, made once for its sizes."""
        key = (name, task.input_size, task.output_size)
        if key not in self._made:
            self._made[key] = untested_predictor(name, task)
        sizes = sizes_of(getattr(self._made[key], "module", None))
        if sizes is None:  # made for the task that the page began with
            sizes = self.first.input_size, self.first.output_size
        if sizes != key[1:]:
            raise misfit(name, sizes, task)
        return self._made[key]

    def _check_given(self, entry: Entry) -> None:
        """Raises InputError for a given model that fits no task."""
        tasks = [(known.name, known.make()) for known in self.tasks.values()]
        first = self.why_not(entry.name, self.start, self.first)
        if first is not None and all(self.why_not(entry.name, *task) for task in tasks):
            raise InputError(first)

    def _add(self, entry: Entry) -> None:
        if entry.name not in self.entries:
            self.entries[entry.name] = entry

    def _given(self, name: str) -> Entry:
        if name in self.entries:
            return self.entries[name]
        if is_exact(name):
            return exact(name)
        if names_code(name):
            return own(name)
        path = weights_path(name)
        short = path.parent.name if Path(name).is_dir() else path.stem
        return trained(self._free(short), path, short, name)

    def _free(self, name: str) -> str:
        """The name, with a number if it is taken; never one that a snapshot could have."""
        name = re.sub(f"[{AT},]", "-", name)
        taken = (f"{name}-{number}" for number in range(2, len(self.entries) + 3))
        return name if name not in self.entries else next(n for n in taken if n not in self.entries)


def _rank(name: str) -> int:
    """The models most people mean come first."""
    known = list(LABELS)
    return known.index(name) if name in known else len(known)


def _first(fitting: list[Entry], machines: list[Entry], symbols: bool) -> list[str]:
    """The models shown at first: the optimum and one of each kind, and those given.

    Of a task with answers one is shown: a machine, whose memory can be seen, where there is one.
    """
    given = [e for e in fitting if e.given]
    if not symbols:
        trained_here = sorted((e for e in given if e.task), key=lambda e: e not in machines)
        every = [*trained_here, *machines, *fitting]
        return [next((e.name for e in every if e.kind != "exact"), "")]
    kinds: dict[str, Entry] = {}
    for entry in fitting:
        if entry.task is not None and not entry.given:
            kinds.setdefault(entry.kind, entry)
    bounds = [e for name in (*BEFORE, *AFTER) for e in fitting if e.name == name]
    return list(dict.fromkeys(e.name for e in [*bounds[:1], *kinds.values(), *given]))
