#!/usr/bin/env bash
# bocd 0.1.2: the variance of a run is that of its last step alone: of 200 numbers without a change the longest run has 5.
#
# Packages: bocd 0.1.2, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `StudentT` is a Gaussian likelihood with a normal-gamma prior, with Murphy's formulas (2007): with each
# observation beta grows by kappa (x - mu)^2 / (2 (kappa + 1)), so that it holds the squares of the whole run.
#
# Happens: beta becomes kappa plus that term, the number of observations instead of the beta before it. Whatever
# the noise, the scale goes to about 1.4; only the very last observation adds to it.
#
# Seen, one run of N(0, s^2) from the prior (0, 1, 1, 1), scale of the prediction after 200 numbers, and the most
# probable run length then, hazard 1/100:
#   s       scale exact   bocd      run length exact   bocd
#   0.05     0.11         1.41      200                 12
#   1        0.96         1.41      200                200
#   5        4.79         1.43      200                  5
#   20      19.18         1.63      200                  8
#
# Matters for: all data that are not of variance about 1 to 2; `StudentT` is the package's only distribution.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation bocd==0.1.2
venv/bin/python - <<'PY'
from importlib.metadata import version

import numpy as np
from bocd import BayesianOnlineChangePointDetection, ConstantHazard, StudentT
from scipy.stats import t

HAZARD, STEPS = 1 / 100, 200
print("bocd", version("bocd"), "numpy", np.__version__)


def moments(run):
    """Location, scale and degrees of freedom of what follows a run, from all of it, prior (0, 1, 1, 1)."""
    n = len(run)
    mean = run.mean() if n else 0.0
    beta = 1 + ((run - mean) ** 2).sum() / 2 + n * mean**2 / (2 * (1 + n))
    alpha, kappa = 1 + n / 2, 1 + n
    return n * mean / kappa, np.sqrt(beta * (kappa + 1) / (alpha * kappa)), 2 * alpha


def lengths(seen):
    """Posterior of the run length, the recursion of Adams and MacKay with those moments."""
    belief = np.ones(1)
    for step, x in enumerate(seen):
        at, scale, freedom = np.transpose([moments(seen[step - length : step]) for length in range(step + 1)])
        predicted = t.pdf(x, freedom, at, scale)
        joint = belief * predicted
        belief = np.append(HAZARD * joint.sum(), (1 - HAZARD) * joint)
        belief /= belief.sum()
    return belief


for noise in (0.05, 1.0, 5.0, 20.0):
    seen = np.random.default_rng(0).normal(0, noise, STEPS)
    model = BayesianOnlineChangePointDetection(ConstantHazard(1 / HAZARD), StudentT(mu=0, kappa=1, alpha=1, beta=1))
    for x in seen:
        model.update(x)
    state = model.distribution
    scale = np.sqrt(state.betaT[-1] * (state.kappaT[-1] + 1) / (state.alphaT[-1] * state.kappaT[-1]))
    right, likeliest = moments(seen)[1], int(lengths(seen).argmax())
    print(f"noise {noise}: scale exact {right:.2f} package {scale:.2f}; run length exact {likeliest} package {model.rt[0]}")
    assert state.kappaT[-1] == STEPS + 1 and likeliest == STEPS
    mean = seen[:-1].sum() / STEPS
    assert np.isclose(state.betaT[-1], STEPS + STEPS * (seen[-1] - mean) ** 2 / (2 * (STEPS + 1)))
    if noise != 1:
        assert model.rt[0] < 30 and max(scale / right, right / scale) > 2
PY
