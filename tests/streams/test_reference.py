"""Odds of any size, by hand; and filters that none of the compiled ones is, by their definition."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from ntmlab.optimal import KT, Coin, ContextTrees, FilterPredictor, Mixture
from ntmlab.outputs import next_symbol_outputs
from ntmlab.streams.native import compiled, native_module
from ntmlab.streams.reference import Odds
from ntmlab.streams.walkers import walker_of
from tests.oracles import definitions as by


def odds(*factors):
    found = Odds()
    for factor in factors:
        found.multiply(factor)
    return found


@pytest.mark.parametrize(
    ("factors", "shares"),
    [
        ((), (0.5, 0.5)),
        ((3.0,), (0.75, 0.25)),
        ((0.25,), (0.2, 0.8)),
        ((2.0**256,), (1.0, 2.0**-256)),  # the largest that is kept as it is
        ((2.0**256, 2.0), (1.0, 0.0)),
        ((2.0**-256,), (2.0**-256, 1.0)),  # the smallest
        ((2.0**-256, 0.5), (0.0, 1.0)),
    ],
)
def test_shares_are_those_of_the_number(factors, shares):
    assert odds(*factors).shares == pytest.approx(shares, rel=1e-15, abs=0)


def test_a_number_beyond_all_comes_back():
    """Up by 2^1200 and down again, a step at a time and at once; then the other way."""
    for up, down in ((2.0**200, 2.0**-200), (2.0**-200, 2.0**200)):
        found = odds(*[up] * 6)
        assert found.shares == ((1.0, 0.0) if up > 1 else (0.0, 1.0))
        for _ in range(6):
            found.multiply(down)
        assert (found.value, found.scale) == (1.0, 0)
        assert found.shares == (0.5, 0.5)


def test_the_scale_is_the_number_of_times_that_it_was_left():
    found = odds(*[2.0**200] * 6)  # 2^1200 is 2^176 · 2^(512 · 2)
    assert (found.value, found.scale) == (2.0**176, 2)
    found = odds(*[2.0**-200] * 6)
    assert (found.value, found.scale) == (2.0**-176, -2)


EVEN, UNEVEN = (0.5, 0.5), (0.3, 0.9)
OTHERS = {
    "a split of 0.2": (ContextTrees(2, 2, 0.2), lambda w: by.context_trees(w, 2, 0.2, EVEN)),
    "trees of an uneven prior": (
        ContextTrees(2, 2, 0.5, UNEVEN),
        lambda w: by.context_trees(w, 2, 0.5, UNEVEN),
    ),
    "counts of an uneven prior": (KT(2, 1, UNEVEN), lambda w: by.ngrams(w, 1, UNEVEN)),
    "uneven weights": (
        Mixture([KT(2, 0), KT(2, 1)], [0.1, 0.9]),
        lambda w: 0.1 * by.ngrams(w, 0, EVEN) + 0.9 * by.ngrams(w, 1, EVEN),
    ),
    "two priors": (
        Mixture([KT(2, 0, 0.5), KT(2, 1, UNEVEN)]),
        lambda w: (by.ngrams(w, 0, EVEN) + by.ngrams(w, 1, UNEVEN)) / 2,
    ),
    "a context left out": (
        Mixture([KT(2, 0), KT(2, 2)]),
        lambda w: (by.ngrams(w, 0, EVEN) + by.ngrams(w, 2, EVEN)) / 2,
    ),
    "contexts backwards": (
        Mixture([KT(2, 2), KT(2, 1)]),
        lambda w: (by.ngrams(w, 2, EVEN) + by.ngrams(w, 1, EVEN)) / 2,
    ),
    "a coin among counts": (
        Mixture([KT(2, 0), Coin(2)]),
        lambda w: (by.ngrams(w, 0, EVEN) + 2.0 ** -len(w)) / 2,
    ),
}


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("name", OTHERS)
def test_a_filter_that_no_compiled_one_is_costs_what_its_definition_says(name, native):
    """A user's own comes to files too; what is compiled would be another, and no error."""
    exact, joint = OTHERS[name]
    task = SimpleNamespace(letters=2, outputs=next_symbol_outputs(2))
    walker = walker_of(FilterPredictor(exact), task, native=native)
    for word in by.all_words(2, 8)[3::41]:
        walker.restart()
        cost = walker.cost(np.array(word, dtype=np.uint8))
        assert cost == pytest.approx(-math.log2(joint(word)), rel=1e-9)


@pytest.mark.skipif(native_module() is None, reason="nothing was compiled")
def test_of_these_none_is_compiled():
    assert [name for name, (exact, _) in OTHERS.items() if compiled(exact) is not None] == []
    assert compiled(Mixture([KT(2, 1), KT(2, 2)])) is not None
