#!/usr/bin/env bash
# changepoint-online 1.2.1: a detector told to look for increases finds decreases as well if
# it is told the mean before the change.
#
# Packages: changepoint-online 1.2.1, numpy 2.4.6, sortedcontainers 2.4.0, scipy 1.17.1.
#
# Expected: "The test can be constrained to detect either an increase or a decrease": with
# `side="right"` the statistic is the largest log-likelihood ratio over the places of a change
# to a larger parameter, and 0 where the data since any place have a smaller one.
#
# Happens: with a known parameter before the change the ratio is taken at the mean since each
# place, whichever side of the known parameter it is on. Pruning by side leaves the place at
# the start of the data, and that alone detects a change to the wrong side. With an unknown
# one the start is the null hypothesis itself, and all is right.
#
# Seen, 100 normal numbers, then 200 less by 1; the statistic at the end, and the first time it
# passes 10:
#                                  right            found
#   unknown mean, side "left"      48.24  111       48.24  111
#   unknown mean, side "right"      0.14    -        0.14    -
#   known mean 0, side "left"     121.59  111      121.59  111
#   known mean 0, side "right"      0.00    -       74.02  160
#
# Matters for: alarms for one direction, as of a rising error rate, which then ring for good
# news; Poisson, Bernoulli and Gamma have the same.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps changepoint-online==1.2.1 sortedcontainers==2.4.0
venv/bin/python - <<'PY'
import numpy as np
from changepoint_online import Focus, Gaussian

THRESHOLD = 10
draw = np.random.default_rng(0)
numbers = np.concatenate([draw.normal(0, 1, 100), draw.normal(-1, 1, 200)])


def gain(part, mean):
    """Log-likelihood of unit variance, less what does not depend on the mean."""
    return part.sum() * mean - len(part) * mean**2 / 2


def exact(seen, known, sign):
    """The largest log-likelihood ratio for a change in one direction, over all its places."""
    best = 0.0
    for place in range(len(seen)):
        before, after = seen[:place], seen[place:]
        if known is None and not place:
            continue
        first = before.mean() if known is None else known
        if sign * (after.mean() - first) <= 0:
            continue
        null = gain(seen, seen.mean()) if known is None else gain(after, known)
        best = max(best, gain(after, after.mean()) + (gain(before, first) if known is None else 0) - null)
    return best


for known in (None, 0.0):
    for side, sign in (("left", -1), ("right", 1)):
        detector = Focus(Gaussian(loc=known), side=side)
        found, right = [], []
        for step, number in enumerate(numbers):
            detector.update(number)
            found.append(detector.statistic())
            right.append(exact(numbers[: step + 1], known, sign))
        alarms = [next((step + 1 for step, value in enumerate(values) if value > THRESHOLD), None) for values in (right, found)]
        print(f"mean {known}  side {side:5}  right {right[-1]:6.2f} {alarms[0]}   found {found[-1]:6.2f} {alarms[1]}")
        if known is None:
            assert np.allclose(np.maximum(found[1:], 0), right[1:], atol=1e-6)
        elif side == "left":
            assert abs(found[-1] - right[-1]) < 1e-6 and alarms[0] == alarms[1]
        else:
            assert alarms[0] is None and alarms[1] is not None and right[-1] < 1 < 40 < found[-1]
PY
