#!/usr/bin/env bash
# hawkes 1.0.0: simulation misses most events of a rate that rises: where the day has 5 an hour after a quiet
# night, six in seven never come.
#
# Packages: hawkes 1.0.0, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2; without Cython, which it does not need.
#
# Expected: `simulator().set_baseline("custom", l_custom=f)` and `.simulate([0, T])` draw from a process with
# the given rate over time. Without a kernel (a ratio near 0) the number of events is Poisson, with the
# integral of the rate for its mean. The same function draws the futures of `estimator.predict`.
#
# Happens: candidates are drawn with the rate of this moment and kept with probability rate then / rate now.
# That is right for a rate that only falls between events. Where it rises the ratio is above 1, which counts
# as 1, and a low rate makes a step over the whole of the busy time.
#
# Seen, 400 simulations of 100 units of time; 5 units of night and 5 of day each time, or a sine wave
#   events                                          package        right
#   .05 at night, 5 by day                          35.1           252.5
#     per hour, in each of the five of the day      .20 to 1.07    5.00
#   1 + .95 sin (2 pi t / 10)                       46.4           100.0
#   a fall from 1.95 to .05, once                   99.1           100.0
#
# Matters for: simulated data with a daily or weekly course, and predictions of events to come.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps hawkes==1.0.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from Hawkes import simulator

LENGTH, RUNS = 100.0, 400


def night_and_day(t):
    return 0.05 if t % 10 < 5 else 5.0


def sine(t):
    return 1 + 0.95 * np.sin(2 * np.pi * t / 10)


def falling(t):
    return 1.95 - 0.019 * t


def simulations(rate):
    model = simulator().set_kernel("exp", num_exp=1).set_baseline("custom", l_custom=rate).set_parameter({"alpha": 1e-9, "beta": 1.0})
    return [model.simulate([0, LENGTH]) for _ in range(RUNS)]


def right(rate, rng, bound=5.0):
    """Thinning with a bound for all times."""
    times = np.sort(rng.uniform(0, LENGTH, rng.poisson(bound * LENGTH)))
    return [time for time in times if rng.uniform(0, bound) < rate(time)]


np.random.seed(0)
rng, grid, found = np.random.default_rng(0), np.linspace(0, LENGTH, 200001)[:-1] + 0.00025, {}
for rate in (night_and_day, sine, falling):
    drawn = simulations(rate)
    counts = [len(times) for times in drawn]
    mean, exact, thinned = np.mean(counts), np.mean([rate(t) for t in grid]) * LENGTH, np.mean([len(right(rate, rng)) for _ in range(100)])
    hours = np.histogram(np.concatenate(drawn) % 10, 10, (0, 10))[0] / RUNS / (LENGTH / 10)
    found[rate.__name__] = mean, exact, hours
    print(f"{rate.__name__}: events, package {mean:.1f} +- {np.std(counts) / RUNS**0.5:.1f}, integral {exact:.1f}, thinning with a bound {thinned:.1f}; per hour {hours.round(2)}")
    assert abs(thinned - exact) < 6
assert found["night_and_day"][0] < 0.3 * found["night_and_day"][1] and found["night_and_day"][2][5:].max() < 2
assert found["sine"][0] < 0.6 * found["sine"][1]
assert abs(found["falling"][0] - found["falling"][1]) < 3
PY
