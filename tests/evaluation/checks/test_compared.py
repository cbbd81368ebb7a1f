"""What differs, by how much and at what cost, by hand; and what a predictor is tried with."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from ntmlab import make_task
from ntmlab.evaluation.checks import check_predictor
from ntmlab.evaluation.checks.compared import cost_of, difference
from ntmlab.evaluation.checks.module import make_subject
from ntmlab.evaluation.checks.probes import Probes
from ntmlab.evaluation.checks.repeated import Kept
from ntmlab.evaluation.checks.state import CUTS, _splits
from ntmlab.evaluation.checks.subject import Subject, per_step
from ntmlab.outputs import Bits
from tests.evaluation.checks import planted

SAYS = Subject(lambda inputs: inputs, Bits(1))  # of which values are probabilities of a 1


def rows(*values):
    return np.array(values)[..., None]


def divergence(p, q):
    """KL(p || q) of two coins in bits."""
    return p * math.log2(p / q) + (1 - p) * math.log2((1 - p) / (1 - q))


def test_the_largest_difference_costs_the_divergence_of_its_row_over_all_steps():
    expected = rows([0.5, 0.5, 0.5], [0.2, 0.3, 0.4])
    found = rows([0.5, 0.6, 0.5], [0.2, 0.25, 0.1])
    differs = difference(SAYS, expected, found, np.full(3, 1e-3))
    assert (differs.row, differs.step) == (1, 2)
    assert differs.size == pytest.approx(0.3, rel=1e-12)
    assert differs.allowed == pytest.approx(0.016, rel=1e-12)
    bits = divergence(0.3, 0.25) + divergence(0.4, 0.1)
    assert differs.bits == pytest.approx(bits, rel=1e-9)
    assert differs.bits != pytest.approx(divergence(0.25, 0.3) + divergence(0.1, 0.4), rel=0.1)


def test_of_several_rows_the_dearest_counts():
    expected, found = rows([0.5, 0.5], [0.5, 0.2]), rows([0.4, 0.4], [0.5, 0.5])
    each = 2 * divergence(0.5, 0.4), divergence(0.2, 0.5)
    assert cost_of(SAYS, expected, found) == pytest.approx(max(each), rel=1e-9)


def test_sixteen_times_the_rounding_of_a_step_is_none():
    expected, rounding = rows([0.5, 0.5]), np.array([1e-4, 1e-3])
    assert difference(SAYS, expected, rows([0.5 + 15.9e-4, 0.5 + 15.9e-3]), rounding) is None
    differs = difference(SAYS, expected, rows([0.5 + 16.1e-4, 0.5 + 15.9e-3]), rounding)
    assert differs.step == 0  # the other is larger, and explained
    assert differs.size == pytest.approx(16.1e-4, rel=1e-9)


def test_nan_in_one_alone_differs_and_in_both_does_not():
    some, none = rows([0.5, np.nan]), rows([0.5, 0.5])
    assert difference(SAYS, some, some.copy(), np.zeros(2)) is None
    for pair in ((some, none), (none, some)):
        differs = difference(SAYS, *pair, np.zeros(2))
        assert (differs.row, differs.step, differs.size) == (0, 1, math.inf)


def test_rounding_of_a_step_is_that_of_all_up_to_it():
    differences = np.array([[[0.1, 0.0], [0.0, 0.2], [0.1, 0.0]], [[0.0, 0.0], [0.3, 0.1], [0, 0]]])
    assert per_step(differences).tolist() == [0.1, 0.3, 0.3]


def sees_ones(inputs):
    """Says another thing of a row of zeros, from eight steps on, where a row of ones is beside."""
    shown = inputs[:, 1:, 0].double()
    said = torch.full((*inputs.shape[:2], 1), 0.5, dtype=torch.float64)
    if inputs.shape[1] >= 8 and (shown == 1).all(1).any():
        said[(shown == 0).all(1)] = 0.75
    return said


def test_the_row_that_sees_and_the_one_that_is_seen_are_named_by_their_numbers():
    (found,) = check_predictor(sees_ones, "dynamic-ngrams", names=["rows"])
    assert found.where == (8, 0, 2, 3)  # that of zeros, and that of ones
    about = "in a batch of rows 2 and 3 of 8 steps the output of row 2 at step 0"
    assert found.message.startswith(about)
    assert found.size == pytest.approx(0.25)
    assert found.bits == pytest.approx(8 * divergence(0.75, 0.5), rel=1e-9)  # of it beside the ones


@pytest.mark.parametrize("most", [0, 2, 3])
def test_how_many_rows_there_were_is_said_where_a_predictor_fails(most):
    def few(inputs):
        if len(inputs) > most:
            raise ValueError("too many")
        return torch.full((*inputs.shape[:2], 1), 0.5)

    (found,) = check_predictor(few, "dynamic-ngrams", names=["shape"], lengths=(5, 9))
    rows = {0: "1 row", 2: "3 rows", 3: "4 rows"}[most]
    assert found.message.startswith(f"with {rows} of 5 steps ")
    assert "too many" in found.message


def test_rows_of_symbols_are_drawn_at_random_all_the_first_and_all_the_last():
    probes = Probes(make_task("dynamic-ngrams:order=2,letters=5"), [50], numbers=False)
    assert set(probes.symbols[1]) == {0, 1, 2, 3, 4}
    assert set(probes.symbols[2]) == {0}
    assert set(probes.symbols[3]) == {4}


def test_what_is_changed_is_another_letter_at_that_step_alone():
    probes = Probes(make_task("dynamic-ngrams:order=2,letters=5"), [60], numbers=False)
    steps = probes.changeable(60)
    for base in probes.of(60):
        for step, changed in zip(steps, probes.changed(base, steps), strict=True):
            assert changed[step].sum() == changed[step].max() == 1
            assert (changed != base).any(-1).nonzero().flatten().tolist() == [step]


def test_sequences_are_cut_into_steps_and_about_chunks_as_far_as_130_steps():
    single = (67, tuple(range(1, 67)))
    assert _splits((1, 2, 64, 67, 200), set()) == [single, *((130, cuts) for cuts in CUTS)]
    short = [(67, cuts) for cuts in CUTS if cuts[-1] < 67]
    assert _splits((1, 67), set()) == [single, *short]
    assert {(64,), (65,), (127,), (128,), (33, 67)} <= set(CUTS)
    # Nothing of which a piece has a length that fails alone: 130 is 2 + 128 and 63 + 67.
    spared = {(2,), (128,), (63,), (33, 67)}  # and 33 + 34 + 63
    assert [cuts for _, cuts in _splits((2, 67, 200), {63, 128})] == [
        single[1],
        *(cuts for cuts in CUTS if cuts not in spared),
    ]


class SaysMore(planted.GRU):
    """Returns its state second, and something else last."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return logits, state, torch.zeros(3)


