"""Losses divided by position, visit, age and context."""

import numpy as np
import pytest
import torch

from ntmlab import Copy, DynamicNGrams, compare
from ntmlab.errors import InputError
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.evaluation.ratios import Profile
from ntmlab.optimal import ContextKT, coin
from ntmlab.optimal.contexts import contexts, previous_visits, visits
from ntmlab.sequences import symbols_of
from ntmlab.studies.losses.bins import VISITS, bin_names, contexts_of
from ntmlab.studies.losses.claims import better_than, by_age, prediction_claims
from ntmlab.studies.losses.measure import losses
from ntmlab.tasks import make_task

TASK = DynamicNGrams(order=4, length=90)
PARTS = ("position", "visit", "age", "context")


class Spoiled:
    """The optimum, except that the logit is off by one where ``where`` says so."""

    def __init__(self, where):
        self.where = where

    def __call__(self, inputs):
        p = TASK.optimal()(inputs)
        bits = inputs[:, 1:, 0].numpy().astype(np.int64)
        bits = np.pad(bits, ((0, 0), (0, 1)))  # the last bit decides no context
        wrong = torch.from_numpy(self.where(bits))[..., None]
        return torch.where(wrong, torch.sigmoid(torch.logit(p) + 1), p)


def spoiled_at(part, value):
    def where(bits):
        if part == "context":
            return contexts(bits, 3) == value
        if part == "visit":
            return visits(bits, 3) == value
        before = previous_visits(bits, 3)
        age = np.arange(bits.shape[1]) - before
        return (before >= 0) & (age >= value) & (age < 2 * value)

    return Spoiled(where)


@pytest.fixture(scope="module")
def found():
    return losses(TASK, {"kt-2": ContextKT(2), "coin": coin}, 60, 4)


def test_every_part_sums_to_the_gap(found):
    expected = evaluate(TASK, {"kt-2": ContextKT(2), "coin": coin}, 60, 4)
    for name, one in found.items():
        assert one.score == expected[name]._replace(wrong=None)
        for part in PARTS:
            own = one.parts[part]
            assert own.bits.sum() == pytest.approx(one.score.kl, abs=1e-9)
            assert own.steps.steps.sum() == 60 * TASK.length
            per_step = np.nan_to_num(own.steps.mean) * own.steps.steps / 60
            np.testing.assert_allclose(per_step, own.bits, atol=1e-12)
            assert len(own.names) == len(own.bits)
        assert one.quarters.mean() == pytest.approx(one.score.kl / TASK.length, rel=0.02)


def test_batches_change_nothing(found, monkeypatch):
    monkeypatch.setattr("ntmlab.evaluation.scored.SEQUENCES_AT_ONCE", 7)
    parts = losses(TASK, {"coin": coin}, 60, 4)["coin"]
    for part in PARTS:
        np.testing.assert_allclose(parts.parts[part].bits, found["coin"].parts[part].bits)
        np.testing.assert_allclose(parts.parts[part].bits_se, found["coin"].parts[part].bits_se)
    whole = found["coin"]
    for own, other in zip([parts.close, *parts.by_age], [whole.close, *whole.by_age], strict=True):
        for values, expected in zip(own, other, strict=True):
            np.testing.assert_allclose(values, expected)
    for name in ("quarters", "costs", "divergences", "worst_share"):
        np.testing.assert_allclose(getattr(parts, name), getattr(whole, name), rtol=1e-6)


@pytest.mark.parametrize("letters", [2, 3])
def test_each_number_is_that_of_the_divergences_of_all_steps(letters):
    """Counted over again, of seven sequences: a hundredth of their steps is rounded up."""
    task = DynamicNGrams(order=3, letters=letters, length=130)
    other = {"kt-1": find_predictor("kt-1", task)}
    one = losses(task, other, 7, 2)["kt-1"]
    seen = compare(task.sample(7, 2), {"optimal": task.optimal(), **other})
    lost, cost = seen.divergence("kt-1"), seen.cost("kt-1")
    np.testing.assert_allclose(one.divergences, lost.sum(1))
    np.testing.assert_allclose(one.costs, cost.sum(1))
    gap = cost.sum(1) - seen.cost("optimal").sum(1)
    assert (one.score.gap, one.score.kl) == pytest.approx((gap.mean(), lost.sum(1).mean()))
    apart = np.abs(seen.probabilities["kt-1"] - seen.probabilities["optimal"]).max(-1)
    assert one.close.mean == pytest.approx((apart <= 0.05).mean())
    worst = np.sort(lost, axis=None)[-10:]  # of 910 steps
    assert one.worst_share == pytest.approx(worst.sum() / lost.sum(), rel=1e-6)
    parts = np.split(lost, [33, 66, 98], axis=1)
    np.testing.assert_allclose(one.quarters, np.stack([p.mean(1) for p in parts], 1))
    context = task.contexts.of(symbols_of(task.sample(7, 2).targets, letters))
    sums = np.stack([np.where(context == c, lost, 0).sum(1) for c in range(letters**2)], 1)
    own = one.parts["context"]
    np.testing.assert_allclose(own.bits[:-1], sums.mean(0))
    np.testing.assert_allclose(own.bits_se[:-1], sums.std(0, ddof=1) / np.sqrt(7))
    by_age = {False: [[] for _ in range(21)], True: [[] for _ in range(21)]}
    for row, bits in zip(context.tolist(), lost.tolist(), strict=True):
        for t, c in enumerate(row):
            before = [s for s in range(t) if row[s] == c]
            if c >= 0 and before:
                by_age[t - before[-1] > 32][min(len(before), 20)].append(bits[t])
    for profile, steps in zip(one.by_age, by_age.values(), strict=True):
        assert profile.steps.tolist() == [len(own) for own in steps]
        some = [v for v in range(21) if steps[v]]
        np.testing.assert_allclose(profile.mean[some], [np.mean(steps[v]) for v in some])


