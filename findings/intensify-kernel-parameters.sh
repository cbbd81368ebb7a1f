#!/usr/bin/env bash
# intensify 0.3.3: a kernel counts as one parameter, however many it has: AIC and BIC of a Hawkes
# process never pay for another exponential.
#
# Packages: intensify 0.3.3, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2.
#
# Expected: AIC is 2 k - 2 log-likelihood, BIC is k log n - 2 log-likelihood, k the number of
# parameters that were fitted: mu, alpha and beta are 3, mu and three pairs are 7.
#
# Happens: the parameters are counted in the dictionary {"mu": ..., "kernel": ...}, where a kernel is
# an object and counts as 1: k is 2 for all kernels. A model that has more exponentials has no
# worse a log-likelihood, and so no worse a criterion.
#
# Seen, events of one exponential, mu .5, alpha .5, beta 1, until T = 1,000:
#                         parameters    AIC found, right      BIC found, right
#   one exponential       3             1859.7  1861.7        1869.4  1876.3
#   sum of three          7             1856.3  1866.3        1866.1  1900.5
#
# Matters for: choosing the number of exponentials, or between kernels.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps intensify==0.3.3
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import math

import numpy as np
from intensify import ExponentialKernel, SumExponentialKernel, UnivariateHawkes

LENGTH = 1000.0
events = np.asarray(UnivariateHawkes(0.5, ExponentialKernel(0.5, 1.0)).simulate(LENGTH, seed=1))


def likelihood(mu, alphas, betas):
    """Log-likelihood by every pair of events."""
    ages = events[:, None] - events[None, :]
    excited = sum(a * b * np.where(ages > 0, np.exp(-b * np.abs(ages)), 0).sum(1) for a, b in zip(alphas, betas))
    rest = sum(a * (1 - np.exp(-b * (LENGTH - events))).sum() for a, b in zip(alphas, betas))
    return np.log(mu + excited).sum() - mu * LENGTH - rest


found, right = {}, {}
for name, kernel in (("one", ExponentialKernel(0.3, 1.0)), ("three", SumExponentialKernel([0.2, 0.2, 0.1], [0.5, 1.0, 3.0]))):
    model = UnivariateHawkes(0.5, kernel)
    result = model.fit(events, T=LENGTH)
    fitted = model.kernel
    pairs = (fitted.alphas, fitted.betas) if name == "three" else ([fitted.alpha], [fitted.beta])
    value = likelihood(model.mu, *pairs)
    count = 1 + 2 * len(pairs[0])
    found[name], right[name] = (result.aic, result.bic), (2 * count - 2 * value, count * math.log(len(events)) - 2 * value)
    print(f"{name}: {count} parameters, log-likelihood {value:.2f}, AIC found {result.aic:.1f}, right {right[name][0]:.1f}; BIC found {result.bic:.1f}, right {right[name][1]:.1f}")
    assert np.isclose(value, result.log_likelihood)
    assert np.isclose(result.aic, 4 - 2 * value) and np.isclose(result.bic, 2 * math.log(len(events)) - 2 * value)
assert all(found["three"][i] < found["one"][i] and right["one"][i] < right["three"][i] for i in (0, 1))
PY
