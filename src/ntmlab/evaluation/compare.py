"""Predictors laid beside the optimum on the same sequences.

Legend: B batch, T time, O target bits a step, k bits of context.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array, Bits, cost_bits, divergence_bits, mean_and_error
from ntmlab.evaluation.wrong import WrongBits
from ntmlab.models.predictor import ModulePredictor
from ntmlab.optimal.contexts import visits
from ntmlab.sequences import Predictor, Sequences

# A smaller divergence is not marked: by Pinsker's inequality the probabilities are less than half a
# level of 256 greys apart. It keeps rounding errors of an exact predictor from being called
# departures.
DIVERGENCE_FLOOR = 1e-5  # bits

# Two marked steps are at least this part of the shown steps apart.
DIVERGENCE_SPACING = 1 / 20


class Score(NamedTuple):
    """How a predictor did on a set of sequences, in bits per sequence with standard errors.

    ``gap`` is the paired difference of costs to the optimum, ``kl`` the summed divergence from it:
    two estimates of the same number. Both are None where there is no optimum to compare with.
    ``wrong`` is None where targets do not follow from the inputs.
    """

    bits: float
    bits_se: float
    gap: float | None
    gap_se: float | None
    kl: float | None
    kl_se: float | None
    wrong: WrongBits | None = None

    def values(self) -> dict[str, float | None]:
        """The numbers by name, those of wrong bits only where they are counted."""
        own = {k: v for k, v in self._asdict().items() if k != "wrong"}
        counted = self.wrong._asdict() if self.wrong else {}
        return own | {k: v for k, v in counted.items() if v is not None}


class Profile(NamedTuple):
    """The gap, resolved: ``mean[i]`` bits at position or visit i, with standard errors."""

    mean: Array
    se: Array
    steps: NDArray[np.int64]  # how many steps each mean is taken over


@dataclass(frozen=True)
class Comparison:
    """Sequences and what each predictor said of them.

    ``probabilities`` maps a predictor's name to P(target bit = 1), (B, T, O); ``reference`` names
    the optimal one, if it is among them.
    """

    inputs: Bits  # (B, T, I)
    targets: Bits  # (B, T, O)
    mask: Bits  # (B, T)
    probabilities: dict[str, Array]
    reference: str | None

    @property
    def names(self) -> list[str]:
        """The predictors, in order."""
        return list(self.probabilities)

    def cost(self, name: str) -> Array:
        """Bits per step, (B, T)."""
        return cost_bits(self.probabilities[name], self.targets, self.mask)

    def divergence(self, name: str) -> Array:
        """KL(optimal || model) per step in bits, (B, T); raises InputError without an optimum."""
        if self.reference is None:
            raise InputError("there is no optimal predictor in this comparison to diverge from")
        optimal = self.probabilities[self.reference]
        return divergence_bits(optimal, self.probabilities[name], self.mask)

    def score(self, name: str) -> Score:
        """Mean cost and gap in bits per sequence, with standard errors."""
        cost = self.cost(name).sum(1)
        if self.reference is None:
            return Score(*mean_and_error(cost), None, None, None, None)
        gap = cost - self.cost(self.reference).sum(1)
        return score(cost, gap, self.divergence(name).sum(1))

    def table(self) -> str:
        """The scores of all predictors as text, one a line, in bits per sequence."""
        return score_table({name: self.score(name) for name in self.names})

    def gap_by_position(self, name: str) -> Profile:
        """The summed divergence by position in the sequence, (T,)."""
        divergence = self.divergence(name)
        scored = self.mask > 0
        return _profile(divergence[scored], np.nonzero(scored)[1], divergence.shape[1])

    def gap_by_visit(self, name: str, context_bits: int) -> Profile:
        """The mean divergence at the first, second, ... visit of a context, on next-bit tasks.

        Entry v averages over the steps whose context of ``context_bits`` bits was seen v times
        before in their sequence.
        """
        seen = visits(self.targets[:, :, 0].astype(np.int64), context_bits)
        scored = (self.mask > 0) & (seen >= 0)
        return _profile(self.divergence(name)[scored], seen[scored], int(seen.max(initial=-1)) + 1)

    def divergences(
        self, name: str, index: int = 0, count: int = 2, window: slice | None = None
    ) -> list[int]:
        """The steps of one sequence where a predictor departs most from the optimum, in time order.

        The rule: take steps by decreasing KL(optimal || model), whatever its size; leave out a step
        closer than a twentieth of the shown steps to one already taken, so that arrows do not
        crowd; stop after ``count``, or when less is left than any picture shows, 0.00001 bits.
        ``window`` restricts the steps shown.
        """
        divergence = self.divergence(name)[index]
        steps = np.arange(len(divergence))[window or slice(None)]
        spacing = max(1.0, len(steps) * DIVERGENCE_SPACING)
        taken: list[int] = []
        for step in steps[np.argsort(-divergence[steps], kind="stable")]:
            if len(taken) == count or divergence[step] < DIVERGENCE_FLOOR:
                break
            if all(abs(step - other) >= spacing for other in taken):
                taken.append(int(step))
        return sorted(taken)


def compare(
    sequences: Sequences, predictors: Mapping[str, object], reference: str | None = None
) -> Comparison:
    """What each predictor says of the same sequences.

    ``predictors`` maps names to predictors or PyTorch modules (whose outputs are logits).
    ``reference`` names the optimal one; by default the one called "optimal", in any case.
    Raises InputError if a prediction has the wrong shape or is not a probability.

    >>> from ntmlab import DynamicNGrams
    >>> task = DynamicNGrams(order=2, length=4)
    >>> comparison = compare(task.sample(3, seed=0), {"Optimal": task.optimal()})
    >>> comparison.reference, comparison.score("Optimal").gap
    ('Optimal', 0.0)
    """
    if not predictors:
        raise InputError("there is nothing to compare: give at least one predictor")
    if reference is None:
        reference = next((name for name in predictors if name.lower() == "optimal"), None)
    elif reference not in predictors:
        raise InputError(f"the reference {reference!r} is not among {', '.join(predictors)}")
    return Comparison(
        sequences.inputs.numpy(),
        sequences.targets.numpy(),
        sequences.mask.numpy(),
        {name: predict(as_predictor(p), sequences, name) for name, p in predictors.items()},
        reference,
    )


def as_predictor(candidate: object) -> Predictor:
    """A predictor as it is; a PyTorch module as the predictor of its logits."""
    if isinstance(candidate, torch.nn.Module):
        return ModulePredictor(candidate)
    if not callable(candidate):
        raise InputError(f"a predictor must be callable or a torch module, not {candidate!r}")
    return candidate


def predict(predictor: Predictor, sequences: Sequences, name: str) -> Array:
    """Checked probabilities (B, T, O) of a predictor."""
    result = np.asarray(predictor(sequences.inputs), dtype=np.float64)
    if result.shape != tuple(sequences.targets.shape):
        raise InputError(
            f"predictor {name} returned shape {result.shape}, "
            f"but the targets have shape {tuple(sequences.targets.shape)}"
        )
    if not ((result >= 0) & (result <= 1)).all():
        raise InputError(f"predictor {name} returned numbers that are not probabilities")
    return result


def score(cost: Array, gap: Array, divergence: Array, wrong: WrongBits | None = None) -> Score:
    """The score from bits per sequence, each (B,): cost, paired gap and summed divergence."""
    return Score(*mean_and_error(cost), *mean_and_error(gap), *mean_and_error(divergence), wrong)


def score_table(scores: Mapping[str, Score]) -> str:
    """Scores as text, a line each under a header, in bits per sequence.

    Where wrong bits are counted they stand in place of the gaps, which equal the bits there.
    """
    width = max(len("model"), *map(len, scores))
    counted = all(s.wrong for s in scores.values())
    head = ["bits", "wrong bits", "wrong rate"] if counted else ["bits", "gap (paired)", "gap (KL)"]
    rows = {name: _wrong_cells(s) if counted else _gap_cells(s) for name, s in scores.items()}
    if any(len(cells) > len(head) for cells in rows.values()):
        head += ["wrong end marks"]
    table = {"model": head} | rows
    lines = [
        "  ".join([f"{name:<{width}}", *(f"{cell:>17}" for cell in cells)])
        for name, cells in table.items()
    ]
    return "\n".join(lines)


def _gap_cells(s: Score) -> list[str]:
    return [with_error(*pair) for pair in ((s.bits, s.bits_se), (s.gap, s.gap_se), (s.kl, s.kl_se))]


def _wrong_cells(s: Score) -> list[str]:
    """Bits, wrong bits a sequence, their rate, and wrong end markers a sequence if any."""
    assert s.wrong is not None
    cells = [with_error(s.bits, s.bits_se), with_error(s.wrong.wrong_bits, s.wrong.wrong_bits_se)]
    cells += [f"{s.wrong.wrong_rate:.4%}"]
    return cells if s.wrong.wrong_markers is None else [*cells, f"{s.wrong.wrong_markers:.3f}"]


def with_error(value: float | None, error: float | None) -> str:
    """A number with its standard error, or a dash.

    >>> with_error(133.2691, 0.0112), with_error(None, None)
    ('133.269 ± 0.011', '-')
    """
    if value is None:
        return "-"
    return f"{value:.3f}" if error is None or np.isnan(error) else f"{value:.3f} ± {error:.3f}"


def _profile(values: Array, places: NDArray[np.int64], size: int) -> Profile:
    """Mean and standard error of values by their place in range(size)."""
    count = np.bincount(places, minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(places, values, size) / count
        square = np.bincount(places, values**2, size) / count
        se = np.sqrt(np.maximum(square - mean**2, 0) / np.maximum(count - 1, 1))
    return Profile(mean, se, count)
