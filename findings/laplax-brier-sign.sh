#!/usr/bin/env bash
# laplax 0.0.2: the multiclass Brier score is negative: the search for a prior, which takes the lowest
# score, ends at the worst one.
#
# Packages: laplax 0.0.2, jax 0.7.2, jaxlib 0.7.2, numpy 2.4.6, scipy 1.17.1, loguru 0.7.3.
#
# Expected: `multiclass_brier` is "the mean squared difference between the predicted probabilities and
# the true target", 0 for a perfect forecast and never below. `optimize_prior_prec` and
# `grid_search` return "the prior precision value that minimizes the objective".
#
# Happens: it is minus that: 0 for a perfect forecast is the largest number there is, and a forecast that
# is certain and wrong has the lowest one. The module's other scores (cross-entropy, calibration errors,
# CRPS, RMSE) are better when they are smaller.
#
# Seen, forecasts of two classes, and a search of 60 precisions from 0.001 to 1000 (true one 1):
#   perfect              definition  0.00   found  0.00
#   a coin               definition  0.25   found -0.25
#   certain and wrong    definition  1.00   found -1.00
#   best precision       definition  1.12   found  1000, with a squared error of .338 instead of .231
#
# Matters for: priors of classifiers that are tuned by the Brier score; use its negative.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.7.2 jaxlib==0.7.2 numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check loguru==0.7.3 jaxtyping==0.3.3 tqdm==4.67.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps laplax==0.0.2
JAX_PLATFORMS=cpu venv/bin/python -W ignore - <<'PY'
import jax
import jax.numpy as jnp
import numpy as np
from loguru import logger

logger.remove()
jax.config.update("jax_enable_x64", True)
from laplax.eval.calibrate import evaluate_for_given_prior_arguments, optimize_prior_prec
from laplax.eval.metrics import multiclass_brier

SAMPLES, DECADES = 2000, (-3, 3)
rng = np.random.default_rng(0)


def by_definition(probabilities, labels):
    return float(np.mean((np.asarray(probabilities) - np.eye(probabilities.shape[1])[labels]) ** 2))


labels = np.array([0, 1])
for name, forecast in {"perfect": np.eye(2), "a coin": np.full((2, 2), 0.5), "certain and wrong": 1 - np.eye(2)}.items():
    right, found = by_definition(forecast, labels), float(multiclass_brier(jnp.array(forecast), jnp.array(labels)))
    print(f"{name}: definition {right:.2f}, found {found:.2f}")
    assert np.isclose(found, -right)

# The logit of class 1 has mean x and, under a prior precision p, variance 9 x^2 / p: MacKay's probabilities.
x = rng.normal(size=SAMPLES) * 10
truth = rng.random(SAMPLES) < 1 / (1 + np.exp(-x / np.sqrt(1 + np.pi / 8 * 9 * x**2)))  # those of precision 1
data = {"input": jnp.array(x), "target": jnp.array(truth.astype(int))}


def predictive(prior_arguments, **_):
    def probabilities(value):
        logit = value / jnp.sqrt(1 + jnp.pi / 8 * 9 * value**2 / prior_arguments["prior_prec"])
        return {"prob": jnp.stack([jax.nn.sigmoid(-logit), jax.nn.sigmoid(logit)])}

    return probabilities


def objective(metric):
    return lambda prior: evaluate_for_given_prior_arguments(data=data, set_prob_predictive=predictive, metric=metric, prior_arguments=prior)


def exact(prob, target, **_):
    return jnp.mean((prob - jax.nn.one_hot(target, 2)) ** 2)


chosen = {}
for name, metric in (("definition", exact), ("multiclass_brier", multiclass_brier)):
    chosen[name] = float(optimize_prior_prec(objective(metric), *DECADES, 60))
    print(f"{name}: precision {chosen[name]:.3g}, squared error {float(objective(exact)({'prior_prec': chosen[name]})):.4f}")
assert 0.3 < chosen["definition"] < 3 and chosen["multiclass_brier"] > 900
PY
