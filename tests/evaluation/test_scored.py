"""The one loop that scores, and what a user's own predictor may do to it."""

import math

import numpy as np
import pytest
import torch

from ntmlab import DynamicNGrams, InputError, compare, make_task, next_symbol
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.evaluation.scored import Entropy, Oracle, in_batches, rows_at_once, score_batch, scored
from ntmlab.optimal import KT, FilterPredictor
from ntmlab.tasks import Copy

TASK = DynamicNGrams(order=3, length=30)


def half(inputs):
    return torch.full((*inputs.shape[:2], 1), 0.5)


@pytest.mark.parametrize("letters", [2, 3])
def test_batches_change_nothing(monkeypatch, letters):
    task = DynamicNGrams(order=2, letters=letters, length=12)
    predictors = {"kt": FilterPredictor(KT(letters, 0)), "oracle": Oracle()}
    whole = evaluate(task, predictors, 50, seed=3)
    monkeypatch.setattr("ntmlab.evaluation.scored.SEQUENCES_AT_ONCE", 7)
    again = evaluate(task, predictors, 50, seed=3)
    assert rows_at_once(task) == 7
    for name in predictors:
        assert again[name][:6] == pytest.approx(whole[name][:6])


@pytest.mark.parametrize("letters", [2, 3])
def test_pieces_of_a_long_sequence_cost_what_the_whole_does(monkeypatch, letters):
    task = DynamicNGrams(order=2, letters=letters, length=20)
    predictors = {"kt": FilterPredictor(KT(letters, 0))}
    (whole,) = scored(task, predictors, 3, seed=3)
    kind, seen = type(task.outputs), []
    cost_bits = kind.cost_bits

    def spied(own, p, *more):
        seen.append(p.shape[1])
        return cost_bits(own, p, *more)

    monkeypatch.setattr(kind, "cost_bits", spied)
    monkeypatch.setattr("ntmlab.evaluation.scored.STEPS_OF_A_PIECE", 6)
    (pieces,) = scored(task, predictors, 3, seed=3)
    assert seen == 2 * [6, 6, 6, 2]
    for found, expected in (
        (pieces.optimal, whole.optimal),
        (pieces.found["kt"], whole.found["kt"]),
    ):
        np.testing.assert_allclose(found.cost, expected.cost, rtol=1e-14)
        np.testing.assert_allclose(found.divergence, expected.divergence, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("spec", ["dynamic-ngrams", "dynamic-ngrams:order=3,letters=3,length=100"])
def test_both_estimates_of_a_gap_agree(spec):
    """The oracle's too, though it is no function of the past."""
    task = make_task(spec)
    names = ("kt-1", "coin", "oracle", "entropy")
    scores = evaluate(task, {name: find_predictor(name, task) for name in names}, 4000, seed=8)
    for name in names:
        s = scores[name]
        assert abs(s.gap - s.kl) < 4 * math.hypot(s.gap_se, s.kl_se), name
    assert scores["oracle"].gap < 0
    oracle, entropy = scores["oracle"], scores["entropy"]
    assert abs(oracle.bits - entropy.bits) < 4 * math.hypot(oracle.bits_se, entropy.bits_se)
    assert entropy.bits_se < oracle.bits_se


def test_the_oracle_of_the_paper_s_task():
    """facts: 29.780 bits below the optimum."""
    score = evaluate(DynamicNGrams(), {"oracle": Oracle()}, 4000, seed=1)["oracle"]
    assert score.gap == pytest.approx(-29.78, abs=4 * score.gap_se)
    assert score.kl == pytest.approx(-29.78, abs=4 * score.kl_se)


@pytest.mark.parametrize(
    ("returned", "bits"),
    [
        (lambda x: torch.full((*x.shape[:2], 1), 0.5, requires_grad=True), 30.0),
        (lambda x: torch.full((*x.shape[:2], 1), 0.5, dtype=torch.bfloat16), 30.0),
        (lambda x: np.full((*x.shape[:2], 1), 0.5, dtype=np.float16), 30.0),
        (lambda x: [[[0.5]] * x.shape[1]] * len(x), 30.0),
        (lambda x: torch.ones((*x.shape[:2], 1), dtype=torch.bool).numpy(), math.inf),
    ],
)
def test_what_can_be_scored_is(returned, bits):
    assert evaluate(TASK, {"mine": returned}, 5, 0)["mine"].bits == bits


TENTHS = sum([np.float32(0.1)] * 10, np.float32(0))  # one after the other


@pytest.mark.parametrize("of_ones", [TENTHS, 1 - TENTHS])
def test_rounding_beyond_0_and_1_is_none(of_ones):
    """Sums of a few parts end a little above 1: a model that is sure is scored as one."""
    assert TENTHS > 1
    ones = next_symbol([[int(of_ones > 0.5)] * 30])
    said = np.full((1, 30, 1), of_ones, np.float32)
    assert compare(ones, {"sure": lambda x: said[:, : x.shape[1]]}).score("sure").bits == 0


def test_more_than_rounding_is_refused():
    with pytest.raises(InputError, match=r"1\.00001"):
        evaluate(TASK, {"mine": lambda x: np.full((*x.shape[:2], 1), 1.00001)}, 5, 0)


def leave(inputs):
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("returned", "reason"),
    [
        (lambda x: torch.full((*x.shape[:2], 1), 0.5 + 0j), "complex128"),
        (lambda x: [[0.5], [0.5, 0.5]], "no array"),
        (lambda x: x[:, :-1], "shape"),
        (lambda x: x + 1.5, "at step 0 of sequence 0 is not between 0 and 1"),
        (lambda x: x * float("nan"), "nan at step 0"),
        (lambda x: 1 / 0, "ZeroDivisionError"),
        (lambda x: "no", "real numbers"),
        (leave, "SystemExit"),
    ],
)
def test_what_cannot_is_one_line_with_the_name(returned, reason):
    with pytest.raises(InputError, match=reason) as caught:
        evaluate(TASK, {"mine": returned}, 5, 0)
    assert "mine" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_within_a_word_is_no_name():
    """A name of one letter is in most sentences."""

    class Fails:
        letters = 2

        def start(self, rows):
            raise InputError("its sums fail")

    with pytest.raises(InputError, match="predictor m: its sums fail"):
        evaluate(TASK, {"m": FilterPredictor(Fails())}, 5, 0)


