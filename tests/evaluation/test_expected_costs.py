"""What a comparison says of one who knows the parameters, and where there is no optimum."""

import numpy as np
import pytest
import torch
from torch import nn

from ntmlab import DynamicNGrams, InputError, check_predictor, compare
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.evaluation.showing import Shown, sequence_to_show
from ntmlab.tasks import Copy
from tests.evaluation.checks import planted

TASK = DynamicNGrams(order=2, length=60)


class Unknown(DynamicNGrams):
    def optimal(self):
        raise NotImplementedError


def test_the_entropy_is_that_of_the_drawn_parameters_and_not_what_came():
    drawn = TASK.sample(5, seed=3, truth=True)
    names = ("optimal", "oracle", "entropy")
    found = compare(drawn, {name: find_predictor(name, TASK) for name in names})
    p = drawn.truth.numpy()[..., 0]
    came = np.where(drawn.targets.numpy()[..., 0] > 0, p, 1 - p)
    assert np.allclose(found.cost("oracle"), -np.log2(came), rtol=1e-12)
    expected = -p * np.log2(p) - (1 - p) * np.log2(1 - p)
    assert np.allclose(found.cost("entropy"), expected, rtol=1e-9, atol=1e-12)
    assert found.expected == {"entropy"}
    assert found.unreachable == {"oracle", "entropy"}
    assert found.score("entropy").bits == pytest.approx(expected.sum(1).mean())
    q = found.probabilities["optimal"][..., 0]
    kl = p * np.log2(p / q) + (1 - p) * np.log2((1 - p) / (1 - q))
    for name in ("oracle", "entropy"):
        assert np.allclose(found.divergence(name), -kl, atol=1e-9)


def test_answers_have_no_contexts():
    task = Copy(width=3, max_length=4)
    found = compare(task.sample(2, seed=0), {"Optimal": task.optimal()})
    with pytest.raises(InputError, match="contexts are of next-symbol tasks"):
        found.gap_by_visit("Optimal", 2)


def test_without_an_optimum_the_first_sequence_is_shown():
    shown = sequence_to_show(Unknown(), {"Mine": torch.sigmoid}, ["Mine"])
    assert shown == Shown(0, "the first; no optimum of this task is known")


class NoGradient(planted.GRU):
    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return logits.detach(), state


class InfiniteGradient(planted.GRU):
    """Its root has no slope where it stands: at 0."""

    def __init__(self):
        super().__init__()
        self.rooted = nn.Parameter(torch.zeros(1))

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return logits + self.rooted.abs().sqrt(), state


class Frozen(planted.GRU):
    def __init__(self):
        super().__init__()
        self.requires_grad_(False)


@pytest.mark.parametrize(
    ("kind", "passed", "said"),
    [
        (planted.GRU, True, "of all 6 parameters; none from later inputs"),
        (NoGradient, False, "the outputs have no gradient: they are detached"),
        (InfiniteGradient, False, "the gradient of rooted is not finite"),
        (Frozen, None, "no parameter asks for a gradient"),
    ],
)
def test_gradients_that_cannot_be_trained_by_are_told_apart(kind, passed, said):
    torch.manual_seed(0)
    (check,) = check_predictor(kind().eval(), TASK, names=["gradients"])
    assert (check.passed, check.message) == (passed, said)
