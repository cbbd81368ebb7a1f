#!/usr/bin/env bash
# intensify 0.3.3: a simulated shot-noise Cox process lacks the events of its bursts: one in ten is
# left where shots are rare.
#
# Packages: intensify 0.3.3, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2.
#
# Expected: shots come at a rate s, and each adds h(t) = a b exp(-b t) to the intensity from its
# time on. The mean number of events up to T is the mean of the integral of the intensity,
# s a (T - (1 - exp(-b T)) / b).
#
# Happens: `ShotNoiseCoxProcess.simulate` thins candidates that come at a constant rate,
# 1.5 s a + .01, and keeps each with a probability of intensity / rate. That is right up to an
# intensity of this rate, one and a half times the mean. A single shot has a b. Where the
# intensity is higher all candidates are kept, and what is above is missing.
#
# Seen, up to T = 100, 200 simulations, mean number of events (in brackets: Poisson numbers of each
# shot, added up):
#   s      a    b      right            package
#   .1     5    10     50.0  (47.9)     3.8 +- .2
#   .1     5    1      49.5  (47.5)     19.2 +- .5
#   1      5    1      495.0 (498.0)    433.1 +- 2.9
#   10     1    .1     900.0 (896.5)    899.3 +- 3.0
#
# Matters for: bursts, as of spikes or rain: they are the reason to take this model.
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
from intensify import ExponentialKernel, ShotNoiseCoxProcess

END, RUNS = 100.0, 200

ratios = {}
for shots, a, b in ((0.1, 5.0, 10.0), (0.1, 5.0, 1.0), (1.0, 5.0, 1.0), (10.0, 1.0, 0.1)):
    process = ShotNoiseCoxProcess(shots, ExponentialKernel(alpha=a, beta=b))
    counts = np.array([len(process.simulate(END, seed=seed)) for seed in range(RUNS)])
    right, error = shots * a * (END - (1 - math.exp(-b * END)) / b), counts.std() / RUNS**0.5
    rng, own = np.random.default_rng(1), []
    for _ in range(RUNS):
        times = rng.uniform(0, END, rng.poisson(shots * END))
        own.append(rng.poisson((a * (1 - np.exp(-b * (END - times)))).sum()))
    print(f"s {shots}, a {a}, b {b}: right {right:.1f}, shot by shot {np.mean(own):.1f}, package {counts.mean():.1f} +- {error:.1f}")
    assert abs(np.mean(own) - right) < 4 * np.std(own) / RUNS**0.5
    ratios[shots, a, b] = counts.mean() / right
assert ratios[0.1, 5.0, 10.0] < 0.15 and ratios[0.1, 5.0, 1.0] < 0.6
assert ratios[10.0, 1.0, 0.1] > 0.95
PY
