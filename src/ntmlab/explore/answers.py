"""What the page shows of copy, repeat copy, recall and sort: input, target, output, wrong bits.

Legend: T time, I inputs, O outputs.
"""

from typing import Any

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.scored import predict
from ntmlab.evaluation.wrong import count_wrong, wrong_bits
from ntmlab.explore.catalog import Catalog, Entry
from ntmlab.explore.machine import run_machine
from ntmlab.explore.pack import pack
from ntmlab.explore.questions import LONGEST, AnswerQuestion
from ntmlab.explore.view import finite
from ntmlab.models import NTM
from ntmlab.sequences import Task
from ntmlab.tasks import TASKS, fix_sizes, make_task


def answer(catalog: Catalog, question: AnswerQuestion) -> bytes:
    """The packed answer to a question; raises InputError if it cannot be answered."""
    entry = catalog[question.model]
    task = sized_task(entry, question.sizes)
    drawn = task.sample(1, question.seed).trim()
    targets, mask = drawn.targets.numpy(), drawn.mask.numpy()
    p = predict(catalog.predictor(question.model, task), drawn, question.model)
    wrong, bits, wrong_marks, _ = count_wrong(p, targets, mask, task.marker_channels)[:, 0]
    header: dict[str, Any] = {
        "model": question.model,
        "label": entry.label,
        "task": task.name,
        "seed": question.seed,
        "sizes": question.sizes,
        "steps": targets.shape[1],
        "markers": task.marker_channels,
        "cost": finite(task.outputs.cost_bits(p, targets, mask).sum()),
        "wrong": int(wrong),
        "bits": int(bits),
        "wrong_marks": int(wrong_marks),
    }
    arrays: dict[str, np.ndarray] = {
        "inputs": drawn.inputs[0].numpy(),
        "targets": targets[0],
        "outputs": p[0],
        "mask": mask[0],
        "wrong_bits": wrong_bits(p, targets, mask)[0],
    }
    if isinstance(entry.model, NTM):
        run = run_machine(entry.model, drawn.inputs)
        header["machine"] = {"name": question.model, "starts": run.starts}
        arrays |= {**run.arrays, "memory": run.memory}
    return pack(header, arrays)


def sized_task(entry: Entry, sizes: dict[str, int]) -> Task:
    """The task of a model in the form it is bound to, of the sizes given, else as in training."""
    options = {**entry.task_options, **fix_sizes(entry.task, sizes)}
    task = make_task(entry.task, **options)
    if not task.deterministic:
        raise InputError(f"model {entry.name} predicts bits; it has no answers to show")
    if task.steps > LONGEST:
        raise InputError(f"these sizes make {task.steps} steps; at most {LONGEST} are shown")
    return task


def task_sizes() -> dict[str, list[str]]:
    """The sizes that can be chosen for each task."""
    return {name: list(task.sizes) for name, task in TASKS.items() if task.deterministic}
