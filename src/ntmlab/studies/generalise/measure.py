"""What models answer at sizes beyond those of training.

Legend: T answer steps, O output channels.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.scored import predict
from ntmlab.sequences import Predictor, Task


class Pair(NamedTuple):
    """What was asked of a model on one sequence, and what it said."""

    title: str
    targets: Array  # (T, O), 0 or 1
    outputs: Array  # (T, O), probabilities of a 1


def answers(
    models: Mapping[str, Predictor], tasks: Mapping[str, Task], seed: int = 0
) -> list[Pair]:
    """What each model answers on the first sequence of a seed of each task, scored steps only.

    ``tasks`` stand by what they are called in a title, such as "length 20". Raises InputError for
    a task whose targets do not follow from its inputs.
    """
    for task in tasks.values():
        if not task.deterministic:
            noisy = f"those of task {task.name} do not follow from its inputs"
            symbols = f"task {task.name} asks for the next symbol"
            raise InputError(f"this is about answers; {symbols if task.letters else noisy}")
    pairs = []
    for name, model in models.items():
        for size, task in tasks.items():
            drawn = task.sample(1, seed)
            outputs = predict(model, drawn, name)[0]
            answer = drawn.mask[0].numpy() > 0
            targets = drawn.targets[0].numpy()[answer].astype(np.float64)
            title = f"{name}, {size}" if len(models) > 1 else size
            pairs.append(Pair(title, targets, outputs[answer]))
    return pairs