def test_the_impossible_is_infinite_and_said():
    sure = evaluate(TASK, {"sure": lambda x: torch.zeros(*x.shape[:2], 1)}, 20, 0)["sure"]
    assert sure.bits == math.inf
    assert sure.impossible > 20
    assert sure.values()["impossible"] == sure.impossible
    comparison = compare(TASK.sample(20, 0), {"sure": lambda x: torch.zeros(*x.shape[:2], 1)})
    assert "given probability 0" in comparison.table()
    assert comparison.score("sure").impossible == sure.impossible


def test_the_optimum_is_found_whatever_its_name():
    sequences = TASK.sample(10, 0)
    comparison = compare(sequences, {"Bayes": TASK.optimal(), "half": half})
    assert comparison.reference == "Bayes"
    assert comparison.score("half").gap > 0
    assert compare(sequences, {"half": half}).score("half").gap is None
    other = DynamicNGrams(order=2).optimal()
    with pytest.raises(InputError, match="reference="):
        compare(sequences, {"a": TASK.optimal(), "b": other})
    assert compare(sequences, {"a": TASK.optimal(), "b": other}, reference="a").reference == "a"
    copied = Copy(max_length=3)
    assert compare(copied.sample(3, 0), {"exact": copied.optimal()}).reference == "exact"


def test_oracles_see_the_truth_only():
    with pytest.raises(InputError, match="drawn parameters"):
        evaluate(Copy(), {"oracle": Oracle()}, 3, 0)
    with pytest.raises(InputError, match="not inputs"):
        Entropy()(torch.zeros(1, 2, 1))
    sequences = TASK.sample(200, 0, truth=True)
    comparison = compare(sequences, {"Optimal": TASK.optimal(), "Oracle": Oracle()})
    assert comparison.unreachable == {"Oracle"}
    own = comparison.score("Oracle")
    assert own.kl < 0
    assert own.gap < -7 * own.gap_se  # surely ahead, as it may be
    assert not own.ahead


def test_errors_of_profiles_take_sequences_as_independent():
    """Steps of one sequence that are all alike count once: copied steps leave the error alone."""
    task = DynamicNGrams(order=2, length=40)
    comparison = compare(task.sample(2000, seed=5), {"Optimal": task.optimal(), "coin": half})
    whole, spread = comparison.gap_by_visit("coin", 1), []
    for seed in range(40):
        part = compare(task.sample(50, seed=100 + seed), {"Optimal": task.optimal(), "coin": half})
        # The first two visits cost a coin the same in every sequence.
        spread.append(part.gap_by_visit("coin", 1).mean[2:10])
    expected = np.std(spread, axis=0, ddof=1) * np.sqrt(50 / 2000)
    ratio = whole.se[2:10] / expected
    assert (ratio > 0.6).all()
    assert (ratio < 1.7).all()


def test_progress_hears_every_batch_and_memory_is_bounded(monkeypatch):
    monkeypatch.setattr("ntmlab.evaluation.scored.SEQUENCES_AT_ONCE", 8)
    heard = []
    sizes = [len(b.sequences.inputs) for b in scored(TASK, {"half": half}, 20, 0, heard.append)]
    assert sizes == [8, 8, 4]
    assert heard == [8, 16, 20]


def test_likely_causes_are_guessed():
    with pytest.raises(InputError, match="look like logits"):
        compare(TASK.sample(3, 0), {"mine": lambda x: 6 * x - 3})
    with pytest.raises(InputError, match="not the class Linear"):
        compare(TASK.sample(3, 0), {"mine": torch.nn.Linear})
    wide = torch.nn.Linear(1, 3)
    with pytest.raises(InputError, match="predictor mine: a model must return 1 logits"):
        compare(TASK.sample(3, 0), {"mine": wide})


def test_fewer_of_long_sequences_are_scored_at_once_down_to_one():
    lengths = (200, 1024, 2**18, 2**19)
    at_once = [rows_at_once(DynamicNGrams(length=length)) for length in lengths]
    assert at_once == [1024, 256, 1, 1]
    assert rows_at_once(DynamicNGrams(order=2, letters=26)) == 50  # 2^18 / (200 * 26) = 50.4
    assert rows_at_once(Copy(width=64)) == 1024  # bits of answers count as one


def test_a_batch_of_which_nothing_is_said_begins_with_the_first_sequence():
    assert score_batch(DynamicNGrams().sample(2, seed=0), {}, None).start == 0


def test_the_number_of_sequences_is_from_one_to_a_thousand_million():
    task = DynamicNGrams(length=3)
    start, drawn = next(in_batches(task, {}, 10**9, seed=0))
    assert (start, len(drawn.inputs)) == (0, 1024)
    for number in (0, 10**9 + 1):
        with pytest.raises(InputError, match=f"from 1 to 1,000,000,000, not {number}$"):
            next(in_batches(task, {}, number, seed=0))
