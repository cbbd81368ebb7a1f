"""Claims on a memory, on both sides of each bound: of means, of ratios, and of their errors."""

from types import SimpleNamespace

import numpy as np
import pytest

from ntmlab.evaluation.ratios import Profile
from ntmlab.studies.inside import claims

LAG = 1


def pair(mean, se=0.0):
    return Profile(
        np.array(mean, float), np.array(se, float) + 0 * np.array(mean), np.full(np.shape(mean), 9)
    )


def at_lag(mean, se=0.0):
    """At the lag of writes; all else is on the other side."""
    mean, se = np.array(mean, float), np.array(se, float) + 0 * np.array(mean)
    return Profile(*(np.stack([-9 * part, part, -9 * part]) for part in (mean, se)), np.full(3, 9))


def found(**known):
    fits = {name: own for name, own in known.items() if name in ("logit", "total", "other")}
    fits = {"another context" if name == "other" else name: own for name, own in fits.items()}
    return SimpleNamespace(statistics=known, explained=fits, lag=LAG, scores=known)


def gaps(whole, still, coin):
    named = {"whole": whole, "no writes": still, "coin": coin}
    return found(**{name: SimpleNamespace(kl=kl, gap=-1.0) for name, kl in named.items()})


def changed(*change):
    same = dict.fromkeys(("landed", "landed_other"), pair([0.0] * 3))
    return found(change=pair(change), **same)


def faded(first, late):
    both = at_lag([first[0], late[0]], [first[1], late[1]])
    return found(landed_late=both, **dict.fromkeys(("peak_late", "change_late"), at_lag([1, 1])))


def added(cosine):
    same = ("adds_same", "adds_opposite_centred", "adds_same_centred")
    return found(adds_opposite=at_lag(cosine), **dict.fromkeys(same, at_lag(0.0)))


def read(same, other):
    return found(read_same=pair(same), read_other=pair(other), read_across=pair(0.0))


CASES = [
    (claims.memory_matters, gaps(10.0, 15.0, 20.0), gaps(10.0, 14.9, 20.0)),
    (claims.memory_matters, gaps(0.0, 10.0, 20.0), gaps(20.0, 30.0, 20.0)),  # no advantage
    (
        claims.content_counts,
        found(logit=pair(0.5), other=pair(0.25)),
        found(logit=pair(0.5), other=pair(0.26)),
    ),
    (
        claims.content_counts,
        found(logit=pair(0.5), other=pair(0.0)),
        found(logit=pair(0.49), other=pair(0.0)),
    ),
    (claims.same_slot_read, read(0.5, 0.25), read(0.5, 0.26)),
    (claims.same_slot_read, read(0.5, 0.0), read(0.49, 0.0)),
    (claims.written_next, changed(0.1, 0.2, 0.1), changed(0.11, 0.2, 0.1)),
    (claims.written_next, changed(0.0, 9.0, 0.0), changed(0.0, 0.0, 0.0)),
    (claims.adds_anti_correlated, added(-0.2), added(-0.19)),
    (claims.writes_fade, faded((1.0, 0.0), (0.8, 0.0)), faded((1.0, 0.0), (0.81, 0.0))),
    (claims.writes_fade, faded((1.0, 0.0), (0.8, 0.09)), faded((1.0, 0.0), (0.8, 0.11))),
    (claims.writes_fade, faded((2.0, 0.2), (1.6, 0.0)), faded((2.0, 0.26), (1.6, 0.0))),
    (claims.writes_fade, faded((1.0, 0.0), (0.5, 0.0)), faded((1.0, 0.0), (0.0, 0.0))),  # no number
    (
        claims.ratio_not_counts,
        found(logit=pair(0.5), total=pair(0.25)),
        found(logit=pair(0.5), total=pair(0.26)),
    ),
    (
        claims.ratio_not_counts,
        found(logit=pair(0.5), total=pair(0.0)),
        found(logit=pair(0.49), total=pair(0.0)),
    ),
    (
        claims.mistakes_are_misreads,
        found(misread_worst=pair(0.5), misread_rest=pair(0.1)),
        found(misread_worst=pair(0.49), misread_rest=pair(0.1)),
    ),
    (  # beyond twice the error of the one and of twice the other
        claims.mistakes_are_misreads,
        found(misread_worst=pair(0.6, 0.01), misread_rest=pair(0.2, 0.04)),
        found(misread_worst=pair(0.6, 0.01), misread_rest=pair(0.2, 0.06)),
    ),
    (
        claims.mistakes_are_misreads,
        found(misread_worst=pair(0.6, 0.09), misread_rest=pair(0.2)),
        found(misread_worst=pair(0.6, 0.11), misread_rest=pair(0.2)),
    ),
]


@pytest.mark.parametrize(("claim", "yes", "no"), CASES, ids=lambda v: getattr(v, "__name__", ""))
def test_a_claim_holds_from_its_bound_on(claim, yes, no):
    assert (claim(yes).holds, claim(no).holds) == (True, False)