@pytest.mark.parametrize(
    ("part", "value", "name"),
    [("context", 5, "101"), ("visit", 2, "3"), ("visit", 0, "1"), ("age", 8, "8–15")],
)
def test_a_loss_is_found_where_it_was_made(part, value, name):
    one = losses(TASK, {"spoiled": spoiled_at(part, value)}, 40, 0)["spoiled"]
    own = one.parts[part]
    assert one.score.kl > 0.1
    assert own.bits[own.names.index(name)] == pytest.approx(one.score.kl)
    assert np.count_nonzero(own.bits > 1e-12) == 1


def test_steps_without_context_have_their_own_bin():
    start = Spoiled(lambda bits: np.arange(bits.shape[1]) < np.full((len(bits), 1), 3))
    one = losses(TASK, {"m": start}, 10, 0)["m"]
    for part in ("visit", "age", "context"):
        assert one.parts[part].names[-1] == "none"
        assert one.parts[part].bits[-1] == pytest.approx(one.score.kl)
    assert one.parts["position"].bits[0] == pytest.approx(one.score.kl)


def test_the_optimum_loses_nothing_and_is_close_everywhere():
    one = losses(TASK, {"m": TASK.optimal()}, 5, 0)["m"]
    assert one.score.kl == one.worst_share == 0
    assert one.close.mean == 1


def test_worst_share_is_of_the_largest_steps():
    one = losses(TASK, {"m": spoiled_at("visit", 30)}, 50, 0)["m"]
    marked = one.parts["visit"]
    few = marked.steps.steps[VISITS - 1]  # those of visit 21 and later, of which some are spoiled
    assert few > 0
    assert one.worst_share == pytest.approx(1)
    assert losses(TASK, {"m": coin}, 50, 0)["m"].worst_share < 0.05


def claims(where, task=TASK):
    one = losses(task, {"m": where}, 60, 0)["m"]
    names = ("near", "above", "drifts", "forgets")
    said = dict(zip(names, prediction_claims("m", one), strict=True))
    return {name: claim.holds for name, claim in said.items()}


def test_claims_follow_what_was_spoiled():
    none = Spoiled(lambda bits: np.zeros(bits.shape, bool))
    every = Spoiled(lambda bits: np.ones(bits.shape, bool))
    late = Spoiled(lambda bits: np.arange(90) >= np.full((len(bits), 1), 60))
    old = spoiled_at("age", 33)  # 33 to 65 steps ago
    assert claims(none) == {"near": True, "above": False, "drifts": False, "forgets": False}
    assert not claims(every)["near"]
    assert claims(late)["drifts"]
    assert claims(old)["forgets"]
    early = Spoiled(lambda bits: np.arange(90) < np.full((len(bits), 1), 45))
    assert not claims(early)["drifts"]
    assert not claims(spoiled_at("age", 1))["forgets"]


@pytest.mark.parametrize(
    ("first", "last", "drifts"), [(45, 90, True), (22, 90, False), (68, 90, True), (45, 68, False)]
)
def test_a_drift_is_from_the_second_quarter_to_the_last(first, last, drifts):
    """Worse from the third quarter on counts, though the last is no worse than that."""
    where = Spoiled(lambda bits: (np.arange(90) >= first) & (np.arange(90) < last) & (bits >= 0))
    assert claims(where)["drifts"] == drifts


def test_age_is_compared_at_the_same_number_of_visits():
    """A loss at second visits only, recent or not, is no forgetting though these are older."""
    one = losses(TASK, {"m": spoiled_at("visit", 1)}, 400, 0)["m"]
    assert one.by_age is not None
    _, _, rise, error = by_age(*one.by_age)
    assert abs(rise) < 3 * error


def test_visits_with_twenty_steps_of_both_ages_weigh_the_same():
    """Of one to eight before; the error is that of a mean of independent differences."""
    visits = np.arange(21.0)
    steps = np.full(21, 20)
    steps[[3, 9]] = 19, 500
    recent = Profile(visits, 0.3 + 0 * visits, steps)
    old = Profile(visits**2, 0.4 + 0 * visits, np.where(visits == 5, 19, 20))
    some = np.array([1, 2, 4, 6, 7, 8])
    found = by_age(recent, old)
    assert found[:3] == pytest.approx((some.mean(), (some**2).mean(), (some**2 - some).mean()))
    assert found[3] == pytest.approx(0.5 / np.sqrt(6))
    assert all(np.isnan(by_age(recent, old._replace(steps=0 * steps))))


