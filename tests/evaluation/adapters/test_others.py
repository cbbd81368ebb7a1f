"""Streams, hidden Markov models and classifiers from elsewhere."""

import itertools
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from ntmlab import InputError, from_hmm, from_river, from_sklearn, from_stream, make_task
from ntmlab.errors import Remark
from ntmlab.evaluation.checks import check_predictor
from ntmlab.optimal import KT, FilterPredictor
from ntmlab.sequences import next_symbol


class Counts:
    """KT without context, symbol by symbol."""

    letters = 3

    def __init__(self):
        self.counts = [0.5] * self.letters

    def predict(self):
        total = sum(self.counts)
        return [count / total for count in self.counts]

    def update(self, symbol):
        self.counts[symbol] += 1


class OfOne(Counts):
    letters = 2

    def ask(self):
        return super().predict()[1]


class Learning(Counts):
    """Predicting changes it."""

    def predict(self):
        said = super().predict()
        self.counts[0] += 0.01
        return said


class Shared(Counts):
    """Every object counts in one place."""

    kept = (0.5, 0.5, 0.5)

    def __init__(self):
        self.counts = Shared.common

    common = [0.5] * 3


THREE = "dynamic-ngrams:order=2,letters=3,length=70"


def test_a_stream_is_what_it_says():
    inputs = make_task(THREE).sample(3, 0).inputs
    np.testing.assert_allclose(from_stream(Counts, 3)(inputs), FilterPredictor(KT(3, 0))(inputs))
    bits = make_task("dynamic-ngrams").sample(3, 0).inputs
    named = from_stream(OfOne, predict="ask")
    np.testing.assert_allclose(named(bits), FilterPredictor(KT(2, 0))(bits))


def test_streams_are_checked():
    few = (1, 2, 20)
    found = {c.name: c for c in check_predictor(from_stream(Counts, 3), THREE, lengths=few)}
    assert not [c for c in found.values() if c.passed is False]
    found = {c.name: c for c in check_predictor(from_stream(Learning, 3), THREE, lengths=few)}
    assert [name for name, c in found.items() if c.passed is False] == ["untouched"]
    assert "predicting again" in found["untouched"].message
    found = {c.name: c for c in check_predictor(from_stream(Shared, 3), THREE, lengths=few)}
    assert found["repeatable"].passed is False


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: 3, "has no method predict"),
        (lambda: SimpleNamespace(predict=lambda: [0.5, 0.5], update=print), "3 probabilities"),
        (lambda: SimpleNamespace(predict=lambda: [0.5, 0.4, 0.0], update=print), "sum to 0.9"),
    ],
)
def test_what_is_no_stream_is_one_line(make, reason):
    with pytest.raises(InputError, match=reason):
        from_stream(make, 3)(make_task(THREE).sample(1, 0).inputs)
    with pytest.raises(InputError, match="fresh object"):
        from_stream(Counts(), 3)


START = np.array([0.6, 0.4, 0.0])
MOVES = np.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.5, 0.0, 0.5]])
EMISSION = np.array([[0.9, 0.1], [0.3, 0.7], [0.0, 1.0]])


def probability(symbols):
    """P of some letters by the sum over all ways through the states."""
    total = 0.0
    for states in itertools.product(range(3), repeat=len(symbols)):
        p = START[states[0]]
        for here, there in itertools.pairwise(states):
            p *= MOVES[here, there]
        total += p * np.prod([EMISSION[s, x] for s, x in zip(states, symbols, strict=True)])
    return total


@pytest.mark.parametrize("as_model", [False, True])
def test_a_hidden_markov_model_is_filtered(as_model):
    fitted = SimpleNamespace(startprob_=START, transmat_=MOVES, emissionprob_=EMISSION)
    predictor = from_hmm(fitted) if as_model else from_hmm(START, MOVES, EMISSION)
    for symbols in itertools.product((0, 1), repeat=5):
        said = predictor(next_symbol([symbols]).inputs)[0, :, 0]
        for t in range(5):
            expected = probability([*symbols[:t], 1]) / (probability(symbols[:t]) if t else 1)
            assert float(said[t]) == pytest.approx(expected, abs=1e-12)