def test_the_state_is_the_second_of_all_that_a_module_returns():
    task = make_task("dynamic-ngrams")
    subject, inputs = make_subject(SaysMore().eval(), task.outputs), task.sample(2, 0).inputs
    whole, pieces = subject.values(inputs), subject.pieces(inputs, (64, 130))
    np.testing.assert_allclose(pieces, whole, atol=1e-6)


class Sleeper(planted.GRU):
    """Leaves a part of itself in another mode."""

    def __init__(self):
        super().__init__()
        self.part = nn.Identity()

    def forward(self, inputs, state=None):
        self.part.train()
        return super().forward(inputs, state)


def test_a_part_in_another_mode_afterwards_is_named():
    task = make_task("dynamic-ngrams")
    subject = make_subject(Sleeper().eval(), task.outputs)
    kept = Kept(subject, Probes(task, [8], numbers=True), 8)
    subject.module(task.sample(1, 0).inputs)
    assert kept.untouched().message == "an evaluation changes the mode of part"


def test_half_a_unit_is_that_of_the_logit_furthest_from_0():
    subject = make_subject(planted.GRU().eval(), make_task("dynamic-ngrams").outputs)
    for values in (rows([-1000.0, 3.0]), rows([1000.0, -3.0])):
        assert subject.unit_rounding(values) == pytest.approx(1000 * 2.0**-24, rel=1e-12)
    assert subject.unit_rounding(rows([0.1, -0.2])) == 2.0**-24
