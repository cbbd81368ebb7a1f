"""Where a model loses its bits: the divergence by position, and by visit, age and context.

Legend: B sequences, T time, K bins.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.ratios import Profile, Ratio
from ntmlab.evaluation.score import Score, score
from ntmlab.evaluation.scored import Steps, scored
from ntmlab.sequences import Predictor, Task, symbols_of
from ntmlab.studies.finite import check_reachable, finite_divergence, known_optimum
from ntmlab.studies.losses.bins import VISITS, LossBins, bin_names, loss_bins, remark_on_contexts

CLOSE: Final = 0.05  # predictions nearer than this look the same in a strip
WORST: Final = 0.01  # part of the steps whose share of the loss is told


class Part(NamedTuple):
    """A way to divide the loss: per bin its name, the mean of its steps, and its share.

    The ``bits`` of all bins of a part sum to the model's gap, Σ KL.
    """

    names: list[str]
    steps: Profile  # bits per step of the bin
    bits: Array  # bits per sequence that the bin contributes
    bits_se: Array


class Losses(NamedTuple):
    """Where one model loses bits; the parts are position and, of contexts, visit, age, context."""

    score: Score
    parts: dict[str, Part]
    close: Profile  # share of steps whose prediction is within `CLOSE` of the optimum
    worst_share: float  # of the gap, in the worst hundredth of steps
    quarters: Array  # (B, 4) bits per scored step in each quarter of a sequence
    by_age: tuple[Profile, Profile] | None  # by visit, (VISITS,): the last one recent, or long ago
    costs: Array  # (B,) bits
    divergences: Array  # (B,) bits


def losses(
    task: Task,
    predictors: Mapping[str, Predictor],
    sequences: int = 1000,
    seed: int = 1,
    progress: Callable[[int], None] = lambda done: None,
) -> dict[str, Losses]:
    """Resolves the gap of each predictor on the first ``sequences`` sequences of a seed.

    Raises InputError for a task that asks for answers or whose optimum is not known, fewer than 2
    sequences or 4 steps, or an infinite loss; a remark says where contexts are too many.
    """
    if task.letters is None:
        raise InputError(f"losses are told of next symbols; task {task.name} asks for answers")
    if task.steps < 4:
        raise InputError(f"losses are told for sequences of 4 steps or more, not {task.steps}")
    if sequences < 2:
        raise InputError(f"--sequences must be at least 2, not {sequences}")
    check_reachable(predictors)
    remark_on_contexts(task)
    names = bin_names(task)
    found: dict[str, list[_Batch]] = {name: [] for name in predictors}
    for batch in scored(task, predictors, sequences, seed, progress):
        steps = loss_bins(task, symbols_of(batch.sequences.targets, task.letters))
        best = known_optimum(batch)
        for name, own in batch.found.items():
            apart = np.abs(own.probabilities - best.probabilities).max(-1)
            mask = batch.sequences.mask.numpy() > 0
            found[name].append(_resolve(steps, names, own, name, apart <= CLOSE, best, mask))
    return {name: _joined(parts, names) for name, parts in found.items()}


class _Batch(NamedTuple):
    parts: dict[str, Ratio]
    close: Ratio
    ages: tuple[Ratio, ...]  # recent and old, or nothing
    divergence: NDArray[np.float32]  # of every scored step, to find the worst
    total: Array  # (B,)
    quarters: Array  # (B, 4)
    cost: Array  # (B,)
    gap: Array  # (B,)


def _resolve(
    steps: LossBins,
    names: Mapping[str, list[str]],
    own: Steps,
    name: str,
    near: NDArray[np.bool_],
    best: Steps,
    mask: NDArray[np.bool_],
) -> _Batch:
    """What a model loses on some sequences; steps where the mask (B, T) is False count nowhere."""
    divergence, cost = finite_divergence(own, name), own.cost.sum(1)
    return _Batch(
        {
            part: Ratio.by_bin(divergence, np.where(mask, bins, -1), len(names[part]))
            for part, bins in steps.bins.items()
        },
        Ratio.of(near.astype(np.float64), mask),
        tuple(
            Ratio.by_bin(divergence, np.where(mask, bins, -1), VISITS) for bins in steps.ages or ()
        ),
        divergence[mask].astype(np.float32),
        divergence.sum(1),
        _quarters(divergence, mask),
        cost,
        cost - best.cost.sum(1),
    )


def _quarters(divergence: Array, mask: NDArray[np.bool_]) -> Array:
    """Bits per scored step in each quarter, (B, 4); not a number where there is none."""
    parts = (np.array_split(values, 4, axis=1) for values in (divergence, mask))
    with np.errstate(invalid="ignore"):
        means = [own.sum(1) / counted.sum(1) for own, counted in zip(*parts, strict=True)]
    return np.stack(means, axis=1)


def _joined(batches: list[_Batch], names: Mapping[str, list[str]]) -> Losses:
    """The losses over all batches."""
    divergence = np.concatenate([batch.divergence for batch in batches])
    names_of = ("cost", "gap", "total", "quarters")
    every = (np.concatenate([getattr(batch, key) for batch in batches]) for key in names_of)
    cost, gap, total, quarters = every
    parts = {
        part: _part(Ratio.joined([batch.parts[part] for batch in batches]), own)
        for part, own in names.items()
    }
    ages = [Ratio.joined(own).profile() for own in zip(*(b.ages for b in batches), strict=True)]
    worst = np.sort(divergence, axis=None)[-max(1, math.ceil(WORST * divergence.size)) :]
    return Losses(
        score(cost, gap, total),
        parts,
        Ratio.joined([batch.close for batch in batches]).profile(),
        float(worst.sum(dtype=np.float64) / total.sum()) if total.sum() > 0 else 0.0,
        quarters,
        (ages[0], ages[1]) if ages else None,
        cost,
        total,
    )


def _part(ratio: Ratio, names: list[str]) -> Part:
    error = ratio.sums.std(0, ddof=1) / np.sqrt(len(ratio.sums))
    return Part(names, ratio.profile(), ratio.sums.mean(0), error)