def test_a_hidden_markov_model_may_be_of_tensors_that_are_learnt():
    given = [torch.tensor(part).requires_grad_() for part in (START, MOVES, EMISSION)]
    inputs = next_symbol([[0, 1, 1, 0, 1]]).inputs
    assert torch.equal(from_hmm(*given)(inputs), from_hmm(START, MOVES, EMISSION)(inputs))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((SimpleNamespace(startprob_=START),), "has no transmat_"),
        ((START, MOVES, EMISSION[:2]), "transition has shape"),
        ((START, MOVES * 0.9, EMISSION), "every row of transition"),
        ((START, [["a"]], EMISSION), "must be numbers"),
        ((START * 0.9, MOVES, EMISSION), "start"),
    ],
)
def test_what_is_no_hidden_markov_model_is_one_line(arguments, reason):
    with pytest.raises(InputError, match=reason):
        from_hmm(*arguments)


class Table:
    """A classifier that counts the letters after each window."""

    def fit(self, features, letters):
        self.classes_ = np.unique(letters)
        self.counts = {}
        for row, letter in zip(map(bytes, features), letters, strict=True):
            self.counts.setdefault(row, np.ones(len(self.classes_)))[letter] += 1

    def predict_proba(self, features):
        never = np.ones(len(self.classes_))
        counts = np.stack([self.counts.get(bytes(row), never) for row in features])
        return counts / counts.sum(1, keepdims=True)


def test_a_classifier_sees_the_last_letters():
    """Of the golden mean the last letter says all but at the start."""
    task = make_task("hmm:golden-mean,length=30")
    predictor = from_sklearn(Table(), window=2).fit(task.sample(500, seed=1))
    inputs = task.sample(3, seed=0).inputs
    apart = (predictor(inputs) - task.optimal()(inputs)).abs()
    assert float(apart[:, 2:].max()) < 0.05
    found = check_predictor(predictor, task, names=["causality", "past", "decode"], lengths=(1, 9))
    assert all(check.passed for check in found)


def test_a_classifier_is_fitted_on_scored_steps_alone():
    """What stands at others is no letter that came: it was counted."""
    shorter = next_symbol([[0, 1, 2], [2, 1, 2]], 3)
    shorter.mask[:, 2:] = 0
    fitted = from_sklearn(Table(), 3, window=1).fit(shorter).classifier
    alone = from_sklearn(Table(), 3, window=1).fit(next_symbol([[0, 1], [2, 1]], 3)).classifier
    assert fitted.counts.keys() == alone.counts.keys()
    assert all((fitted.counts[row] == alone.counts[row]).all() for row in alone.counts)
    shorter.mask[:] = 0
    with pytest.raises(InputError, match="no step that is scored"):
        from_sklearn(Table(), 3, window=1).fit(shorter)


@pytest.mark.parametrize("given", [3, make_task("copy").sample(2, seed=0)])
def test_what_a_classifier_cannot_be_fitted_on_is_one_line(given):
    with pytest.raises(InputError) as refused:
        from_sklearn(Table(), window=1).fit(given)
    assert "\n" not in str(refused.value)


def test_windows_tell_nothing_from_zero():
    predictor = from_sklearn(Table(), 3, window=2)
    found = predictor.features(np.array([[2, 0]]))
    assert found.tolist() == [[0] * 6, [0, 0, 1, 0, 0, 0], [1, 0, 0, 0, 0, 1]]


@pytest.mark.parametrize(("known", "remarks"), [(0, 0), (2, 0), (3, 1), (4, 1)])
def test_that_it_was_fitted_on_more_than_half_of_a_question_is_said_once(known, remarks):
    task = make_task("hmm:mess3,length=20")
    seen, others = task.sample(4, seed=1), task.sample(4, seed=2)
    predictor = from_sklearn(Table(), 3, window=2).fit(seen)
    inputs = torch.cat([seen.inputs[:known], others.inputs[known:]])
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", Remark)
        predictor(inputs[:, :1])  # of which nothing is known but that they begin
        predictor(inputs)
        predictor(inputs)
    assert len(said) == remarks


