#!/usr/bin/env bash
# changepy 0.4.0: with the cost for exponential data a change is found after the first
# number, or not, according to the unit of measurement.
#
# Packages: changepy 0.4.0, numpy 2.4.6.
#
# Expected: PELT finds the partition of least cost exactly, and the log-likelihood of
# exponential waiting times, in other units, is another by the same constant for every
# partition: changes are where they were.
#
# Happens: the recursion begins with the first two numbers. The cost of the first number
# alone, F(1), is never computed and stays at the 0 that its array was filled with, where
# log(x_1) is meant. In milliseconds a first segment of one number costs 0 instead of
# mostly more than 6, and the penalty is log(200) = 5.3. (For a mean that changes at fixed
# variance that cost is 0, so there all is right.)
#
# Seen, 50 series of 200 exponential waits without a change, default penalty:
#   seconds       changes found in 4, by exact search in 5
#   milliseconds  changes found in 50, by exact search in 5; after the first number in 49
#
# Matters for: waiting times and rates, the data that this cost is for; the cost for
# Poisson counts is hit as well, the other way about.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check changepy==0.4.0 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
from changepy import pelt
from changepy.costs import exponential

LENGTH, RUNS = 200, 50
PENALTY = np.log(LENGTH)  # the package's own default


def optimal(values):
    """Where the last segment of the cheapest partition starts, and so on backwards, over all of them."""
    sums = np.append(0.0, np.cumsum(values))
    best, start = [-PENALTY], [0]
    for end in range(1, len(values) + 1):
        sizes = end - np.arange(end)
        costs = np.array(best) + sizes * (np.log(sums[end] - sums[:end]) - np.log(sizes)) + PENALTY
        start.append(int(costs.argmin()))
        best.append(costs.min())
    changes, at = [], len(values)
    while (at := start[at]) > 0:
        changes.append(at)
    return changes[::-1]


waits = [np.random.default_rng(seed).exponential(size=LENGTH) for seed in range(RUNS)]
for unit, scale in (("seconds", 1), ("milliseconds", 1000)):
    found = [[int(c) for c in pelt(exponential(w * scale), LENGTH) if c > 0] for w in waits]
    right = [optimal(w * scale) for w in waits]
    spurious = sum(f != r for f, r in zip(found, right))
    first = sum(1 in f for f in found)
    print(f"{unit:12}: changes found in {sum(map(bool, found))} of {RUNS} series, by exact search in {sum(map(bool, right))};",
          f"the first number stands alone in {first}")
    if unit == "seconds":
        seconds, best = found, right
    else:
        assert right == best, "the exact search does not depend on the unit"
        assert first > 40 and sum(1 in f for f in seconds) < 5
PY
