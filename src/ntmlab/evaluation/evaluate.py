"""Scores on as many sequences as asked for, in memory that does not grow with them.

Legend: B batch.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.doubts import Doubt
from ntmlab.evaluation.ours import is_ours
from ntmlab.evaluation.score import Score, Scores, score
from ntmlab.evaluation.scored import (
    STEPS_AT_ONCE,
    Oracle,
    Steps,
    above,
    ask_again,
    in_batches,
    score_optimal,
    score_steps,
)
from ntmlab.evaluation.wrong import count_wrong, summed
from ntmlab.sequences import Predictor, Sequences, Task
from ntmlab.tasks.optimum import optimum_of


def evaluate(
    task: Task,
    predictors: Mapping[str, Predictor],
    sequences: int = 1000,
    seed: int = 0,
    progress: Callable[[int], None] = lambda done: None,
) -> Scores:
    """The score of each predictor on the first ``sequences`` sequences of a seed.

    Gaps are to the task's optimal predictor on the same sequences. ``progress`` hears how many
    sequences are done. Wrong bits are counted on tasks whose targets follow from the inputs. A
    remark says where a user's optimum is surely not exact, and where a predictor does not say again
    what it was scored by.
    """
    rows: dict[str, list[Array]] = {name: [] for name in predictors}
    exact = optimum_of(task)
    doubt = Doubt(task, exact)
    first: dict[str, tuple[Sequences, Array]] = {}
    for number, drawn in in_batches(task, predictors, sequences, seed, progress):
        optimum = p, cost = _optimum(drawn, exact)
        if p is not None and cost is not None:
            doubt.see(drawn, p, cost)
        for name, predictor in predictors.items():  # steps of one are kept at a time
            steps = score_steps(predictor, drawn, name, optimum[0], number)
            rows[name].append(_sums(task, drawn, steps, optimum[1]))
            if number == 0 and not is_ours(predictor) and task.steps <= STEPS_AT_ONCE:
                first[name] = drawn, steps.probabilities
            del steps
    for name, scored_first in first.items():  # by now it was asked about all others
        ask_again(predictors[name], *scored_first, name)
    doubt.tell()
    every = {name: np.concatenate(parts, axis=1) for name, parts in rows.items()}
    free = {name for name, predictor in predictors.items() if isinstance(predictor, Oracle)}
    return Scores({name: _score(task, sums, name in free) for name, sums in every.items()})


def _optimum(sequences: Sequences, exact: Predictor | None) -> tuple[Array | None, Array | None]:
    """The optimum's probabilities (B, T, O), and what whole sequences cost it, (B,)."""
    if exact is None:
        return None, None
    steps = score_optimal(sequences, exact)
    return steps.probabilities, steps.cost.sum(1)


def _sums(task: Task, sequences: Sequences, steps: Steps, least: Array | None) -> Array:
    """Cost, gap, divergence, impossible symbols of each sequence, and where targets follow
    from the inputs counts of wrong bits, (4 or 8, B).

    Gap and divergence are not numbers where there is no optimum.
    """
    nothing = np.full(len(steps.cost), np.nan)
    wrong: Iterable[Array] = ()
    if task.deterministic:
        targets, mask = sequences.targets.numpy(), sequences.mask.numpy()
        wrong = count_wrong(steps.probabilities, targets, mask, task.marker_channels)
    return np.stack(
        [
            steps.cost.sum(1),
            nothing if least is None else above(steps, least),
            nothing if steps.divergence is None else steps.divergence.sum(1),
            np.isinf(steps.cost).sum(1),
            *wrong,
        ]
    )


def _score(task: Task, sums: Array, unreachable: bool) -> Score:
    cost, gap, divergence, impossible, *wrong = sums
    known = not np.isnan(divergence).all()
    return score(
        cost,
        gap if known else None,
        divergence if known else None,
        summed(np.stack(wrong)) if task.deterministic else None,
        int(impossible.sum()),
        unreachable=unreachable,
    )
