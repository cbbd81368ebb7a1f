"""The compiled loops against the readable filters: awkward sizes, long and extreme sequences."""

import importlib

import numpy as np
import pytest

from ntmlab import DynamicNGrams
from ntmlab.errors import InputError
from ntmlab.optimal import KT, ChangePoints, ContextTrees, FilterPredictor, Forward, native, unroll
from ntmlab.tasks.processes import process
from tests.optimal.cases import random_model

pytestmark = pytest.mark.skipif(native.native_module() is None, reason="nothing was compiled")

FILTERS = {
    "counts": KT(2, 3, (0.3, 0.9)),
    "counts without context": KT(5, 0, 0.5),
    "counts of 36": KT(36, 2, 0.01),
    "tree": ContextTrees(2, 5),
    "tree without context": ContextTrees(3, 0),
    "tree of 7": ContextTrees(7, 2, 0.9, 0.05),
    "tree that never splits": ContextTrees(2, 3, 0.0),
    "tree that always splits": ContextTrees(2, 3, 1.0),
    "tree that hardly splits": ContextTrees(2, 3, 1e-300),
    "tree of 13 letters": ContextTrees(2, 13),
    "changes": ChangePoints(),
    "changes of 5": ChangePoints(5, 0.1, 0.3),
    "no change": ChangePoints(2, 0.0),
    "all changes": ChangePoints(3, 1.0),
    "rare changes": ChangePoints(2, 1e-9, 1e-3),
    "chain": Forward(process("mess3")),
    "chain of 2": Forward(*random_model(2, 2, 5)),
    "chain of 7": Forward(*random_model(7, 4, 6)),
    "chain with holes": Forward(*random_model(4, 2, 7, zeros=0.5)),
}


def words(letters, rows, steps):
    """Random letters, one letter all along, two in turn, and one that gives way to another."""
    random = np.random.default_rng(steps)
    drawn = random.integers(0, letters, (rows, steps))
    drawn[0] = 0
    if rows > 2:
        drawn[1] = np.arange(steps) % 2
        drawn[2] = np.arange(steps) > steps // 2
    return drawn


@pytest.mark.parametrize("exact", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize(("rows", "steps"), [(1, 0), (1, 1), (3, 2), (19, 33), (4, 1200)])
def test_equals_the_readable_filter(exact, rows, steps):
    symbols = words(exact.letters, rows, steps)
    found, expected = exact.unrolled(symbols), unroll(exact, symbols)
    assert found.shape == (rows, steps + 1, exact.letters)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-300)


def test_odds_beyond_all_numbers_come_back():
    """Thousands of letters for a deeper tree, then thousands against it; others beside them."""
    random = np.random.default_rng(0)
    turn, even = np.arange(3000) % 2, random.integers(0, 2, 9000)
    rows = [np.concatenate(parts) for parts in ((turn, even), (even, turn))]
    symbols = np.stack([*rows, np.zeros_like(rows[0])])
    exact = ContextTrees(2, 2)
    state = exact.start(1)
    for letter in turn:
        state = exact.advance(state, np.array([letter]))
    assert state.log_odds.min() < -1000  # e^-1000 is no number
    np.testing.assert_allclose(exact.unrolled(symbols), unroll(exact, symbols), rtol=1e-9)


@pytest.mark.parametrize("depth", range(10))
@pytest.mark.parametrize("prior", [0.5, (1e-3, 1e3), (1e-200, 1.0), 1e100])
def test_trees_of_every_depth_and_prior(depth, prior):
    exact, symbols = ContextTrees(2, depth, 0.4, prior), words(2, 11, 60)
    np.testing.assert_allclose(exact.unrolled(symbols), unroll(exact, symbols), rtol=1e-10)


def test_runs_that_could_come_back_are_followed_in_logarithms():
    assert ChangePoints(2, 0.02)._never_returns(10_000)
    assert not ChangePoints(2, 1e-300)._never_returns(200)
    assert not ChangePoints(200, 0.02, 1e-3)._never_returns(200)
    exact = ChangePoints(2, 1e-300, 1e-3)
    symbols = words(2, 3, 60)
    np.testing.assert_allclose(exact.unrolled(symbols), unroll(exact, symbols), rtol=1e-12)


def test_a_million_letters():
    symbols = np.zeros((1, 10**6), dtype=np.int64)
    n = 10**6
    counted = KT(2, 0).unrolled(symbols)[0, -1]
    np.testing.assert_allclose(counted, [(n + 0.5) / (n + 1), 0.5 / (n + 1)], rtol=1e-12)
    tree = ContextTrees(2, 1).unrolled(symbols)[0, -1]
    # Root and leaf have seen the same, so both say the same.
    np.testing.assert_allclose(tree, [(n - 0.5) / n, 0.5 / n], rtol=1e-9)
    mess3 = Forward(process("mess3")).unrolled(symbols)[0]
    np.testing.assert_allclose(mess3[-1], mess3[1000], rtol=1e-12)


def test_wrong_shapes_and_letters_are_refused():
    module = native.native_module()
    symbols, out, prior = np.zeros((2, 3), dtype=np.int64), np.empty((2, 4, 2)), np.ones(2)
    module.counts(symbols, out, 1, prior)
    with pytest.raises(ValueError, match="shape"):
        module.counts(symbols, np.empty((2, 3, 2)), 1, prior)
    with pytest.raises(ValueError, match="letters"):
        module.counts(symbols + 2, out, 1, prior)
    with pytest.raises(ValueError, match="shape"):
        module.chain(symbols, out, np.ones((2, 2, 3)), np.ones((2, 2)), np.ones(2), np.empty(2))


def test_without_the_module_the_numbers_are_the_same(monkeypatch):
    inputs = DynamicNGrams(length=50).sample(20, seed=0).inputs
    filters = [KT(2, 3), ContextTrees(2, 3), ChangePoints(), Forward(*random_model(3, 2, 1))]
    found = [FilterPredictor(exact)(inputs) for exact in filters]
    monkeypatch.setattr(native, "native_module", lambda: None)
    for exact, expected in zip(filters, found, strict=True):
        np.testing.assert_allclose(FilterPredictor(exact)(inputs), expected, rtol=1e-12)


@pytest.mark.parametrize("module", ["kernels.backend", "optimal.native", "streams.native"])
def test_an_unknown_instruction_set_is_one_line(module, monkeypatch):
    monkeypatch.setenv("NTMLAB_ISA", "avx10")
    found = importlib.import_module(f"ntmlab.{module}").native_module
    with pytest.raises(InputError, match="NTMLAB_ISA is 'avx10'; it can be baseline, avx2"):
        found.__wrapped__()


def test_an_instruction_set_that_is_not_here_is_one_line(monkeypatch):
    monkeypatch.setenv("NTMLAB_ISA", "avx512")
    monkeypatch.setattr(native.native_module(), "instruction_sets", lambda: ["baseline", "avx2"])
    with pytest.raises(InputError, match="NTMLAB_ISA is avx512, but here are only baseline, avx2"):
        native.native_module.__wrapped__()
