"""What section 4.4 and Figure 15 of the paper say of the memory, answered for one machine."""

from typing import Final

import numpy as np

from ntmlab.evaluation.ratios import Profile
from ntmlab.studies.claims import Claim, number
from ntmlab.studies.inside.measure import Inside
from ntmlab.studies.inside.writes import LATE

SAME: Final = 0.5  # cosine from which two weightings are called the same place
TWICE: Final = 2.0  # and this many times the control
MOST: Final = 0.5  # R², and part of the content's change or of the advantage over a coin
ANTI: Final = -0.2  # cosine from which add vectors are called anti-correlated
FAINTER: Final = 0.8  # of the strength at first visits
NO_COUNT: Final = 0.25  # R² of absolute counts below which only a ratio is kept


def memory_claims(inside: Inside) -> list[Claim]:
    """The claims in the order in which the paper makes them."""
    return [
        memory_matters(inside),
        content_counts(inside),
        same_slot_read(inside),
        written_next(inside),
        adds_anti_correlated(inside),
        writes_fade(inside),
        ratio_not_counts(inside),
        mistakes_are_misreads(inside),
    ]


def memory_matters(inside: Inside) -> Claim:
    """Whether the machine loses most of its advantage over a coin without what it writes."""
    whole, still, coin = (inside.scores[name].kl or 0.0 for name in ("whole", "no writes", "coin"))
    lost = (still - whole) / (coin - whole) if coin > whole else 0.0
    return Claim(
        "the memory is used to count",
        f"without writes the gap is {still:.2f} instead of {whole:.2f} bits: {lost:.0%} of the "
        f"advantage over a coin, whose gap is {coin:.2f}",
        f"at least {MOST:.0%} of the advantage over a coin is lost without writes",
        lost >= MOST,
        lost,
        float("nan"),
    )


def content_counts(inside: Inside) -> Claim:
    """Whether the optimal prediction can be read off the content."""
    own, other = inside.explained["logit"], inside.explained["another context"]
    return Claim(
        "what is read tells the ones and zeros seen after the context",
        f"R² of the optimal logit from the content read {_value(own)}; "
        f"of another context's logit {_value(other)}",
        f"R² is at least {MOST:g} and {TWICE:g} times that of another context",
        bool(own.mean >= max(MOST, TWICE * float(other.mean))),
        *_pair(own),
    )


def same_slot_read(inside: Inside) -> Claim:
    """Whether a context comes back to the slot it read before."""
    same, other = (inside.statistics[f"read_{name}"] for name in ("same", "other"))
    return Claim(
        "the same location is read when a context comes back",
        f"cosine with the read of the visit before {_value(same)}; of other contexts "
        f"{_value(other)}; of the same context in other sequences "
        f"{_value(inside.statistics['read_across'])}",
        f"the cosine is at least {SAME:g} and {TWICE:g} times that of other contexts",
        bool(same.mean >= max(SAME, TWICE * float(other.mean))),
        *_pair(same),
    )


def written_next(inside: Inside) -> Claim:
    """Whether the next step's write is the one that changes what was read."""
    change, lag = inside.statistics["change"].mean, inside.lag
    share = change / change.sum() if change.sum() > 0 else np.zeros_like(change)
    landed, other = inside.statistics["landed"], inside.statistics["landed_other"]
    return Claim(
        "and it is written on the next step",
        f"{share[1]:.0%} of the change of what was read comes with the write of the next step; "
        f"most, {share[lag]:.0%}, {lag} {'step' if lag == 1 else 'steps'} after the read, "
        f"when {_value(_entry(landed, lag))} of the write lands on the slot read "
        f"({_value(_entry(other, lag))} on another context's)",
        f"at least {MOST:.0%} of the change in the steps 0 to {len(change) - 1} after a read comes "
        "at the next step",
        bool(share[1] >= MOST),
        float(share[1]),
        float("nan"),
    )


