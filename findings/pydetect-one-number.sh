#!/usr/bin/env bash
# pydetect 0.2.0: a change in mean and variance is put at either end, and where depends on the unit.
#
# Packages: pydetect 0.2.0, numpy 2.4.6, pandas 2.3.3, scipy 1.17.1.
#
# Expected: `MeanVarianceDetector` finds the place where two normal distributions are most likely. One number alone has
# no variance, so that each side needs two (as the R package that it follows has it); and numbers in another unit have
# their change at the same place.
#
# Happens: a side of one number is let in, and its variance of 0 is replaced by 1e-10. For numbers in ones that is worth
# as much as a likelihood 10^10 times higher, which a moderate change does not reach; in thousands even more.
#
# Seen, 50 numbers of N(0, 1), then 50 of N(1, 1), 100 such sequences: the last place before the change
#                    at the first number or before the last    as exact
#   exact                              0                         100
#   in ones                           62                          38
#   times 1,000                       88                          12
# With a change of 3 deviations all are as exact.
#
# Matters for: any change that is not large; compare the values of `get_statistics` over the inner places instead.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 pandas==2.3.3 scipy==1.17.1 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation pydetect==0.2.0
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from pydetect import MeanVarianceDetector

SIDE, SEQUENCES = 50, 100
print("pydetect", version("pydetect"), "numpy", np.__version__)


def exact(numbers):
    """Last place before the most likely change, with two numbers or more on either side."""
    cost = [at * np.log(numbers[:at].var()) + (len(numbers) - at) * np.log(numbers[at:].var())
            for at in range(2, len(numbers) - 1)]
    return int(np.argmin(cost)) + 1


def package(numbers):
    return int(np.argmax(MeanVarianceDetector().detect(numbers)))


rng = np.random.default_rng(0)
for change in (1.0, 3.0):
    sequences = [np.concatenate([rng.normal(size=SIDE), rng.normal(change, 1, size=SIDE)]) for _ in range(SEQUENCES)]
    right = [exact(numbers) for numbers in sequences]
    ends, same = {}, {}
    for name, found in (("exact", right), ("ones", [package(numbers) for numbers in sequences]),
                        ("thousands", [package(1000 * numbers) for numbers in sequences])):
        ends[name] = sum(at in (0, 2 * SIDE - 2) for at in found)
        same[name] = sum(a == b for a, b in zip(found, right))
    print(f"change {change}: at the ends {ends} as exact {same}")
    if change == 1.0:
        assert ends["exact"] < 10 and ends["ones"] > 50 and ends["thousands"] > ends["ones"] + 10
    else:
        assert same["ones"] == same["thousands"] == SEQUENCES
PY
