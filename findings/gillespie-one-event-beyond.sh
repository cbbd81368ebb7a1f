#!/usr/bin/env bash
# gillespie 0.0.3: a simulation ends with the first event after its end: a rate of 1 gives 2 events in a unit of time.
#
# Packages: gillespie 0.0.3.
#
# Expected: `simulate(initials, propensities, stoichiometry, duration)`, "duration: Maximum simulation time", gives the
# times of all transitions up to then and the counts after each. The last counts are those at the end.
#
# Happens: whether the end is reached is asked before a time is drawn, not after. The first transition beyond the end is
# carried out and given back with the others; the last time is always larger than the duration.
#
# Seen, 20,000 runs:
#   births at rate 1 from none, duration 1: mean of the last count      right 1.00    package 2.01
#   deaths at rate .1 each from 10, duration 5                          right 6.07    package 5.07
#   runs whose last time is beyond the duration, if something was left  none          all
#
# Matters for: counts at a given time, the use of a simulation; leave out what is later than the duration.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation gillespie==0.0.3
venv/bin/python - <<'PY'
import random
from importlib.metadata import version
from math import exp

from gillespie import simulate

RUNS = 20000
print("gillespie", version("gillespie"))
random.seed(0)


def means(initial, propensity, step, duration):
    """Mean of the last count, and of the last one before the end."""
    last, before = [], []
    for _ in range(RUNS):
        times, counts = simulate([initial], [propensity], [[step]], duration)
        assert times[-1] > duration or counts[-1] == [0]
        last.append(counts[-1][0])
        before.append([count for time, (count,) in zip(times, counts) if time <= duration][-1])
    return sum(last) / RUNS, sum(before) / RUNS


for name, right, arguments in (
    ("births", 1.0, (0, lambda n: 1.0, 1, 1.0)),
    ("deaths", 10 * exp(-0.5), (10, lambda n: 0.1 * n, -1, 5.0)),
):
    found, before = means(*arguments)
    print(f"{name}: right {right:.2f} last count {found:.2f} last before the end {before:.2f}")
    assert abs(before - right) < 0.05 and abs(abs(found - right) - 1) < 0.05
PY
