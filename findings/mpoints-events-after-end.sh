#!/usr/bin/env bash
# mpoints 1.0.0: the log-likelihood of a Hawkes process to a time T counts the events after T, and each of
# them adds an exponential of how late it is: the first half of a series has a log-likelihood of 10^42.
#
# Packages: mpoints 1.0.0, numpy 1.26.4, scipy 1.15.3, setuptools 80.9.0, wheel 0.45.1.
#
# Expected: `log_likelihood_of_events(parameters, times, events, states, time_start, time_end)` is, as its page
# says, the sum over events with t_0 < t_n <= T of the log intensity, less the integral of the intensity from
# t_0 to T. Events before t_0 are taken for a history, as promised; those after T do not belong.
#
# Happens: the loop runs to the end of the series. An event after T adds its log intensity, and takes off
# ratio * (1 - exp(-beta (T - t))), which is negative without bounds where t > T.
#
# Seen, a base rate of .5, alpha 1, beta 2, 94 events to the time 100:
#   T         by the formula    mpoints      mpoints, later events cut off
#   100       -75.6             -75.6        -75.6
#   90        -78.5             2.3e7        -78.5
#   80        -72.1             1.1e16       -72.1
#   50        -44.7             1.3e42       -44.7
#
# Matters for: whoever fits the first half of a series and tests on the second. Cut the arrays off at T.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 scipy==1.15.3 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation mpoints==1.0.0
venv/bin/python - <<'PY'
import math

import numpy as np
from mpoints.hybrid_hawkes_exp import HybridHawkesExp

RATE, ALPHA, BETA, END = 0.5, 1.0, 2.0, 100.0


def by_the_formula(times, begin, end):
    """Sum over the events within, less the integral, with the events before as a history."""
    total = -RATE * (end - begin)
    for i, time in enumerate(times):
        if time <= end:
            total -= ALPHA / BETA * (math.exp(-BETA * max(begin - time, 0)) - math.exp(-BETA * (end - time)))
        if begin < time <= end:
            total += math.log(RATE + sum(ALPHA * math.exp(-BETA * (time - earlier)) for earlier in times[:i]))
    return total


model = HybridHawkesExp(1, 1, ["event"], ["state"])
model.set_hawkes_parameters(np.array([RATE]), np.full((1, 1, 1), ALPHA), np.full((1, 1, 1), BETA))
model.set_transition_probabilities(np.ones((1, 1, 1)))
np.random.seed(0)
series = model.simulate(0.0, END)
times = series[0]
parameters = model.parameters_to_array(model.base_rates, model.impact_coefficients, model.decay_coefficients)
print(len(times), "events")
for end in (END, 90.0, 80.0, 50.0):
    right = by_the_formula(times, 0.0, end)
    found = model.log_likelihood_of_events(parameters, *series, 0.0, end)
    cut = model.log_likelihood_of_events(parameters, *(part[times <= end] for part in series), 0.0, end)
    print(f"T {end:.0f}: right {right:.1f}, found {found:.4g}, cut off {cut:.1f}")
    assert math.isclose(right, cut, rel_tol=1e-9)
    assert math.isclose(found, right, rel_tol=1e-9) if end == END else found > 1e7

history = model.log_likelihood_of_events(parameters, *series, 50.0, END)
assert math.isclose(history, by_the_formula(times, 50.0, END), rel_tol=1e-9)
PY
