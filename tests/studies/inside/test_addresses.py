"""Where contexts read and write, on machines made by hand."""

import numpy as np
import pytest

from ntmlab.studies.inside.addresses import (
    address_statistics,
    entropy_bits,
    matrices,
    misread,
    mistake_statistics,
)
from ntmlab.studies.traces import LAGS
from tests.studies.inside.cases import BITS, SLOTS, drawn_bits, perfect

CONTEXTS = 2**BITS


def means(usage):
    return {name: ratio.profile().mean for name, ratio in address_statistics(usage).items()}


@pytest.mark.parametrize("lag", [0, 1, 2, 5])
def test_a_slot_for_each_context_written_at_a_lag(lag):
    usage = perfect(lag=lag)
    found = means(usage)
    assert found["read_same"] == found["read_across"] == found["read_peak"] == 1
    assert found["read_other"] == found["read_entropy"] == 0
    landed = found["landed"]
    assert landed.argmax() == lag
    assert landed[lag] > 2 * np.delete(landed, lag).max()
    assert found["landed_other"][lag] == 0  # another context's slot gets nothing then
    assert found["overlap"][lag] > found["overlap_other"][lag]
    times = usage.visits[:, : -(LAGS - 1)]
    weight = 1 / times[times > 0]  # of the write after the visit before
    expected = weight / np.hypot(weight, 1 - weight)
    assert found["write_then_read"][lag] == pytest.approx(expected.mean())


def test_one_slot_for_all_contexts_is_no_better_than_its_control():
    found = means(perfect(place=[4] * CONTEXTS))
    assert found["read_same"] == found["read_other"] == 1
    assert found["landed"][1] == pytest.approx(found["landed_other"][1], rel=0.2)


def test_reads_at_random_are_told_from_reads_by_context():
    usage = perfect()
    random = np.random.default_rng(1).permuted(usage.read, axis=2)
    found = means(usage._replace(read=random))
    assert found["read_same"] == pytest.approx(1 / SLOTS, abs=0.05)
    assert found["read_other"] == pytest.approx(1 / SLOTS, abs=0.05)


def test_matrices_are_sums_over_visits():
    usage = perfect(lag=2)
    found = matrices(usage)
    in_time = usage.contexts[:, : -(LAGS - 1)]
    visits = [(in_time == context).sum() for context in range(CONTEXTS)]
    np.testing.assert_array_equal(found.visits, visits)
    np.testing.assert_allclose(found.read[:, :CONTEXTS], np.diag(visits))
    np.testing.assert_allclose(found.write.sum(2), np.tile(visits, (LAGS, 1)))
    expected = [
        (1 / (1 + usage.visits[:, : -(LAGS - 1)][in_time == context])).sum()
        for context in range(CONTEXTS)
    ]
    np.testing.assert_allclose(found.write[2].diagonal(), expected)


def test_entropy():
    weightings = np.array([[1.0, 0, 0, 0], [0.25] * 4, [0.5, 0.5, 0, 0]])
    assert entropy_bits(weightings).tolist() == [0, 2, 1]


def test_a_misread_is_a_read_of_a_place_that_another_context_read_last():
    bits = np.array([[0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0]])
    apart = perfect(bits)
    assert not misread(apart).any()
    shared = perfect(bits, place=[0, 1, 2, 3, 4, 5, 6, 0])  # 000 and 111 share slot 0
    context = shared.contexts[0].tolist()
    expected = []
    for step, own in enumerate(context):
        same = [c for c in context[:step] if c == own >= 0 or {c, own} == {0, 7}]
        expected.append(bool(same) and own >= 0 and same[-1] != own)
    assert misread(shared)[0].tolist() == expected
    assert sum(expected) == 2  # 111 after 000, and 000 after 111


def test_mistakes_are_split_at_the_threshold():
    usage = perfect(drawn_bits(), place=[0, 1, 2, 3, 4, 5, 6, 0])
    wrong = misread(usage) & (usage.previous >= 0)
    usage = usage._replace(divergence=np.where(wrong, 0.9, 0.1))
    found = {k: r.profile().mean for k, r in mistake_statistics(usage, 0.5).items()}
    assert found == {"misread_worst": 1.0, "misread_rest": 0.0}
