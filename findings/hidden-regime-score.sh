#!/usr/bin/env bash
# hidden-regime 2.0.2: the log-likelihood is made up: minus one and a half for each observation and a number
# from a hash of the data; AIC and BIC of it choose the fewest states.
#
# Packages: hidden-regime 2.0.2, numpy 2.4.6, pandas 2.3.3, scipy 1.17.1, matplotlib 3.9.4, scikit-learn
# 1.8.0; what else it asks for as the index has it.
#
# Expected: `score(observations)` is to "calculate log-likelihood of observations under the model": of a
# hidden Markov model with normal emissions, by the forward algorithm, as in its own training. `aic`, `bic`
# and `cross_validate` are made of it.
#
# Happens: each observation counts -1.5 less the square of its distance to the nearest mean; then ten
# times the mean, five times the variance and `hash(str(returns)) % 1000 / 10000` are taken off. Neither
# deviations nor transitions nor the order of the observations come in, and another process hashes
# strings otherwise.
#
# Seen, 200 returns that are quiet and wild by turns, two states, fitted:
#                          as they came    shuffled    deviations ten times as large
#   training               583.3
#   forward algorithm      583.3           514.1       367.3
#   score                  -300.2          -300.1      -300.2    (the last digit differs between runs)
#
# Matters for: choosing the number of states: the penalty alone decides.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 pandas==2.3.3 scipy==1.17.1 matplotlib==3.9.4 scikit-learn==1.8.0 hidden-regime==2.0.2
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import contextlib
import io

import numpy as np
import pandas as pd
from hidden_regime.config.model import HMMConfig
from hidden_regime.models.hmm import HiddenMarkovModel
from scipy.special import logsumexp
from scipy.stats import norm

LENGTH = 200
rng = np.random.default_rng(0)
states = (np.arange(LENGTH) // 25) % 2
returns = np.where(states == 0, rng.normal(0.001, 0.006, LENGTH), rng.normal(-0.002, 0.025, LENGTH))
shuffled = rng.permutation(returns)


def frame(values):
    return pd.DataFrame({"log_return": values})


def log_likelihood(model, values, scale=1.0):
    """By the forward algorithm."""
    shown = norm.logpdf(values[:, None], model.emission_means_, scale * model.emission_stds_)
    with np.errstate(divide="ignore"):
        forward, change = np.log(model.initial_probs_) + shown[0], np.log(model.transition_matrix_)
    for row in shown[1:]:
        forward = logsumexp(forward[:, None] + change, axis=0) + row
    return logsumexp(forward)


model = HiddenMarkovModel(HMMConfig(n_states=2, random_seed=0, max_iterations=40))
with contextlib.redirect_stdout(io.StringIO()):
    model.fit(frame(returns))
trained = model.training_history_["log_likelihoods"][-1]
right = [log_likelihood(model, values) for values in (returns, shuffled)]
found = [model.score(frame(values)) for values in (returns, shuffled)]
print(f"log-likelihood: training {trained:.1f}, forward algorithm {right[0]:.1f}, shuffled {right[1]:.1f}")
print(f"score: {found[0]:.1f}, shuffled {found[1]:.1f}")
assert abs(trained - right[0]) < 1 and right[0] - right[1] > 10
assert all(abs(value + 1.5 * LENGTH) < 1 for value in found) and abs(found[0] - found[1]) <= 0.1

wide = log_likelihood(model, returns, scale=10.0)
model.emission_stds_ = 10 * model.emission_stds_
again = model.score(frame(returns))
print(f"deviations ten times as large: score {again:.1f}, right {wide:.1f}")
assert again == found[0] and right[0] - wide > 100
PY
