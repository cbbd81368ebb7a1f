"""Steps that are not scored count nowhere: of a task of letters that scores some steps only."""

import numpy as np
import pytest
import torch

from ntmlab.outputs import Bits
from ntmlab.sequences import next_symbol
from ntmlab.studies.losses.claims import drifts
from ntmlab.studies.losses.measure import losses
from ntmlab.studies.nearest import nearest

FIRST, STEPS, ROWS, SEED = 9, 20, 12, 3


def laplace(inputs):
    """P of a 1 by Laplace's rule, which is the optimum."""
    ones = inputs[..., 0].double().cumsum(1)
    return ((ones + 1) / (torch.arange(inputs.shape[1]) + 2))[..., None]


def other(inputs):
    """Off by much before the first step that is scored, by little after."""
    far = 0.4 * (torch.arange(inputs.shape[1]) < FIRST)
    return laplace(inputs) * (1 - far)[:, None] + 0.05 * (1 - laplace(inputs))


class Tosses:
    """Coins, each with a chance of its own; the first tosses are seen, and not scored."""

    name, letters, input_size, output_size, steps = "tosses", 2, 1, 1, STEPS
    deterministic, marker_channels, sizes, form, outputs = False, 0, {}, (), Bits(1)

    def sample(self, count, seed, start=0):
        rows = [np.random.default_rng([seed, i]) for i in range(start, start + count)]
        drawn = next_symbol([row.random(STEPS) < row.random() for row in rows])
        mask = drawn.mask.clone()
        mask[:, :FIRST] = 0
        return drawn._replace(mask=mask)

    def optimal(self):
        return laplace

    def options(self):
        return {}


def expected():
    """KL(optimal || other) of the scored steps, and the distance of the two, (B, T - FIRST)."""
    inputs = Tosses().sample(ROWS, SEED).inputs
    p, q = (model(inputs).numpy()[:, FIRST:, 0] for model in (laplace, other))
    return p * np.log2(p / q) + (1 - p) * np.log2((1 - p) / (1 - q)), np.abs(p - q)


def test_losses_are_of_the_steps_that_are_scored():
    found = losses(Tosses(), {"other": other}, ROWS, SEED)["other"]
    lost, apart = expected()
    assert found.score.kl == pytest.approx(lost.sum(1).mean())
    assert found.close.steps == lost.size
    assert found.close.mean == pytest.approx((apart <= 0.05).mean())
    worst = np.sort(lost, axis=None)[-2:]  # of 132 steps
    assert found.worst_share == pytest.approx(worst.sum() / lost.sum(), rel=1e-6)
    own = found.parts["position"]
    assert own.steps.steps.tolist() == [0] * FIRST + [ROWS] * (STEPS - FIRST)
    np.testing.assert_allclose(own.steps.mean[FIRST:], lost.mean(0))


def test_a_quarter_is_the_mean_of_its_scored_steps():
    """Those of the second, steps 5 to 9, begin at 9; the first has none."""
    found = losses(Tosses(), {"other": other}, ROWS, SEED)["other"]
    lost, _ = expected()
    assert np.isnan(found.quarters[:, 0]).all()
    np.testing.assert_allclose(found.quarters[:, 1], lost[:, 0])
    np.testing.assert_allclose(found.quarters[:, 3], lost[:, -5:].mean(1))
    claim = drifts("other", found)
    rise = lost[:, -5:].mean(1) - lost[:, 0]
    assert claim.value == pytest.approx(rise.mean())
    some = np.arange(ROWS) < 7  # as where lengths vary: the others have no last quarter
    missing = np.where(some[:, None], found.quarters, np.nan)
    fewer = drifts("other", found._replace(quarters=missing))
    error = rise[some].std(ddof=1) / np.sqrt(7)
    assert (fewer.value, fewer.error) == pytest.approx((rise[some].mean(), error))


def test_a_mixture_is_near_where_steps_are_scored():
    """One of a single predictor leaves what is the distance to that."""
    found = nearest(Tosses(), {"other": other}, ["coin"], ROWS, SEED)["other"]
    q = other(Tosses().sample(ROWS, SEED).inputs).numpy()[:, FIRST:, 0]
    lost = 1 + q * np.log2(q) + (1 - q) * np.log2(1 - q)
    assert found.bits[0] == pytest.approx(lost.sum(1).mean())
    assert found.mixture_bits == pytest.approx(lost.sum(1).mean())
    assert found.profile.steps[0].tolist() == [0] * FIRST + [ROWS] * (STEPS - FIRST)
    np.testing.assert_allclose(found.profile.mean[0, FIRST:], lost.mean(0))
