"""What every filter keeps to: the definition on every word, and the contract of its functions."""

import copy
import itertools

import numpy as np
import pytest
import torch

from ntmlab.optimal import FilterPredictor, Stream, described, unroll
from ntmlab.sequences import next_symbol
from tests.optimal.cases import CASES
from tests.oracles.definitions import all_words

pytestmark = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def made(case):
    return case.make(tuple(range(case.letters)))


def joint(exact, words):
    """P of each word up to each step, (B, T + 1), from the predictions."""
    p = unroll(exact, words)[:, :-1]
    came = np.take_along_axis(p, words[..., None], 2)[..., 0]
    return np.concatenate([np.ones((len(words), 1)), np.cumprod(came, 1)], 1)


def random_words(case, rows, steps, seed=0):
    return np.random.default_rng(seed).integers(0, case.letters, (rows, steps))


def test_probabilities_of_all_words_sum_to_one(case):
    exact = made(case)
    words = np.array(all_words(exact.letters, case.length))
    assert joint(exact, words)[:, -1].sum() == pytest.approx(1, abs=1e-12)


def test_equals_the_definition_on_every_word(case):
    if case.joint is None:
        pytest.skip("has no other definition")
    exact = made(case)
    words = np.array(all_words(exact.letters, case.length))
    found = joint(exact, words)
    for row, word in zip(found[::5], words[::5].tolist(), strict=True):
        expected = [case.joint(tuple(word[:t])) for t in range(case.length + 1)]
        np.testing.assert_allclose(row, expected, rtol=1e-10, atol=1e-300)


def test_every_prediction_is_a_distribution(case):
    exact = made(case)
    p = unroll(exact, random_words(case, 20, 60))
    possible = ~np.isclose(p.sum(-1), 0)  # after the impossible nothing need be possible
    np.testing.assert_allclose(p.sum(-1)[possible], 1, atol=1e-12)
    assert (p >= 0).all()
    assert (p <= 1).all()


def test_the_quick_way_equals_step_by_step(case):
    exact = made(case)
    words = random_words(case, 30, 70)
    state, slow = exact.start(30), []
    for t in range(71):
        slow.append(exact.predict(state))
        state = exact.update(state, words[:, t]) if t < 70 else state
    slow = np.stack(slow, 1)
    np.testing.assert_allclose(unroll(exact, words), slow, rtol=1e-9, atol=1e-300)
    if hasattr(exact, "unrolled"):
        np.testing.assert_allclose(exact.unrolled(words), slow, rtol=1e-9, atol=1e-14)


def test_predict_and_update_leave_the_old_state_alone(case):
    exact = made(case)
    words = random_words(case, 4, 12)
    state = exact.start(4)
    for t in range(12):
        before = copy.deepcopy(state)
        once = exact.predict(state)
        after = exact.update(state, words[:, t])
        exact.predict(after)
        exact.update(state, (words[:, t] + 1) % exact.letters)
        assert same(state, before)
        assert np.array_equal(exact.predict(state), once)
        state = after


def same(one, other):
    """Whether two states are alike, bit for bit."""
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other)
    if isinstance(one, tuple):
        return all(same(*pair) for pair in zip(one, other, strict=True))
    return one == other


def test_streaming_equals_the_batch(case):
    exact = made(case)
    words = random_words(case, 1, 40)
    batch = FilterPredictor(exact)(next_symbol(words, exact.letters).inputs).numpy()[0]
    stream = Stream(exact)
    for t, letter in enumerate(words[0]):
        own = stream.probabilities[1:] if exact.letters == 2 else stream.probabilities
        np.testing.assert_allclose(own, batch[t], rtol=1e-9, atol=1e-14)
        stream.update(int(letter))


def test_letters_that_change_places_change_the_predictions_places(case):
    if not case.symmetric:
        pytest.skip("letter 0 is not like the others here")
    words = random_words(case, 20, 30)
    plain = unroll(made(case), words)
    for order in itertools.permutations(range(case.letters)):
        moved = unroll(case.make(order), np.array(order)[words])
        np.testing.assert_allclose(moved[..., list(order)], plain, rtol=1e-9, atol=1e-300)


def test_rows_do_not_see_each_other_and_nothing_looks_ahead(case):
    exact = made(case)
    predictor = FilterPredictor(exact)
    words = random_words(case, 9, 25)
    whole = predictor(next_symbol(words, exact.letters).inputs)
    part = predictor(next_symbol(words[3:5], exact.letters).inputs)
    torch.testing.assert_close(whole[3:5], part, rtol=1e-12, atol=1e-15)
    changed = words.copy()
    changed[:, 15] = (changed[:, 15] + 1) % exact.letters
    later = predictor(next_symbol(changed, exact.letters).inputs)
    torch.testing.assert_close(later[:, :16], whole[:, :16], rtol=1e-12, atol=1e-15)


def test_what_it_knows_is_a_distribution_or_counts(case):
    exact = made(case)
    if not hasattr(exact, "describe"):
        pytest.skip("does not say what it knows")
    words = random_words(case, 6, 20)
    for name, values in described(exact, words).items():
        assert values.shape[:2] == (6, 21)
        if name not in ("counts", "counts here"):
            sums = values[:, exact_start(exact) :].sum(-1)
            np.testing.assert_allclose(sums, 1, atol=1e-9)


def exact_start(exact):
    """The first step at which there is something to know."""
    return getattr(exact, "depth", 0) if hasattr(exact, "nodes") else 0


def test_one_letter_for_long_stays_a_distribution(case):
    exact = made(case)
    words = np.zeros((1, 1500), dtype=np.int64)
    p = exact.unrolled(words) if hasattr(exact, "unrolled") else unroll(exact, words)
    assert not np.isnan(p).any()
    assert ((p >= 0) & (p <= 1)).all()
