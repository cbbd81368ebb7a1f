"""Success rates of seeds, and their picture."""

import numpy as np
import pytest
from scipy import stats

from ntmlab import InputError
from ntmlab.recipes import RECIPES
from ntmlab.runs.results import read_result, shipped_runs
from ntmlab.runs.success import wilson
from ntmlab.studies.seeds import GOALS, Goal, Reached, reached
from ntmlab.studies.seeds.picture import seeds

GOAL = Goal("at most 0.1 bits", lambda result: result, 0.1, "{:.1f}".format)


@pytest.mark.parametrize(("good", "of"), [(0, 3), (3, 3), (1, 2), (15, 16), (30, 32)])
def test_the_interval_is_of_the_rates_that_do_not_differ_from_the_count(good, of):
    """Its ends are the rates whose expectation is 1.96 standard deviations from the count."""
    for bound in wilson(good, of):
        if 0 < bound < 1:
            deviation = np.sqrt(of * bound * (1 - bound))
            assert abs(good - of * bound) / deviation == pytest.approx(stats.norm.ppf(0.975))
    low, high = wilson(good, of)
    assert 0 <= low <= good / of <= high <= 1
    assert wilson(good, of, 0.5)[0] >= low


def test_a_seed_counts_that_is_at_the_goal_or_below():
    own = reached(GOAL, [0.3, 0.1, 0.0, 0.2])
    assert own == Reached(GOAL, (0.3, 0.1, 0.0, 0.2), 2)
    assert own.cells() == ["2 of 4", "15 % to 85 %", "0.2", "0.0 to 0.3"]


@pytest.mark.parametrize("name", GOALS)
def test_every_goal_is_of_a_recipe_whose_seeds_are_shipped_from_0_on(name):
    assert name in RECIPES
    results = [read_result(path) for path in shipped_runs(name)]
    assert [result.seed for result in results] == list(range(len(results)))
    for goal in GOALS[name]:
        assert 0 <= reached(goal, results).good <= len(results)


def test_the_picture_has_a_mark_for_each_seed_filled_where_it_succeeds():
    drawn = seeds({"a": reached(GOAL, [0.3, 0.1, 0.0]), "b": reached(GOAL, [2.0])})["seeds"]
    marks = [line for line in drawn.get_lines() if line.get_marker() == "o"]
    values = {line.get_fillstyle(): [] for line in marks}
    for line in marks:
        values[line.get_fillstyle()] += list(line.get_xdata())
    assert values == {"full": [0.1, 1e-7], "none": [0.3, 2.0]}
    goals = [line for line in drawn.get_lines() if line.get_marker() != "o"]
    assert [list(line.get_xdata()) for line in goals] == [[0.1, 0.1]] * 2
    for place, (own, goal) in enumerate(zip([marks[:2], marks[2:]], goals, strict=True)):
        heights = [height for line in own for height in line.get_ydata()]
        low, high = goal.get_ydata()
        assert low < min(heights) <= place <= max(heights) < high  # the goal is a tick across all
        assert low - place == pytest.approx(place - high)
        assert len(set(heights)) == len(heights)  # and no mark hides another
    assert [text.get_text() for text in drawn.get_yticklabels()] == ["a (2 of 3)", "b (0 of 1)"]
    with pytest.raises(InputError):
        seeds({})
