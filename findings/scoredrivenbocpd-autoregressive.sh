#!/usr/bin/env bash
# ScoreDrivenBOCPD 0.1.8: within a regime whose observations are correlated, each observation
# takes its own place as the one before: posteriors are not Bayes's from the second on.
#
# Packages: scoredrivenbocpd 0.1.8, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2.
#
# Expected: `GaussianModel(mean0, var0, varx, theta, q=0.5, init_cor=rho)` is a regime with a
# normal mean and an autoregression of correlation rho around it. The predictive density of the
# longest run is then that of a Gaussian vector: the covariance of observations i and j is
# var0 + varx rho^|i - j|.
#
# Happens: `log_upm` stores the observation as the last one, and `update_params_bayes`, which
# comes after, takes it for the one before: x - rho x is learned from in the place of
# x - rho x', weighted with varx in the place of varx (1 - rho^2). Without correlation, q = 0,
# all is right.
#
# Seen, 6 observations from (0, 4) with variance 1, run through all; log-density of each:
#   rho 0     right  -2.2027 -1.2136 -1.5906 -1.0532 -1.3873 -1.1472   and found
#   rho .6    right  -2.2027 -0.8161 -1.7605 -0.9057 -1.2916 -1.6636
#             found  -2.2027 -0.8161 -1.6965 -0.8623 -1.2681 -1.5724
#   rho .9    an observation of 3 after 0: the mean .02 is learned where 1.21 is right
#
# Matters for: change points in correlated series: how probable each run length is.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps scoredrivenbocpd==0.1.8
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from ScoreDrivenBOCPD.prob_model import GaussianModel
from scipy.stats import multivariate_normal

MEAN, SPREAD, VARIANCE = 0.0, 4.0, 1.0


def package(observations, rho):
    """Log-densities of each observation after all before it, and the mean learned last."""
    model = GaussianModel(MEAN, SPREAD, VARIANCE, [0, 0.1, 0.9, rho, 1], 0.5 if rho else 0, rho)
    found = []
    for step, x in enumerate(observations, 1):
        found.append(model.log_upm(step, x)[-1])
        model.update_params_bayes(step, x, 0.5 if rho else 0)
    return np.array(found), model.mean_params[-1]


def right(observations, rho):
    """The same from the joint normal distribution of all observations and the mean."""
    n = len(observations)
    lags = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    covariance = SPREAD + VARIANCE * float(rho) ** lags
    joint = [multivariate_normal.logpdf(observations[:k], np.full(k, MEAN), covariance[:k, :k]) for k in range(1, n + 1)]
    learned = MEAN + SPREAD * np.linalg.solve(covariance, np.asarray(observations) - MEAN).sum()
    return np.diff([0.0, *joint]), learned


observations = np.random.default_rng(0).normal(size=6) * 1.5 + 2
for rho in (0.0, 0.6):
    (found, _), (wanted, _) = package(observations, rho), right(observations, rho)
    print("rho", rho, "right", wanted.round(4), "found", found.round(4))
    assert np.allclose(found[:2], wanted[:2], atol=1e-6)
    assert np.allclose(found, wanted, atol=1e-6) if rho == 0 else np.abs(found - wanted)[2:].min() > 0.02
(_, found), (_, wanted) = package([0.0, 3.0], 0.9), right([0.0, 3.0], 0.9)
print(f"rho 0.9, 0 and then 3: mean learned {found:.2f}, right {wanted:.2f}")
assert abs(found - wanted) > 0.5
PY
