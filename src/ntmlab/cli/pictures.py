"""Figures of the paper's tasks from models: runs them, draws, saves picture and arrays.

Every function writes a picture and its arrays and returns one line to print.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ntmlab.errors import InputError
from ntmlab.evaluation.scored import predict
from ntmlab.figures import save
from ntmlab.figures.machine import Box, MachineUse, machine
from ntmlab.figures.style import ARROW_RED
from ntmlab.models import LSTM, NTM, ModulePredictor, NTMTrace
from ntmlab.sequences import Sequences, Task
from ntmlab.studies.generalise.picture import Pair, generalise
from ntmlab.studies.sorting.picture import fit_priority, sort_example, sort_use
from ntmlab.tasks import PrioritySort, Recall, fix_sizes, make_task

QUERY_GREEN = "#009e73"
KEY_BLACK = "#000000"
FIT_SEQUENCES = 100  # over which the fit of write locations is averaged, and its head chosen


def draw_generalise(
    models: Mapping[str, NTM | LSTM],
    task: str,
    form: Mapping[str, Any],
    sizes: Sequence[Mapping[str, int]],
    seed: int,
    out: Path,
) -> str:
    """Targets and outputs of models at several sizes: Figures 4, 5 and 8."""
    pairs: list[Pair] = []
    arrays: dict[str, np.ndarray] = {}
    wrong = bits = 0
    for name, model in models.items():
        for size in sizes:
            drawn = make_task(task, **form, **fix_sizes(task, size)).sample(1, seed)
            p = predict(ModulePredictor(model), drawn, name)[0]
            answer = drawn.mask[0].numpy() > 0
            text = ", ".join(f"{key} {value}" for key, value in size.items())
            title = f"{name}, {text}" if len(models) > 1 else text
            pair = Pair(title, drawn.targets[0].numpy()[answer].astype(np.float64), p[answer])
            pairs.append(pair)
            arrays[f"{title}-targets"], arrays[f"{title}-outputs"] = pair.targets, pair.outputs
            wrong += int(((pair.outputs > 0.5) != (pair.targets > 0.5)).sum())
            bits += pair.targets.size
    axes = generalise(pairs)
    save(axes[0][0].figure, out, arrays)
    return f"{out}: {wrong} of {bits} bits wrong on the sequences shown"


def machine_use(model: NTM | LSTM, sequences: Sequences, name: str) -> tuple[MachineUse, NTMTrace]:
    """What an NTM did on the first of some sequences; raises InputError for other models."""
    if not isinstance(model, NTM):
        raise InputError(f"model {name} is an LSTM and has no memory to draw")
    with torch.no_grad():
        trace = model.trace(sequences.inputs[:1])

    def array(part: torch.Tensor) -> np.ndarray:
        return part[0].detach().double().numpy()

    use = MachineUse(
        array(sequences.inputs),
        array(torch.sigmoid(trace.logits)),
        array(trace.adds),
        array(trace.write_weightings),
        array(trace.reads),
        array(trace.read_weightings),
    )
    return use, trace


def draw_machine(name: str, model: NTM | LSTM, task: Task, seed: int, out: Path) -> str:
    """A machine at work on one sequence: Figures 6, 9 and 12."""
    drawn = task.sample(1, seed)
    use, _ = machine_use(model, drawn, name)
    boxes = recall_boxes(task, use, seed) if isinstance(task, Recall) else []
    axes = machine(use, boxes=boxes)
    save(next(iter(axes.values())).figure, out, use._asdict())
    wrong = (use.outputs > 0.5) != (drawn.targets[0].numpy() > 0.5)
    count = int(wrong[drawn.mask[0].numpy() > 0].sum())
    return f"{out}: {name} on one sequence of {task.name}, {count} bits wrong"


def recall_boxes(task: Recall, use: MachineUse, seed: int) -> list[Box]:
    """The query item in green, the target item and the slots it was written to in red, the key.

    The key is what the machine adds at the delimiter after the item that the query repeats.
    """
    slot, size = task.item_length + 1, task.item_length
    items = int(use.inputs[:, -2].sum())
    query = int(task.queries(1, seed)[0])
    shown = (items * slot + 1, items * slot + size)
    target = ((query + 1) * slot + 1, (query + 1) * slot + size)
    key = (query + 1) * slot
    answer = (items * slot + slot + 1, items * slot + slot + size)
    boxes = [
        Box("inputs", None, shown, None, QUERY_GREEN, "query item"),
        Box("inputs", None, target, None, ARROW_RED, "target item"),
        Box("add vectors", None, (key, key), None, KEY_BLACK, "added after the query's item"),
    ]
    several = use.adds.shape[1] > 1
    for head in range(use.adds.shape[1]):
        for offset in range(size):
            step = target[0] + offset
            place = int(use.write_weightings[step, head].argmax())
            where = ("write weightings", head if several else None)
            boxes.append(
                Box(*where, (step, step), (place, place), ARROW_RED, "where it was written")
            )
    for head in range(use.reads.shape[1]):
        where = ("read weightings", head if use.reads.shape[1] > 1 else None)
        boxes.append(Box(*where, answer, None, ARROW_RED, "read while answering"))
    return boxes


def draw_sort_example(task: PrioritySort, seed: int, out: Path) -> str:
    """One sequence and its sorted answer: Figure 16."""
    drawn = task.sample(1, seed)
    inputs = drawn.inputs[0, : task.count, : task.width + 1].double().numpy()
    targets = drawn.targets[0, task.count + 1 :].double().numpy()
    axes = sort_example(inputs, targets)
    save(axes[0].figure, out, {"inputs": inputs, "targets": targets})
    return f"{out}: {task.kept} of {task.count} vectors in order of priority"


def draw_sort_use(name: str, model: NTM | LSTM, task: Task, seed: int, out: Path) -> str:
    """Where a machine writes while it is shown vectors to sort: Figure 17.

    The write head whose location follows priority best over a hundred sequences is drawn.
    """
    if not isinstance(task, PrioritySort):
        raise InputError(f"the fit of locations on priorities is for task sort, not {task.name}")
    drawn = task.sample(FIT_SEQUENCES, seed)
    use, _ = machine_use(model, drawn, name)
    assert isinstance(model, NTM)
    with torch.no_grad():
        writes = model.trace(drawn.inputs).write_weightings[:, : task.count].double().numpy()
    priorities = drawn.inputs[:, : task.count, task.width].double().numpy()
    quality = np.array(
        [
            [fit_priority(p, w[:, head]).r_squared for head in range(writes.shape[2])]
            for p, w in zip(priorities, writes, strict=True)
        ]
    )
    means = np.nan_to_num(quality).mean(0)
    head = int(means.argmax())
    fit = fit_priority(priorities[0], writes[0, :, head])
    reads = use.read_weightings[task.count + 1 :].sum(1)
    axes = sort_use(fit, writes[0, :, head], np.minimum(reads, 1), priorities=priorities[0])
    arrays = {
        "priorities": priorities[0],
        "locations": fit.locations,
        "predicted": fit.predicted,
        "write_weightings": writes[0, :, head],
        "read_weightings": reads,
        "r_squared": quality,
    }
    save(axes[0].figure, out, arrays)
    return (
        f"{out}: write head {head + 1} of {len(means)}, R² {fit.r_squared:.3f} on the sequence "
        f"shown, {means[head]:.3f} on average over {FIT_SEQUENCES}"
    )
