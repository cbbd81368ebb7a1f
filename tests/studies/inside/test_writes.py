"""Strength and direction of writes, on machines made by hand."""

import numpy as np
import pytest

from ntmlab.studies.inside.writes import LATE, VISITS, write_statistics
from ntmlab.studies.traces import LAGS
from tests.studies.inside.cases import drawn_bits, perfect


def found(usage):
    return {name: ratio.profile() for name, ratio in write_statistics(usage).items()}


@pytest.mark.parametrize("lag", [1, 3])
def test_strength_by_visit_at_the_lag_of_the_writes(lag):
    usage = perfect(drawn_bits(length=120), lag=lag)
    profile = found(usage)["landed_by_visit"]
    expected = 1 / (1.0 + np.arange(VISITS - 1))
    assert profile.mean.shape == (LAGS, 16)  # the first to the fifteenth, and all later ones
    np.testing.assert_allclose(profile.mean[lag, :-1], expected)
    np.testing.assert_allclose(profile.se[lag, :-1], 0, atol=1e-12)
    kept = usage.visits[:, : -(LAGS - 1)]
    counts = np.bincount(np.minimum(kept[kept >= 0], VISITS - 1), minlength=VISITS)
    np.testing.assert_array_equal(profile.steps[lag], counts)


def test_late_visits_are_held_against_first_visits_of_the_same_contexts():
    usage = perfect(drawn_bits(length=60))
    weak = (usage.contexts == 5)[..., None]  # a context whose writes are all ten times weaker
    before = np.roll(weak, 1, axis=1)
    usage = usage._replace(write=np.where(before, 0.1 * usage.write, usage.write))
    pair = found(usage)["landed_late"]
    late = usage.visits[:, : -(LAGS - 1)] == LATE
    reached = {
        (row, usage.contexts[row, step]) for row, step in zip(*np.nonzero(late), strict=True)
    }
    weights = [0.1 if context == 5 else 1.0 for _, context in reached]
    assert pair.steps[1].tolist() == [len(reached)] * 2
    np.testing.assert_allclose(pair.mean[1], [np.mean(weights), np.mean(weights) / 9])  # the ninth


def test_adds_are_compared_by_outcome():
    profile = found(perfect())
    assert profile["adds_opposite"].mean[1] == -1
    assert profile["adds_same"].mean[1] == 1
    assert abs(profile["adds_opposite"].mean[3]) < 0.5  # those of other bits
    usage = perfect()
    same = found(usage._replace(adds=np.ones_like(usage.adds)))
    assert same["adds_opposite"].mean[1] == pytest.approx(1)
    np.testing.assert_allclose(same["add_by_visit"].mean, 2)  # the norm of four ones


def test_centred_adds_show_what_changes_with_the_outcome_alone():
    usage = perfect()
    common = usage.adds + np.array([0, 5.0, 0, 0])  # the same part in every add
    profile = found(usage._replace(adds=common))
    assert profile["adds_opposite"].mean[1] > 0.8
    assert profile["adds_opposite_centred"].mean[1] == pytest.approx(-1)
    assert profile["adds_same_centred"].mean[1] == pytest.approx(1)


def test_change_by_lag_leaves_out_contexts_that_come_again_at_once():
    bits = np.zeros((2, 40), dtype=int)
    bits[1, ::7] = 1  # the first sequence only repeats
    usage = perfect(bits, lag=2)
    profile = found(usage)["change"]
    assert profile.mean[2] == 1
    assert np.delete(profile.mean, 2).sum() == 0
    again = [
        any(usage.contexts[1, t] == usage.contexts[1, t + lag] for lag in range(1, LAGS))
        for t in range(3, 40 - LAGS + 1)
    ]
    assert profile.steps.tolist() == [len(again) - sum(again)] * LAGS
    assert 0 < sum(again) < len(again)


def test_a_context_comes_again_within_all_lags_that_are_looked_at():
    usage = perfect(drawn_bits(3, 60))
    alone = sum(
        row[t] not in row[t + 1 : t + LAGS]
        for row in usage.contexts.tolist()
        for t in range(3, 60 - LAGS + 1)
    )
    assert found(usage)["change"].steps.tolist() == [alone] * LAGS
