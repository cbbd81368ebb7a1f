#!/usr/bin/env bash
# pyhhmm 2.0.1: an observation that is missing counts as the likeliest one of each state: it speaks for
# the state that says its own most surely.
#
# Packages: pyhhmm 2.0.1, numpy 1.26.4, scipy 1.11.4, scikit-learn 1.3.2, pandas 2.1.4, matplotlib 3.7.5,
#   seaborn 0.13.2, prettytable 3.10.0.
#
# Expected: missing observations, as NaN, are what the package is made for. A step without one says
# nothing of the state: its likelihood is 1 in each, as a comment in the source says. Of a step with one
# of two features, the density of that feature counts.
#
# Happens: the density is taken at the state's mean, which is 1 for no Gaussian, and in place of a missing feature
# at its expectation given the others; a symbol that is missing has the probability of the
# state's likeliest one.
#
# Seen, two states of equal chance, mean 0, deviations 1 and 10; P(the narrow one), log-likelihood:
#   all missing, 1 step             right .500   0       found .909   -1.52
#   all missing, 5 steps, no move   right .500   0       found 1.000  -5.29
# A Gaussian of two features with correlation .8, the second missing: log-likelihood -0.92 at 0, found -1.33.
#
# Matters for: records with gaps: states, likelihoods, choice of the number of states, training.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 scipy==1.11.4 scikit-learn==1.3.2 pandas==2.1.4
venv/bin/pip install --quiet --disable-pip-version-check matplotlib==3.7.5 seaborn==0.13.2 prettytable==3.10.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pyhhmm==2.0.1
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from pyhhmm.gaussian import GaussianHMM
from scipy.special import logsumexp
from scipy.stats import multivariate_normal, norm

DEVIATIONS = np.array([1.0, 10.0])


def model_of(start, move, means, covars):
    model = GaussianHMM(len(start), len(means[0]), covariance_type="full", verbose=False)
    model.pi, model.A, model.means = np.array(start), np.array(move), np.array(means, dtype=float)
    model.covars = np.array(covars)
    return model


def right(observations):
    """P(the narrow state) and the log-likelihood, where no state is left."""
    seen = observations[~np.isnan(observations)]
    each = np.log(0.5) + np.array([norm.logpdf(seen, 0, deviation).sum() for deviation in DEVIATIONS])
    total = logsumexp(each)
    return np.exp(each[0] - total), total


two = model_of([0.5, 0.5], np.eye(2), [[0.0], [0.0]], (DEVIATIONS**2)[:, None, None])
nothing = np.nan
rows = {"1 step missing": np.array([nothing]), "5 steps missing": np.full(5, nothing)}
found = {}
for what, observations in rows.items():
    p, score = right(observations)
    step = observations[:, None]
    found[what] = two.predict_proba([step])[0][-1][0], two.score_samples([step])[0]
    print(f"{what}: right {p:.3f} {score:.2f}, found {found[what][0]:.3f} {found[what][1]:.2f}")
assert np.isclose(found["1 step missing"][0], 10 / 11, atol=1e-3)  # densities at the mean
assert np.isclose(found["1 step missing"][1], np.log(np.mean(norm.pdf(0, 0, DEVIATIONS))), atol=1e-3)
assert found["5 steps missing"][0] > 0.9999

plane = np.array([[1.0, 0.8], [0.8, 1.0]])
one = model_of([1.0], [[1.0]], [[0.0, 0.0]], [plane])
score, p = one.score_samples([np.array([[0.0, nothing]])])[0], norm.logpdf(0)
print(f"one feature of two: right {p:.2f}, found {score:.2f}")
assert np.isclose(score, multivariate_normal.logpdf([0, 0], [0, 0], plane), atol=1e-3)
assert abs(score - p) > 0.3
PY
