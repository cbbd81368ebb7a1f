"""A user's optimum that is not exact is found by its own costs, and by who is ahead of it."""

import dataclasses
import re
import warnings
from typing import ClassVar

import numpy as np
import pytest
import torch

from ntmlab import InputError, Sequences, Symbols, compare, make_task
from ntmlab.errors import Remark
from ntmlab.evaluation.doubts import check_aligned
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.evaluation.score import is_sure, score
from ntmlab.evaluation.scored import Oracle, score_optimal, scored
from ntmlab.optimal import FilterPredictor
from ntmlab.tasks import AnswerTask, Source, Step
from ntmlab.training.validation import Validation


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
    """Too sure, it costs more than it expects; too careful, less: as much as NumPy says."""
    task = Coin(a, b)
    came = task.sample(2000, 5).targets[..., 0].numpy().astype(float)
    p = (came.cumsum(1) - came + a) / (np.arange(20) + a + b)
    own = (p * np.log2(p) + (1 - p) * np.log2(1 - p)).sum(1)
    beyond = own - np.log2(np.where(came > 0, p, 1 - p)).sum(1)
    assert (beyond.mean() > 0) == (a < 1)
    amount = f"{beyond.mean():+.3g} ± {beyond.std(ddof=1) / 2000**0.5:.2g} bits a sequence"
    about = f"the optimum of task coin-of-mine is not exact: it costs {amount}"
    with pytest.warns(Remark, match=re.escape(about)):
        scores = evaluate(task, EXACT, 2000, 5)
    assert scores["exact"].ahead
    assert "exact: ahead of the optimum" in scores.table()
    both = {"optimal": task.optimal(), **EXACT}
    with pytest.warns(Remark, match="the optimum of this comparison, optimal, is not exact"):
        assert "exact: ahead of the optimum" in compare(task.sample(2000, 5), both).table()


@dataclasses.dataclass(frozen=True)
class Sure(Rule):
    """Of the first 0 it says that it cannot come."""

    def predict(self, state):
        found = super().predict(state)
        return found if state[1] else np.array([[0.0, 1.0]] * len(found))


@dataclasses.dataclass(frozen=True)
class Impossible(Coin):
    """A coin whose filter excludes what comes."""

    def filter(self):
        return Sure()


@pytest.mark.parametrize("count", [1, 2000])
def test_an_optimum_that_excludes_what_comes_is_remarked_upon(count):
    """One sequence is enough, and its cost needs no other to be compared with."""
    task = Impossible(length=5)
    start = next(i for i in range(9) if not task.sample(1, 5, i).targets[0, 0, 0])
    drawn = task.sample(count, 5, start)
    wrong = int((drawn.targets[:, 0, 0] == 0).sum())
    about = f"gives a probability of 0 to what comes in {wrong:,} of {count:,} sequences"
    with pytest.warns(Remark, match=f"the optimum of this comparison, optimal, {about}"):
        compare(drawn, {"optimal": task.optimal(), **EXACT})


@pytest.mark.parametrize("how", ["evaluate", "scored", "validation"])
def test_every_way_to_score_doubts_a_users_optimum(how, monkeypatch):
    monkeypatch.setattr("ntmlab.training.validation.EVALUATION_SEQUENCES", 200)
    ways = {
        "evaluate": lambda task: evaluate(task, EXACT, 200, 5),
        "scored": lambda task: list(scored(task, EXACT, 200, 5)),
        "validation": Validation,
    }
    with pytest.warns(Remark, match="the optimum of task coin-of-mine gives a probability of 0"):
        ways[how](Impossible(length=5))
    with pytest.warns(Remark, match="the optimum of task coin-of-mine is not exact"):
        ways[how](Coin(9.0, 9.0))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ways[how](Coin())
        ways[how](make_task("dynamic-ngrams:order=1,length=5"))


@dataclasses.dataclass(frozen=True)
class Parity(AnswerTask):
    """Whether the bits shown are of an odd number; its answer may not know."""

    says: float = 1.0
    name: ClassVar[str] = "parity"
    input_size, output_size, steps = 2, 1, 3

    def draw(self, rows, random):
        shown = random.integers(0, 2, (rows, 3, 2))
        return shown, shown.sum(-1, keepdims=True) % 2, np.ones((rows, 3))

    def answer(self, inputs):
        return np.where(inputs.sum(-1, keepdims=True) % 2, self.says, 1 - self.says)


