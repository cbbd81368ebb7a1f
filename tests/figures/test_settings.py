"""Costs against a setting: every seed is there, scales follow the values."""

import numpy as np
import pytest

from ntmlab import InputError
from ntmlab.figures.settings import SettingLine, against
from ntmlab.recipes import own_recipe
from ntmlab.studies.settings import drawing
from ntmlab.sweeps.study import Wanted, expand, parse_grid

RUN = {"name": "", "seed": 0}


def line(*values, costs=((1.0, 6.0, 2.0), (0.5,), ())):
    return SettingLine("a", list(values), [np.array(c) for c in costs])


def test_numbers_stand_at_their_place_and_every_seed_is_a_dot():
    ax = against([line("1e-2", "1e-3", "3e-3")], "rate", "gap")
    median, *dots = ax.lines
    assert median.get_xdata().tolist() == [1e-3, 1e-2]
    assert median.get_ydata().tolist() == [0.5, 2.0]
    assert [len(dot.get_xdata()) for dot in dots] == [1, 3]
    assert ax.get_xscale() == "log"
    assert [text.get_text() for text in ax.get_xticklabels()] == ["1e-2", "1e-3", "3e-3"]


def test_words_stand_side_by_side_and_costs_of_a_decade_are_on_a_log_scale():
    ax = against([line("lstm", "feedforward", "none", costs=((1.0,), (10.0,), ()))], "model", "gap")
    assert ax.lines[0].get_xdata().tolist() == [0, 1]
    assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "log")


@pytest.mark.parametrize(
    ("values", "costs", "scales"),
    [
        (("1", "9.9"), ((1.0,), (9.9,)), ("linear", "linear")),
        (("1", "10"), ((1.0,), (10.0,)), ("log", "log")),
        (("0", "10"), ((0.0,), (10.0,)), ("linear", "linear")),
    ],
)
def test_a_scale_is_of_logarithms_from_a_decade_above_zero(values, costs, scales):
    """Of the costs of all lines together."""
    flat = line("1", costs=(costs[0],))
    ax = against([flat, line(*values, costs=costs)._replace(label="b")], "rate", "gap")
    assert (ax.get_xscale(), ax.get_yscale()) == scales


def test_costs_are_gaps_where_all_that_ended_have_one():
    runs = [
        {**RUN, "recipe": "r", "state": state, "bits": bits, "kl": kl, "set.a": str(bits)}
        for state, bits, kl in (
            ("finished", 5.0, 1.0),
            ("finished", 6.0, 2.0),
            ("failed", 7.0, None),
        )
    ]
    found = drawing(runs, "a")
    assert [values.tolist() for values in found.arrays.values()] == [[1.0], [2.0], []]
    assert found.words == "2 runs against a"
    found = drawing([*runs, {**runs[0], "kl": None, "bits": 8.0}], "a")
    assert [values.tolist() for values in found.arrays.values()] == [[5.0, 8.0], [6.0], []]
    assert found.figure.axes[0].get_ylabel() == "cost (bits per sequence)"


def test_without_a_finished_run_there_is_nothing_to_draw():
    with pytest.raises(InputError, match="nothing to draw"):
        against([line("a", costs=((),))], "model", "gap")


def test_runs_of_a_sweep_are_lines_of_what_they_share():
    row = {**RUN, "recipe": "r", "state": "finished", "bits": 5.0}
    runs = [
        {**row, "set.a": "1", "set.b": "x", "kl": 1.0},
        {**row, "set.a": "2", "set.b": "x", "kl": 2.0},
        {**row, "set.a": "1", "set.b": "y", "kl": 3.0},
        {**row, "set.a": "2", "set.b": "y", "kl": None, "state": "failed"},
    ]
    drawn = drawing(runs, "a")
    assert {name: array.tolist() for name, array in drawn.arrays.items()} == {
        "r b=x-a=1": [1.0],
        "r b=x-a=2": [2.0],
        "r b=y-a=1": [3.0],
        "r b=y-a=2": [],
    }
    with pytest.raises(InputError, match="unknown setting of the sweep 'c'"):
        drawing(runs, "c")


@pytest.mark.parametrize("model", ["lstm:hidden_size=3", "lstm"])
@pytest.mark.parametrize("task", ["copy:width=2", "hmm:mess3"])
def test_models_of_one_study_are_a_line_though_each_is_named_after_its_settings(model, task):
    """Each value of an option of the model was a line of its own, of one point."""
    grid = parse_grid(["model.hidden_size=3,5,9", "learning_rate=0.1,0.2"])
    units = expand(Wanted([], [model], task, [0, 1], grid))
    assert len({unit.recipe.name for unit in units.values()}) == 3
    runs = [
        {"name": name, "recipe": unit.recipe.name, "seed": unit.seed, "state": "finished"}
        | {f"set.{key}": value for key, value in unit.settings.items()}
        | {"bits": float(unit.settings["model.hidden_size"]), "kl": None}
        for name, unit in units.items()
    ]
    begun = own_recipe(task, model).name
    medians = drawing(runs, "model.hidden_size").figure.axes[0].lines[::4]
    assert [one.get_label() for one in medians] == [
        f"{begun} learning_rate={rate}" for rate in ("0.1", "0.2")
    ]
    for one in medians:
        assert one.get_xdata().tolist() == one.get_ydata().tolist() == [3, 5, 9]
