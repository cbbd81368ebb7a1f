"""The whole study, and the claims it answers."""

import dataclasses

import numpy as np
import pytest
import torch

from ntmlab import NTM, DynamicNGrams
from ntmlab.errors import InputError
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.ratios import Profile
from ntmlab.models import ModulePredictor
from ntmlab.studies.inside import look_inside, measure, memory_claims
from ntmlab.studies.inside.content import count_targets
from ntmlab.studies.inside.report import to_json, to_text
from ntmlab.tasks import make_task
from tests.studies.inside.cases import perfect

TASK = DynamicNGrams(order=3, length=30)


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return NTM(1, 1, controller_size=6, slots=10, slot_width=5)


@pytest.fixture(scope="module")
def found(model):
    return look_inside(model, TASK, sequences=50, seed=3)


def test_batches_change_nothing_but_the_control_pairs(model, found, monkeypatch):
    monkeypatch.setattr(measure, "AT_ONCE", 16)
    parts = look_inside(model, TASK, sequences=50, seed=3)
    drawn = {"read_other", "overlap_other", "landed_other", "read_across"}  # paired within batches
    drawn |= {"misread_worst", "misread_rest"}  # of the first batch's threshold
    for name, profile in found.statistics.items():
        assert name in parts.statistics
        if name not in drawn:
            np.testing.assert_allclose(parts.statistics[name].mean, profile.mean, rtol=1e-5)
    np.testing.assert_allclose(parts.read_matrix(), found.read_matrix(), rtol=1e-5)


def test_no_sequence_is_compared_with_itself_as_another(model, monkeypatch):
    """A last batch of one was: what its content tells of it counted for another sequence too."""
    taken = []
    kept = measure.count_targets

    def counted(usage, prior):
        taken.append(len(usage.bits))
        return kept(usage, prior)

    monkeypatch.setattr(measure, "AT_ONCE", 4)
    monkeypatch.setattr(measure, "count_targets", counted)
    look_inside(model, TASK, sequences=9, seed=3)
    look_inside(model, TASK, sequences=10, seed=3)
    assert taken == [4, 5, 4, 4, 2]


def test_losses_by_context_sum_to_the_gap_of_the_steps_with_one(model, found):
    score = evaluate(TASK, {"m": ModulePredictor(model)}, 50, 3)["m"]
    assert found.scores["whole"] == pytest.approx(score)
    assert found.loss(range(4)) < score.kl
    assert found.loss(range(4)) == pytest.approx(sum(found.loss([c]) for c in range(4)))
    first = ModulePredictor(model)(TASK.sample(50, 3).inputs)[:, :2, 0].numpy()
    start = -0.5 * np.log2(4 * first * (1 - first))  # KL from a fair coin
    assert found.loss(range(4)) + start.sum() / 50 == pytest.approx(score.kl, rel=1e-5)


def test_concentration_is_of_the_mean_weightings(found):
    read = found.read_matrix()
    np.testing.assert_allclose(read.sum(1), 1, rtol=1e-5)
    np.testing.assert_allclose(found.concentration()["read_top_share"], read.max(1))
    assert found.slots_read() == len(set(read.argmax(1)))


def with_reads(found, rows):
    """The same findings with other mean read weightings."""
    sums = found.matrices._replace(read=np.asarray(rows, float), visits=np.ones(len(rows)))
    return dataclasses.replace(found, matrices=sums)


def test_contexts_that_share_a_place_are_linked_into_groups(found):
    slots = np.eye(8)
    assert with_reads(found, slots[:4]).sharing() == []
    mixed = [slots[0], slots[1], 0.5 * slots[1] + 0.5 * slots[2], slots[2]]
    assert with_reads(found, mixed).sharing() == [(1, 2, 3)]  # 1 and 3 through 2
    assert with_reads(found, slots[[0, 1, 0, 1]]).sharing() == [(0, 2), (1, 3)]
    for cosine, groups in ((0.45, []), (0.55, [(0, 1)])):
        turned = cosine * slots[0] + np.sqrt(1 - cosine**2) * slots[1]
        assert with_reads(found, [slots[0], turned, slots[2]]).sharing() == groups


