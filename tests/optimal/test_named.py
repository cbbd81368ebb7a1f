"""Reference predictors by name: their numbers on dynamic N-grams, and names that are none."""

import numpy as np
import pytest
import torch

from ntmlab import DynamicNGrams, InputError
from ntmlab.names import NAMED
from ntmlab.optimal.named import named_filter, named_predictor, usual_context
from ntmlab.sequences import next_symbol

COUNT = 4096

# Bits above the optimum on 200 bits of dynamic N-grams, from simulations made elsewhere.
GAPS = {
    "coin": 66.73,
    "kt-0": 54.77,
    "kt-4": 18.59,
    "kt-6": 6.216,
    "mixture-0-5": 2.245,
    "mixture-0-8": 2.690,
    "ctw-5": 10.367,
    "add-1-5": 2.181,
    "padded-5": 1.951,
    "window-100": 2.49,
    "window-50-5": 9.66,
    "window-25": 19.63,
    "cap-8": 0.98,
    "cap-4": 3.20,
    "cap-2": 8.67,
}


@pytest.fixture(scope="module")
def drawn():
    """Sequences, and what they cost the optimum, each."""
    task = DynamicNGrams()
    sequences = task.sample(COUNT, seed=41)
    return task, sequences, costs(task, task.optimal()(sequences.inputs), sequences)


def costs(task, p, sequences):
    targets, mask = sequences.targets.numpy(), sequences.mask.numpy()
    return task.outputs.cost_bits(p.numpy(), targets, mask).sum(1)


@pytest.mark.parametrize("name", GAPS)
def test_gaps_on_dynamic_ngrams(name, drawn):
    """The drawn mean is further than 4.5 standard errors away once in 100,000 times."""
    task, sequences, best = drawn
    gaps = costs(task, named_predictor(name)(sequences.inputs), sequences) - best
    error = gaps.std() / COUNT**0.5 + 0.006  # of the simulations, and their rounding
    assert gaps.mean() == pytest.approx(GAPS[name], abs=4.5 * error)


@pytest.mark.parametrize(("deviation", "gap"), [(0.1, 0.222), (0.3, 1.987)])
def test_noise_costs_what_noise_costs(deviation, gap, drawn):
    """As with normal numbers drawn by NumPy at every step; exact to 1 % there."""
    task, sequences, _ = drawn
    p, mask = task.optimal()(sequences.inputs).numpy(), sequences.mask.numpy()
    noisy = named_predictor(f"noise-{deviation}")(sequences.inputs).numpy()
    divergence = task.outputs.divergence_bits(p, noisy, mask).sum(1).mean()
    assert divergence == pytest.approx(gap, rel=0.03)


@pytest.mark.parametrize("letters", [2, 3, 26, 256])
@pytest.mark.parametrize("form", NAMED)
def test_every_name_works_on_every_alphabet(form, letters):
    numbers = {"A": "0", "B": "1", "D": "1", "K": "1", "N": "3", "X": "0.9", "S": "0.2"}
    kind, *parts = form.split("-")
    name = "-".join([kind, *(numbers[part] for part in parts)])
    predictor = named_predictor(name, letters)
    symbols = np.random.default_rng(0).integers(0, letters, (2, 12))
    p = predictor(next_symbol(symbols, letters).inputs)
    assert p.shape == (2, 12, 1 if letters == 2 else letters)
    assert not p.isnan().any()
    if letters > 2:
        torch.testing.assert_close(p.sum(-1), torch.ones(2, 12, dtype=torch.float64))


def test_what_stands_last_may_be_left_out():
    """It is then the usual one: of letters of context the alphabet's, of a partition tree 8."""
    symbols = np.random.default_rng(0).integers(0, 3, (2, 300))
    inputs = next_symbol(symbols, 3).inputs
    for name in ("padded-5", "ppm-5", "ptw-8", "add-0.5-5", "window-9-5"):
        short = name.rpartition("-")[0]
        assert torch.equal(*(named_predictor(each, 3)(inputs) for each in (name, short))), name


def test_the_usual_context_fits_the_alphabet():
    assert [usual_context(k) for k in (2, 3, 5, 26, 256)] == [5, 5, 5, 2, 1]
    assert named_filter("window-9", 2, context=3).context == 3
    assert named_filter("window-9-2", 2, context=3).context == 2


@pytest.mark.parametrize(
    "name", ["optimal", "ngrams-ntm", "kt", "kt-x", "runs/kt-5", "kt--1", "kt-5/", "kt-1e999x", ""]
)
def test_other_names_are_left_to_others(name):
    if name == "kt":
        with pytest.raises(InputError, match="kt-K"):
            named_predictor(name)
    else:
        assert named_predictor(name) is None


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("kt-99", "between 0 and 16"),
        ("kt-2.5", "whole number"),
        ("kt-1-2", "kt-K"),
        ("coin-1", "coin"),
        ("add", "add-B-K"),
        ("mixture", "mixture-A-B"),
        ("ctw", "ctw-D"),
        ("ctw-1-2", "ctw-D"),
        ("padded-1-2", "padded-K"),
        ("mixture-1-2-3", "mixture-A-B"),
        ("ptw-1-2", "ptw-D"),
        ("ppm-1-2", "ppm-K"),
        ("add-1-2-3", "add-B-K"),
        ("window-1-2-3", "window-N-K"),
        ("cap-1-2-3", "cap-N-K"),
        ("decay-0.5-2-3", "decay-X-K"),
        ("noise-1-2-3", "noise-S-K"),
        ("window", "window-N-K"),
        ("cap", "cap-N-K"),
        ("decay", "decay-X-K"),
        ("noise", "noise-S-K"),
        ("mixture-5-2", "nothing"),
        ("mixture-5", "mixture-A-B"),
        ("ctw-40", "between 0 and"),
        ("ptw-63", "between 0 and 62"),
        ("window-0", "from 1"),
        (f"window-{2**20 + 1}", "from 1 to 1,048,576"),
        ("cap-0", "positive"),
        ("decay-1.5", "between 0 and 1"),
        ("add-0-3", "positive"),
        ("kt-1e999", "whole number"),
        ("noise-1e999", "deviation"),
    ],
)
def test_numbers_that_cannot_be_are_refused_in_one_line(name, message):
    with pytest.raises(InputError, match=message) as caught:
        named_predictor(name)
    assert "\n" not in str(caught.value)
    assert name in str(caught.value)


def test_much_noise_is_still_a_distribution():
    """Logits beyond what an exponential holds."""
    inputs = next_symbol(np.random.default_rng(0).integers(0, 3, (2, 40)), 3).inputs
    p = named_predictor("noise-5000", 3)(inputs)
    torch.testing.assert_close(p.sum(-1), torch.ones(2, 40, dtype=torch.float64))
