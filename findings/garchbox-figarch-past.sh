#!/usr/bin/env bash
# garchbox 0.1.0: FIGARCH takes all squares before the first return for 0: a series of variance 1
# starts with a variance of .03.
#
# Packages: garchbox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.11.2.
#
# Expected: the variance is omega / (1 - beta) plus a weighted sum of all squares before, with
# weights of long memory that sum to 1. Squares before the first return are replaced by the
# sample's variance, as Baillie, Bollerslev and Mikkelsen do; the recursion has an argument
# `backcast`, "initial variance value".
#
# Happens: the sum is over the min(t, 1000) returns that there are, so that the line that would take
# the backcast is never reached. Without past the variance is omega / (1 - beta), and what is
# missing, a sum over k > t that falls like t^-d, is missing for hundreds of steps.
#
# Seen, standard normal numbers, omega .02, phi .2, d .4, beta .3; variance at steps 0 to 499:
#                               0      1      10     100    499    log-likelihood
#   right                       .980   .685   1.011  1.252  1.195  -753.4
#   found, backcast of 1        .029   .033   .755   1.179  1.180  -768.5
#   found, backcast of 1000     the same
#
# Matters for: likelihoods, and fits of omega and d, of any series of less than some thousand returns.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps garchbox==0.1.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from archbox.models.figarch import FIGARCH

OMEGA, PHI, D, BETA, LENGTH, LAGS = 0.02, 0.2, 0.4, 0.3, 500, 1000
PARAMS = np.array([OMEGA, PHI, D, BETA])
y = np.random.default_rng(0).normal(size=LENGTH)

# 1 - (1 - phi L) (1 - L)^d / (1 - beta L), by multiplying and dividing power series
power = np.ones(LAGS + 1)
for k in range(1, LAGS + 1):
    power[k] = power[k - 1] * (k - 1 - D) / k
numerator = power - PHI * np.append(0.0, power[:-1])
quotient = np.zeros(LAGS + 1)
for k in range(LAGS + 1):
    quotient[k] = numerator[k] + (BETA * quotient[k - 1] if k else 0.0)
weights = -quotient[1:]


def variances(before):
    """Each variance with `before` in the place of the squares that were not seen."""
    squares = np.append(np.full(LAGS, before), y**2)
    return np.array([OMEGA / (1 - BETA) + weights @ squares[t : t + LAGS][::-1] for t in range(LENGTH)])


def likelihood(variance):
    return -0.5 * np.sum(np.log(2 * np.pi * variance) + y**2 / variance)


model = FIGARCH(y, mean="zero")
right, without = variances(1.0), variances(0.0)
found, other = model._variance_recursion(PARAMS, y, 1.0), model._variance_recursion(PARAMS, y, 1000.0)
for name, values in (("right", right), ("found", found)):
    print(name, {step: f"{values[step]:.3f}" for step in (0, 1, 10, 100, 499)}, f"{likelihood(values):.1f}")
print(f"weights sum to {weights.sum():.3f}; loglike {model.loglike(PARAMS, backcast=1.0):.1f}, {model.loglike(PARAMS, backcast=1000.0):.1f}")
assert np.allclose(found, without) and np.array_equal(found, other)
assert found[0] < 0.03 < 0.9 < right[0] and np.isclose(model.loglike(PARAMS, backcast=1.0), likelihood(found))
assert likelihood(right) > likelihood(found) + 10
PY
