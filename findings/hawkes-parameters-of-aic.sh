#!/usr/bin/env bash
# hawkes 1.0.0: AIC counts the names of the parameters, not the parameters: a constant rate is best described
# by forty pieces.
#
# Packages: hawkes 1.0.0, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2; without Cython, which it does not need.
#
# Expected: after `estimator().fit(T, itv)`, `AIC` is 2 k - 2 L with k the number of fitted parameters: 1 + 2
# for a constant rate and an exponential kernel, 40 + 2 with a rate in 40 pieces.
#
# Happens: k is the length of the dictionary of parameters, whose entries are arrays: always 3 with one
# exponential, whatever the baseline has. Each further piece is free of charge.
#
# Seen, 12 Hawkes processes of rate 1, ratio .5 and decay 1 over 200 units of time, mean AIC
#   baseline                   package     2 k - 2 L    best by AIC, package    best by 2 k - 2 L
#   constant                   232.9       232.9        0 of 12                 11
#   5 pieces                   228.8       236.8        0                       1
#   40 pieces                  173.1       251.1        12                      0
#
# Matters for: choosing between baselines and kernels, for which AIC is given.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps hawkes==1.0.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from Hawkes import estimator

LENGTH, RATE, RATIO, DECAY, RUNS = 200.0, 1.0, 0.5, 1.0, 12
BASELINES = {"constant": ("const", {}), "5 pieces": ("pconst", {"num_basis": 5}), "40 pieces": ("pconst", {"num_basis": 40})}


def draw(rng):
    """A Hawkes process as a cluster process: a Poisson process, and children of children."""
    times = list(rng.uniform(0, LENGTH, rng.poisson(RATE * LENGTH)))
    for parent in times:  # grows while it is read
        times.extend(parent + rng.exponential(1 / DECAY, rng.poisson(RATIO)))
    return np.sort([time for time in times if 0 < time < LENGTH])


def likelihood(times, rates, ratio, decay):
    """The log-likelihood of rates in equal pieces and an exponential kernel, term by term."""
    base = rates[(times / LENGTH * len(rates)).astype(int)]
    kernel = np.array([(ratio * decay * np.exp(-decay * (time - times[:i]))).sum() for i, time in enumerate(times)])
    return np.log(base + kernel).sum() - rates.mean() * LENGTH - (ratio * (1 - np.exp(-decay * (LENGTH - times)))).sum()


rng = np.random.default_rng(0)
found = np.zeros((RUNS, len(BASELINES), 2))
for run in range(RUNS):
    times = draw(rng)
    for number, (kind, options) in enumerate(BASELINES.values()):
        fit = estimator().set_kernel("exp", num_exp=1).set_baseline(kind, **options).fit(times, [0, LENGTH])
        rates = np.atleast_1d(fit.para["mu"])
        assert abs(fit.L - likelihood(times, rates, fit.para["alpha"], fit.para["beta"])) < 1e-6  # the likelihood is right
        found[run, number] = fit.AIC, 2 * (len(rates) + 2) - 2 * fit.L
        assert abs(fit.AIC - (2 * 3 - 2 * fit.L)) < 1e-9
best = [np.bincount(found[:, :, column].argmin(axis=1), minlength=len(BASELINES)) for column in (0, 1)]
for number, name in enumerate(BASELINES):
    package, right = found[:, number].mean(axis=0)
    print(f"{name:10} AIC, package {package:.1f}, 2 k - 2 L {right:.1f}; best in {best[0][number]} and {best[1][number]} of {RUNS}")
assert best[0][-1] > 0.9 * RUNS and best[1][0] >= 0.6 * RUNS
PY
