"""Where precision is called enough, and which gradients are found; the place and sign of others."""

import numpy as np
import pytest
import torch
from torch import nn

from ntmlab import make_task
from ntmlab.evaluation.checks import causality, check_predictor, outputs
from ntmlab.evaluation.checks.module import make_subject
from ntmlab.evaluation.checks.numerics import _apart
from ntmlab.evaluation.checks.probes import Probes
from ntmlab.evaluation.checks.rows import _ways
from ntmlab.evaluation.checks.subject import Subject
from ntmlab.outputs import Bits
from tests.evaluation.checks import planted
from tests.evaluation.checks.test_hidden import Sees

SAYS = Subject(lambda inputs: inputs, Bits(1))  # of which values are probabilities of a 1
TASK = make_task("dynamic-ngrams")
THREE = make_task("dynamic-ngrams:order=1,letters=3")


@pytest.mark.parametrize(
    ("steps", "moved", "dtype", "passes"),
    [
        (400, 0.0009, torch.float32, True),  # 0.0009 bits
        (400, 0.00099, torch.float32, False),  # 0.0011 bits: each step is near enough, not all
        (1, 0.0011, torch.float32, False),  # 0.000003 bits: no step may be so far
        (1, 0.03, torch.bfloat16, True),  # four of its units, 0.0026 bits
        (1, 0.06, torch.bfloat16, False),  # 0.0104 bits: more than one of its units
    ],
)
def test_both_the_bits_of_a_sequence_and_each_number_must_be_near(steps, moved, dtype, passes):
    other = np.full((1, steps, 1), 0.5)
    values = other.copy()
    values += moved
    assert (_apart(SAYS, values, other, dtype, "float64") is None) is passes


def test_a_module_that_computes_in_single_precision_inside_has_no_float64_to_be_held_against():
    class Single(planted.GRU):
        def forward(self, inputs, state=None):
            logits, state = super().forward(inputs, state)
            return logits.float(), state

    (found,) = check_predictor(Single().eval(), TASK, names=["precision"], lengths=(9,))
    assert (found.passed, found.message) == (None, "it does not run in float64")


def test_of_a_float64_copy_a_unit_of_single_precision_is_called_rounding():
    """Of what it may do in single precision inside nothing is known."""
    subject, inputs = make_subject(planted.GRU().eval(), TASK.outputs), TASK.sample(1, 0).inputs
    copy = subject.in_float64(inputs)
    values = np.array([[[3.0], [-8.0]]])
    assert copy.rounding(inputs, values).tolist() == [8 * 2.0**-23] * 2
    assert copy.rounding(inputs, values / 100).tolist() == [2.0**-23] * 2


def test_the_float64_copy_of_a_module_in_training_drops_nothing():
    class Drops(planted.GRU):
        def forward(self, inputs, state=None):
            logits, state = super().forward(inputs, state)
            return nn.functional.dropout(logits, 0.5, self.training), state

    (found,) = check_predictor(Drops().train(), TASK, names=["precision"], lengths=(9,))
    assert found.passed


def test_a_gradient_that_is_partly_infinite_is_named():
    class Rooted(planted.GRU):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.tensor([1.0, 0.0]))

        def forward(self, inputs, state=None):
            logits, state = super().forward(inputs, state)
            return logits + self.scale.sqrt().sum(), state

    (found,) = check_predictor(Rooted().eval(), TASK, names=["gradients"], lengths=(9,))
    assert found.message == "the gradient of scale is not finite"


def test_a_gradient_between_two_borders_is_found_at_the_next():
    model = Sees(20, 40, 1.0).eval()
    (found,) = check_predictor(model, TASK, names=["gradients"], lengths=(64,))
    assert (found.where.step, found.where.other) == (31, 40)


def test_the_row_and_the_step_that_do_not_sum_to_1_are_the_first():
    def late(inputs):
        said = torch.full((*inputs.shape[:2], 3), 1 / 3)
        last = inputs[:, 1:, 2].all(1)
        said[last, 4:] = 0.2
        return said

    (found,) = check_predictor(late, THREE, names=["normalised"], lengths=(9,))
    assert (found.where.length, found.where.step, found.where.row) == (9, 4, 3)


def test_a_code_longer_than_claimed_has_bits_above_0_and_a_shorter_one_below():
    for factor in (0.5, 2):

        def claim(sequences, factor=factor):
            said = planted.frequencies(sequences.inputs).double()
            return -factor * (said * sequences.targets).sum(-1).log2().sum(-1)

        (found,) = check_predictor(
            planted.frequencies, THREE, names=["decode"], lengths=(30,), claim=claim
        )
        assert found.passed is False
        assert found.size == abs(found.bits)
        assert (found.bits > 0) == (factor < 1)


def test_a_clock_that_stands_still_is_no_reason_to_fail(monkeypatch):
    monkeypatch.setattr(outputs.time, "monotonic", lambda: 0.0)
    (found,) = check_predictor(planted.frequencies, THREE, names=["decode"], lengths=(9,))
    assert found.passed
    assert found.message.startswith("9 symbols")


def test_as_many_far_steps_are_said_to_be_changed_as_were(monkeypatch):
    monkeypatch.setattr(causality, "_far_steps", lambda *given, **options: [250, 300, 399])
    task = make_task("dynamic-ngrams:order=1,letters=3,length=400")
    (found,) = check_predictor(planted.frequencies, task, names=["causality"])
    assert found.passed
    assert "one at a time (of those beyond 200, 3), " in found.message


def test_rows_that_see_each_other_in_long_sequences_alone_are_found():
    def sees_ones(inputs):
        shown = inputs[:, 1:, 0]
        said = torch.full((*inputs.shape[:2], 1), 0.5)
        if inputs.shape[1] >= 100 and (shown == 1).all(1).any():
            said[(shown == 0).all(1)] = 0.75
        return said

    (found,) = check_predictor(sees_ones, TASK, names=["rows"], lengths=(9, 120))
    assert found.passed is False
    assert found.where.length == 100


@pytest.mark.parametrize(("seconds", "most"), [(0.01, 250), (0.05, 60), (9.0, 7)])
def test_no_row_stands_beside_or_behind_so_many_that_a_pass_takes_longer_than_a_second(
    seconds, most
):
    probes = Probes(TASK, [67], numbers=True)
    probes.seconds = {67: seconds}  # of four rows
    beside = [n for n in (7, 60, 250) if n <= most]
    ways = [way.way for way in _ways(probes, 67)]
    assert ways[2:] == [*(f"beside {n} others" for n in beside), f"behind {most} others"]
