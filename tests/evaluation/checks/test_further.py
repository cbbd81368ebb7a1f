"""Tasks of more than 200 steps: what happens beyond is seen, or said not to be."""

import pytest
import torch

from ntmlab import make_task
from ntmlab.errors import Remark
from ntmlab.evaluation.checks import check_predictor, outputs
from ntmlab.evaluation.checks.causality import LEAST_STEPS, _far_steps
from ntmlab.evaluation.checks.probes import LENGTHS, Probes
from tests.evaluation.checks import planted

LONG = "dynamic-ngrams:order=3,length=1000"
TOLD = ("shape", "finite", "normalised", "causality")


def checked(kind, names=TOLD, task=LONG, **options):
    torch.manual_seed(0)
    return {c.name: c for c in check_predictor(kind().eval(), task, names=names, **options)}


class AheadFrom300(planted.GRU):
    """Looks one step ahead from there on."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        ahead = torch.zeros_like(inputs)
        ahead[:, 300:-1] = inputs[:, 301:]
        return logits + 0.1 * ahead, state


class AheadAtABorder(planted.GRU):
    """One step sees the next one, at the border of a chunk of 256."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        ahead = torch.zeros_like(inputs)
        ahead[:, 767:768] = inputs[:, 768:769]
        return logits + 0.01 * ahead, state


class NaNAt1000(planted.GRU):
    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return (logits * torch.nan if inputs.shape[1] == 1000 else logits), state


def test_what_looks_ahead_from_step_300_on_is_found():
    """On a task of 1000 steps it passed every check."""
    found = checked(AheadFrom300)
    assert [name for name, check in found.items() if check.passed is False] == ["causality"]
    assert found["causality"].where.length > 300
    assert found["causality"].where.step >= 300
    assert found["causality"].size == pytest.approx(0.1, rel=0.01)


def test_what_looks_ahead_at_one_far_border_is_found():
    found = checked(AheadAtABorder, ["causality"])["causality"]
    assert found.passed is False
    assert (found.where.length, found.where.step, found.where.other) == (769, 767, 768)


def test_a_right_module_passes_and_its_lines_say_how_far():
    found = checked(planted.GRU)
    assert all(check.passed for check in found.values())
    assert "129, 200, 400, 800, 1000 steps" in found["shape"].message
    assert "800, 1000 steps" in found["finite"].message
    assert "800, 999, 1000 steps" in found["causality"].message
    assert not [c for c in found.values() if "not tried" in c.message]


def test_the_own_length_is_tried_where_it_alone_fails():
    assert checked(NaNAt1000)["finite"].where.length == 1000
    shape = checked(planted.Attention, ["shape"])["shape"]  # which knows 256 places
    assert (shape.passed, shape.where.length) == (False, 400)


def test_what_takes_too_long_is_said_not_to_be_tried(monkeypatch):
    monkeypatch.setattr(outputs, "SECONDS", 0.0)
    found = checked(AheadFrom300)
    for name in TOLD:
        assert found[name].passed
        assert found[name].message.endswith("; steps beyond 200 of 1000 were not tried")


def test_lengths_that_are_given_are_all_that_is_tried():
    found = checked(AheadFrom300, lengths=(1, 64))
    assert all(check.passed for check in found.values())
    assert "at 1, 64 steps" in found["shape"].message
    assert "not tried" not in found["shape"].message


def test_a_pass_is_estimated_by_the_longest_that_is_no_longer():
    probes = Probes(make_task(LONG), LENGTHS, numbers=True, further=[400, 1000])
    probes.seconds = {200: 0.4, 400: 4.0}
    assert probes.seconds_of(4, 100) == pytest.approx(0.2)
    assert probes.seconds_of(4, 400) == pytest.approx(4.0)
    assert outputs._takes(probes, 1000) == pytest.approx(4.0 * 6.25)
    probes.leave_out(1000)
    assert (probes.further, probes.untried) == ([400], "; steps beyond 400 of 1000 were not tried")


def test_of_far_steps_the_end_and_borders_come_first():
    probes = Probes(make_task(LONG), LENGTHS, numbers=True, further=[400, 1000])
    probes.seconds = {1000: 0.0}
    assert _far_steps(probes, 1000, alone=False) == list(range(200, 1000))
    probes.seconds = {1000: 1e9}
    borders = [256 + 64 * n for n in range(LEAST_STEPS - 1)]
    assert _far_steps(probes, 1000, alone=False) == [*borders, 999]


def test_what_a_model_does_once_does_not_make_it_slow(monkeypatch):
    """A first pass may compile; a remark is of what the others take."""
    now = [0.0]
    monkeypatch.setattr("ntmlab.evaluation.checks.outputs.time.monotonic", lambda: now[0])

    class Takes(planted.GRU):
        first, later = 7.0, 0.0

        def forward(self, inputs, state=None):
            now[0] += self.first
            self.first = self.later
            return super().forward(inputs, state)

    assert check_predictor(Takes().eval(), "dynamic-ngrams", names=["shape"], lengths=[3])[0].passed
    slow = Takes().eval()
    slow.later = 2.0
    with pytest.warns(Remark, match=r"a pass of one row takes 2\.0 s"):
        check_predictor(slow, "dynamic-ngrams", names=["shape"], lengths=[3])
