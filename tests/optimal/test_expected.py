"""Expected costs, against hand numbers; and where there is none, that none is said."""

import itertools

import numpy as np
import pytest

from ntmlab.optimal import expected
from ntmlab.optimal.expected import MOST_WORDS, chain_cost, chain_rate, enumerated
from ntmlab.optimal.filter import unroll
from ntmlab.optimal.forward import LEAST_EDGE, Forward
from ntmlab.tasks import DynamicNGrams

QUARTER = 2 - 0.75 * np.log2(3)  # entropy of 1/4
BIASED = Forward([[[0.75]], [[0.25]]])
# After a 1 comes a 0; after a 0 either, alike: two thirds of the time a fair bit.
GOLDEN = [[[0.5, 0.0], [1.0, 0.0]], [[0.0, 0.5], [0.0, 0.0]]]
HALVES = [[[0.45, 0.05], [0.1, 0.3]], [[0.35, 0.15], [0.1, 0.5]]]  # beliefs without end


def test_all_words_are_enumerated_up_to_so_many_of_them():
    most = int(np.log2(MOST_WORDS))
    assert 2**most == MOST_WORDS
    found = enumerated(BIASED, most)
    assert found.bits == pytest.approx(most * QUARTER, abs=1e-12)
    assert found.error == 0
    assert enumerated(BIASED, most + 1) is None


@pytest.mark.parametrize("steps", [1, 2, 200])
def test_letters_without_memory_cost_their_entropy_each(steps):
    found = chain_cost(BIASED, steps)
    assert found.bits == pytest.approx(steps * QUARTER, rel=1e-12)
    assert (found.error, found.how) == (0, "all beliefs followed")


def test_letters_that_tell_the_state_have_a_known_rate():
    rate = chain_rate(Forward(GOLDEN))
    assert (rate.bits, rate.error) == (pytest.approx(2 / 3, abs=1e-12), 0)
    # The first letter is a 1 in a third of all, of which the rest know nothing more.
    first = np.log2(3) - 2 / 3
    for steps in (1, 2, 50):
        found = chain_cost(Forward(GOLDEN), steps)
        assert found.bits == pytest.approx(first + (steps - 1) * 2 / 3, rel=1e-12)


def test_where_beliefs_are_too_many_the_mean_lies_between_two_bounds():
    model = Forward(HALVES)
    found = chain_cost(model, 100)
    assert found.error > 0
    assert found.how == "the first 17 letters exact, the others between two bounds"
    rate = enumerated(model, 13).bits - enumerated(model, 12).bits
    left = found.bits - chain_cost(model, 17).bits
    assert abs(left - 83 * rate) <= found.error + 83 * 1e-6
    assert chain_rate(model).bits == pytest.approx(rate, abs=1e-6)


def entropy_of_words(matrices, start, steps):
    """Entropy of a word in bits, from the product of matrices along each."""
    chances = []
    for word in itertools.product(range(len(matrices)), repeat=steps):
        belief = np.array(start)
        for letter in word:
            belief = belief @ np.array(matrices[letter])
        chances.append(belief.sum())
    return -sum(chance * np.log2(chance) for chance in chances)


def rest_of_two(matrices):
    """The stationary distribution of two states: as often left for the other as come to."""
    moves = np.sum(matrices, 0)
    return np.array([moves[1, 0], moves[0, 1]]) / (moves[0, 1] + moves[1, 0])


def last_letter(matrices, starts, steps):
    """What the last of so many letters costs one who knows from which belief they came."""
    now, before = (
        sum(chance * entropy_of_words(matrices, start, length) for chance, start in starts)
        for length in (steps, steps - 1)
    )
    return now - before


def test_the_bounds_are_the_last_letter_of_who_knows_the_first_state_and_of_who_does_not(
    monkeypatch,
):
    rest = rest_of_two(HALVES)
    states = list(zip(rest, np.eye(2), strict=True))
    # Of eight beliefs four letters are followed from one, and three from the two states.
    monkeypatch.setattr(expected, "MOST_BELIEFS", 8)
    low, high = last_letter(HALVES, states, 3), last_letter(HALVES, [(1.0, rest)], 4)
    assert high - low > 1e-4
    found, rate = chain_cost(Forward(HALVES), 100), chain_rate(Forward(HALVES))
    four = entropy_of_words(HALVES, rest, 4)
    assert found.bits == pytest.approx(four + 96 * (low + high) / 2, rel=1e-12)
    assert found.error == pytest.approx(96 * (high - low) / 2, rel=1e-9)
    assert rate.bits == pytest.approx((low + high) / 2, rel=1e-12)
    assert rate.error == pytest.approx((high - low) / 2, rel=1e-9)
    # Where the letters end it, both are of the same one.
    monkeypatch.setattr(expected, "MOST_BELIEFS", 2**10)
    monkeypatch.setattr(expected, "MOST_STEPS", 3)
    low, high = last_letter(HALVES, states, 3), last_letter(HALVES, [(1.0, rest)], 3)
    rate = chain_rate(Forward(HALVES))
    assert rate.bits == pytest.approx((low + high) / 2, rel=1e-12)
    assert rate.error == pytest.approx((high - low) / 2, rel=1e-9)


def test_nothing_is_said_of_the_far_future_of_a_start_that_is_not_at_rest():
    moved = Forward(HALVES, start=[1.0, 0.0])
    assert chain_cost(moved, 100) is None
    assert chain_rate(moved) is None
    assert chain_rate(Forward(GOLDEN, start=[2 / 3 + 1e-9, 1 / 3 - 1e-9])) is None
    assert chain_rate(Forward(GOLDEN, start=[0.666666666666667, 0.333333333333333])) is not None
    assert chain_cost(moved, 3).bits == pytest.approx(enumerated(moved, 3).bits, rel=1e-12)


@pytest.mark.parametrize("edge", [1e-300, LEAST_EDGE / 2, LEAST_EDGE, 1e-3])
def test_the_faintest_edge_is_believed_once_its_letter_came(edge):
    """Only the second state says a 1, and it then says 0 and 1 as 1 to 3."""
    zero, one = [[1.0 - edge, edge], [0.0, 0.25]], [[0.0, 0.0], [0.0, 0.75]]
    model, word = Forward([zero, one], start=[1.0, 0.0]), np.array([[0, 0, 1, 0]])
    said = model.unrolled(word)
    assert np.allclose(said[0, 3:, 1], 0.75, rtol=1e-12)
    assert said[0, 1, 1] == pytest.approx(0.75 * edge, rel=1e-9)
    assert np.allclose(said, unroll(model, word), rtol=1e-9)


def test_a_simulated_mean_is_that_of_4096_different_sequences_of_the_length_asked_for():
    found = DynamicNGrams(order=2, length=6).optimal_bits(20)
    task = DynamicNGrams(order=2, length=20)
    p = task.optimal()(task.sample(4096, seed=2**63).inputs).numpy()[..., 0]
    bits = -(p * np.log2(p) + (1 - p) * np.log2(1 - p)).sum(1)
    assert found.bits == pytest.approx(bits.mean(), rel=1e-12)
    assert found.error == pytest.approx(bits.std(ddof=1) / 64, rel=1e-9)
    assert found.how == "4096 sequences, standard error"
