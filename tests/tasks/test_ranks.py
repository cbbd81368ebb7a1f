"""What a source draws has any rank in its prior, and given the letters any rank in its posterior.

Ranks (the distribution function at what was drawn) are uniform exactly where sampler, prior and
posterior belong together (Cook, Gelman and Rubin 2006). Every run draws from a seed of its own; a
right program fails once in 10^9 runs of a test.
"""

import secrets

import numpy as np
import pytest
from scipy.special import betainc, chdtri

from ntmlab import DynamicNGrams, make_task
from ntmlab.optimal import ChangePoints
from ntmlab.sequences import symbols_of

ROWS, BINS, FALSE_ALARM = 4000, 20, 1e-9
TABLES = [
    "dynamic-ngrams:order=2",
    "dynamic-ngrams:order=1,prior=2/0.7",
    "dynamic-ngrams:order=2,letters=3",
    "dynamic-ngrams:order=1,letters=3,prior=0.5/1/2",
]
CHANGES = ["change-points:hazard=0.1", "change-points:hazard=0.3,letters=3,prior=0.3/1/2"]


def drawn(text, length):
    """Letters (B, T), and P of the last letter of the alphabet that the source drew, (B, T)."""
    task, seed = make_task(f"{text},length={length}"), secrets.randbits(63)
    print(f"{text}, seed {seed}")  # seen where it fails
    sequences = task.sample(ROWS, seed, truth=True)
    return task, symbols_of(sequences.targets, task.letters), sequences.truth[..., -1].numpy()


def prior_of(task):
    """Of the last letter, and of all others together."""
    each = np.broadcast_to(task.prior, task.letters)
    if task.letters == 2 and isinstance(task, DynamicNGrams):  # Beta(a, b), a for ones
        each = each[::-1]
    return each[-1], each[:-1].sum()


def assert_any_rank(ranks):
    counts = np.histogram(ranks, BINS, (0, 1))[0]
    assert counts.sum() == ROWS
    expected = ROWS / BINS
    assert ((counts - expected) ** 2 / expected).sum() < chdtri(BINS - 1, FALSE_ALARM), counts


@pytest.mark.parametrize("text", TABLES)
def test_tables_have_any_rank_in_their_prior_and_in_their_posterior(text):
    task, letters, truth = drawn(text, 30)
    own, others = prior_of(task)
    assert_any_rank(betainc(own, others, truth[:, task.order]))
    last, order = letters.shape[1] - 1, task.order
    context = letters[:, last - order : last]
    came, rest = np.full(ROWS, own), np.full(ROWS, others)
    for t in range(order, last):
        same = (letters[:, t - order : t] == context).all(1)
        came += same & (letters[:, t] == task.letters - 1)
        rest += same & (letters[:, t] != task.letters - 1)
    assert_any_rank(betainc(came, rest, truth[:, last]))


@pytest.mark.parametrize("text", CHANGES)
def test_pieces_have_any_rank_in_their_prior_and_in_the_filters_posterior(text):
    task, letters, truth = drawn(text, 25)
    own, others = prior_of(task)
    assert_any_rank(betainc(own, others, truth[:, 0]))
    exact = ChangePoints(task.letters, task.hazard, task.prior)
    state = exact.start(ROWS)
    for t in range(letters.shape[1] - 1):
        state = exact.update(state, letters[:, t])
    weights = np.exp(state.log_weights)
    own, others = own + state.counts[..., -1], others + state.counts[..., :-1].sum(-1)
    below = (weights * betainc(own, others, truth[:, -1:])).sum(1) / weights.sum(1)
    assert_any_rank(below)
