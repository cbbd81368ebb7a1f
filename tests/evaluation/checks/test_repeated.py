"""What a call leaves behind: random numbers drawn, buffers, inputs, gradients of a user's own."""

import random

import numpy as np
import pytest
import torch

from ntmlab import make_task
from ntmlab.evaluation.checks import check_predictor
from ntmlab.evaluation.checks.module import make_subject
from ntmlab.evaluation.checks.probes import Probes
from ntmlab.evaluation.checks.repeated import Kept, repeatable
from tests.evaluation.checks import planted

TASK = make_task("dynamic-ngrams")

DRAWS = {"torch": lambda: torch.rand(1), "numpy": np.random.random, "random": random.random}
SEEDS = {"torch": torch.manual_seed, "numpy": np.random.seed, "random": random.seed}


def coin(inputs):
    return torch.full((*inputs.shape[:2], 1), 0.5)


@pytest.mark.parametrize("name", DRAWS)
def test_one_number_drawn_is_said_to_be_of_its_generator_and_other_checks_go_on(name):
    def draws(inputs):
        DRAWS[name]()
        return planted.frequencies(inputs)

    task = make_task("dynamic-ngrams:order=1,letters=3")
    found = {c.name: c for c in check_predictor(draws, task, lengths=(5,))}
    assert [c for c in found if found[c].passed is False] == ["repeatable"]
    assert found["repeatable"].message == f"a call changes the random state of {name}"
    assert found["causality"].passed


@pytest.mark.parametrize("name", SEEDS)
def test_a_seed_that_every_call_sets_is_seen(name):
    kept = torch.get_rng_state(), np.random.get_state(), random.getstate()

    def seeds(inputs):
        SEEDS[name](0)
        return coin(inputs)

    try:
        (found,) = check_predictor(seeds, TASK, names=["repeatable"], lengths=(5,))
    finally:
        torch.set_rng_state(kept[0]), np.random.set_state(kept[1]), random.setstate(kept[2])
    assert found.passed is False
    assert found.message == f"a call changes the random state of {name}"


def test_another_question_between_two_calls_may_change_the_answer():
    asked = []

    def remembers(inputs):
        asked.append(inputs.shape[:2])
        return coin(inputs) + 0.1 * ((2, 4) in asked)

    found = repeatable(make_subject(remembers, TASK.outputs), Probes(TASK, [8], numbers=True), [8])
    assert found.passed is False
    assert found.message.startswith("the same 8 steps asked before and after another")


def test_a_buffer_that_a_call_adds_is_named():
    class Adds(planted.GRU):
        def forward(self, inputs, state=None):
            self.register_buffer("last", inputs.sum())
            return super().forward(inputs, state)

    subject = make_subject(Adds().eval(), TASK.outputs)
    kept = Kept(subject, Probes(TASK, [8], numbers=True), 8)
    subject.values(TASK.sample(1, 0).inputs)
    assert kept.untouched().message == "an evaluation changes buffer last"


@pytest.mark.parametrize(
    ("value", "added", "size"), [(1 + 2j, 3j, 3), (1.0, -0.5, 0.5), (7, 2, 2), (False, True, 1)]
)
def test_a_buffer_that_is_changed_is_named_with_how_much_it_moved(value, added, size):
    class Moves(planted.GRU):
        def __init__(self):
            super().__init__()
            self.register_buffer("kept", torch.tensor([value, value]))

        def forward(self, inputs, state=None):
            self.kept[1] += added
            return super().forward(inputs, state)

    subject = make_subject(Moves().eval(), TASK.outputs)
    kept = Kept(subject, Probes(TASK, [8], numbers=True), 8)
    subject.values(TASK.sample(1, 0).inputs)
    found = kept.untouched()
    assert found.message.startswith(f"an evaluation changes buffer kept, by {size:.2g}:")
    assert found.size == size


def test_a_function_that_writes_into_its_inputs_is_told_of_that_alone():
    def writes(inputs):
        said = 0.4 + 0.2 * inputs.cumsum(1) / (1 + inputs.cumsum(1))
        inputs *= 0.5
        return said

    found = check_predictor(writes, TASK, lengths=(9,))
    assert [c.name for c in found if c.passed is False] == ["untouched"]


def test_gradients_that_a_module_has_are_left_to_it():
    model = planted.GRU().eval()
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, 7)
    (found,) = check_predictor(model, TASK, names=["gradients"], lengths=(9,))
    assert found.passed
    assert all((parameter.grad == 7).all() for parameter in model.parameters())
