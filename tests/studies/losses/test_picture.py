"""Losses, drawn."""

import numpy as np
import pytest

from ntmlab.errors import InputError
from ntmlab.evaluation.ratios import Profile
from ntmlab.figures.width import printed_at
from ntmlab.studies.losses.measure import Part
from ntmlab.studies.losses.picture import NOTHING, PARTS, losses
from tests.studies.panels import places_in_rows


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


@pytest.mark.parametrize(
    ("width", "rows"),
    [
        (None, [["position", "visit", "age"], ["context"]]),
        (7.0, [["position", "visit"], ["age", "context"]]),
        (3.3, [["position"], ["visit"], ["age"], ["context"]]),
    ],
)
def test_panels_stand_in_rows_from_left_to_right(models, width, rows):
    with printed_at(width):
        axes = losses(models)
    places_in_rows(axes, rows)


def test_bins_of_few_steps_are_left_out(models):
    models["NTM"]["visit"] = part(["a", "b", "none"], [1.0, 4.0, 9.0], steps=19)
    assert points(losses(models)["visit"])[0] == []


def test_errors_stay_above_zero_where_a_log_scale_ends(models):
    sure, unsure = part(["a", "none"], [4.0, 0.0]), part(["a", "none"], [4.0, 0.0])
    unsure = unsure._replace(steps=unsure.steps._replace(se=10 * unsure.steps.mean))
    for own, errors in ((sure, (0.04, 0.04)), (unsure, (0.396, 0.396))):
        ax = losses({"NTM": models["NTM"] | {"age": own}})["age"]
        ((low, high),) = [bar[:, 1] for bar in ax.containers[0].lines[2][0].get_segments()]
        assert (0.4 - low, high - 0.4) == pytest.approx(errors)
        assert low > 0


def test_a_panel_without_losses_says_so(models):
    nothing = {name: part(["a", "b", "none"], [0.0, 0.0, 0.0]) for name in PARTS}
    ax = losses({"optimum": nothing})["age"]
    assert [text.get_text() for text in ax.texts] == [NOTHING]
    ax.figure.draw_without_rendering()


def test_there_must_be_something_to_draw():
    with pytest.raises(InputError, match="no losses"):
        losses({})


def test_without_contexts_position_stands_alone(models):
    alone = {name: {"position": own["position"]} for name, own in models.items()}
    axes = losses(alone)
    assert list(axes) == ["position"]
    assert len(points(axes["position"])) == 2


def test_every_model_is_drawn_however_many_there_are(models):
    many = {f"model {i}": models["NTM"] for i in range(9)}
    axes = losses(many)
    assert [len(points(ax)) for ax in axes.values()] == [9] * 4
    labels = [text.get_text() for text in axes["position"].get_legend().get_texts()]
    assert labels == list(many)
