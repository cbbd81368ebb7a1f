"""A user's optimum that is not exact is found by its own costs, and by who is ahead of it."""

import dataclasses
import warnings
from typing import ClassVar

import numpy as np
import pytest

from ntmlab import InputError, compare
from ntmlab.errors import Remark
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.score import is_sure, score
from ntmlab.evaluation.scored import Oracle
from ntmlab.optimal import FilterPredictor
from ntmlab.tasks import Source, Step


@dataclasses.dataclass(frozen=True)
class Rule:
    """P of a 1 is (ones + a) / (symbols + a + b); exact for a = b = 1, Laplace's."""

    a: float = 1.0
    b: float = 1.0
    letters: ClassVar[int] = 2

    def start(self, rows):
        return np.zeros(rows), 0

    def predict(self, state):
        ones, seen = state
        p = (ones + self.a) / (seen + self.a + self.b)
        return np.stack([1 - p, p], 1)

    def update(self, state, symbols):
        return state[0] + symbols, state[1] + 1


@dataclasses.dataclass(frozen=True)
class Coin(Source):
    """Tosses of a coin whose chance of a 1 is uniform."""

    a: float = 1.0
    b: float = 1.0
    length: int = 20
    letters: ClassVar[int] = 2
    name: ClassVar[str] = "coin-of-mine"

    def walk(self, rows, random):
        chance = random.random(rows)
        while True:
            yield Step(random.random(rows) < chance, np.stack([1 - chance, chance], 1))

    def filter(self):
        return Rule(self.a, self.b)


EXACT = {"exact": FilterPredictor(Rule())}


def test_an_exact_predictor_is_ahead_of_an_optimum_that_is_not():
    """What the other takes for the mean is wrong for 0s as for 1s, and its costs do not show it."""
    task = Coin(1.0, 2.0)
    scores = evaluate(task, EXACT, 2000, 5)
    assert scores["exact"].ahead
    assert "exact: ahead of the optimum" in scores.table()


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (3.0, 3.0)])
def test_an_optimum_that_is_not_exact_is_remarked_upon(a, b):
    task = Coin(a, b)
    with pytest.warns(Remark, match="the optimum of task coin-of-mine is not exact"):
        scores = evaluate(task, EXACT, 2000, 5)
    assert scores["exact"].ahead
    assert "exact: ahead of the optimum" in scores.table()
    both = {"optimal": task.optimal(), **EXACT}
    assert "exact: ahead of the optimum" in compare(task.sample(2000, 5), both).table()


def test_an_exact_one_is_not():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        every = {"oracle": Oracle(), "other": FilterPredictor(Rule(0.5, 0.5)), **EXACT}
        scores = evaluate(Coin(), every, 2000, 5)
    assert not any(own.ahead for own in scores.values())
    assert scores["oracle"].gap < -6 * scores["oracle"].gap_se  # as it may be
    assert "ahead" not in scores.table()


def test_what_is_sure():
    """By 6 errors of the mean, of 100 sequences; rounding is nothing."""
    drawn = np.random.default_rng(0).normal(size=400)
    drawn = (drawn - drawn.mean()) / drawn.std(ddof=1)  # a mean of 0, with an error of 0.05
    assert not is_sure(drawn + 0.29)
    assert is_sure(drawn + 0.31)
    assert is_sure(-drawn - 0.31)
    assert not is_sure((drawn + 5)[:99])
    assert not is_sure(np.full(400, -1e-7))
    assert is_sure(np.full(400, -1e-5))
    assert not is_sure(np.append(drawn + 5, np.inf))
    ones = np.ones(400)
    assert score(ones, drawn - 0.31, ones).ahead
    assert not score(ones, drawn + 0.31, ones).ahead
    assert not score(ones, drawn - 0.31, ones, unreachable=True).ahead
    assert not score(ones, None, None).ahead


def test_without_an_optimum_there_is_nothing_to_doubt():
    class Unknown(Coin):
        def filter(self):
            raise NotImplementedError

    assert evaluate(Unknown(), EXACT, 200, 5)["exact"].gap is None
    with pytest.raises(InputError, match="no optimal predictor"):
        compare(Coin().sample(3, 5), EXACT).divergence("exact")