def test_a_context_that_never_comes_reads_no_slot(found):
    own = with_reads(found, [*np.eye(8)[[3, 4, 5]], np.zeros(8)])
    sums = own.matrices._replace(visits=np.array([1.0, 1, 1, 0]))
    never = dataclasses.replace(own, matrices=sums)
    assert never.slots_read() == 3
    mean = never.concentration()
    assert mean["read_top_share"].tolist() == [1, 1, 1]
    assert mean["read_entropy"].tolist() == [0, 0, 0]
    assert len(mean["write_entropy"]) == 3
    assert to_json(never)["concentration"]["read_top_share"] == 1


def test_clear_mistakes_are_the_worst_hundredth_of_later_visits_in_the_first_batch(
    model, monkeypatch
):
    usage = perfect()
    later = usage.previous >= 0
    divergence = np.full(usage.bits.shape, 1000.0)  # what is no later visit is no mistake
    divergence[later] = np.arange(later.sum())
    threshold = measure.clear_mistake(usage._replace(divergence=divergence))
    assert threshold == pytest.approx(0.99 * (later.sum() - 1))
    assert (
        measure.clear_mistake(usage._replace(previous=np.full_like(usage.previous, -1))) == np.inf
    )
    known, heard = [], []
    monkeypatch.setattr(measure, "PAIRS_AT_ONCE", 1)
    monkeypatch.setattr(measure, "clear_mistake", lambda usage: known.append(len(usage.bits)) or 1)
    parts = look_inside(model, TASK, sequences=10, seed=3, progress=heard.append)
    assert known == [4]  # as many as there are at once at least, so that rows have others beside
    assert heard == [4, 8, 10]
    assert parts.explained["logit"].steps == 10 * (TASK.length - 2)  # those with a context


def test_counts_are_held_against_the_task_s_own_prior():
    kept, usage = measure._Found([], [], [], [], []), perfect()
    kept.take(usage, 1.0, (0.2, 3.0))
    expected = count_targets(usage, (0.2, 3.0))["logit"]
    np.testing.assert_array_equal(kept.targets[0]["logit"], expected)


def test_nine_letters_are_the_longest_of_a_context_and_the_next():
    assert measure.check(DynamicNGrams(order=9, length=50), 4) == 8


def test_the_report_tells_of_what_is_read_and_what_is_written(found):
    """Contexts read two slots, and write all of eight three steps later."""
    change = found.statistics["change"]._replace(mean=np.eye(6)[3])
    own = with_reads(found, np.eye(8)[[0, 1, 0, 1]])
    write = np.eye(8)[:6, None] * np.ones((1, 4, 1))  # at another lag it is one slot
    write[3] = 1 / 8
    own = dataclasses.replace(
        own,
        matrices=own.matrices._replace(write=write),
        statistics=found.statistics | {"change": change},
    )
    text, told, lost = to_text(own), to_json(own), found.loss(range(4))
    np.testing.assert_array_equal(own.write_matrix(2), write[2])
    np.testing.assert_array_equal(own.write_matrix(), write[3])
    assert "2 slots are the one that a context reads most" in text
    assert "0.00 bits of entropy read, 3.00 written, top share 1.00 and 0.12" in text
    shared = f"{lost:.3f} of the gap of {found.scores['whole'].kl:.3f} bits is lost"
    assert f"contexts that read the same place: 00/10, 01/11; at them {shared}" in text
    assert (told["lag"], told["slots_read"]) == (3, 2)
    assert (told["sharing"], told["sharing_bits"]) == ([["00", "10"], ["01", "11"]], lost)
    means = {"read_entropy": 0, "write_entropy": 3, "read_top_share": 1, "write_top_share": 0.125}
    assert told["concentration"] == pytest.approx(means)
    assert told["explained"]["logit"]["mean"] == found.explained["logit"].mean


