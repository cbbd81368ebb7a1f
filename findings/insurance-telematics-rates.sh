#!/usr/bin/env bash
# insurance-telematics 0.2.1: the rates of a continuous-time hidden Markov model are those of what
# is seen at the ends of each interval: one change a minute is estimated as 0.4.
#
# Packages: insurance-telematics 0.2.1, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, polars 2.1.0,
# hmmlearn 0.3.3, scikit-learn 1.8.0, statsmodels 0.15.0.
#
# Expected: `ContinuousTimeHMM` is fitted by expectation-maximisation, with a generator Q and
# transitions exp(Q t): the rate from a state to another is the number of changes that is to be
# expected over the time that is to be expected in the state, and the likelihood grows.
#
# Happens: as many changes are counted as intervals begin in one state and end in the other, and
# the state at the beginning is taken to last for the whole interval. Within it the model may
# go to and fro, and does by exp(Q t). The longer the interval the lower the rates, and the
# likelihood that the estimation ends with is below that of the right ones.
#
# Seen, two states, a rate of 1 a minute in both directions, 1,000 observations that leave no
# doubt about the state; rate, and log-likelihood:
#   one every        right            found
#   .1 minutes       .91  -100.1      .85 and .82  -100.4
#   1 minute         1.09 -508.9      .44 and .45  -558.6
# Longer intervals end in the other state half of the time: rates of .5 over their length.
#
# Matters for: trips that are hours apart, where the package advises intervals of 1,440 minutes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 polars==2.1.0 hmmlearn==0.3.3 scikit-learn==1.8.0 statsmodels==0.15.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps insurance-telematics==0.2.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
import polars as pl
from insurance_telematics.hmm_model import ContinuousTimeHMM

RATE, STEPS = 1.0, 1000


def likelihood(model, x, minutes, rates):
    """The package's own log-likelihood with these rates."""
    model.Q_ = np.array([[-rates[0], rates[0]], [rates[1], -rates[1]]])
    return model._e_step(model._standardise(x[:, None], fit=False), np.full(len(x), minutes))[2]


for minutes in (0.1, 1.0):
    rng = np.random.default_rng(1)
    changes = rng.random(STEPS - 1) < (1 - np.exp(-2 * RATE * minutes)) / 2
    states = np.concatenate([[0], np.cumsum(changes) % 2])
    x = 10.0 * states + rng.normal(size=STEPS)
    model = ContinuousTimeHMM(n_states=2, features=["x"], n_iter=20)
    model.fit(pl.DataFrame({"x": x}), time_deltas=np.full(STEPS, minutes))
    found = np.array([model.Q_[0, 1], model.Q_[1, 0]])
    right = -np.log(1 - 2 * changes.mean()) / (2 * minutes)
    by_count = [(changes & (states[:-1] == state)).sum() / (minutes * (states[:-1] == state).sum()) for state in (0, 1)]
    assert np.allclose(np.sort(found), np.sort(by_count), atol=0.03), (found, by_count)
    best, mine = likelihood(model, x, minutes, [right, right]), likelihood(model, x, minutes, found)
    print(f"every {minutes} minutes: right {right:.2f} with {best:.1f}, found {found.round(2)} with {mine:.1f}")
    assert best > mine and (found.max() < 0.5 * right if minutes == 1 else found.max() < right)
PY
