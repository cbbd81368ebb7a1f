#!/usr/bin/env bash
# rcbench 1.0.10: the information processing capacity of a reservoir that has never seen the input is
# 0.9 in a thousand steps, 7 with more delays, and the total passes its bound, the number of nodes.
#
# Packages: rcbench 1.0.10, scikit-learn 1.8.0, scipy 1.17.1, numpy 2.4.6, pandas 2.3.3,
# matplotlib 3.11.2.
#
# Expected: `IPCEvaluator` follows Dambre and others (2012); "total capacity = sum of C_i <= N (number of
# reservoir nodes)". Nodes of noise have capacity 0. A node that holds the input of one step ago
# has 1: all of it for that input, nothing for the polynomials that are orthogonal to it.
#
# Happens: each capacity is a squared correlation on the last fifth of the steps, which for two unrelated
# series is 1 / (n - 1) in the mean, never below 0, and all of them are added up. The paper sets
# what does not pass a threshold of significance to 0. Here, with K functions, the total is too large
# by K / (n - 1), whatever the reservoir does.
#
# Seen, one node, total capacity (mean of 5 draws); right: 0 for noise, 1 for the last input:
#   steps   delays   functions   noise   last input
#   5000    10       165         0.17    1.18
#   1000    10       165         0.90    1.91
#   1000    30       1395        7.26    8.47
#
# Matters for: rankings of devices by capacity, and of their "nonlinear" share: most functions are
# nonlinear ones. More delays and degrees always help; so does a shorter measurement.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0
venv/bin/pip install --quiet --disable-pip-version-check pandas==2.3.3 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps rcbench==1.0.10
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import logging

import numpy as np

logging.disable(100)
from rcbench import IPCEvaluator

DRAWS, TEST = 5, 0.2


def total(steps, delays, seed, hears):
    rng = np.random.default_rng(seed)
    signal = rng.uniform(-1, 1, steps)
    node = np.roll(signal, 1) if hears else rng.normal(size=steps)
    evaluator = IPCEvaluator(signal, node[:, None], max_delay=delays)
    results = evaluator.calculate_total_capacity(modeltype="Linear")
    assert results["theoretical_max"] == 1
    return results["total_capacity"], len(evaluator.basis_functions)


for steps, delays in ((5000, 10), (1000, 10), (1000, 30)):
    (noise, _), (last, functions) = (
        np.mean([total(steps, delays, seed, hears) for seed in range(DRAWS)], axis=0) for hears in (False, True)
    )
    by_chance = functions / (TEST * (steps - delays) - 1)
    print(f"{steps} steps, {delays} delays, {functions:.0f} functions: noise {noise:.2f}, last input {last:.2f}; by chance {by_chance:.2f}")
    assert abs(noise - by_chance) < 0.25 * by_chance and abs(last - 1 - by_chance) < 0.25 * by_chance
    assert last > 1.1 and (noise > 0.6 or steps > 1000) and (noise > 5 or delays < 30)
PY
