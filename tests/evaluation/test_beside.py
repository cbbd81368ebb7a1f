"""What sees too much only where rows are many: refused where few steps show it, else said."""

import warnings

import numpy as np
import pytest
import torch

from ntmlab import DynamicNGrams, InputError, compare
from ntmlab.errors import Remark
from ntmlab.evaluation import prefix
from ntmlab.evaluation.beside import MANY, apart, with_another_end
from ntmlab.evaluation.compare import as_predictor
from ntmlab.evaluation.evaluate import evaluate
from tests.evaluation.checks import planted

TASK = DynamicNGrams(order=2, length=60)


class Crowded(planted.GRU):
    """Does otherwise where so much is asked of it at once."""

    rows, numbers = 100, 0

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        many = len(inputs) >= self.rows and inputs.numel() >= self.numbers
        return (self.wrong(logits, inputs) if many else logits), state

    def wrong(self, logits, inputs):
        return logits - logits.mean(0)


class LargeAndLong(Crowded):
    numbers = 5000


class Ahead(LargeAndLong):
    def wrong(self, logits, inputs):
        return logits + torch.cat([inputs[:, 1:], inputs[:, -1:]], 1)


class FewRows(LargeAndLong):
    """Depends on the number of rows alone: on no other row, and on nothing that comes."""

    def wrong(self, logits, inputs):
        return logits * 0.9


def made(kind, dtype=torch.float32):
    torch.manual_seed(0)
    return kind().eval().to(dtype)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_rows_of_a_hundred_beside_each_other_are_refused(dtype):
    with pytest.raises(InputError, match=r"sees other rows of a batch: .* when 254 beside"):
        compare(TASK.sample(3, seed=1), {"Mine": made(Crowded, dtype)})

    def mean_of_many(inputs):
        mean = inputs.mean(0) if len(inputs) >= 200 else 0
        return torch.sigmoid(inputs - mean)

    with pytest.raises(InputError, match="sees other rows"):
        compare(TASK.sample(3, seed=1), {"Mine": mean_of_many})


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (LargeAndLong, r"Mine sees other rows of a batch: .* the others of its 300 are others"),
        (Ahead, r"Mine looks ahead in a batch of 300 rows: .* from step \d+ on are others"),
    ],
)
def test_what_shows_in_large_and_long_batches_is_said_as_it_is_scored(kind, said):
    mine = as_predictor(made(kind), TASK.outputs)
    predictor = prefix.tested_on(TASK, mine, "Mine", unchecked=False)
    with pytest.warns(Remark, match=f"{said}; what it costs means nothing"):
        evaluate(TASK, {"Mine": predictor}, 300)
    with pytest.warns(Remark, match=said):
        compare(TASK.sample(300, seed=0), {"Mine": made(kind)})


@pytest.mark.parametrize(
    "kind", [FewRows, planted.GRU, planted.Attention, planted.CausalConvolution]
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_nothing_is_said_of_others(kind, dtype):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scores = compare(TASK.sample(300, seed=0), {"Mine": made(kind, dtype)})
    assert scores.score("Mine").bits > 0


def test_one_row_in_64_is_asked_again_as_it_is_and_with_another_end_and_two_at_the_end():
    asked = []

    def counted(inputs):
        asked.append(len(inputs))
        return torch.full(inputs.shape, 0.5)

    for rows, expected in (
        (1, [1, 2]),
        (MANY, [MANY, 4]),
        (MANY + 1, [MANY + 1, 4, 4]),
        (1100, [1024, 32, 76, 4, 32]),
    ):
        asked.clear()
        evaluate(TASK, {"counted": counted}, rows)
        assert asked == expected


class ByNumberOfRows(planted.GRU):
    """On no other row does it depend, but on how many there are."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return logits * (1 + 1 / len(inputs)), state


class AsTheFirst(planted.GRU):
    """Right of the first row alone, in whose place the others are said to be."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return logits[:1].expand(len(inputs), -1, -1), state


class AsTheLast(planted.GRU):
    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return logits[-1:].expand(len(inputs), -1, -1), state


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ByNumberOfRows, "says another thing, .* apart, where 62 rows stand beside"),
        (AsTheFirst, "sees other rows of a batch: .* when 62 beside are others"),
        (AsTheLast, "sees other rows of a batch: .* when 62 beside are others"),
    ],
)
def test_a_row_is_the_same_wherever_it_stands_and_beside_however_many(kind, said):
    with pytest.raises(InputError, match=said):
        compare(TASK.sample(3, seed=1), {"Mine": made(kind)})


def test_of_answers_that_are_apart_the_step_and_how_far_are_said():
    some, expected = TASK.sample(2, seed=0), np.full((2, 60, 1), 0.5)
    found = expected.copy()
    assert apart(expected, found, some) == ""
    found[0, 7], found[1, 30] = 0.6, 0.9
    assert apart(expected, found, some) == "what it says at step 30 changes by 0.4"


def test_of_a_bit_the_chance_of_a_0_counts_as_that_of_a_1_does():
    """From 1 - 1e-6 to 1 - 5e-5 a 0 is fifty times as likely: no rounding of a pass alike."""
    some = DynamicNGrams(order=1, length=2).sample(1, 0)
    rare, less = np.full((1, 2, 1), 1e-6), np.full((1, 2, 1), 5e-5)
    for of in (lambda p: p, lambda p: 1 - p):
        assert apart(of(rare), of(less), some) == "what it says at step 0 changes by 4.9e-05"
        assert apart(of(less), of(less * (1 + 1e-5)), some) == ""


@pytest.mark.parametrize("letters", [2, 3])
def test_with_another_end_every_letter_from_a_step_on_is_another(letters):
    some = DynamicNGrams(order=2, length=60, letters=letters).sample(4, seed=0)
    other = with_another_end(some, 20)
    assert torch.equal(other.inputs[:, :20], some.inputs[:, :20])
    before, after = some.inputs[:, 20:], other.inputs[:, 20:]
    assert set(other.inputs.unique().tolist()) == {0, 1}
    assert (before != after).any(-1).all()
    assert letters == 2 or (after.sum(-1) == 1).all()
    whole = with_another_end(some, 0).inputs
    assert torch.equal(whole[:, :1], some.inputs[:, :1])  # where nothing stands
    assert (whole[:, 1:] != some.inputs[:, 1:]).any(-1).all()