def adds_anti_correlated(inside: Inside) -> Claim:
    """Whether adds point in opposite directions after a 0 and after a 1."""
    opposite, same = (_at(inside, f"adds_{name}") for name in ("opposite", "same"))
    centred = [_at(inside, f"adds_{name}_centred") for name in ("opposite", "same")]
    steps = f"{inside.lag} {'step' if inside.lag == 1 else 'steps'}"
    return Claim(
        "add vectors are anti-correlated for 0 and 1",
        f"cosine of the adds {steps} after two visits in a row of a context: {_value(opposite)} "
        f"if outcomes differ, {_value(same)} if not; less the mean add {_value(centred[0])} and "
        f"{_value(centred[1])}",
        f"the cosine is at most {ANTI:g} where outcomes differ",
        bool(opposite.mean <= ANTI),
        *_pair(opposite),
    )


def writes_fade(inside: Inside) -> Claim:
    """Whether write weightings grow fainter as a context repeats."""
    names = ("landed", "peak", "change")
    ratios = [_late_to_first(_at(inside, f"{name}_late")) for name in names]
    words = ("weight on the slot read", "largest weight", "change of what was read")
    parts = [
        f"{word} {ratio:.2f} ± {error:.2f}"
        for word, (ratio, error) in zip(words, ratios, strict=True)
    ]
    ratio, error = ratios[0]
    return Claim(
        "write weightings grow fainter as a context repeats",
        f"at visit {LATE + 1}, as a part of that at the first: {', '.join(parts)}",
        f"the weight on the slot read falls to {FAINTER:g} or less, by two standard errors or more",
        bool(ratio <= FAINTER and ratio + 2 * error < 1),
        ratio,
        error,
    )


def ratio_not_counts(inside: Inside) -> Claim:
    """Whether the content holds the ratio of ones to zeros but not how many there were."""
    ratio, total = inside.explained["logit"], inside.explained["total"]
    return Claim(
        "the memory records a ratio rather than absolute counts",
        f"R² of log(1 + N1 + N0) {_value(total)}, of the logit of the ratio {_value(ratio)}",
        f"R² of the logit is at least {MOST:g} and that of the total at most {NO_COUNT:g}",
        bool(ratio.mean >= MOST and total.mean <= NO_COUNT),
        *_pair(total),
    )


def mistakes_are_misreads(inside: Inside) -> Claim:
    """Whether clear mistakes come from reading the wrong slot."""
    worst, rest = (inside.statistics[f"misread_{name}"] for name in ("worst", "rest"))
    apart = worst.mean - TWICE * rest.mean > 2 * np.hypot(worst.se, TWICE * rest.se)
    return Claim(
        "clear mistakes come from reading the wrong location",
        f"of the worst 1% of later visits {_share(worst)} read a place that "
        f"another context was the last to read, of the others {_share(rest)}",
        "the first is at least 50% and, beyond two standard errors, twice the second",
        bool(worst.mean >= MOST and apart),
        *_pair(worst),
    )


def _late_to_first(pair: Profile) -> tuple[float, float]:
    """The ratio of a strength at late visits to that at first ones, and its error."""
    (first, late), (first_error, late_error) = pair.mean, pair.se
    if not (first > 0 and late > 0):
        return float("nan"), float("nan")
    relative = np.hypot(first_error / first, late_error / late)
    return float(late / first), float(late / first * relative)


def _at(inside: Inside, name: str) -> Profile:
    """A statistic at the lag of the machine's writes."""
    return _entry(inside.statistics[name], inside.lag)


def _entry(profile: Profile, lag: int) -> Profile:
    return Profile(*(part[lag] for part in profile))


def _value(profile: Profile) -> str:
    return number(float(profile.mean), float(profile.se))


def _share(profile: Profile) -> str:
    return number(float(profile.mean), float(profile.se), percent=True)


def _pair(profile: Profile) -> tuple[float, float]:
    return float(profile.mean), float(profile.se)
