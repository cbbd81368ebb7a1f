#!/usr/bin/env bash
# cahmml 1.0.2: the backward pass asks for transitions and emissions one step too early.
#
# Packages: cahmml 1.0.2, numpy 2.4.6, rich 15.0.0.
#
# Expected: transitions and emissions may depend on "t (int): Timepoint index" in this package; `fb` gives the
# posterior of each state at each time. From t - 1 to t the forward pass and Viterbi ask with t.
#
# Happens: the backward pass gives its functions the observations of t and the number t - 1; for the first emission it
# gives 1 instead of 0. A check that both passes give the same likelihood stops `fb` with an AssertionError for most
# sequences. Where the likelihood does not depend on it the posterior is wrong in silence: here with one reading at the
# end (or one at any single time) from a uniform start.
#
# Seen, two states, chances to change .1, .3, .45, .2 before steps 1 to 4, a reading right in 80 %, posterior of state 1:
#   reading 1 at the end     exact     .506   .507   .518   .680   .800
#                            package   .500   .510   .512   .530   .800
#   readings 0 first, 1 last           AssertionError
#   the same chance everywhere         right
#
# Matters for: gaps of uneven length between observations, seasons, any input that changes over time.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 rich==15.0.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps cahmml==1.0.2
venv/bin/python - > said <<'PY'
from importlib.metadata import version
from itertools import product

import numpy as np
from cahmml.hmm import HMM, Observation, Sample, State

RIGHT = 0.8
print("cahmml", version("cahmml"), "numpy", np.__version__)


class Reading(Observation):
    def __init__(self, value):
        self.value = value


class One(State):
    """One of two states; `change[t]` is the chance to change into step t."""

    def __init__(self, number, change):
        self.number, self.change = number, change

    def emission_probability(self, obs, t, hyperparameters={}):
        return np.array([seen(self.number, reading.value) for reading in obs])

    def transition_probability(self, next, obs, t, hyperparameters={}):
        return np.full(len(obs), self.change[t] if next.number != self.number else 1 - self.change[t])


def seen(state, value):
    return 1.0 if value is None else RIGHT if value == state else 1 - RIGHT


def exact(values, change):
    """Posterior of state 1 at each time, by the sum over all paths."""
    total = np.zeros((2, len(values)))
    for path in product(range(2), repeat=len(values)):
        p = 0.5 * seen(path[0], values[0])
        for t in range(1, len(values)):
            p *= (change[t] if path[t] != path[t - 1] else 1 - change[t]) * seen(path[t], values[t])
        total[list(path), range(len(values))] += p
    return (total / total.sum(axis=0))[1]


def package(values, change):
    model = HMM([One(0, change), One(1, change)])
    model.fit([Sample("sample", [Reading(value) for value in values])], [0.5, 0.5])
    return model.fb()[0, 1]


uneven, even, last, both = [0.5, 0.1, 0.3, 0.45, 0.2], [0.3] * 5, [None] * 4 + [1], [0, None, None, None, 1]
right, found = exact(last, uneven), package(last, uneven)
print("reading at the end: exact", right.round(3), "package", found.round(3))
assert np.abs(right - found).max() > 0.1
try:
    package(both, uneven)
except AssertionError:
    print("readings first and last: AssertionError")
else:
    raise SystemExit("both passes agree")
for values in (last, both):
    assert np.allclose(exact(values, even), package(values, even))
PY
grep -v '%' said
