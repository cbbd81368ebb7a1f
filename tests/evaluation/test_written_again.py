"""What is gathered step by step stays as it was said, though its array is written into again."""

import numpy as np
import torch
from torch import nn

from ntmlab import compare, from_stream, make_task
from ntmlab.evaluation.checks import check_predictor
from ntmlab.optimal import FilterPredictor, described
from ntmlab.studies.probe import features

TASK = make_task("dynamic-ngrams:order=1,letters=3,length=12")


class Counts:
    """Laplace's rule for three letters, said in one array."""

    def __init__(self):
        self.counts = np.ones(3)
        self.said = np.full(3, 1 / 3)

    def predict(self):
        return self.said

    def update(self, symbol):
        self.counts[symbol] += 1
        self.said[:] = self.counts / self.counts.sum()


def laplace(symbols):
    """P of each letter before every step, (T, 3), from letters (T,)."""
    came = np.eye(3)[symbols].cumsum(0)
    before = np.vstack([np.zeros(3), came[:-1]]) + 1
    return before / before.sum(1, keepdims=True)


def test_a_stream_may_say_it_in_an_array_of_its_own():
    sequences = TASK.sample(4, seed=0)
    expected = np.stack([laplace(row) for row in sequences.targets.numpy().argmax(-1)])
    said = compare(sequences, {"counts": from_stream(Counts, 3)}).probabilities["counts"]
    np.testing.assert_allclose(said, expected, rtol=1e-12)


class Filter:
    """As a filter: one array for what it says, and a state that ``advance`` writes into."""

    letters = 3

    def __init__(self):
        self.said = {}

    def start(self, rows):
        return np.ones((rows, 3))

    def predict(self, state):
        said = self.said.setdefault(len(state), np.empty_like(state))
        said[:] = state / state.sum(1, keepdims=True)
        return said

    def update(self, state, symbols):
        return self.advance(state.copy(), symbols)

    def advance(self, state, symbols):
        state[np.arange(len(symbols)), symbols] += 1
        return state

    def describe(self, state):
        return {"counts": state}


def test_what_a_filter_knows_is_kept_as_it_was():
    symbols = np.array([[0, 2, 2, 1], [1, 1, 0, 2]])
    counts = described(Filter(), symbols)["counts"]
    expected = np.eye(3)[symbols].cumsum(1)
    assert (counts[:, 0] == 1).all()
    np.testing.assert_array_equal(counts[:, 1:], 1 + expected)


def test_a_filter_may_say_it_in_an_array_of_its_own():
    (state,) = check_predictor(FilterPredictor(Filter()), TASK, names=["state"], lengths=(12,))
    assert state.passed, state.message


class Steps(nn.Module):
    """Counts steps and ones, in a state that it writes into."""

    def forward(self, inputs, state=None):
        state = torch.zeros(len(inputs), 2) if state is None else state
        state[:, 0] += inputs.shape[1]
        state[:, 1] += inputs.sum((1, 2))
        return torch.zeros_like(inputs), state


def test_a_state_is_read_as_it_was_after_each_step():
    inputs = torch.tensor([[0.0, 1, 1, 0, 1], [1, 1, 0, 0, 0]])[..., None]
    (found,) = features(Steps(), inputs).values()
    np.testing.assert_array_equal(found[..., 0], [[1, 2, 3, 4, 5]] * 2)
    np.testing.assert_array_equal(found[..., 1], inputs[..., 0].cumsum(1))