def test_of_nothing_that_came_nobody_says_that_it_was_fitted_on():
    predictor = from_sklearn(Table(), 3, window=2).fit(next_symbol([[1], [2], [0]], 3))
    with warnings.catch_warnings():
        warnings.simplefilter("error", Remark)
        predictor(next_symbol([[2], [2]], 3).inputs)


def test_a_letter_that_never_came_is_impossible():
    class Two(Table):
        def predict_proba(self, features):
            return np.full((len(features), 2), 0.5)

    predictor = from_sklearn(Two(), 3, window=1)
    predictor.classifier.classes_ = np.array([0, 2])
    assert predictor(next_symbol([[1]], 3).inputs).flatten().tolist() == [0.5, 0.0, 0.5]
    predictor.classifier.classes_ = np.array([0, 7])
    with pytest.raises(InputError, match="classes are"):
        predictor(next_symbol([[1]], 3).inputs)


@pytest.mark.parametrize(
    ("classifier", "window"), [(Table, 2), (3, 2), (Table(), 0), (Table(), 1.5)]
)
def test_what_is_no_classifier_is_one_line(classifier, window):
    with pytest.raises(InputError, match=r"classifier|window"):
        from_sklearn(classifier, window=window)


class Taught:
    """Frequencies of what followed each features, as a classifier of river's kind."""

    def __init__(self):
        self.counts = {}

    def predict_proba_one(self, x):
        found = self.counts.get(tuple(x.items()), {})
        return {y: n / sum(found.values()) for y, n in found.items()}

    def learn_one(self, x, y):
        found = self.counts.setdefault(tuple(x.items()), {})
        found[y] = found.get(y, 0) + 1


def test_river_learns_within_each_sequence_alone():
    given = Taught()
    model = from_river(given, 3, window=1, even=0.3)
    symbols = np.array([[0, 1, 0, 1, 0], [0, 2, 2, 2, 2]])
    inputs = next_symbol(symbols, 3).inputs
    found = model(inputs).numpy()
    third, known = [1 / 3] * 3, np.full((3, 3), 0.1) + 0.7 * np.eye(3)
    np.testing.assert_allclose(found[0], [third, third, third, known[1], known[0]], atol=1e-9)
    np.testing.assert_allclose(found[1], [third, third, third, known[2], known[2]], atol=1e-9)
    assert given.counts == {}
    np.testing.assert_array_equal(model(inputs[1:]).numpy()[0], found[1])


def test_river_gives_nothing_to_a_letter_it_has_not_met():
    found = from_river(Taught(), window=0)(next_symbol([[0, 0, 1]], 2).inputs)
    assert found.flatten().tolist() == [0.5, 0, 0]


def test_two_classes_are_not_three_letters():
    """As river's linear models, which take any label that is no 0 for True."""

    class OfTwo(Taught):
        def predict_proba_one(self, x):
            return {False: 0.25, True: 0.75}

    inputs = next_symbol([[0, 1]], 2).inputs
    assert from_river(OfTwo(), window=0)(inputs).flatten().tolist() == [0.75, 0.75]
    with pytest.raises(InputError, match="tells two classes apart, not 3 letters"):
        from_river(OfTwo(), 3, window=0)(next_symbol([[0, 1]], 3).inputs)


def test_a_classifier_of_river_is_sound():
    trees = pytest.importorskip("river.tree")
    model = from_river(trees.HoeffdingTreeClassifier(), window=2, even=0.02)
    checks = check_predictor(model, "dynamic-ngrams:order=2", lengths=[2, 20])
    assert [check.name for check in checks if check.passed is False] == []


@pytest.mark.parametrize(
    ("classifier", "options", "reason"),
    [
        (Taught, {"window": 1}, "an instance with"),
        (Counts(), {"window": 1}, "an instance with"),
        (Taught(), {"window": 1.5}, "whole number"),
        (Taught(), {"window": 1, "even": 2}, "even must be a probability"),
    ],
)
def test_what_river_does_not_make_is_one_line(classifier, options, reason):
    with pytest.raises(InputError, match=reason):
        from_river(classifier, **options)
