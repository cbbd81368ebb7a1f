"""Which steps of some sequences are scored, by every small mask."""

import itertools

import pytest
import torch

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
