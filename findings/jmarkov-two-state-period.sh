#!/usr/bin/env bash
# jmarkov 0.3.13: a fair coin has period 2 and is not ergodic: a state that can stay where it is
# does not count for the period.
#
# Packages: jmarkov 0.3.13, numpy 2.4.6, scipy 1.17.1.
#
# Expected: the period of an irreducible chain is the greatest common divisor of the lengths of
# all ways back to a state. A chain in which some state may follow itself has a way of length
# 1, and period 1.
#
# Happens: lengths from 2 to the number of states are looked at, and 1 is not. For two states
# that leaves 2 alone: every chain of two states that can change has period 2. From three states
# on staying twice and staying three times are found, and the period is right.
#
# Seen:
#   chain                                          right         found
#   two states, all probabilities one half         1, ergodic    2, not
#   two states, .99 to stay                        1, ergodic    2, not
#   three states, all probabilities one third      1, ergodic    1, ergodic
#   three states in a ring, one way                3, not        3, not
#
# Matters for: `absorbtion_times` and `absorbtion_probabilities`, which go by `is_ergodic`, and
# for binary Markov sources.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps jmarkov==0.3.13
venv/bin/python - <<'PY'
from math import gcd

import numpy as np
from jmarkov.dtmc import dtmc


def period(matrix):
    """The greatest common divisor of the lengths of all ways back, up to many steps."""
    found, power = 0, np.eye(len(matrix))
    for length in range(1, 4 * len(matrix) ** 2):
        power = power @ matrix
        if (power.diagonal() > 0).any():
            found = gcd(found, length)
    return found


chains = {
    "a fair coin": (np.full((2, 2), 0.5), 2),
    ".99 to stay": (np.array([[0.99, 0.01], [0.01, 0.99]]), 2),
    "three alike": (np.full((3, 3), 1 / 3), 1),
    "a ring of three": (np.roll(np.eye(3), 1, axis=1), 3),
}
for name, (matrix, expected) in chains.items():
    chain, right = dtmc(matrix), period(matrix)
    print(f"{name:16} right {right}, ergodic {right == 1}   found {chain.period()}, ergodic {chain.is_ergodic()}")
    assert chain.period() == expected and chain.is_ergodic() == (expected == 1)
    assert right == (3 if expected == 3 else 1)
    mixed = np.linalg.matrix_power(matrix, 3000)
    assert (np.ptp(mixed, axis=0).max() < 1e-6) == (right == 1), "rows become equal if and only if the period is 1"
PY
