"""What the page shows of copy, repeat copy, recall and sort: input, target, output, wrong bits.

Legend: T time, I inputs, O outputs.
"""

from typing import Any

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.scored import predict
from ntmlab.evaluation.wrong import count_wrong, wrong_bits
from ntmlab.explore.catalog import Catalog
from ntmlab.explore.entries import Entry
from ntmlab.explore.machine import run_machine
from ntmlab.explore.pack import pack
from ntmlab.explore.questions import LONGEST, AnswerQuestion
from ntmlab.explore.tasks import describe
from ntmlab.explore.view import Step, no_step
from ntmlab.models import NTM
from ntmlab.records import finite
from ntmlab.sequences import Task
from ntmlab.tasks import make_task, settings_of
from ntmlab.tasks.ranges import Range


def answer(catalog: Catalog, question: AnswerQuestion, step: Step = no_step) -> bytes:
    """The packed answer to a question; raises InputError if it cannot be answered."""
    entry = catalog[question.model]
    name, task = sized_task(catalog, entry, question)
    step(question.model)
    drawn = task.sample(1, question.seed).trim()
    targets, mask = drawn.targets.numpy(), drawn.mask.numpy()
    p = predict(catalog.predictor(question.model, name, task), drawn, question.model)
    wrong, bits, wrong_marks, _ = count_wrong(p, targets, mask, task.marker_channels)[:, 0]
    crosses = wrong_bits(p, targets, mask)[0] & task.deterministic
    header: dict[str, Any] = {
        "model": question.model,
        "label": entry.label,
        "task": describe(name, task),
        "seed": question.seed,
        "sizes": question.sizes,
        "steps": targets.shape[1],
        "markers": task.marker_channels,
        "deterministic": task.deterministic,
        "cost": finite(float(task.outputs.cost_bits(p, targets, mask).sum())),
        "wrong": int(wrong),
        "bits": int(bits),
        "wrong_marks": int(wrong_marks),
    }
    arrays: dict[str, np.ndarray] = {
        "inputs": drawn.inputs[0].numpy(),
        "targets": targets[0],
        "outputs": p[0],
        "mask": mask[0],
        "wrong_bits": crosses,
    }
    if isinstance(entry.model, NTM):
        run = run_machine(entry.model, drawn.inputs, outputs=task.outputs, step=step)
        header["machine"] = {"name": question.model, "starts": run.starts}
        arrays |= {**run.arrays, "memory": run.memory}
    return pack(header, arrays)


def sized_task(catalog: Catalog, entry: Entry, question: AnswerQuestion) -> tuple[str, Task]:
    """Name and task of a question: the model's, of the sizes given, else those shown first.

    Raises InputError for a size that the task does not have, or one that makes too many steps.
    """
    name, task = catalog.task(question.task or entry.task)
    if task.letters is not None:
        raise InputError(f"task {name} predicts the next symbol; it has no answers to show")
    if entry.task not in (None, name):
        raise InputError(f"model {entry.name} is for task {entry.task}, not {name}")
    for size in question.sizes:
        if size not in task.sizes:
            known = ", ".join(task.sizes) or "none"
            raise InputError(f"task {name} has no size {size}; its sizes: {known}")
    ranges: dict[str, Range] = getattr(task, "ranges", {})
    chosen = {size: r.first for size, r in ranges.items() if size in task.sizes} | question.sizes
    options = {**(entry.options or settings_of(task))}
    options |= {option: n for size, n in chosen.items() for option in task.sizes[size]}
    sized = make_task(name, **options)
    if sized.steps > LONGEST:
        raise InputError(f"these sizes make {sized.steps} steps; at most {LONGEST} are shown")
    return name, sized
