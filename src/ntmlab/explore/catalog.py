"""The models a page can ask for: exact predictors, shipped ones, and those of the command line.

The browser names models only as listed here; no name is ever taken as a path.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from torch import Tensor

from ntmlab.errors import InputError, unknown_name
from ntmlab.evaluation.predictors import LABELS, exact_form, find_predictor, is_exact
from ntmlab.models import MODELS, NTM, Model, ModulePredictor
from ntmlab.names import EXACT
from ntmlab.runs.folder import SNAPSHOTS
from ntmlab.sequences import Predictor, Task
from ntmlab.tasks import TASKS, DynamicNGrams
from ntmlab.weights import ALIASES, load_weights, read_card, shipped, weights_path

# Exact predictors that are always there.
ALWAYS = ("coin", "kt-4")
SNAPSHOTS_KEPT = 16  # loaded at once
AT = "@"  # between a run's name and a snapshot's number of sequences


class Entry(NamedTuple):
    """A model of the catalog."""

    name: str
    label: str
    kind: str  # "exact", "ntm", "lstm" or "own"
    task: str
    about: str
    model: Model | None
    predictor: Predictor | None  # None for exact ones, which depend on the task
    task_options: dict[str, Any]
    snapshots: dict[int, Path]
    given: bool = False  # on the command line

    def public(self) -> dict[str, Any]:
        """What the page is told of it."""
        told = {
            key: getattr(self, key) for key in ("name", "label", "kind", "task", "about", "given")
        }
        told |= {"snapshots": sorted(self.snapshots), "trained": self.task_options}
        if isinstance(self.model, NTM):
            told |= {"slots": self.model.slots, "width": self.model.slot_width}
        return told


class Catalog:
    """All models by name, loaded once."""

    def __init__(self, given: Iterable[str] = ()) -> None:
        """Loads shipped models and the given ones; raises InputError where one cannot be had."""
        short = {full: alias for alias, full in ALIASES.items()}
        self.entries: dict[str, Entry] = {}
        self._add(_exact("optimal"))
        names = {short.get(full, full): path for full, path in shipped().items()}
        for name in sorted(names, key=_rank):
            self._add(_trained(name, names[name], LABELS.get(name, name)))
        for name in given:
            self._add(self._given(name)._replace(given=True))
        for name in ALWAYS:
            self._add(_exact(name))

    def __getitem__(self, name: str) -> Entry:
        """The model of a name, or a snapshot of it; raises InputError for any other."""
        base, at, sequences = name.partition(AT)
        if base not in self.entries:
            raise unknown_name("model", name, self.entries)
        entry = self.entries[base]
        if not at:
            return entry
        known = {str(number): path for number, path in entry.snapshots.items()}
        if sequences not in known:
            raise unknown_name(f"snapshot of {base}", sequences, known)
        return _snapshot(entry, known[sequences], int(sequences))

    def predictor(self, name: str, task: Task) -> Predictor:
        """The predictor of a name for a task; raises InputError if it is for another."""
        entry = self[name]
        if entry.kind == "exact":
            return find_predictor(name, task)
        if entry.task != task.name:
            raise InputError(f"model {name} is for task {entry.task}, not {task.name}")
        assert entry.predictor is not None
        return entry.predictor

    def machine(self, name: str) -> NTM:
        """The NTM of a name; raises InputError for other models, which have no memory."""
        model = self[name].model
        if not isinstance(model, NTM):
            raise InputError(f"model {name} is no NTM: it has no memory to show")
        return model

    def public(self) -> dict[str, Any]:
        """Tasks and models as the page is told."""
        about = {name: (task.__doc__ or "").splitlines()[0] for name, task in TASKS.items()}
        return {"tasks": about, "models": [entry.public() for entry in self.entries.values()]}

    def _add(self, entry: Entry) -> None:
        if entry.name not in self.entries:
            self.entries[entry.name] = entry

    def _given(self, name: str) -> Entry:
        if name in self.entries:
            return self.entries[name]
        if is_exact(name):
            return _exact(name)
        if ":" in name:
            return _own(name)
        path = weights_path(name)
        short = path.parent.name if Path(name).is_dir() else path.stem
        return _trained(self._free(short), path, short)

    def _free(self, name: str) -> str:
        """The name, with a number if it is taken; never one that a snapshot could have."""
        name = name.replace(AT, "-")
        taken = (f"{name}-{number}" for number in range(2, len(self.entries) + 3))
        return name if name not in self.entries else next(n for n in taken if n not in self.entries)


def _rank(name: str) -> int:
    """The models most people mean come first."""
    known = list(LABELS)
    return known.index(name) if name in known else len(known)


def _exact(name: str) -> Entry:
    find_predictor(name, DynamicNGrams())  # a wrong kt-K shows here
    about = EXACT[exact_form(name) or name]
    label = LABELS.get(name, name)
    return Entry(name, label, "exact", DynamicNGrams.name, about, None, None, {}, {})


def _trained(name: str, path: Path, label: str) -> Entry:
    card = read_card(path)
    task = card.get("task")
    if task not in TASKS:
        raise InputError(f"the card of model {name} names no task")
    model = load_weights(path)
    options = card.get("task_options", {})
    about = f"{card['model']}, {card.get('sequences', 0):,} sequences, seed {card.get('seed')}"
    about += "".join(f", {key} {options[key]}" for key in ("order", "length") if key in options)
    predictor = ModulePredictor(model)
    snapshots = find_snapshots(path.parent)
    kind = model.kind if model.kind in MODELS else "own"
    return Entry(name, label, kind, task, about, model, predictor, options, snapshots)


def _own(name: str) -> Entry:
    """A factory of the user's; a module's sizes say which task it is for, N-grams without."""
    task = DynamicNGrams()
    predictor = find_predictor(name, task)
    module = getattr(predictor, "module", None)
    model = module if isinstance(module, Model) else None
    sizes = (getattr(module, "input_size", 1), getattr(module, "output_size", 1))
    fitting = [n for n, kind in TASKS.items() if (kind().input_size, kind().output_size) == sizes]
    if not fitting:
        raise InputError(f"model {name} has {sizes[0]} inputs and {sizes[1]} outputs: no task does")
    kind = model.kind if model is not None else "own"
    about = "your own"
    return Entry(name, name, kind, fitting[0], about, model, Guarded(name, predictor), {}, {})


class Guarded:
    """A user's own predictor, whose failures are named."""

    def __init__(self, name: str, predictor: Predictor) -> None:
        self.name, self.predictor = name, predictor

    def __call__(self, inputs: Tensor) -> Tensor:
        try:
            return self.predictor(inputs)
        except Exception as error:
            raise InputError(f"model {self.name} failed: {error!r}") from error


def find_snapshots(folder: Path) -> dict[int, Path]:
    """The snapshots of a run folder by their number of sequences."""
    found = (folder / SNAPSHOTS).glob("*.safetensors")
    return {int(path.stem): path for path in found if path.stem.isdecimal()}


def _snapshot(entry: Entry, path: Path, sequences: int) -> Entry:
    model = _load_snapshot(path)
    return entry._replace(
        name=f"{entry.name}{AT}{sequences}",
        label=f"{entry.label} after {sequences:,}",
        model=model,
        predictor=ModulePredictor(model),
        snapshots={},
    )


@lru_cache(SNAPSHOTS_KEPT)
def _load_snapshot(path: Path) -> Model:
    return load_weights(path)
