"""What section 4.4 and Figure 14 of the paper say of the predictions, answered for a model."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from ntmlab.evaluation.bits import Array, mean_and_error
from ntmlab.evaluation.ratios import Profile
from ntmlab.models import LSTM, NTM, ModulePredictor
from ntmlab.sequences import Predictor
from ntmlab.studies.claims import SURE, Claim, is_above, number
from ntmlab.studies.losses.bins import OLD
from ntmlab.studies.losses.measure import CLOSE, WORST, Losses

MOST: Final = 0.5  # of the steps
COMPARED: Final = slice(1, 9)  # visits with one to eight before, compared by age
FEWEST_STEPS: Final = 20


def prediction_claims(name: str, found: Losses) -> list[Claim]:
    """The claims on one model; that on forgetting where the task counts in contexts."""
    claims = [near_optimum(name, found), above_optimum(name, found), drifts(name, found)]
    return claims if found.by_age is None else [*claims, forgets(name, *found.by_age)]


def near_optimum(name: str, found: Losses) -> Claim:
    """Whether most predictions look like the optimum's."""
    share = float(found.close.mean)
    return Claim(
        f"{name}: in most places predictions are almost indistinguishable from the optimum",
        f"{number(share, float(found.close.se), percent=True)} of steps within {CLOSE:g}; the "
        f"worst {WORST:.0%} of steps hold {found.worst_share:.0%} of the gap",
        f"more than {MOST:.0%} of predictions are within {CLOSE:g} of the optimum's",
        share > MOST,
        share,
        float(found.close.se),
    )


def above_optimum(name: str, found: Losses) -> Claim:
    """Whether the optimum is not reached."""
    gap, error = found.score.kl or 0.0, found.score.kl_se or 0.0
    return Claim(
        f"{name}: never quite reaches the optimum",
        f"gap {number(gap, error)} bits a sequence",
        f"the gap, Σ KL, is above zero by {SURE:g} standard errors",
        is_above(gap, error),
        gap,
        error,
    )


def drifts(name: str, found: Losses) -> Claim:
    """Whether predictions depart further in the last quarter than in the second.

    Of sequences that have scored steps in both; not numbers where fewer than two have.
    """
    second, last = found.quarters[:, 1], found.quarters[:, -1]
    both = np.isfinite(last - second)
    if both.sum() > 1:
        second, last = second[both], last[both]
    rise, error = mean_and_error(last - second)
    return Claim(
        f"{name}: departs further from the optimum as the sequence goes on",
        f"{last.mean():.5f} bits a step in the last quarter, {second.mean():.5f} in the second; "
        f"difference {number(rise, error)}",
        f"the last quarter is worse by {SURE:g} standard errors",
        is_above(rise, error),
        rise,
        error,
    )


def forgets(name: str, recent: Profile, long_ago: Profile) -> Claim:
    """Whether a context seen long ago is predicted worse than one seen as often, but lately."""
    new, old, rise, error = by_age(recent, long_ago)
    return Claim(
        f"{name}: forgets what it saw long ago",
        f"at visits with 1 to 8 before, {old:.5f} bits a step if the last was more than {OLD} "
        f"steps ago, {new:.5f} if not; difference {number(rise, error)}",
        f"the former is larger by {SURE:g} standard errors, each number of visits weighing the "
        "same",
        is_above(rise, error),
        rise,
        error,
    )


def by_age(recent: Profile, old: Profile) -> tuple[float, float, float, float]:
    """Bits a step at recent and at old visits, the difference and its error.

    Means over the numbers of visits that have enough steps of both; not numbers if there are none.
    """
    enough = (recent.steps >= FEWEST_STEPS) & (old.steps >= FEWEST_STEPS)
    both = np.flatnonzero(enough[COMPARED]) + COMPARED.start
    if not len(both):
        return (float("nan"),) * 4

    def mean(values: Array) -> float:
        return float(values[both].mean())

    error = np.sqrt((recent.se[both] ** 2 + old.se[both] ** 2).sum()) / len(both)
    return mean(recent.mean), mean(old.mean), mean(old.mean - recent.mean), float(error)


def better_than(name: str, found: Losses, other_name: str, other: Losses) -> Claim:
    """Whether a model has a significant advantage over another on the same sequences."""
    gain, error = mean_and_error(other.divergences - found.divergences)
    paired, paired_error = mean_and_error(other.costs - found.costs)
    return Claim(
        f"{name}: a significant advantage over {other_name}",
        f"{number(gain, error)} bits a sequence by Σ KL, {number(paired, paired_error)} by "
        "cost, on the same sequences",
        f"the difference of gaps, Σ KL, is above zero by {SURE:g} standard errors",
        is_above(gain, error),
        gain,
        error,
    )


def all_claims(predictors: Mapping[str, Predictor], found: Mapping[str, Losses]) -> list[Claim]:
    """The claims on every model, and of every NTM against every LSTM."""
    claims = [claim for name, one in found.items() for claim in prediction_claims(name, one)]
    for name, one in found.items():
        others = (other for other in found if _is(predictors[other], LSTM))
        if _is(predictors[name], NTM):
            claims += [better_than(name, one, other, found[other]) for other in others]
    return claims


def _is(predictor: Predictor, kind: type) -> bool:
    return isinstance(predictor, ModulePredictor) and isinstance(predictor.module, kind)
