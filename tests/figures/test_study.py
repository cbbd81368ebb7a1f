"""Losses and what lies beyond training, drawn."""

import numpy as np
import pytest

from ntmlab.errors import InputError
from ntmlab.evaluation.compare import Profile
from ntmlab.evaluation.losses import Part
from ntmlab.figures.beyond import BeyondView, beyond
from ntmlab.figures.losses import NOTHING, PARTS, losses


def part(names, values, steps=100):
    values = np.asarray(values, float)
    counts = np.full(values.shape, steps)
    return Part(names, Profile(values / 10, values / 100, counts), values, values / 20)


@pytest.fixture
def models():
    own = {name: part(["a", "b", "none"], [1.0, 4.0, 9.0]) for name in PARTS}
    other = {name: part(["a", "b", "none"], [2.0, 0.0, 9.0]) for name in PARTS}
    return {"NTM": own, "LSTM": other}


def points(ax):
    return [container.lines[0].get_xydata().tolist() for container in ax.containers]


def test_losses_are_per_step_but_by_context_per_sequence(models):
    axes = losses(models)
    assert list(axes) == list(PARTS)
    for name in ("position", "visit", "age"):
        assert points(axes[name]) == [[[0, 0.1], [1, 0.4]], [[0, 0.2]]]
        assert "per step" in axes[name].get_ylabel()
    assert points(axes["context"]) == [[[0, 1], [1, 4]], [[0, 2]]]
    assert "per sequence" in axes["context"].get_ylabel()
    assert {ax.get_yscale() for ax in axes.values()} == {"log"}
    labels = [text.get_text() for text in axes["position"].get_legend().get_texts()]
    assert labels == ["NTM", "LSTM"]
    axes["visit"].figure.draw_without_rendering()


def test_bins_of_few_steps_are_left_out(models):
    models["NTM"]["visit"] = part(["a", "b", "none"], [1.0, 4.0, 9.0], steps=19)
    assert points(losses(models)["visit"])[0] == []


def test_a_panel_without_losses_says_so(models):
    nothing = {name: part(["a", "b", "none"], [0.0, 0.0, 0.0]) for name in PARTS}
    ax = losses({"optimum": nothing})["age"]
    assert [text.get_text() for text in ax.texts] == [NOTHING]
    ax.figure.draw_without_rendering()


def test_there_must_be_something_to_draw():
    with pytest.raises(InputError, match="no losses"):
        losses({})


@pytest.fixture
def view():
    def profile(*values):
        return Profile(np.array(values), np.full(len(values), 0.1), np.full(len(values), 9))

    gaps = {"NTM": (np.array([1.0, 5.0]), np.array([0.1, 0.2]))}
    gaps["LSTM"] = (np.array([3.0, 6.0]), np.array([0.1, 0.2]))
    by_block = {"NTM": profile(1.0, 50.0, 900.0), "LSTM": profile(3.0, 9.0, 12.0)}
    references = {"coin": profile(70.0, 90.0, 90.0)}
    return BeyondView(200, by_block, references, ["as before", "other"], gaps, np.array([0, 4.0]))


def test_long_sequences_are_lines_over_the_bits_seen(view):
    axes = beyond(view)
    lines = [container.lines[0] for container in axes["long"].containers]
    assert [line.get_xdata().tolist() for line in lines] == [[200, 400, 600]] * 2
    assert lines[0].get_ydata().tolist() == [1, 50, 900]
    assert axes["long"].get_yscale() == "log"
    labels = {text.get_text() for text in axes["long"].get_legend().get_texts()}
    assert labels == {"NTM", "LSTM", "coin"}
    axes["long"].figure.draw_without_rendering()


def test_tables_are_bars_beside_the_optimum_of_training(view):
    ax = beyond(view)["tables"]
    bars = [patch.get_height() for patch in ax.patches]
    assert bars == [1, 5, 3, 6]
    centres = [patch.get_x() + patch.get_width() / 2 for patch in ax.patches]
    assert np.allclose(centres, [-0.2, 0.8, 0.2, 1.2])
    floor = ax.collections[-1].get_segments()
    assert [segment[0][1] for segment in floor] == [0, 4]
    assert [text.get_text() for text in ax.get_xticklabels()] == ["as before", "other"]


def test_there_must_be_a_model(view):
    with pytest.raises(InputError, match="no models"):
        beyond(view._replace(by_block={}))