@pytest.mark.parametrize(("share", "kl", "holds"), [(0.5, 1.9, False), (0.51, 2.1, True)])
def test_claims_hold_beyond_half_of_the_steps_and_two_standard_errors(found, share, kl, holds):
    one = found["kt-2"]
    score = one.score._replace(kl=kl, kl_se=1.0, gap=2.0, gap_se=1.0)
    own = one._replace(score=score, close=one.close._replace(mean=np.float64(share)))
    near, above, *_ = prediction_claims("m", own)
    assert (near.holds, above.holds) == (holds, holds)


def test_rounding_is_no_loss():
    """What equals the optimum but for the order of its operations reaches it."""
    task = DynamicNGrams(order=1, length=60)
    models = {"one": find_predictor("kt-0", task), "other": find_predictor("ctw-0", task)}
    found = losses(task, models, sequences=40)
    assert 2 * found["other"].score.kl_se < found["other"].score.kl < 1e-12
    every = {claim.claim: claim.holds for claim in prediction_claims("other", found["other"])}
    assert every["other: never quite reaches the optimum"] is False
    assert not better_than("one", found["one"], "other", found["other"]).holds


def test_advantage_is_paired():
    found = losses(TASK, {"two": ContextKT(2), "none": coin}, 60, 0)
    better = better_than("two", found["two"], "none", found["none"])
    assert better.holds
    assert not better_than("none", found["none"], "two", found["two"]).holds
    expected = found["none"].score.kl - found["two"].score.kl
    cost = found["none"].score.bits - found["two"].score.bits
    assert better.measured.partition("by Σ KL, ")[2].startswith(f"{cost:.1f} ")
    assert better.value == pytest.approx(expected)
    assert not better_than("two", found["two"], "two", found["two"]).holds


@pytest.mark.filterwarnings("ignore:losses are told by position alone:UserWarning")
@pytest.mark.parametrize(
    ("task", "parts"),
    [
        (DynamicNGrams(order=3, letters=3, length=40), PARTS),
        (DynamicNGrams(order=1, length=40), PARTS[:1]),  # a single context divides nothing
        (DynamicNGrams(order=12, length=40), PARTS[:1]),  # 2,048 of them are too many
        (make_task("hmm:mess3", length=40), PARTS[:1]),
    ],
)
def test_any_next_symbol_task_is_divided_by_what_it_has(task, parts):
    coin = {"coin": find_predictor("coin", task)}
    one = losses(task, coin, 30, 2)["coin"]
    expected = evaluate(task, coin, 30, 2)["coin"]
    assert tuple(one.parts) == parts
    assert one.score.kl == pytest.approx(expected.kl)
    for part in one.parts.values():
        assert part.bits.sum() == pytest.approx(expected.kl)
        assert sum(part.steps.steps) == 30 * 40
    claims = [claim.claim for claim in prediction_claims("coin", one)]
    assert any("forgets" in claim for claim in claims) == (len(parts) > 1)


def test_contexts_of_letters_are_named_as_they_read():
    task = DynamicNGrams(order=3, letters=3, length=40)
    one = losses(task, {"m": task.optimal()}, 4, 0)["m"]
    names = one.parts["context"].names
    assert (names[0], names[5], names[8], names[-1], len(names)) == ("00", "12", "22", "none", 10)


@pytest.mark.parametrize("name", ["oracle", "entropy"])
def test_what_knows_more_than_models_has_no_losses(name):
    both = {"coin": coin, name: find_predictor(name, TASK)}
    with pytest.raises(InputError, match=f"{name} knows what no model can know"):
        losses(TASK, both, 4)


def test_sizes_that_make_no_sense_are_refused():
    for task, count, message in (
        (TASK, 1, "at least 2"),
        (DynamicNGrams(length=3), 5, "4 steps or more, not 3"),
        (Copy(), 5, "task copy asks for answers"),
    ):
        with pytest.raises(InputError, match=message):
            losses(task, {"coin": coin}, count)


def test_bins_are_named_by_what_they_hold():
    """Positions in twenty blocks of one width, the last of which may be shorter."""
    names = bin_names(DynamicNGrams(order=2, length=88))
    assert names["position"][:2] == ["0–4", "5–9"]
    assert (names["position"][-1], len(names["position"])) == ("85–87", 18)
    assert len(bin_names(DynamicNGrams(length=200))["position"]) == 20
    assert names["visit"] == [*map(str, range(1, 21)), "21+", "none"]
    ages = ["1", "2–3", "4–7", "8–15", "16–31", "32–63", "64–127", "first visit", "none"]
    assert names["age"] == ages


def test_256_contexts_are_not_too_many():
    assert len(contexts_of(DynamicNGrams(order=9)).names) == 256
    assert len(contexts_of(DynamicNGrams(order=2)).names) == 2
    assert contexts_of(DynamicNGrams(order=10)) is None
