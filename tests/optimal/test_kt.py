"""The optimal predictor, proved by enumeration and against the Beta integral."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ntmlab import DynamicNGrams, InputError
from ntmlab.optimal import KT, ContextKT, FilterPredictor, coin, visits
from ntmlab.optimal.contexts import contexts, counts, previous_visits
from ntmlab.outputs import Bits
from ntmlab.sequences import next_symbol as as_sequences
from tests.oracles.enumeration import all_sequences, next_bit_probability, sequence_probability

PRIORS = [(0.5, 0.5), (1.0, 1.0), (0.3, 2.5)]


def costs(predictor, bits):
    """Bits per sequence, (B,)."""
    sequences = as_sequences(bits)
    p = predictor(sequences.inputs).numpy()
    return Bits(1).cost_bits(p, sequences.targets.numpy(), sequences.mask.numpy()).sum(1)


@pytest.mark.parametrize("prior", PRIORS)
@pytest.mark.parametrize("context_bits", [0, 1, 2, 3])
def test_equals_the_beta_integral_on_every_sequence(context_bits, prior):
    sequences = all_sequences(8)
    p = ContextKT(context_bits, prior)(as_sequences(sequences).inputs)[:, :, 0].numpy()
    for row, bits in zip(p[::7], sequences[::7], strict=True):
        expected = [next_bit_probability(bits[:t], context_bits, prior) for t in range(8)]
        np.testing.assert_allclose(row, expected, rtol=1e-12)


@pytest.mark.parametrize("context_bits", [0, 1, 2])
def test_probabilities_of_all_sequences_sum_to_one(context_bits):
    total = np.exp2(-costs(ContextKT(context_bits), all_sequences(10))).sum()
    assert total == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("prior", PRIORS)
def test_no_other_order_or_prior_does_better_on_average(prior):
    sequences = all_sequences(9)
    weights = np.array([sequence_probability(bits, 2, prior) for bits in sequences])
    best = weights @ costs(ContextKT(2, prior), sequences)
    entropy = -(weights @ np.log2(weights))
    assert best == pytest.approx(entropy, abs=1e-10)
    others = [ContextKT(k, p) for k in range(5) for p in [*PRIORS, (0.4, 0.5)]]
    for other in others:
        if (other.context_bits, other.prior) != (2, prior):
            assert weights @ costs(other, sequences) > best + 1e-4


# Exact expected costs with five bits of context, by enumeration of all sequences.
EXACT = {7: 6.994102441389, 8: 7.980002283286, 10: 9.919737777447, 12: 11.806155278430}


@pytest.mark.parametrize("length", EXACT)
def test_expected_cost_with_five_bits_of_context(length):
    cost = costs(ContextKT(5), all_sequences(length))
    assert np.exp2(-cost) @ cost == pytest.approx(EXACT[length], abs=1e-11)


@pytest.mark.slow
def test_expected_cost_of_sixteen_bits():
    cost = costs(ContextKT(5), all_sequences(16))
    assert np.exp2(-cost) @ cost == pytest.approx(15.420731817025, abs=1e-11)


def test_first_context_bits_are_fair_and_cost_one_bit_each():
    p = ContextKT(5)(DynamicNGrams().sample(20, seed=1).inputs)
    assert (p[:, :6] == 0.5).all()  # five without context, one first visit


def test_worked_values_after_one_and_two_ones():
    p = ContextKT(0)(as_sequences([[1, 1, 0]]).inputs).flatten()
    assert p.tolist() == [0.5, 0.75, pytest.approx(5 / 6)]


@given(st.lists(st.integers(0, 1), min_size=1, max_size=40), st.integers(0, 4))
def test_stream_equals_the_vectorised_pass(bits, context_bits):
    predictor = ContextKT(context_bits, (0.5, 1.5))
    stream, streamed = predictor.stream(), []
    for bit in bits:
        streamed.append(stream.probability)
        stream.update(bit)
    assert predictor(as_sequences([bits]).inputs).flatten().tolist() == streamed


def test_regret_stays_within_the_kt_bound():
    bits = np.random.default_rng(0).integers(0, 2, (200, 64))
    bits[:50] = 1
    ones = bits.sum(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = -np.nansum([n / 64 * np.log2(n / 64) for n in (ones, 64 - ones)], axis=0)
    regret = costs(ContextKT(0), bits) - 64 * entropy
    assert (regret <= 0.5 * math.log2(64) + 1 + 1e-9).all()


def test_changing_a_bit_leaves_earlier_predictions_alone():
    bits = np.random.default_rng(1).integers(0, 2, (1, 60))
    flipped = bits.copy()
    flipped[0, 30] ^= 1
    p, q = (ContextKT(3)(as_sequences(b).inputs) for b in (bits, flipped))
    assert (p[:, :31] == q[:, :31]).all()
    assert (p != q).any()


def test_rows_do_not_see_each_other():
    sequences = DynamicNGrams().sample(5000, seed=3)  # more than one pass
    whole = ContextKT(5)(sequences.inputs)
    assert torch.equal(whole[4500:4510], ContextKT(5)(sequences.inputs[4500:4510]))


@pytest.mark.parametrize(
    "inputs", [torch.full((1, 3, 1), 0.5), torch.zeros(1, 3, 2), torch.ones(3)]
)
def test_wrong_inputs_are_refused(inputs):
    with pytest.raises(InputError):
        ContextKT(2)(inputs)


def test_wrong_parameters_are_refused():
    for arguments in [(-1,), (17,), (2, (0.0, 1.0)), (2, (1.0, float("nan")))]:
        with pytest.raises(InputError):
            ContextKT(*arguments)
    with pytest.raises(InputError, match="a bit must be 0 or 1, not 2"):
        ContextKT(0).stream().update(2)
    with pytest.raises(InputError, match="a letter is below 3, not 3"):
        FilterPredictor(KT(3, 0)).stream().update(3)


def test_coin_costs_every_bit():
    assert costs(coin, [[0, 1, 1]]).tolist() == [3.0]


def test_contexts_and_visits_against_plain_loops():
    bits = np.random.default_rng(2).integers(0, 2, (3, 50))
    for k in (0, 1, 3):
        found, seen = contexts(bits, k), visits(bits, k)
        for row in range(3):
            counts = {}
            for t in range(50):
                if t < k:
                    assert found[row, t] == seen[row, t] == -1
                    continue
                context = tuple(bits[row, t - k : t])
                number = int("".join(map(str, context)) or "0", 2)
                assert (found[row, t], seen[row, t]) == (number, counts.get(context, 0))
                counts[context] = counts.get(context, 0) + 1


def test_counts_and_previous_visits_against_loops():
    bits = np.random.default_rng(0).integers(0, 2, (4, 60))
    context, (ones, zeros) = contexts(bits, 2), counts(bits, 2)
    before = previous_visits(bits, 2)
    for row, step in np.ndindex(bits.shape):
        for c in range(4):
            after = [bits[row, t] for t in range(step) if context[row, t] == c]
            assert ones[row, step, c] == sum(after)
            assert zeros[row, step, c] == len(after) - sum(after)
        earlier = [t for t in range(2, step) if context[row, t] == context[row, step]]
        assert before[row, step] == (earlier[-1] if step >= 2 and earlier else -1)
