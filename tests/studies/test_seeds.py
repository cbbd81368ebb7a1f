"""Success rates of seeds, and their picture."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from ntmlab import InputError
from ntmlab.recipes import RECIPES
from ntmlab.runs.results import Result, read_result, shipped_runs
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


def scored(**score):
    return Result(Path(), RECIPES["copy-ntm"], 0, [], {}, None, score)


def at_lengths(**rates):
    sizes = [{"length": n, "wrong_rate": rates.get(f"at_{n}", 0.0)} for n in (10, 20, 30, 50, 120)]
    return scored(sizes=sizes)


def at_items(bits):
    return scored(sizes=[{"items": 6, "bits": 0.0}, {"items": 12, "bits": bits}])


def at_repeats(rate):
    sizes = [{"length": 10, "repeats": 20}, {"length": 20, "repeats": 10}]
    return scored(sizes=[{**sizes[0], "wrong_rate": 0.5}, {**sizes[1], "wrong_rate": rate}])


# Of each recipe its goals: what they say, a run that just reaches one, and one that does not.
NGRAMS = [("gap at most 0.3 bits", scored(kl=0.3, gap=1.0), scored(kl=0.31, gap=0.0))]
BITS = {most: (scored(bits=most), scored(bits=most * 1.01)) for most in (0.01, 0.1, 15.0)}
SIDES = {
    "copy": [
        ("at most 0.01 bits", *BITS[0.01]),
        ("no wrong bit at 10 to 50", at_lengths(at_120=0.5), at_lengths(at_50=1e-6)),
        ("at most 1 % wrong at 120", at_lengths(at_50=0.5, at_120=0.01), at_lengths(at_120=0.011)),
    ],
    "recall": [
        ("at most 0.1 bits", *BITS[0.1]),
        ("at most 0.1 bits at 12 items", at_items(0.1), at_items(0.101)),
    ],
    "repeat-copy": [
        ("at most 0.1 bits", *BITS[0.1]),
        ("at most 2 % wrong at 20 × 10", at_repeats(0.02), at_repeats(0.021)),
    ],
    "sort": [("at most 15 bits", *BITS[15.0])],
    "ngrams": NGRAMS,
}


@pytest.mark.parametrize("name", GOALS)
def test_a_goal_is_reached_where_its_words_say(name):
    sides = SIDES[name.partition("-ntm")[0].partition("-lstm")[0]]
    assert [goal.text for goal in GOALS[name]] == [text for text, _, _ in sides]
    for goal, (_, good, bad) in zip(GOALS[name], sides, strict=True):
        assert reached(goal, [good, bad]).good == 1
        assert reached(goal, [good]).good == 1


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
