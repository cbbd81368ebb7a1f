#!/usr/bin/env bash
# jmarkov 0.3.13: the variance of service times is squared, as if it were a deviation: 4.25 are in
# the queue where 1.25 are right; and an overloaded queue has less than nobody in it.
#
# Packages: jmarkov 0.3.13, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `mg1(arr_rate, ser_mean, ser_var)`, "ser_var service time variance", has the mean of
# Pollaczek and Khinchine in its queue, (a^2 var + rho^2) / (2 (1 - rho)), with rho = a mean, and
# says "Unstable queue" where rho is 1 or more.
#
# Happens: the square of `ser_var` is in the formula, so that a variance of 1 alone, that of
# exponential times of mean 1, comes out right. And whether the queue is stable is asked of
# the method itself, which is true as any method is, not of what it returns.
#
# Seen, one arrival in two minutes, a mean service of one minute; mean number in the queue:
#   variance     right     found     simulated, 400,000 customers
#   4            1.25      4.25      1.26
#   1            .50       .50       .51
#   .25          .3125     .2656     .31
# Three arrivals in two minutes: found -3.0 in the system, and a wait of -3.0.
#
# Matters for: queues whose service is far from exponential, the case the model is for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps jmarkov==0.3.13
venv/bin/python -W ignore - <<'PY'
import numpy as np
from jmarkov.queue.mg1 import mg1

ARRIVALS, MEAN, CUSTOMERS = 0.5, 1.0, 400_000


def simulated(variance):
    """Mean number in the queue, by Lindley's recursion for waits and Little's law."""
    rng = np.random.default_rng(0)
    service = rng.gamma(MEAN**2 / variance, variance / MEAN, CUSTOMERS)
    steps = service - rng.exponential(1 / ARRIVALS, CUSTOMERS)
    walk = np.concatenate([[0.0], np.cumsum(steps)])
    return ARRIVALS * np.mean(walk - np.minimum.accumulate(walk))


for variance in (4.0, 1.0, 0.25):
    rho = ARRIVALS * MEAN
    right = (ARRIVALS**2 * variance + rho**2) / (2 * (1 - rho))
    found, seen = mg1(ARRIVALS, MEAN, variance).mean_number_entities_queue(), simulated(variance)
    print(f"variance {variance}: right {right:.4f}, found {found:.4f}, simulated {seen:.2f}")
    assert abs(seen / right - 1) < 0.06
    assert np.isclose(found, (ARRIVALS**2 * variance**2 + rho**2) / (2 * (1 - rho)))
crowded = mg1(1.5, MEAN, 1.0)
print("1.5 arrivals a minute:", crowded.mean_number_entities(), "in the system, a wait of", crowded.mean_time_queue(), "- stable:", crowded.is_stable())
assert crowded.mean_number_entities() < 0 and crowded.mean_time_queue() < 0 and not crowded.is_stable()
PY
