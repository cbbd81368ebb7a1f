"""Which steps of some sequences are scored, by every small mask."""

import itertools

import numpy as np
import pytest
import torch

from ntmlab import InputError, make_task
from ntmlab.sequences import Sequences, next_symbol, observed


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_scored_steps_end_with_the_last_that_some_sequence_is_scored_on(steps):
    for bits in itertools.product((0.0, 1.0), repeat=2 * steps):
        mask = torch.tensor(bits).reshape(2, steps)
        inputs = torch.arange(2.0 * steps).reshape(2, steps, 1)
        some = Sequences(inputs, inputs + 1, mask, inputs.double())
        last = max((t for t in range(steps) if mask[:, t].any()), default=0)
        assert some.scored_steps() == last + 1
        trimmed = some.trim()
        for whole, part in zip(some[:4], trimmed[:4], strict=True):
            assert torch.equal(part, whole[:, : last + 1])
        assert (trimmed is some) == (last == steps - 1)


TYPES = (torch.bool, torch.uint8, torch.int8, torch.int32, torch.float16, torch.bfloat16)


@pytest.mark.parametrize("letters", [2, 3, 200])
@pytest.mark.parametrize("dtype", TYPES)
def test_inputs_of_every_type_reveal_the_same_letters(letters, dtype):
    """Bytes overflowed from three letters on, and NumPy has no bfloat16."""
    symbols = [[0, letters - 1, 1, 0], [letters - 1, 0, 1, 1]]
    shown = next_symbol(symbols, letters).inputs.to(dtype)
    assert observed(shown, letters).tolist() == [row[:-1] for row in symbols]


@pytest.mark.parametrize(
    ("symbols", "message"),
    [
        ([[0, 1], [0]], "these rows are of several lengths"),
        ([[2**70, 1]], "whole numbers from 0 to 1"),
        ([["x", "1"]], "whole numbers from 0 to 1"),
        ([[None, 1]], "whole numbers from 0 to 1"),
        (np.ma.masked_array([[0, 1]], mask=[[False, True]]), "in which some are masked"),
        (torch.tensor([[0.5, 1]], dtype=torch.bfloat16), "whole numbers from 0 to 1"),
    ],
)
def test_what_users_take_for_symbols_is_a_line(symbols, message):
    with pytest.raises(InputError, match=message):
        next_symbol(symbols)


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float16, torch.int8, torch.bool])
def test_a_tensor_of_any_type_has_symbols(kind):
    given = torch.tensor([[0, 1, 1]]).to(kind)
    assert next_symbol(given).targets.flatten().tolist() == [0, 1, 1]
    grown = torch.tensor([[0.0, 1.0]], requires_grad=True)
    assert next_symbol(grown).targets.flatten().tolist() == [0, 1]


@pytest.mark.parametrize("letters", ["2", None, 2.0, 1, 257])
def test_an_alphabet_of_no_size_is_a_line(letters):
    with pytest.raises(InputError, match="letters must be from 2 to 256"):
        next_symbol([[0, 1]], letters=letters)


@pytest.mark.parametrize("inputs", [None, [[[0.0]]], np.zeros((1, 2, 1))])
def test_an_exact_predictor_is_asked_with_a_tensor(inputs):
    with pytest.raises(InputError, match=r"next-bit inputs are a tensor \(B, T, 1\)"):
        make_task("dynamic-ngrams").optimal()(inputs)
    with pytest.raises(InputError, match="without 0"):
        make_task("dynamic-ngrams").optimal()(torch.zeros(0, 2, 1))
    with pytest.raises(InputError, match="a task is named in text"):
        make_task(inputs)
