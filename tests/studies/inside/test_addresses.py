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
from ntmlab.studies.inside.usage import strangers
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


def test_steps_count_that_have_a_context_and_the_writes_after_it():
    """Visits before where they are asked for; others within the same steps as controls."""
    usage = perfect()
    length = usage.bits.shape[1]
    kept = (usage.contexts >= 0) & (np.arange(length) <= length - LAGS)
    again = kept & (usage.previous >= 0)
    other, differs = strangers(usage)
    assert (other.min(), other.max()) == (BITS, length - LAGS)
    theirs = usage.contexts[np.arange(len(other))[:, None], other]
    assert (differs == (kept & (theirs != usage.contexts))).all()
    steps = {name: r.profile().steps.max() for name, r in address_statistics(usage).items()}
    for name in ("read_entropy", "read_peak", "overlap", "landed", "write_peak"):
        assert steps[name] == kept.sum()
    for name in ("read_same", "write_then_read"):
        assert steps[name] == again.sum()
    for name in ("read_other", "overlap_other", "landed_other"):
        assert steps[name] == differs.sum()


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
    usage = usage._replace(divergence=np.where(wrong, 0.5, 0.1))
    found = {k: r.profile().mean for k, r in mistake_statistics(usage, 0.5).items()}
    assert found == {"misread_worst": 1.0, "misread_rest": 0.0}


@pytest.mark.parametrize(("own", "common"), [(0.6, 0.4), (0.45, 0.55)])
def test_reads_are_of_one_place_from_a_cosine_of_one_half(own, common):
    """All contexts read one slot beside their own: cosines are 0.31 and 0.60."""
    usage = perfect(drawn_bits())
    read = own * usage.read
    read[..., -1] = common
    last = np.concatenate([np.full((len(read), 1), -1), usage.contexts[:, :-1]], 1)
    other = (last >= 0) & (last != usage.contexts)
    assert (misread(usage._replace(read=read)) == (other & (common > own))).all()


def test_steps_without_a_context_read_no_place_of_one():
    """They read the last slot here, as 000 does."""
    usage = perfect(np.array([[0, 0, 0, 0, 1, 1, 1, 0]]), place=[11, 1, 2, 3, 4, 5, 6, 7])
    assert not misread(usage).any()


def test_contexts_are_held_against_those_of_the_next_sequence():
    """Their last reads, where both sequences have the context; after the last comes the first."""
    usage = perfect(drawn_bits(4, 12))
    usage = usage._replace(read=np.random.default_rng(0).random(usage.read.shape))
    last = [{c: t for t, c in enumerate(row) if c >= 0} for row in usage.contexts.tolist()]
    found = []
    for row, own in enumerate(last):
        other = (row + 1) % 4
        for context in own.keys() & last[other].keys():
            one, two = usage.read[row, own[context]], usage.read[other, last[other][context]]
            found.append(one @ two / np.sqrt((one @ one) * (two @ two)))
    across = address_statistics(usage)["read_across"].profile()
    assert across.steps.sum() == len(found) < 4 * CONTEXTS
    assert np.nansum(across.mean * across.steps) == pytest.approx(sum(found))
    alone = address_statistics(perfect(drawn_bits(1, 60)))["read_across"].profile()
    assert alone.steps.sum() == 0
