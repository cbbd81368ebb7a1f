"""``ntmlab memory``: how a machine uses its memory on one sequence."""

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ntmlab.cli.inputs import parse_window
from ntmlab.cli.models import Trained, load_trained
from ntmlab.cli.parser import FIGURE_SEED
from ntmlab.cli.pictures import draw_machine, draw_sort_use, machine_use
from ntmlab.errors import InputError
from ntmlab.figures import MemoryUse, memory, recurrences, save
from ntmlab.figures.save import check_path
from ntmlab.models import NTM, NTMTrace
from ntmlab.studies.inside.usage import content_change

# What is shown where no size is given.
SIZES: dict[str, dict[str, Any]] = {
    "copy": {"length": 20},
    "repeat-copy": {"length": 8, "repeats": 5},
    "recall": {"items": 6},
}
MOST_ARROWS = 12


def run(arguments: argparse.Namespace) -> int:
    """Draws the picture and prints where and what it shows."""
    out = Path(arguments.out)
    check_path(out)
    trained = load_trained(arguments.model)
    names = ("length", "repeats", "items")
    given = {n: getattr(arguments, n) for n in names if getattr(arguments, n) is not None}
    if arguments.fit and trained.task != "sort":
        raise InputError(f"--fit is for task sort; model {trained.name} is for {trained.task}")
    seed = default_seed(trained.task) if arguments.seed is None else arguments.seed
    if arguments.window is not None and trained.task != "dynamic-ngrams":
        raise InputError(
            f"--window is for dynamic-ngrams; model {trained.name} is for {trained.task}"
        )
    print(draw(trained, given, seed, out, fit=arguments.fit, window=arguments.window))
    return 0


def default_seed(task: str) -> int:
    """The seed of the sequence shown where none is given."""
    return FIGURE_SEED if task == "dynamic-ngrams" else 0


def draw(
    trained: Trained,
    given: dict[str, int],
    seed: int,
    out: Path,
    *,
    fit: bool,
    window: str | None = None,
) -> str:
    """The picture of a model's task: Figures 6, 9, 12, 15 and 17."""
    task = trained.make_task(SIZES.get(trained.task, {}) | given)
    if fit:
        return draw_sort_use(trained.name, trained.model, task, seed, out)
    if trained.task == "dynamic-ngrams":
        return _draw_ngrams(trained, given, seed, out, window)
    return draw_machine(trained.name, trained.model, task, seed, out)


def _draw_ngrams(
    trained: Trained, given: dict[str, int], seed: int, out: Path, window: str | None
) -> str:
    """Figure 15, with arrows where one context comes back."""
    sequences = trained.make_task(given).sample(1, seed)
    steps = parse_window(window, sequences.targets.shape[1])
    use, trace = machine_use(trained.model, sequences, trained.name)
    bits = sequences.targets[0, :, 0].numpy()
    predictions = torch.sigmoid(trace.logits[0, :, 0].double()).numpy()
    shown = MemoryUse(use.adds, use.write_weightings, use.read_weightings, predictions)
    context = _recurring("".join(f"{bit:.0f}" for bit in bits))
    arrows = [s for s in recurrences(bits, context) if steps is None or s in range(*steps)]
    arrows = arrows[:MOST_ARROWS]
    assert isinstance(trained.model, NTM)  # `machine_use` refuses others
    late = write_lag(trained.model, trace)
    axes = memory(shown, bits, arrows=arrows, written_after=late, window=steps)
    arrays = {**shown._asdict(), "bits": bits, "arrows": np.array(arrows)}
    save(next(iter(axes.values())).figure, out, arrays)
    return (
        f"{out}: {trained.name}, arrows where context {context} has come; framed the slot read "
        f"most, and its write {late} {'step' if late == 1 else 'steps'} later"
    )


def write_lag(model: NTM, trace: NTMTrace) -> int:
    """Steps from a read to the write that changes what it read most, on one sequence."""
    with torch.no_grad():
        change = content_change(model.initial_state(1).memory, trace)
    return int(change.mean((0, 1)).argmax())


def _recurring(bits: str, size: int = 5) -> str:
    """The context that comes most often among those of both zeros and ones."""
    every = [bits[i : i + size] for i in range(len(bits) - size)]
    mixed = [context for context in every if len(set(context)) > 1]
    return Counter(mixed or every or [bits]).most_common(1)[0][0]
