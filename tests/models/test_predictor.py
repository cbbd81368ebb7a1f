"""How many rows and steps of a question a network is given at once."""

import pytest
import torch
from torch import nn

from ntmlab import InputError
from ntmlab.models import ModulePredictor
from ntmlab.outputs import Symbols


class Noted(nn.Module):
    """Gives its inputs back, and notes their shapes."""

    def __init__(self):
        super().__init__()
        self.shapes = []

    def forward(self, inputs):
        self.shapes.append(tuple(inputs.shape[:2]))
        return inputs


@pytest.mark.parametrize(
    ("rows", "steps", "at_once"),
    [
        (513, 1, [256, 256, 1]),
        (257, 256, [256, 1]),
        (256, 257, [255, 1]),
        (5, 2**15, [2, 2, 1]),
        (2, 2**16 - 1, [1, 1]),
        (2, 2**17, [1, 1]),
        (0, 3, [0]),
        (2, 0, [2]),
    ],
)
def test_rows_of_a_pass_are_256_and_fewer_of_long_ones_down_to_one(rows, steps, at_once):
    module, inputs = Noted(), torch.randn(rows, steps, 1)
    found = ModulePredictor(module)(inputs)
    assert module.shapes == [(count, steps) for count in at_once]
    assert torch.equal(found, torch.sigmoid(inputs.double()))


def test_logits_of_another_number_or_shape_are_refused_with_both():
    predictor = ModulePredictor(Noted(), Symbols(3))
    assert predictor(torch.randn(2, 4, 3)).shape == (2, 4, 3)
    with pytest.raises(InputError, match="must return 3 logits a step, not 2"):
        predictor(torch.randn(2, 4, 2))


@pytest.mark.parametrize("wrong", [lambda x: x[:1], lambda x: x[:, :3], lambda x: x[0], len])
def test_what_has_other_rows_or_steps_is_no_answer(wrong):
    module = Noted()
    module.forward = wrong
    with pytest.raises(InputError, match=r"logits \(batch, time, outputs\) for inputs \(2, 4, 1\)"):
        ModulePredictor(module)(torch.randn(2, 4, 1))


def test_the_first_step_without_a_number_is_named_whatever_its_row():
    inputs = torch.zeros(3, 5, 1)
    inputs[2, 1], inputs[1, 3] = torch.nan, torch.nan
    with pytest.raises(InputError, match=r"that are not numbers, first at step 1$"):
        ModulePredictor(Noted())(inputs)
