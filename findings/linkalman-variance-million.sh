#!/usr/bin/env bash
# linkalman 0.11.5: variances below 1e-7 count as 0 and those above a million as infinite: what a filter
# forecasts depends on the unit of the data.
#
# Packages: linkalman 0.11.5, numpy 1.26.4, scipy 1.11.4, pandas 2.2.3, networkx 3.4.2.
#
# Expected: a series in millimetres has a thousand times the forecasts of the same series in metres, if the
# deviations of the model are a thousand times as large too.
#
# Happens: `ft`, which every model with constant matrices goes through, sets each entry of F, H, Q and R
# below 1e-7 to 0 and each above 1e6 to 1e50, without a word. A deviation of 1,001 of the observations is
# infinite, so that they are not used; one of 0.0003 of the state is none, so that it never moves.
#
# Seen, an autoregression of .95 with steps of deviation 1, observed with deviation 2, 2,000 steps; mean
# squared error of the forecasts of the state and the variance said, both in the first unit:
#   unit             plain filter, in every unit      linkalman
#   1                2.29, said 2.33                  2.29, said 2.33
#   a thousandth     2.29, said 2.33                  11.07, said 10.26
#   4,000            2.29, said 2.33                  11.06, said 0.00
# 11.07 is what one has who looks at nothing.
#
# Matters for: prices, counts of people or bytes, incomes; returns by the minute, gradients, voltages.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 scipy==1.11.4 pandas==2.2.3 networkx==3.4.2 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation linkalman==0.11.5
venv/bin/python -W ignore - <<'PY'
import numpy as np
from linkalman.core import Filter
from linkalman.core.utils import ft

STEPS, KEPT, NOISE = 2000, 0.95, 4.0


def plain(observations, scale):
    """Forecast means and variances of the state, before each observation."""
    mean, variance, found = 0.0, scale**2 / (1 - KEPT**2), []
    for seen in observations:
        found.append((mean, variance))
        gain = variance / (variance + NOISE * scale**2)
        mean, variance = mean + gain * (seen - mean), variance * (1 - gain)
        mean, variance = KEPT * mean, KEPT**2 * variance + scale**2
    return np.array(found)


def theirs(observations, scale):
    entries = {"F": KEPT, "H": 1.0, "Q": scale**2, "R": NOISE * scale**2}
    model = lambda theta: {name: np.array([[value]]) for name, value in entries.items()}
    kalman = Filter(lambda theta, steps: ft(theta, model, steps))
    kalman.fit([0.0], [np.array([[seen]]) for seen in observations])
    _, _, means, variances = kalman.get_filtered_val()
    return np.array([(mean.item(), variance.item()) for mean, variance in zip(means, variances)])


draw = np.random.default_rng(0)
state, states = draw.normal() / (1 - KEPT**2) ** 0.5, []
for _ in range(STEPS):
    states.append(state)
    state = KEPT * state + draw.normal()
states = np.array(states)
observations = states + draw.normal(0, NOISE**0.5, STEPS)

for name, scale in (("1", 1.0), ("a thousandth", 1000.0), ("4,000", 1 / 4000)):
    right, found = plain(scale * observations, scale), theirs(scale * observations, scale)
    errors = [np.mean((forecast[:, 0] / scale - states) ** 2) for forecast in (right, found)]
    said = [forecast[-1, 1] / scale**2 for forecast in (right, found)]
    print(f"unit {name}: plain error {errors[0]:.2f}, said {said[0]:.2f}; linkalman error {errors[1]:.2f}, said {said[1]:.2f}")
    assert abs(errors[0] - said[0]) < 0.2
    assert np.allclose(right, found) if scale == 1 else errors[1] > 2 * errors[0]
PY
