"""The pictures of a memory at work: whose sequence, how many bits wrong, and where arrows stand."""

import numpy as np
import pytest
import torch

from ntmlab import NTM, DynamicNGrams
from ntmlab.figures.style import new_figure
from ntmlab.models import ModulePredictor
from ntmlab.studies.memory.measure import recurring, write_lag
from ntmlab.studies.memory.report import drawing
from ntmlab.tasks import Copy, make_task


@pytest.fixture(autouse=True)
def _plain(monkeypatch):
    """The arrays and words alone: what is drawn of them has tests of its own."""
    for name in ("memory", "machine"):
        plain = {name: new_figure(1, 1).add_subplot()}
        monkeypatch.setattr(f"ntmlab.studies.memory.report.{name}", lambda *a, p=plain, **k: p)


def untrained(task):
    torch.manual_seed(0)
    return NTM(task.input_size, task.output_size, controller_size=6, slots=10, slot_width=5)


def test_bits_are_wrong_where_they_are_asked_for():
    task = Copy(width=3, min_length=6, max_length=6)
    model = untrained(task)
    found = drawing("ours", model, task, seed=3)
    asked = task.sample(1, 3)
    said = ModulePredictor(model)(asked.inputs)[0].numpy()
    np.testing.assert_array_equal(found.arrays["inputs"], asked.inputs[0].numpy())
    np.testing.assert_allclose(found.arrays["outputs"], said, rtol=1e-5)
    wrong = (said[-6:] > 0.5) != asked.targets[0, -6:].numpy().astype(bool)
    assert found.words == f"ours on one sequence of copy, {wrong.sum()} bits wrong"
    assert wrong.sum() != ((said > 0.5) != asked.targets[0].numpy().astype(bool)).sum()


@pytest.mark.parametrize(
    ("task", "size"), [(DynamicNGrams(order=3, length=150), 2), (make_task("hmm:even"), 5)]
)
def test_arrows_stand_at_the_first_twelve_visits_of_one_context(task, size):
    """Of the task's letters of context, five where it has none; in a window those within it."""
    found = drawing("ours", untrained(task), task, seed=3)
    bits = task.sample(1, 3).targets[0, :, 0].numpy()
    np.testing.assert_array_equal(found.arrays["bits"], bits)
    text = "".join(f"{bit:.0f}" for bit in bits)
    context = found.words.partition("arrows where context ")[2].split()[0]
    visits = [t for t in range(size, len(bits)) if text[t - size : t] == context]
    assert len(context) == size
    assert len(visits) > 12
    assert found.arrays["arrows"].tolist() == visits[:12]
    window = (visits[1], visits[4])
    shown = drawing("ours", untrained(task), task, seed=3, window=window).arrays["arrows"]
    assert shown.tolist() == visits[1:4]


def test_a_write_is_as_late_as_it_changes_most_of_what_was_read(monkeypatch):
    model, change = untrained(Copy()), torch.zeros(1, 7, 6)
    change[0, :, 3], change[0, 0, 5] = 1.0, 6.0  # in the mean over steps
    monkeypatch.setattr("ntmlab.studies.memory.measure.content_change", lambda *given: change)
    assert write_lag(model, None) == 3


def test_a_context_comes_where_a_bit_follows_it():
    assert recurring("001", 2) == "00"  # 01 is the end of all
    assert recurring("0010", 2) == "01"  # of both zeros and ones, where there is such a one
