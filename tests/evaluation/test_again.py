"""What does otherwise from some call on, which no test before it reaches: it is asked again."""

import re
import warnings

import numpy as np
import pytest
import torch

from ntmlab import DynamicNGrams, InputError, check_predictor, compare
from ntmlab.errors import Remark
from ntmlab.evaluation import prefix
from ntmlab.evaluation import scored as scoring
from ntmlab.evaluation.beside import not_said_again, with_other_ends
from ntmlab.evaluation.checks import rows
from ntmlab.evaluation.compare import as_predictor
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.tasks import Copy
from tests.evaluation.checks import planted

TASK = DynamicNGrams(order=2, length=60)
ALWAYS = 10**9
NOW = "Mine says another thing now, .* apart, than it was scored by"
AHEAD = r"Mine looks ahead in a batch of \d+ rows: .* when inputs from step \d+ on are others"


class Counting(planted.GRU):
    """Counts its calls, and does otherwise in some of them."""

    first, last, calls = ALWAYS, ALWAYS, 0

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        self.calls += 1
        return (
            self.wrong(logits, inputs) if self.first <= self.calls <= self.last else logits
        ), state

    def wrong(self, logits, inputs):
        return logits


class Ahead(Counting):
    def wrong(self, logits, inputs):
        return logits + torch.cat([inputs[:, 1:], inputs[:, -1:]], 1)


class Surer(Counting):
    def wrong(self, logits, inputs):
        return logits * 3


class Rarely(Counting):
    """Ones are rare: a tenth more of P(1) = 1e-3 moves it by less than 1e-4, and gains bits."""

    def __init__(self):
        super().__init__()
        torch.nn.init.zeros_(self.read.weight)
        torch.nn.init.constant_(self.read.bias, -6.9)


class AheadRarely(Rarely):
    def wrong(self, logits, inputs):
        return logits + 0.09 * torch.cat([inputs[:, 1:], inputs[:, -1:]], 1)


class SurerRarely(Rarely):
    def wrong(self, logits, inputs):
        return logits + 0.09


def made(kind, first=ALWAYS, last=ALWAYS, dtype=torch.float32):
    torch.manual_seed(0)
    model = kind().eval().to(dtype)
    model.first, model.last = first, last
    return model


def scored(model, size):
    return compare(TASK.sample(size, seed=1), {"Mine": model}).score("Mine")


def calls_before(size):
    """How many calls come before the one, or the first, that is scored."""
    tested = as_predictor(made(Counting), TASK.outputs)
    prefix.tested(tested, TASK.sample(size, seed=1), "Mine", unchecked=False, leave="")
    return tested.module.calls


