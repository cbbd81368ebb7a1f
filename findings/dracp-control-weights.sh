#!/usr/bin/env bash
# dracp 0.2.0: the self-tuning control rewards those who adapt least: after 20 misses the slowest has most weight.
#
# Packages: dracp 0.2.0, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, pandas 2.3.3.
#
# Expected: `FACIController`, the default of `ConformalForecaster`, runs experts with different rates, weighted by "the
# pinball loss" as Gibbs and Candes do: the loss of a level a is .1 (b - a) above it and .9 (a - b) below, where b is
# the highest level whose interval has the outcome. Whoever is quick after a change gets the weight.
#
# Happens: for b stands 1 after a miss and 0 after a hit. A miss is an outcome that only a lower level has, b near 0,
# and a hit is one with a large b: the signs are exchanged. After a miss the loss is .1 (1 - a), smallest for the expert
# with the highest level, who misses most; the differences are a ninth of the right ones.
#
# Seen, 20 outcomes outside every interval (b = 0) after a start at the level .1, rate of weights 2.72, no mixing
#   rate of expert       .002    .005    .01    .02    .05    .1
#   level now            .064    .01     1e-6   1e-6   1e-6   1e-6
#   weight, package      .22     .19     .16    .15    .14    .14     largest for the slowest
#   weight, right        .01     .03     .10    .20    .31    .35     largest for the quickest
#
# Matters for: its default intervals: which rate suits a series is never learned.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 \
    pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps dracp==0.2.0
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from dracp.controller import FACIController

TARGET, RATES, ETA, STEPS = 0.1, (0.002, 0.005, 0.01, 0.02, 0.05, 0.1), 2.72, 20
print("dracp", version("dracp"), "numpy", np.__version__)


def pinball(critical, level):
    return np.where(critical >= level, TARGET * (critical - level), (1 - TARGET) * (level - critical))


control = FACIController(TARGET, gammas=RATES, eta=ETA, sigma=0.0)
levels = np.full(len(RATES), TARGET)
right, taken = np.ones(len(RATES)), np.ones(len(RATES))
for _ in range(STEPS):
    right = right * np.exp(-ETA * pinball(0.0, levels))
    taken = taken * np.exp(-ETA * pinball(1.0, levels))
    control.update(1)
    levels = np.clip(levels + np.array(RATES) * (TARGET - 1), 1e-6, None)
    assert np.allclose(control.alpha_k, levels) and np.allclose(control.w, taken / taken.sum())
right /= right.sum()
print("rates  ", RATES)
print("levels ", levels.round(3).tolist())
print("package", control.w.round(4).tolist())
print("right  ", right.round(3).tolist())
assert np.all(np.diff(control.w) < 0) and control.w[0] > 1.4 * control.w[-1]
assert np.all(np.diff(right) > 0) and right[-1] > 30 * right[0]
PY
