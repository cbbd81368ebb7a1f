"""The sequence shown where none was asked for."""

import numpy as np
import torch

from ntmlab import DynamicNGrams, compare
from ntmlab.evaluation.showing import LEAST_COST, LEAST_DEPARTURE, MOST, sequence_to_show
from ntmlab.optimal import ContextKT, coin

TASK = DynamicNGrams()


def near(inputs):
    """The optimum, a little off from step 190 on in sequences whose second bit is a 1."""
    p = TASK.optimal()(inputs)
    p[inputs[:, 2, 0] > 0, 190:] = p[inputs[:, 2, 0] > 0, 190:] * 0.9 + 0.05
    return p


def measured(model):
    """Cost of the optimum and largest departure of a model, over the sequences looked at."""
    predictors = {"Optimal": TASK.optimal(), "model": model}
    comparison = compare(TASK.sample(MOST, 0), predictors, unchecked=True)
    return comparison.cost("Optimal").sum(1) / 200, comparison.divergence("model").max(1)


def test_the_first_that_costs_half_a_guess_and_departs():
    for model in (ContextKT(4), ContextKT(6), near):
        cost, departure = measured(model)
        expected = np.flatnonzero((cost >= LEAST_COST) & (departure >= LEAST_DEPARTURE))
        assert len(expected)
        shown = sequence_to_show(TASK, {"other": coin, "model": model}, ["model"])
        assert shown.number == expected[0]
        assert "departs by 0.05 bits or more" in shown.rule
    assert measured(near)[0][0] < LEAST_COST  # nearly all zeros: never shown


def test_the_largest_departure_where_none_is_large():
    def close(inputs):
        p = TASK.optimal()(inputs)
        return p + (0.5 - p) * 0.01 * inputs.mean((1, 2), keepdim=True)

    _, departure = measured(close)
    assert departure.max() < LEAST_DEPARTURE
    shown = sequence_to_show(TASK, {"model": close}, ["model"])
    assert shown.number == departure.argmax()
    assert "of the first 128" in shown.rule


def test_without_a_model_the_first_that_costs_half_a_guess():
    cost, _ = measured(TASK.optimal())
    shown = sequence_to_show(TASK, {"optimal": TASK.optimal()}, [])
    assert shown.number == np.flatnonzero(cost >= LEAST_COST)[0]
    assert "departs" not in shown.rule


def test_a_model_that_departs_nowhere_does_not_count():
    without = sequence_to_show(TASK, {}, [])
    assert without == sequence_to_show(TASK, {"kt": ContextKT(5)}, ["kt"])


def test_the_seed_counts():
    numbers = {sequence_to_show(TASK, {"kt": ContextKT(5)}, [], seed).number for seed in range(8)}
    assert len(numbers) > 1
    assert torch.equal(TASK.sample(1, 0, 4).targets[0], TASK.sample(9, 0).targets[4])


SHORT = DynamicNGrams(order=2, length=30)


def least_numbers(task, seed=0):
    """The sequences of a seed that cost half of what guessing their letters does, or more."""
    drawn = task.sample(MOST, seed)
    cost = compare(drawn, {"Optimal": task.optimal()}).cost("Optimal").sum(1)
    return np.flatnonzero(cost >= 0.5 * 30 * np.log2(task.letters))


def test_any_of_several_models_may_depart_and_in_a_later_draw():
    number = least_numbers(SHORT)[-1]
    assert number > 64
    marked = SHORT.sample(1, 0, int(number)).inputs

    def departs(inputs):
        p = SHORT.optimal()(inputs)
        return torch.where((inputs == marked).all(1, keepdim=True), 0.5 * p + 0.05, p)

    models = {"departs": departs, "not": SHORT.optimal()}
    for names in (["departs", "not"], ["not", "departs"]):
        assert sequence_to_show(SHORT, models, names).number == number


def test_guessing_is_among_all_letters():
    task = DynamicNGrams(order=2, letters=4, length=30)
    for seed in range(4):
        assert sequence_to_show(task, {}, [], seed).number == least_numbers(task, seed)[0]


def test_where_nothing_departs_it_is_of_the_seed_that_was_asked_for():
    found = [sequence_to_show(SHORT, {"o": SHORT.optimal()}, ["o"], s).number for s in range(6)]
    assert found == [least_numbers(SHORT, seed)[0] for seed in range(6)]
    assert len({*found}) > 1
