"""Faults that hide: far from every border, in one step, behind buffers; and their right twins."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from ntmlab import make_task
from ntmlab.evaluation.checks import check_predictor
from ntmlab.evaluation.checks.causality import _changes, _steps, causality
from ntmlab.evaluation.checks.module import make_subject
from ntmlab.evaluation.checks.predictor import _usual
from ntmlab.evaluation.checks.probes import LENGTHS, Probes
from ntmlab.sequences import next_symbol
from tests.evaluation.checks import planted


class Sees(planted.GRU):
    """Right, but that one output sees one later input."""

    def __init__(self, step, later, amount):
        super().__init__()
        self.step, self.later, self.amount = step, later, amount

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        if self.later < inputs.shape[1]:
            logits = logits.clone()
            logits[:, self.step] += self.amount * inputs[:, self.later]
        return logits, state


class FromStep128(planted.GRU):
    """Looks one step ahead from there on."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        ahead = torch.zeros_like(inputs)
        ahead[:, 128:-1] = inputs[:, 129:]
        return logits + 1e-3 * ahead, state


class MaskOffByOne(planted.Attention):
    """Its mask lets one step of long sequences see the next."""

    wrong = True

    def forward(self, inputs):
        steps = inputs.shape[1]
        hidden = self.into(inputs) + self.place(torch.arange(steps))
        mask = torch.full((steps, steps), -torch.inf, dtype=hidden.dtype).triu(1)
        if self.wrong and steps > 150:
            mask[141, 142] = 0
        return self.read(self.layer(hidden, src_mask=mask))


class MaskRight(MaskOffByOne):
    wrong = False


class CellLost(nn.Module):
    """An LSTM that hands on its hidden numbers, and its cells as zeros."""

    lost = True

    def __init__(self):
        super().__init__()
        self.cells, self.read = nn.LSTM(1, 16, batch_first=True), nn.Linear(16, 1)

    def forward(self, inputs, state=None):
        hidden, (shown, cells) = self.cells(inputs, state)
        return self.read(hidden), (shown, cells * 0 if self.lost else cells)


class CellKept(CellLost):
    lost = False


class RunningMean(planted.GRU):
    """Takes a running mean from its inputs, which an evaluation moves too."""

    in_evaluation = True

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(()))

    def forward(self, inputs, state=None):
        if self.training or self.in_evaluation:
            with torch.no_grad():
                self.mean.lerp_(inputs.mean(), 0.1)
        return super().forward(inputs - self.mean, state)


class FrozenMean(RunningMean):
    in_evaluation = False


class NormalisedAlways(planted.GRU):
    """Batch normalisation that no mode switches off."""

    always = True

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(1)

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        self.norm.train(self.always or self.training)
        return self.norm(logits.mT).mT, state


class NormalisedInTraining(NormalisedAlways):
    always = False


class ManyRows(planted.GRU):
    """Adds a little of the batch's largest, where there are three rows or more."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return (logits + 1e-3 * logits.amax(0) if len(inputs) > 2 else logits), state


class LargeBatches(ManyRows):
    """The same, where there are sixteen rows or more."""

    rows = 16

    def forward(self, inputs, state=None):
        few = len(inputs) < self.rows
        logits, state = planted.GRU.forward(self, inputs, state)
        return (logits if few else logits + 1e-3 * logits.amax(0)), state


class VeryLargeBatches(LargeBatches):
    rows = 100


class LastOfManyRows(planted.GRU):
    """Says another thing in the rows after the two hundredth."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return logits + (torch.arange(len(inputs)) > 200)[:, None, None], state


class Coarse(planted.GRU):
    """Rounds its logits to fiftieths, and looks half of that ahead, unseen by gradients."""

    looks = True

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        ahead = torch.zeros_like(inputs)
        ahead[:, :-1] = inputs[:, 1:].detach() - 0.5
        logits = torch.round(50 * logits) / 50
        return logits + 0.01 * self.looks * ahead, state


class CoarseOnly(Coarse):
    looks = False


class DropsLittle(planted.GRU):
    """Drops one output in a hundred, in evaluation too."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return nn.functional.dropout(logits, 0.01), state


class SilentAtFirst(planted.GRU):
    """Right: says the same for eight steps, whatever it sees."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return torch.cat([logits[:, :8].detach() * 0, logits[:, 8:]], 1), state


class ThirdPiece(planted.GRU):
    """Right in two pieces, wrong in the third."""

    def forward(self, inputs, state=None):
        pieces, own = state or (0, None)
        logits, own = super().forward(inputs, own)
        return logits + (pieces == 2), (pieces + 1, own)


