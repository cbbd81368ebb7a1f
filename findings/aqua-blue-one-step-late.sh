#!/usr/bin/env bash
# aqua-blue 0.2.19: a forecast begins with the last value that was trained on, under the time of
# the next one: every value comes one step late.
#
# Packages: aqua-blue 0.2.19, numpy 2.1.3, python-dateutil 2.9.0.post0.
#
# Expected: a network trained on x(0) ... x(T) to say the next value from those before says x(T + 1)
# first, and `predict` gives it the time T + 1.
#
# Happens: `train` feeds x(0) ... x(T - 1) to the reservoir, which has a target each. The last value
# is never fed, only kept as `initial_guess`, which nothing reads. `predict` begins by reading the
# reservoir out as it is: that is x(T), as it was trained to say. It is given the time T + 1.
#
# Seen, 0 1 3 2 5 over and over for 200 steps, the times 0 to 199, of which the last value is 5:
#   time       200  201  202  203  204  205
#   right        0    1    3    2    5    0
#   forecast     5    0    1    3    2    5
# A wave of 40 steps, root mean squared error of 80 steps: 0.111, and 0.0000 against one step earlier.
#
# Matters for: every forecast; the faster a series changes the larger the error.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.1.3 python-dateutil==2.9.0.post0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps aqua-blue==0.2.19
venv/bin/python - <<'PY'
import numpy as np
from aqua_blue.models import Model
from aqua_blue.readouts import LinearReadout
from aqua_blue.reservoirs import DynamicalReservoir
from aqua_blue.time_series import TimeSeries


def forecast(values, horizon):
    """Forecast after all values, and its times."""
    model = Model(DynamicalReservoir(input_dimensionality=1, reservoir_dimensionality=50), LinearReadout())
    model.train(TimeSeries(dependent_variable=values[:, None], times=np.arange(float(len(values)))), warmup=20)
    found = model.predict(horizon)
    return found.dependent_variable[:, 0], [float(time) for time in found.times]


series = np.tile([0.0, 1, 3, 2, 5], 60)
found, times = forecast(series[:200], 10)
print("times", times[:6], "right", series[200:206], "forecast", found[:6].round(3))
assert times[0] == 200
assert np.allclose(found, series[199:209], atol=1e-3)
assert not np.isclose(found, series[200:210], atol=0.5).any()

wave = np.sin(2 * np.pi * np.arange(300) / 40)
found, _ = forecast(wave[:200], 80)
error, late = (np.sqrt(np.mean((found - wave[begin : begin + 80]) ** 2)) for begin in (200, 199))
print(f"wave: error {error:.3f}, against one step earlier {late:.4f}")
assert error > 0.1 and late < 0.01
PY
