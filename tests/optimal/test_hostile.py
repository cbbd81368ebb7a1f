"""Exact predictors at the ends of their parameters against fractions, where nothing is rounded."""

import itertools
import math

import numpy as np
import pytest
import torch

from ntmlab import make_task
from ntmlab.optimal import (
    KT,
    BackOff,
    ChangePoints,
    ContextTrees,
    FilterPredictor,
    Fixed,
    Forward,
    Lags,
    Mixture,
    PartitionTree,
    named_filter,
    unroll,
)
from ntmlab.optimal.filter import NUMBERS_AT_ONCE
from ntmlab.sequences import next_symbol
from tests.oracles import definitions as by
from tests.oracles import exactly

LENGTH = 9
ALPHABETS, PRIORS = (2, 3, 256), (1e-3, 0.5, 1e3)
PROBABILITIES = (0.0, 1e-12, 0.3, 1.0)


def words(letters):
    """One letter all along, two in turn, the last letter late, and others."""
    random = np.random.default_rng(letters)
    drawn = random.integers(0, letters, LENGTH)
    late = [0] * (LENGTH - 3) + [letters - 1] * 3
    return np.array([[0] * LENGTH, [0, letters - 1] * (LENGTH // 2) + [0], late, drawn])


def agrees(exact, joint, tried):
    """Each prediction is the quotient of two probabilities, to 1e-9; of impossible words, 0."""
    ways = {"quick": getattr(exact, "unrolled", lambda s: unroll(exact, s)), "steps": unroll}
    found = {
        name: way(exact, tried) if name == "steps" else way(tried) for name, way in ways.items()
    }
    for row, word in enumerate(map(tuple, tried.tolist())):
        whole = joint(())
        for t in range(LENGTH):
            for x in {word[t], 0, exact.letters - 1}:
                longer = joint((*word[:t], x))
                for name, p in found.items():
                    value = p[row, t, x]
                    assert value == pytest.approx(float(longer / whole), rel=1e-9, abs=0), (
                        name,
                        word[:t],
                        x,
                    )
            whole = joint(word[: t + 1])
            if whole == 0:
                assert all(p[row, t, word[t]] == 0 for p in found.values())
                assert not any(np.isnan(p[row]).any() for p in found.values())
                break


@pytest.mark.parametrize("prior", PRIORS)
@pytest.mark.parametrize("letters", ALPHABETS)
class TestPriors:
    def test_counts(self, letters, prior):
        for context in (0, 1):
            exact = named_filter(f"add-{prior}-{context}", letters)
            every = (prior,) * letters
            agrees(exact, lambda w, c=context, e=every: exactly.ngrams(w, c, e), words(letters))

    @pytest.mark.parametrize("hazard", PROBABILITIES)
    def test_change_points(self, letters, prior, hazard):
        every = (prior,) * letters
        exact = ChangePoints(letters, hazard, prior)
        agrees(exact, lambda w: exactly.change_points(w, hazard, every), words(letters))

    @pytest.mark.parametrize("split", PROBABILITIES)
    def test_context_trees(self, letters, prior, split):
        every, depth = (prior,) * letters, 3 if letters < 256 else 1
        exact = ContextTrees(letters, depth, split, prior)
        agrees(exact, lambda w: exactly.context_trees(w, depth, split, every), words(letters))

    @pytest.mark.parametrize("split", PROBABILITIES)
    def test_partition_trees(self, letters, prior, split):
        every = (prior,) * letters
        exact = PartitionTree(letters, 3, split, prior)
        agrees(exact, lambda w: exactly.partition_tree(w, 3, split, every), words(letters))

    def test_lags(self, letters, prior):
        every = (prior,) * letters
        agrees(Lags(letters, 3, prior), lambda w: exactly.lags(w, 3, every), words(letters))


CYCLE = np.zeros((3, 3, 3))  # 0, 1, 2, 0, ... for sure
CYCLE[[0, 1, 2], [0, 1, 2], [1, 2, 0]] = 1
SURE = [[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]


def rare(letters):
    """A model of two states, one of which emits letter 0 alone, and is hardly left."""
    matrices = np.zeros((letters, 2, 2))
    matrices[0, 0, 0], matrices[letters - 1, 0, 1] = 1 - 1e-9, 1e-9
    matrices[:, 1, 1] = 1 / letters
    return matrices / matrices.sum((0, 2))[:, None]


def test_hidden_markov_models_of_certainties():
    agrees(Forward(CYCLE, [1, 0, 0]), lambda w: exactly.forward(w, CYCLE, [1, 0, 0]), words(3))
    sure = np.array([[0, 1, 2] * 3])
    agrees(Forward(CYCLE, [1, 0, 0]), lambda w: exactly.forward(w, CYCLE, [1, 0, 0]), sure)
    for letters in ALPHABETS:
        model = rare(letters)
        agrees(
            Forward(model, [1, 0]), lambda w, m=model: exactly.forward(w, m, [1, 0]), words(letters)
        )


def test_mixtures_of_certainties():
    agrees(Mixture([Fixed(p) for p in SURE]), lambda w: exactly.fixed(w, SURE), words(2))
    two = SURE[:2]
    agrees(Mixture([Fixed(p) for p in two]), lambda w: exactly.fixed(w, two), words(2))


@pytest.mark.parametrize("letters", ALPHABETS)
def test_named_predictors(letters):
    half = (0.5,) * letters
    for name, joint in {
        "coin": lambda w: exactly.fixed(w, [[1 / letters] * letters]),
        "kt-1": lambda w: exactly.ngrams(w, 1, half),
        "mixture-0-1": lambda w: exactly.orders(w, 0, 1, half),
        "ctw-1": lambda w: exactly.context_trees(w, 1, 0.5, half),
        "ptw-2": lambda w: exactly.partition_tree(w, 2, 0.5, half),
    }.items():
        agrees(named_filter(name, letters), joint, words(letters))


@pytest.mark.parametrize("letters", ALPHABETS)
def test_named_rules(letters):
    k = letters
    for name, following in {
        "padded-1": lambda past: by.padded(past, 1, k),
        "window-1-1": lambda past: by.window(past, 1, 1, k),
        "window-4-0": lambda past: by.window(past, 0, 4, k),
        "cap-0.001-1": lambda past: by.capped(past, 1, 1e-3, k),
        "cap-1000-1": lambda past: by.capped(past, 1, 1e3, k),
        "decay-0-1": lambda past: by.decayed(past, 1, 0.0, k),
        "decay-1-1": lambda past: by.decayed(past, 1, 1.0, k),
        "ppm-1": lambda past: by.back_off(past, 1, k, 2.0**-40),
        "noise-0-1": lambda past: by.window(past, 1, LENGTH, k),
    }.items():
        p = unroll(named_filter(name, k), words(k))
        for row, word in enumerate(map(tuple, words(k).tolist())):
            for t in range(LENGTH):
                np.testing.assert_allclose(p[row, t], following(word[:t]), rtol=1e-9, err_msg=name)


HOSTILE = (
    *("dynamic-ngrams:order=1", "dynamic-ngrams:prior=0.001", "dynamic-ngrams:prior=1000"),
    *("dynamic-ngrams:order=2,letters=256", "change-points:hazard=0", "change-points:hazard=1"),
    *("change-points:letters=256,prior=0.001", "change-points:prior=1000,letters=3"),
    *("context-trees:split=0", "context-trees:split=1", "context-trees:depth=0,letters=256"),
    *("context-trees:prior=0.001", "partition-tree:depth=0", "partition-tree:split=1"),
    *("partition-tree:split=0,letters=256", "lags:most=1,letters=256", "lags:prior=1000"),
    *("coins:biases=0/1", "coins:m=1", "hmm:golden-mean", "hmm:even", "hmm:mess3,x=0.5,a=1"),
    "mixture:of=coins:biases=0/1+dynamic-ngrams:order=1",
)


@pytest.mark.parametrize("length", [1, 40])
@pytest.mark.parametrize("text", HOSTILE)
def test_sources_at_the_ends_of_their_options(text, length):
    """What they draw is possible, and every other word costs infinity or a number."""
    name, _, given = text.partition(":")
    options = f"{given},length={length}" if "mixture" not in name and given else given
    task = make_task(f"{name}:{options}" if "mixture" not in name else f"{text},length={length}")
    sequences = task.sample(4, seed=1)
    p = task.optimal()(sequences.inputs).numpy()
    cost = task.outputs.cost_bits(p, sequences.targets.numpy(), sequences.mask.numpy())
    assert np.isfinite(cost).all()
    other = next_symbol(
        np.random.default_rng(0).integers(0, task.letters, (4, length)), task.letters
    )
    p = task.optimal()(other.inputs).numpy()
    cost = task.outputs.cost_bits(p, other.targets.numpy(), other.mask.numpy())
    assert not np.isnan(p).any()
    assert not np.isnan(cost).any()
    assert (cost >= 0).all()


ONE = {"ptw": PartitionTree(2, 6), "lags": Lags(2, 3), "change points": ChangePoints()}


@pytest.mark.parametrize("name", ONE)
def test_one_letter_for_long(name):
    """Of a thousand of one letter the sum of all predictions is the closed form."""
    count, exact = 1024, ONE[name]
    symbols = np.zeros((1, count), dtype=np.int64)
    p = FilterPredictor(exact)(next_symbol(symbols, 2).inputs).numpy()[0, :, 0]
    assert np.log1p(-p).sum() == pytest.approx(CLOSED[name](count), rel=1e-9)


def kt_zeros(count):
    """Log P of so many zeros: the product of (n + 1/2) / (n + 1)."""
    n = np.arange(count)
    return float(np.log((n + 0.5) / (n + 1)).sum())


def ptw_zeros(count, depth=6):
    """Log P by the recursion over whole stretches, all alike."""
    weighted = kt_zeros(1)
    for d in range(1, depth + 1):
        weighted = np.logaddexp(kt_zeros(2**d), 2 * weighted) - np.log(2)
    return count / 2**depth * float(weighted)


def change_zeros(count, hazard=0.02):
    """Log P over where the last piece began, weights kept to a sum of 1."""
    known = np.log((np.arange(count) + 0.5) / (np.arange(count) + 1))
    weights, total = np.ones(1), 0.0
    for t in range(count):
        weights = weights * np.exp(known[: t + 1][::-1])
        total += np.log(weights.sum())
        weights = np.append((1 - hazard) * weights / weights.sum(), hazard)
    return total


CLOSED = {
    "ptw": ptw_zeros,
    "lags": lambda count: 3 * np.log(0.5) + kt_zeros(count - 3),
    "change points": change_zeros,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ptw", "lags"])
def test_a_million_of_one_letter(name):
    exact, count = (PartitionTree(2, 20) if name == "ptw" else Lags(2, 3)), 2**20
    total, state, zero = 0.0, exact.start(1), np.zeros(1, dtype=np.int64)
    for _ in range(count):
        total += np.log(exact.predict(state)[0, 0])
        state = exact.advance(state, zero)
    expected = ptw_zeros(count, 20) if name == "ptw" else CLOSED["lags"](count)
    assert total == pytest.approx(expected, rel=1e-9)


def test_words_of_one_letter_and_none():
    for exact in itertools.chain(ONE.values(), [ContextTrees(), Forward(CYCLE, [1, 0, 0])]):
        assert unroll(exact, np.zeros((2, 0), dtype=np.int64)).shape == (2, 1, exact.letters)
        assert unroll(exact, np.zeros((1, 1), dtype=np.int64)).shape == (1, 2, exact.letters)


@pytest.mark.parametrize("options", [{"most_runs": 2}, {"prior": 1e-200}, {}])
def test_change_points_at_once_are_those_step_by_step(options):
    """Also of few runs kept, and where one that was lost can come back: neither is compiled."""
    exact = ChangePoints(hazard=0.1, **options)
    symbols = np.random.default_rng(0).integers(0, 2, (2, 60))
    np.testing.assert_allclose(exact.unrolled(symbols), unroll(exact, symbols), rtol=1e-9)


def log_joint_of_changes(word, hazard, prior, letters):
    """Log P of the first 0, 1, ... letters: by where the last run began, each run at once."""
    joint, begun = [0.0], [0.0]  # the second with a run that begins there
    for t in range(1, len(word) + 1):
        counts, run, ways = [0] * letters, 0.0, []
        for start in range(t - 1, -1, -1):  # a run's letters in any order are as likely
            counts[word[start]] += 1
            seen = t - 1 - start
            run += math.log((counts[word[start]] - 1 + prior) / (seen + letters * prior))
            ways.append(begun[start] + seen * math.log(1 - hazard) + run)
        joint.append(max(ways) + math.log(sum(math.exp(way - max(ways)) for way in ways)))
        begun.append(joint[-1] + math.log(hazard))
    return np.array(joint)


def test_a_run_that_fell_below_the_smallest_number_comes_back():
    """Three letters cost a run 1e-320; what begins anew at each of them pays a tenth a letter."""
    word = [0, 1, 0, 2] * 100
    joint = log_joint_of_changes(word, 0.1, 1e-160, 3)
    said = ChangePoints(3, 0.1, 1e-160).unrolled(np.array([word]))[0, np.arange(400), word]
    np.testing.assert_allclose(said, np.exp(np.diff(joint)), rtol=1e-9)
    assert said[102] == pytest.approx(1 / 30, rel=0.1)  # anew, at one of three
    assert said[398] > 0.4  # the run, of which half is this letter


class Even:
    """A user's filter, which says nothing of the size of its state."""

    letters = 2

    def start(self, rows):
        return rows

    def predict(self, state):
        return np.full((state, 2), 0.5)

    def update(self, state, symbols):
        return state


def test_a_member_that_says_nothing_of_its_size_counts_a_number():
    own = KT(2, 1)
    assert Mixture((Even(), own)).row_numbers == 1 + own.row_numbers
    assert own.row_numbers == 4


class Wide(Even):
    """A filter whose state holds a quarter of what a pass may, of each sequence."""

    row_numbers = NUMBERS_AT_ONCE // 4

    def __init__(self):
        self.passes = []

    def start(self, rows):
        self.passes.append(rows)
        return super().start(rows)


def test_so_many_sequences_go_together_as_their_states_leave_room_for() -> None:
    wide = Wide()
    said = FilterPredictor(wide)(torch.zeros(10, 3, 1))
    assert wide.passes == [4, 4, 2]
    assert said.shape == (10, 3, 1)
    assert bool((said == 0.5).all())


def test_counts_are_of_contexts_up_to_the_longest_and_of_no_longer_one() -> None:
    for letters, context in ((2, 3), (3, 0), (3, 2)):
        backed = BackOff(letters, context)
        contexts = sum(letters**length for length in range(context + 1))
        assert backed.row_numbers == backed.start(1).counts.size == contexts * letters
