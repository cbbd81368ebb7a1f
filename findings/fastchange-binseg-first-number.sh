#!/usr/bin/env bash
# fastchange 1.0.2: binary segmentation leaves the first number of every segment out.
#
# Packages: fastchange 1.0.2, numpy 2.3.5, numba 0.62.1.
#
# Expected: `BinSeg` splits a segment where that lowers its cost most, over all its numbers.
#
# Happens: each segment is taken to start one number later than it does. The first number of a signal is in no cost, and
# neither is the first one after each change that was found.
#
# Seen, changes in the mean, penalty 4, one change:
#   1000, then 20 zeros                                  exact [1]    package []
#   15 numbers about 0 and 15 about 3, first one 1000    exact [1]    package [15], as without it
#   2, 0, 2, 0 and on, 20 numbers, and 20 of 0           gain of the best split: exact 11.05, package 9.69
#                                                        as without the first number
#
# Matters for: changes near the beginning, short segments, and comparing costs with another implementation's.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.3.5 numba==0.62.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps fastchange==1.0.2
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from fastchange.costs.normal import NormalMeanCost
from fastchange.seg.binseg import BinSeg

print("fastchange", version("fastchange"), "numpy", np.__version__, "numba", version("numba"))


def cost(piece):
    return ((piece - piece.mean()) ** 2).sum()


def exact(numbers, penalty):
    """The best single change, if it is worth its penalty, and its gain."""
    gains = [cost(numbers) - cost(numbers[:at]) - cost(numbers[at:]) for at in range(1, len(numbers))]
    return [int(np.argmax(gains)) + 1] if max(gains) >= penalty else [], max(gains)


def found(numbers, penalty):
    return [int(at) for at in BinSeg(NormalMeanCost(), penalty=penalty, max_cps=1).fit(numbers).predict()]


first = np.concatenate([[1000.0], np.zeros(20)])
print("1000 and zeros: exact", exact(first, 4.0)[0], "package", found(first, 4.0))
assert exact(first, 4.0)[0] == [1] and found(first, 4.0) == []

noise = np.random.default_rng(1).normal(size=30)
noise[15:] += 3
replaced = noise.copy()
replaced[0] = 1000.0
print("first replaced: exact", exact(noise, 4.0)[0], exact(replaced, 4.0)[0], "package", found(noise, 4.0), found(replaced, 4.0))
assert exact(replaced, 4.0)[0] == [1] and found(replaced, 4.0) == found(noise, 4.0) == exact(noise, 4.0)[0] == [15]

switching = np.concatenate([np.tile([2.0, 0.0], 10), np.zeros(20)])
gain, less = exact(switching, 0.0)[1], exact(switching[1:], 0.0)[1]
reached = max(penalty for penalty in np.arange(0, 20, 0.01) if found(switching, penalty))
print(f"gain: exact {gain:.2f}, without the first number {less:.2f}, package {reached:.2f}")
assert gain > reached + 0.5 and abs(reached - less) < 0.02
PY