def answered(found, **changes):
    """Claims by their first words, with some statistics replaced by means with small errors."""

    def profile(values):
        values = np.asarray(values, float)
        return Profile(values, np.full_like(values, 1e-3), np.full(values.shape, 1000))

    statistics = dict(found.statistics)
    fits = dict(found.explained)
    for name, values in changes.items():
        target = fits if name in fits else statistics
        target[name] = profile(values)
    changed = dataclasses.replace(found, statistics=statistics, explained=fits)
    names = ("memory", "content", "same", "next", "anti", "fade", "ratio", "mistakes")
    claims = dict(zip(names, memory_claims(changed), strict=True))
    return {name: claim.holds for name, claim in claims.items()}


LAG_ONE = {"change": [0, 1, 0, 0, 0, 0]}


@pytest.mark.parametrize(
    ("claim", "yes", "no"),
    [
        ("content", {"logit": 0.9, "another context": 0.1}, {"logit": 0.4}),
        ("content", {"logit": 0.9, "another context": 0.1}, {"logit": 0.9, "another context": 0.8}),
        ("same", {"read_same": 0.9, "read_other": 0.1}, {"read_same": 0.9, "read_other": 0.6}),
        ("next", LAG_ONE, {"change": [0, 0.1, 0.9, 0, 0, 0]}),
        (
            "anti",
            LAG_ONE | {"adds_opposite": [0, -0.5, 0, 0, 0, 0]},
            LAG_ONE | {"adds_opposite": [-1, -0.1, -1, 0, 0, 0]},
        ),
        (
            "fade",
            LAG_ONE | {"landed_late": [[1, 1], [1, 0.5], *[[1, 1]] * 4]},
            LAG_ONE | {"landed_late": [[1, 0], [1, 0.9], *[[1, 0]] * 4]},
        ),
        ("ratio", {"logit": 0.9, "total": 0.1}, {"logit": 0.9, "total": 0.7}),
        (
            "mistakes",
            {"misread_worst": 0.9, "misread_rest": 0.1},
            {"misread_worst": 0.9, "misread_rest": 0.8},
        ),
    ],
)
def test_claims_follow_their_numbers(found, claim, yes, no):
    assert answered(found, **yes)[claim]
    assert not answered(found, **no)[claim]


def test_the_memory_matters_only_if_writes_are_missed(found):
    whole = found.scores["whole"]._replace(kl=1.0)
    coin = whole._replace(kl=61.0)
    for missed, holds in ((32.0, True), (30.0, False)):
        scores = {"whole": whole, "no writes": whole._replace(kl=missed), "coin": coin}
        claims = memory_claims(dataclasses.replace(found, scores=scores))
        assert claims[0].holds == holds


@pytest.mark.parametrize(
    ("task", "sequences", "message"),
    [
        (TASK, 3, "memory needs at least 4 sequences"),
        (DynamicNGrams(order=3, length=13), 10, "14 to 2000 bits, not 13"),
        (DynamicNGrams(order=3, length=2001), 10, "not 2001"),
        (DynamicNGrams(order=1, length=50), 10, "order of 2 to 9"),
        (DynamicNGrams(order=10, length=50), 10, "order of 2 to 9"),
    ],
)
def test_sizes_that_make_no_sense_are_refused(model, task, sequences, message):
    with pytest.raises(InputError, match=message):
        look_inside(model, task, sequences)


@pytest.mark.parametrize("task", [DynamicNGrams(letters=3, length=60), make_task("hmm:even")])
def test_tasks_without_contexts_of_bits_are_refused_in_one_line(model, task):
    with pytest.raises(InputError, match=f"task {task.name} has none"):
        look_inside(model, task, sequences=5)
