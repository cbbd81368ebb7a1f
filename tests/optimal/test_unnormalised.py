"""Of two letters P(0) is not kept: where the two do not sum to 1, it is said before it is lost."""

import dataclasses
import warnings
from typing import ClassVar

import numpy as np
import pytest

from ntmlab import InputError, check_predictor, compare, make_task
from ntmlab.evaluation.adapters.windows import from_sklearn
from ntmlab.optimal import FilterPredictor, Mixture, unroll
from ntmlab.optimal.filter import described
from ntmlab.outputs import Bits, why_no_sum
from ntmlab.sequences import Sequences, next_symbol, outputs_of
from ntmlab.tasks import Source

TASK = make_task("coins:m=3,length=9")


@dataclasses.dataclass(frozen=True)
class Says:
    """A filter that says the same always."""

    said: tuple[float, ...]
    letters: int = 2

    def start(self, rows):
        return rows

    def predict(self, state):
        return np.tile(self.said, (state, 1))

    def update(self, state, symbols):
        return state


class Whole(Says):
    """The same, at once."""

    def unrolled(self, symbols):
        return np.tile(self.said, (*symbols.shape[:1], symbols.shape[1] + 1, 1))


@pytest.mark.parametrize("kind", [Says, Whole])
def test_a_filter_of_two_letters_that_does_not_sum_to_1(kind):
    right, wrong = FilterPredictor(kind((0.5, 0.5))), FilterPredictor(kind((0.25, 0.5)))
    drawn = TASK.sample(4, seed=0)
    assert compare(drawn, {"mine": right}).score("mine").bits == 9
    with pytest.raises(
        InputError, match=r"predictor mine: .* sum to 0\.75 .* step 0 of sequence 0"
    ):
        compare(drawn, {"mine": wrong})
    failed = [check for check in check_predictor(wrong, TASK) if check.passed is False]
    assert any("sum to 0.75" in check.message for check in failed)
    assert all(check.passed is not False for check in check_predictor(right, TASK))


@pytest.mark.parametrize("said", [(0.25, 0.5), (np.nan, 0.5), (1.5, 0.5), (np.inf, 0.5), (0.5002,)])
def test_nothing_makes_a_bit_of_two_that_are_no_probabilities(said):
    said = (1 - 0.5, *said) if len(said) == 1 else said
    with pytest.raises(InputError, match="P of a 0 and of a 1 are no probabilities"):
        Bits().from_distribution(np.array([[said]]))
    with pytest.raises(InputError, match="Says predicts no probabilities"):
        FilterPredictor(Says(said)).stream().probability  # noqa: B018


def test_a_mixture_of_such_filters_is_seen_as_well():
    with pytest.raises(InputError, match=r"no probabilities: they sum to 0\.75"):
        FilterPredictor(Mixture([Says((0.25, 0.5))]))(TASK.sample(2, seed=0).inputs)


def test_rounding_is_no_reason_and_what_is_nan_stays_so():
    bits = Bits()
    assert bits.from_distribution(np.array([0.50001, 0.50001])).tolist() == [0.50001]
    assert np.isnan(bits.from_distribution(np.array([[[np.nan, np.nan], [0.5, 0.5]]]))[0, 0, 0])
    with pytest.raises(InputError, match=r"have shape \(\.\.\., 2\), not \(1, 4, 1\)"):
        bits.from_distribution(np.full((1, 4, 1), 0.5))
    assert bits.from_distribution(np.zeros((0, 3, 2))).shape == (0, 3, 1)
    assert why_no_sum(np.array([[[0.5, 0.5], [0.5, 0.4]]])).endswith(
        "0.9 over the letters at step 1 of sequence 0"
    )


def test_a_stream_of_three_letters_is_looked_at_too():
    stream = FilterPredictor(Says((0.5, 0.25, 0.25), 3)).stream()
    assert stream.probabilities.tolist() == [0.5, 0.25, 0.25]
    for said, message in [((0.5, 0.5, 0.5), "sum to 1.5"), ((1.5, -0.25, -0.25), "-0.25")]:
        with pytest.raises(InputError, match=f"Says predicts no probabilities: .*{message}"):
            FilterPredictor(Says(said, 3)).stream().probabilities  # noqa: B018


class Rows(Says):
    """A filter that gives one row for all."""

    def predict(self, state):
        return np.array([self.said])

    def describe(self, state):
        return {"known": np.zeros((1, 2))}


class Late(Whole):
    """A filter that says nothing of what comes after the last letter."""

    def unrolled(self, symbols):
        return super().unrolled(symbols)[:, :-1]


def test_a_filter_of_another_shape():
    symbols = np.zeros((3, 4), dtype=np.int64)
    with pytest.raises(InputError, match=r"predict\(state\) of Rows gave .* \(1, 2\) .* \(3, 2\)"):
        unroll(Rows((0.5, 0.5)), symbols)
    with pytest.raises(InputError, match=r"describe\(state\) of Rows gave known of shape \(1, 2\)"):
        described(Rows((0.5, 0.5)), symbols)
    with pytest.raises(InputError, match=r"unrolled.* of Late .* \(3, 4, 2\) .* \(3, 5, 2\)"):
        FilterPredictor(Late((0.5, 0.5)))(next_symbol(np.zeros((3, 5), dtype=int)).inputs)


@dataclasses.dataclass(frozen=True)
class Loose(Source):
    """A source whose filter's predictions do not sum to 1."""

    length: int = 4
    letters: int = 3
    name: ClassVar[str] = "loose"

    def draw(self, rows, random):
        return random.integers(0, self.letters, (rows, self.length)), None

    def filter(self):
        return Says((0.5,) * self.letters, self.letters)


@pytest.mark.parametrize("length", [4, 40])
def test_no_cost_is_expected_of_such_a_filter(length):
    with pytest.raises(InputError, match=r"sum to 1\.5"):
        Loose(length).optimal_bits()


class Classifier:
    """A classifier whose rows do not sum to 1."""

    classes_ = (0, 1)

    def fit(self, features, letters):
        return self

    def predict_proba(self, features):
        return np.tile([0.2, 0.2], (len(features), 1))


def test_a_classifier_of_two_letters_that_does_not_sum_to_1():
    model = from_sklearn(Classifier(), window=2).fit(TASK.sample(9, seed=1))
    with pytest.raises(InputError, match=r"predictor mine: .* sum to 0\.4"):
        compare(TASK.sample(4, seed=0), {"mine": model})


def test_two_channels_of_which_one_is_set_are_two_bits_or_two_letters():
    letters = next_symbol([[0, 1, 2, 1]], letters=3)
    two = letters.targets[..., :2].clone()
    two[0, 2, 0] = 1
    given = Sequences(letters.inputs[..., :2], two, letters.mask)
    with pytest.raises(
        InputError, match=r"2 bits a step or of 2 letters: say outputs=Bits\(2\) or"
    ):
        outputs_of(given)
    assert outputs_of(given._replace(outputs=Bits(2))) == Bits(2)
    two[0, 2, 1] = 1
    assert outputs_of(given) == Bits(2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert compare(given, {"coin": lambda x: x * 0 + 0.5}).score("coin").bits == 8