def test_an_answer_that_is_not_exact_is_remarked_upon():
    """It costs what it expects, but targets that follow from the inputs cost nothing."""
    own = {"mine": lambda inputs: np.full((*inputs.shape[:2], 1), 0.5)}
    about = r"task parity is not exact: it costs \+3 ± 0 bits a sequence against the 0 of targets"
    with pytest.warns(Remark, match=about):
        evaluate(Parity(0.5), own, 200, 5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        evaluate(Parity(), own, 200, 5)
        evaluate(Parity(1 - 1e-6), own, 200, 5)  # clipped


@pytest.mark.parametrize("letters", [2, 3])
def test_inputs_that_are_not_the_symbols_before_are_refused(letters):
    """As they are where nobody shifted them, as a language model's are made, or one step late."""
    task = make_task("dynamic-ngrams", order=2, letters=letters, length=30)
    one = task.sample(40, 0)
    begun = {"inputs": one.targets[:, :-1], "targets": one.targets[:, 1:], "mask": one.mask[:, 1:]}
    others = (
        one._replace(inputs=one.targets),
        one._replace(**begun),
        one._replace(inputs=one.inputs.roll(1, 1)),
    )
    for other in others:
        for exact in (task.optimal(), find_predictor("kt-1", task)):
            with pytest.raises(InputError, match=r"the input at step \d+ of sequence .* before it"):
                compare(other, {"mine": exact})
        with pytest.raises(InputError, match="make these sequences by next_symbol"):
            score_optimal(other, task.optimal())


SOFT, LETTERS = torch.full((2, 3, 1), 0.25), torch.eye(3).expand(2, 3, 3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mask": torch.ones(2, 4)}, r"mask of shape \(2, 4\), not \(2, 3\)"),
        ({"mask": torch.ones(2, 3, 1)}, r"mask of shape \(2, 3, 1\)"),
        ({"inputs": torch.zeros(3, 1)}, r"inputs of shape \(3, 1\)"),
        ({"targets": np.zeros((2, 3, 1))}, "Sequences in place of Sequences of tensors"),
        (
            {"mask": torch.tensor([[1, 1, 1], [1, 0.5, 1]])},
            r"a mask of 0\.5 at step 1 of sequence 1",
        ),
        ({"mask": torch.full((2, 3), torch.nan)}, "a mask of nan at step 0 of sequence 0"),
        ({"targets": SOFT}, r"a target of 0\.25 at step 0 of sequence 0: it is 0 or 1"),
        ({"targets": 2 * LETTERS, "outputs": Symbols(3)}, "a target of 2 at step 0"),
        ({"targets": 0 * LETTERS, "outputs": Symbols(3)}, "targets that sum to 0 at step 0"),
        (
            {"targets": LETTERS.flip(0) + LETTERS[:, [1, 2, 0]], "outputs": Symbols(3)},
            "targets that sum to 2",
        ),
        ({"inputs": SOFT[:0], "targets": SOFT[:0], "mask": SOFT[:0, :, 0]}, "no steps"),
    ],
)
def test_what_is_no_sequence_is_not_scored(change, message):
    """Weights and soft targets would be trained on as such, and scored as 0 or 1."""
    bits = Sequences(torch.zeros(2, 3, 1), torch.ones(2, 3, 1), torch.ones(2, 3))
    coin = {"coin": lambda x: torch.full((*x.shape[:2], 1), 0.5)}
    assert compare(bits, coin).score("coin").bits == 3
    with pytest.raises(InputError, match=f"^the sequences to compare on have {message}"):
        compare(bits._replace(**change), coin)


def test_where_nothing_is_scored_a_target_may_be_anything():
    """As where -1 says that a step is left out."""
    left_out = torch.tensor([[1, 0, 1.0]])
    bits = Sequences(torch.zeros(1, 3, 1), torch.tensor([[[1], [-1], [1.0]]]), left_out)
    assert compare(bits, {"coin": lambda x: torch.full_like(x, 0.5)}).score("coin").bits == 2


def test_what_is_no_exact_predictor_reads_what_it_likes():
    sequences = make_task("dynamic-ngrams", order=2, length=30).sample(40, 0)
    unshifted = sequences._replace(inputs=sequences.targets)
    knows = {"mine": lambda inputs: inputs * 0.5 + 0.25}
    assert compare(unshifted, knows).score("mine").bits == pytest.approx(30 * -np.log2(0.75))


def test_steps_that_are_not_scored_may_hold_anything():
    """As padding does, which is 0 where a letter came before it."""
    task = make_task("dynamic-ngrams", order=2, length=30)
    sequences = task.sample(40, 0)
    whole = score_optimal(sequences, task.optimal()).cost
    mask = sequences.mask.clone()
    mask[:, 20:] = 0
    shorter = sequences._replace(inputs=sequences.inputs * mask[..., None], mask=mask)
    assert np.array_equal(score_optimal(shorter, task.optimal()).cost[:, :20], whole[:, :20])


def test_a_long_sequence_is_looked_at_in_pieces(monkeypatch):
    sequences = make_task("dynamic-ngrams", order=2, length=30).sample(4, 0)
    monkeypatch.setattr("ntmlab.evaluation.doubts.STEPS_AT_ONCE", 7)
    optimal = make_task("dynamic-ngrams", order=2, length=30).optimal()
    check_aligned(sequences, optimal)
    for step in (0, 6, 7, 13, 14, 29):
        inputs = sequences.inputs.clone()
        inputs[2, step] = 1 - inputs[2, step]
        with pytest.raises(InputError, match=f"at step {step} of sequence 2 "):
            check_aligned(sequences._replace(inputs=inputs), optimal)


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
    assert is_sure((drawn + 5)[:100])
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