class WritesFromStep5(planted.GRU):
    """Writes into its inputs there."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        inputs[:, 5:] += 1
        return logits, state


FAULTS = {
    "the border of a chunk of 50": (lambda: Sees(49, 50, 1e-2), "causality"),
    "the border of a chunk of 100": (lambda: Sees(99, 100, 1e-2), "causality"),
    "one step of 200": (lambda: Sees(137, 138, 1e-2), "causality"),
    "1e-4 from far ahead": (lambda: Sees(60, 141, 1e-4), "causality"),
    "after step 128": (FromStep128, "causality"),
    "one entry of a mask": (MaskOffByOne, "causality"),
    "cells lost": (CellLost, "state"),
    "a mean that runs on": (RunningMean, "untouched"),
    "normalised over the batch": (NormalisedAlways, "rows"),
    "three rows": (ManyRows, "rows"),
    "sixteen rows": (LargeBatches, "rows"),
    "a hundred rows": (VeryLargeBatches, "rows"),
    "rows after two hundred": (LastOfManyRows, "rows"),
    "what rounding hides": (Coarse, "causality"),
    "what half precision hides": (lambda: Coarse().bfloat16(), "causality"),
    "one in a hundred dropped": (DropsLittle, "repeatable"),
}
TWINS = (MaskRight, CellKept, FrozenMean, NormalisedInTraining, CoarseOnly)


def failed(kind, names=None):
    torch.manual_seed(1)
    checks = check_predictor(kind().eval(), "dynamic-ngrams", names=names)
    return {check.name: check for check in checks if check.passed is False}


@pytest.mark.usefixtures("short_search")
@pytest.mark.parametrize("name", FAULTS)
def test_it_is_found_and_named(name):
    kind, check = FAULTS[name]
    found = failed(kind, [check])
    assert check in found
    assert found[check].message


@pytest.mark.parametrize("kind", TWINS, ids=lambda kind: kind.__name__)
def test_its_twin_passes(kind):
    assert not failed(kind)


def test_what_a_module_sees_of_other_rows_is_not_called_rounding():
    """Rounding is measured of two rows, of which it sees nothing; the steps are asked of 64."""

    class Peeks(planted.GRU):
        def forward(self, inputs, state=None):
            logits, state = super().forward(inputs, state)
            ahead = torch.cat([inputs[:, 1:], inputs[:, :1]], 1)
            return (logits + 0.5 * ahead.mean(0) if len(inputs) > 15 else logits), state

    task = make_task("dynamic-ngrams")
    subject, probes = make_subject(Peeks().eval(), task.outputs), Probes(task, [64], numbers=True)
    found = causality(subject, probes, [64], {}, alone=False)
    assert found.passed is False
    assert "float64" not in found.message  # whose copy, asked where rounding is coarse, sees it too


@pytest.mark.parametrize(("count", "more"), [(1, ""), (2, " and 1 more")])
def test_parameters_that_are_not_used_are_counted(count, more):
    def kind():
        model = planted.GRU()
        for number in range(count):
            model.register_parameter(f"idle{number}", nn.Parameter(torch.ones(1)))
        return model

    said = f"no gradient reaches idle0{more}: they are not used"
    assert failed(kind, ["gradients"])["gradients"].message == said


@pytest.mark.usefixtures("short_search")
def test_what_a_float64_copy_shows_is_said_to_be_of_it():
    assert "in float64" in failed(lambda: Coarse().bfloat16(), ["causality"])["causality"].message


@pytest.mark.usefixtures("short_search")
def test_the_step_is_the_one():
    found = failed(lambda: Sees(137, 138, 1e-2), ["causality"])["causality"]
    assert (found.where.step, found.where.other) == (137, 138)


def test_the_gradient_names_the_step_and_the_later_input():
    found = failed(lambda: Sees(31, 40, 1.0), ["gradients"])["gradients"]
    assert (found.where.step, found.where.other) == (31, 40)
    assert "input 40" in found.message


def test_of_a_slow_predictor_fewer_steps_are_tried_so_that_a_length_takes_three_seconds():
    """Of each of four rows: a step is a pass of the row as it is, and of the row changed."""
    probes = Probes(make_task("dynamic-ngrams"), [64, 200], numbers=True)
    assert _steps(probes, 64, 0, alone=False) == list(range(1, 64))
    assert {1, 63, 64, 65, 66, 198, 199} < set(_steps(probes, 200, 0, alone=False))
    probes.seconds = {64: 0.1}  # of four rows
    tried = _steps(probes, 64, 0, alone=False)
    assert len(tried) == 3 / (2 * 0.1)
    assert {1, 63} < set(tried)
    probes.seconds = {64: 9.0}
    assert len(_steps(probes, 64, 0, alone=False)) == 8  # fewer would say too little


def test_outputs_that_depend_on_no_input_have_no_gradient_from_later_ones():
    assert not failed(SilentAtFirst, ["gradients"])


def test_the_first_cut_is_named():
    found = failed(ThirdPiece, ["state"])["state"]
    assert "in pieces of 3 x 1 steps" in found.message
    assert (found.where.length, found.where.step, found.where.other) == (3, 2, 1)


def test_the_first_step_that_is_written_to_is_named():
    found = failed(WritesFromStep5, ["untouched"])["untouched"]
    assert "writes into the inputs that it is given, first at step 5" in found.message
    assert found.where.step == 5


def test_a_sequence_is_written_whole_up_to_eighty_letters():
    probes, letters = Probes(make_task("dynamic-ngrams"), [200], numbers=True), "011" * 30
    for count, expected in (
        (80, letters[:80]),
        (81, f"{letters[:36]}…{letters[45:81]} (81 symbols)"),
    ):
        shown = next_symbol([[*map(int, letters[:count]), 0]]).inputs[0]
        assert probes.written(shown) == expected


class Measured:
    """A subject that answers with zeros, and notes how many rows are measured."""

    def __init__(self):
        self.rows = []

    def values(self, inputs):
        return np.zeros((*inputs.shape[:2], 1))

    def rounding(self, inputs, values):
        assert len(inputs) == len(values)
        self.rows.append(len(inputs))
        return np.zeros(inputs.shape[1])


def test_rounding_is_measured_on_two_rows_of_each_batch():
    """It takes a pass in float64, which a slow model can be asked for a few times only."""
    probes, subject = Probes(make_task("dynamic-ngrams"), [200], numbers=True), Measured()
    (base, *_) = probes.of(200)
    _changes(subject, probes, base, list(range(1, 129)), alone=False)
    assert subject.rows == [1, 2, 2]


@pytest.mark.parametrize(("steps", "more"), [(0, []), (-1, []), (1, [1]), (66, [66]), (201, [])])
def test_a_tasks_own_length_is_tried_where_it_is_one_of_up_to_200_steps(steps, more):
    assert list(_usual(SimpleNamespace(steps=steps))) == [*LENGTHS, *more]