@pytest.mark.parametrize("size", [1, 300])
@pytest.mark.parametrize(
    ("kind", "last", "said"),
    [
        *((Ahead, ALWAYS, AHEAD), (Ahead, 0, NOW), (Surer, 1, NOW)),
        *((AheadRarely, ALWAYS, AHEAD), (AheadRarely, 0, NOW), (SurerRarely, 1, NOW)),
    ],
)
def test_what_begins_with_the_call_that_is_scored_is_said(size, kind, last, said):
    """And goes on, or ends with it."""
    first = calls_before(size) + 1
    passes = -(-size // 256)
    with pytest.warns(Remark, match=f"{said}.*; what it costs means nothing"):
        scored(made(kind, first, last if last == ALWAYS else first + passes - 1), size)


@pytest.mark.parametrize(
    ("kind", "said"), [(Ahead, AHEAD), (Surer, NOW), (AheadRarely, AHEAD), (SurerRarely, NOW)]
)
def test_what_begins_amid_many_batches_is_said(kind, said):
    """Of 1,100 sequences the first 1,024 are four passes."""
    predictor = as_predictor(made(kind), TASK.outputs)
    prefix.tested_on(TASK, predictor, "Mine", unchecked=False)
    predictor.module.first = predictor.module.calls + 5 + 1  # of which one asks again
    with pytest.warns(Remark, match=f"({NOW}|{said}).*; what it costs means nothing"):
        evaluate(TASK, {"Mine": predictor}, 1100)


@pytest.mark.parametrize(
    ("kind", "last", "said"),
    [
        *((kind, 2, f"^predictor {NOW}") for kind in (Ahead, Surer, AheadRarely, SurerRarely)),
        *((kind, ALWAYS, f"^predictor {AHEAD}") for kind in (Ahead, AheadRarely)),
    ],
)
@pytest.mark.parametrize("loop", [evaluate, lambda *given: list(scoring.scored(*given, 0))])
def test_what_is_so_in_a_batch_of_three_rows_amid_others_is_said(
    loop, kind, last, said, monkeypatch
):
    """Of four batches in the second alone, or from it on."""
    monkeypatch.setattr(scoring, "STEPS_AT_ONCE", 3 * TASK.length)
    with warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        loop(TASK, {"Mine": as_predictor(made(kind, 2, last), TASK.outputs)}, 12)
    assert re.search(f"{said}.*; what it costs means nothing$", str(remarks[0].message))
    assert last == ALWAYS or len(remarks) == 1


@pytest.mark.parametrize(
    ("letters", "steps", "expected"),
    [
        (2, 640, [(40, 640), (40, 640), (40, 10), (3, 640), (4, 10), (4, 640)]),
        (4, 64, [(40, 64), (40, 64), (40, 8), (3, 64), (4, 8), (4, 64)]),
    ],
)
def test_of_few_rows_amid_others_half_are_asked_a_beginning_again(
    letters, steps, expected, monkeypatch
):
    """Twice, as it is and with another end: one step in 64, but 8 at least."""
    asked, task = [], DynamicNGrams(order=1, length=steps, letters=letters)

    def counted(inputs):
        asked.append(tuple(inputs.shape[:2]))
        return torch.full((*inputs.shape[:2], task.output_size), 1 / letters)

    monkeypatch.setattr(scoring, "STEPS_AT_ONCE", 40 * steps * task.output_size)
    evaluate(task, {"counted": counted}, 83)
    assert asked == expected
    asked.clear()
    list(scoring.scored(task, {"counted": counted}, 12, 0))
    assert asked == [(12, steps)]


def test_of_few_questions_amid_others_two_are_asked_again_whole(monkeypatch):
    task, asked = Copy(width=3, max_length=4), []
    exact = task.optimal()

    def counted(inputs):
        asked.append(tuple(inputs.shape[:2]))
        return exact(inputs)

    monkeypatch.setattr(scoring, "STEPS_AT_ONCE", 40 * task.steps)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        evaluate(task, {"Mine": counted}, 60)
    assert [rows for rows, _ in asked] == [40, 20, 4, 4]
    assert asked[2][1] == asked[1][1]


def test_a_beginning_that_is_refused_is_passed_over_but_not_a_whole_sequence(monkeypatch):
    monkeypatch.setattr(scoring, "STEPS_AT_ONCE", 3 * TASK.length)

    def of_sixty(inputs):
        if inputs.shape[1] != 60:
            raise ValueError("sixty steps, please")
        return torch.full_like(inputs, 0.5)

    def of_three(inputs):
        if len(inputs) != 3:
            raise ValueError("three rows, please")
        return torch.full_like(inputs, 0.5)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        evaluate(TASK, {"Mine": of_sixty}, 12)
        list(scoring.scored(TASK, {"Mine": of_three}, 12, 0))
    with pytest.raises(InputError, match="three rows, please"):
        evaluate(TASK, {"Mine": of_three}, 12)


@pytest.mark.parametrize("kind", [Counting, Rarely, planted.Attention, planted.CausalConvolution])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_nothing_is_said_of_a_good_one_in_batches_of_few_rows(kind, dtype, monkeypatch):
    monkeypatch.setattr(scoring, "STEPS_AT_ONCE", 3 * 200)
    task = DynamicNGrams(order=2, length=200)
    torch.manual_seed(0)
    mine = as_predictor(kind().eval().to(dtype), task.outputs)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        evaluate(task, {"Mine": mine}, 12)


@pytest.mark.parametrize("kind", [Counting, Rarely])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("size", [1, 300])
def test_nothing_is_said_of_one_that_only_counts(size, dtype, kind):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert scored(made(kind, dtype=dtype), size).bits > 0
        evaluate(TASK, {"Mine": as_predictor(made(kind, dtype=dtype), TASK.outputs)}, size)


@pytest.mark.parametrize("kind", [Counting, Ahead, Surer])
def test_a_check_asks_its_first_question_again_after_all_others(kind, monkeypatch):
    """Whatever comes between; here what a row sees of others is the last."""
    model, seen = made(kind), rows.rows

    def then_otherwise(*given):
        found = seen(*given)
        model.first = model.calls + 1
        return found

    monkeypatch.setattr(rows, "rows", then_otherwise)
    shape, repeatable = check_predictor(model, TASK, names=["shape", "repeatable"])
    assert shape.passed
    assert repeatable.passed == (kind is Counting)
    said = "after all other checks the same 67 steps are answered otherwise at step"
    assert (said in repeatable.message) == (kind is not Counting)


def test_a_function_and_what_answers_are_asked_again_too():
    calls = []

    def from_the_fortieth(inputs):
        calls.append(len(inputs))
        return torch.full_like(inputs, 0.4 if len(calls) < 40 else 0.6)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        evaluate(TASK, {"Mine": from_the_fortieth}, 3)
    calls[:] = [0] * 38
    with pytest.warns(Remark, match=NOW):
        evaluate(TASK, {"Mine": from_the_fortieth}, 3)
    exact = Copy(width=3, max_length=4).optimal()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compare(Copy(width=3, max_length=4).sample(3, seed=1), {"Mine": lambda x: exact(x)})


def test_other_ends_that_are_refused_are_passed_over():
    some = TASK.sample(3, seed=1)

    def said(sequences):
        if len(sequences.inputs) > 3:
            raise prefix.InputError("never drawn")
        return np.full(sequences.targets.shape, 0.5)

    assert not_said_again(lambda inputs: inputs, some, said(some), said) is None
    about = not_said_again(lambda inputs: inputs, some, said(some) + 0.1, said)
    assert about.startswith("says another thing now, 0.1 apart, than it was scored by")


def test_each_row_has_another_end_from_its_own_step_on_and_is_scored_before_it():
    some, cuts = TASK.sample(3, seed=1), np.array([1, 30, 59])
    other = with_other_ends(some, cuts)
    for row, cut in enumerate(cuts):
        same = (other.inputs[row] == some.inputs[row]).flatten()
        assert same[:cut].all()
        assert not same[cut:].any()
        assert other.mask[row].tolist() == [1] * cut + [0] * (60 - cut)


def test_the_rows_asked_again_are_drawn_by_what_stands_in_all():
    found, fair = [], DynamicNGrams(order=1, length=60, prior=(50, 50))  # no two rows are alike
    for seed in (1, 2):
        many, asked = fair.sample(256, seed), []

        def said(sequences, asked=asked):
            asked.append(sequences.inputs)
            return np.full(sequences.targets.shape, 0.5)

        assert not_said_again(lambda inputs: inputs, many, said(many), said) is None
        same = (asked[1][:4, None] == many.inputs).all((2, 3))  # (4, 256)
        found.append(same.nonzero()[:, 1].tolist())
    assert len(set(found[0])) == len(set(found[1])) == 4
    assert sorted(found[0]) != sorted(found[1]) != [0, 1, 2, 3] != sorted(found[0])


def test_the_end_that_is_named_is_that_of_the_row_that_moves_most():
    """Every row sees a step ahead among many; row 77 so much more that its step is named."""
    many = TASK.sample(256, seed=1)

    def said(sequences):
        ahead = sequences.inputs.roll(-1, 1).numpy() if len(sequences.inputs) == 256 else 0
        amount = np.where(np.arange(len(sequences.inputs)) == 77, 0.3, 0.1)[:, None, None]
        return np.full(sequences.targets.shape, 0.3) + amount * ahead

    about = not_said_again(lambda inputs: inputs, many, said(many), said)
    step, cut = map(int, re.findall(r"step (\d+)", about))
    assert "changes by 0.3 when" in about
    assert cut == step + 1
