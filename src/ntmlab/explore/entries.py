"""The models of the catalog, one by one: exact predictors, trained ones, and a user's own."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ntmlab.errors import InputError
from ntmlab.evaluation.predictors import LABELS, exact_form
from ntmlab.models import MODELS, NTM, ModulePredictor
from ntmlab.names import EXACT
from ntmlab.runs.folder import RunFolder
from ntmlab.sequences import Predictor, Task
from ntmlab.tasks import task_of_card
from ntmlab.weights import load_weights, read_card

SNAPSHOTS_KEPT = 16  # loaded at once
AT = "@"  # between a run's name and a snapshot's number of sequences


@dataclass(frozen=True)
class Entry:
    """A model of the catalog."""

    name: str
    label: str
    kind: str  # "exact", "ntm", "lstm" or "own"
    about: str
    task: str | None = None  # the one it was trained on; others are made for the task shown
    options: dict[str, Any] = field(default_factory=dict)  # of that task
    model: Any = None  # of a trained one
    snapshots: dict[int, Path] = field(default_factory=dict)
    given: bool = False  # on the command line
    path: Path | None = None  # of a trained one's weights

    def predictor(self, task: Task) -> Predictor:
        """A trained model's predictor on a task; raises InputError where its sizes do not fit."""
        sizes, needed = sizes_of(self.model), (task.input_size, task.output_size)
        if sizes not in (None, needed):
            raise misfit(self.name, sizes, task)
        return ModulePredictor(self.model, task.outputs)

    def public(self) -> dict[str, Any]:
        """What the page is told of it."""
        keys = ("name", "label", "kind", "task", "about", "given")
        told = {key: getattr(self, key) for key in keys}
        told |= {"snapshots": sorted(self.snapshots), "trained": self.options}
        if isinstance(self.model, NTM):
            told |= {"slots": self.model.slots, "width": self.model.slot_width}
        return told


def sizes_of(module: object) -> tuple[int, int] | None:
    """Inputs and outputs of a module that says them."""
    sizes = getattr(module, "input_size", None), getattr(module, "output_size", None)
    return sizes if all(isinstance(size, int) for size in sizes) else None  # type: ignore[return-value]


def misfit(name: str, sizes: tuple[int, int] | None, task: Task) -> InputError:
    """The error for a model of other sizes than the task's."""
    inputs, outputs = sizes or ("other", "other")
    return InputError(
        f"model {name} has {inputs} inputs and {outputs} outputs, but here are "
        f"{task.input_size} and {task.output_size}"
    )


def exact(name: str) -> Entry:
    """An exact predictor."""
    return Entry(name, LABELS.get(name, name), "exact", EXACT[exact_form(name) or name])


def trained(name: str, path: Path, label: str, shown: str | None = None) -> Entry:
    """A model of a weights file; ``shown`` is how the user named it."""
    card = read_card(path)
    task, options = task_of_card(card, f"the card of model {shown or name}")
    model = load_weights(path)
    about = f"{card['model']}, {card.get('sequences', 0):,} sequences, seed {card.get('seed')}"
    about += "".join(f", {key} {options[key]}" for key in ("order", "length") if key in options)
    kind = model.kind if model.kind in MODELS else "own"
    snapshots = RunFolder(path.parent).snapshots()
    return Entry(name, label, kind, about, task, options, model, snapshots, path=path)


def own(name: str) -> Entry:
    """A factory of the user's, called for the task that is shown."""
    return Entry(name, name, "own", "your own")


def at_snapshot(entry: Entry, sequences: int) -> Entry:
    """A run as it was after a number of sequences."""
    return replace(
        entry,
        name=f"{entry.name}{AT}{sequences}",
        label=f"{entry.label} after {sequences:,}",
        model=_load_snapshot(entry.snapshots[sequences]),
        snapshots={},
    )


@lru_cache(SNAPSHOTS_KEPT)
def _load_snapshot(path: Path) -> Any:
    return load_weights(path)
