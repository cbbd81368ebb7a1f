#!/usr/bin/env bash
# intensify 0.3.3: online inference in a sliding window forgets the events before it and keeps their
# time: a constant rate of 1 is .002 after 1,000 events, and 2.9 after 4,000.
#
# Packages: intensify 0.3.3, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2.
#
# Expected: `OnlineInference(window=W)` follows the gradient of the log-likelihood of the last W
# events. Of a steady stream it learns the same rate however long the stream is.
#
# Happens: the log-likelihood is of the last W times "from 0 to the last one". All the time before
# the window is taken for time without events: the best base rate is W / T, and falls to 0. The
# gradient grows with T until a step is larger than the rate; then it jumps.
#
# Seen, events at a rate of 1, W = 100; base rate after
#                                               100     200     1,000    4,000 events
#   steps of 5e-6                               .997    .963    .002     2.875
#   the same, times of each window from 0 on    .997    .990    .992     .976
#   steps of 2e-4                               .935    .367    43.3     51.9
#   the same, times of each window from 0 on    .935    .872    1.030    1.010
#
# Matters for: streams longer than the window (10,000 by default), which is what it is for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps intensify==0.3.3
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from intensify import ExponentialKernel, Hawkes, OnlineInference

WINDOW, EVENTS, AFTER = 100, 4000, (100, 200, 1000, 4000)
times = np.cumsum(np.random.default_rng(0).exponential(1.0, EVENTS))


def learned(rate, moved):
    """Base rates on the way; `moved`: the times of each window are moved to begin at 0."""
    process = Hawkes(1.0, ExponentialKernel(alpha=0.01, beta=1.0))
    engine = OnlineInference(lr=rate, window=WINDOW, forgetting_factor=1.0)
    rates = []
    for number, time in enumerate(times, 1):
        start = times[number - 1 - WINDOW] if moved and number > WINDOW else 0.0
        if start:
            engine._times.clear()
            engine._times.extend(times[number - WINDOW : number - 1] - start)
        engine.update(process, float(time - start))
        if number in AFTER:
            rates.append(process.mu)
    return np.array(rates)


print(f"{EVENTS} events in {times[-1]:.0f}, after {AFTER} events:")
found = {}
for rate in (5e-6, 2e-4):
    for moved in (False, True):
        found[rate, moved] = learned(rate, moved)
        print(f"steps of {rate}, {'moved' if moved else 'as it is'}: base rates", *(f"{value:.3f}" for value in found[rate, moved]))
share = WINDOW / times[np.array(AFTER) - 1]
print(f"window / time {share.round(3)}")
assert all(0.85 < rates.min() and rates.max() < 1.2 for (_, moved), rates in found.items() if moved)
assert found[5e-6, False][2] < 0.1 and found[5e-6, False][3] > 2
assert found[2e-4, False][1] < 0.5 and found[2e-4, False][3] > 10
PY
