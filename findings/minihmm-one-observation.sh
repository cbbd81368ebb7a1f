#!/usr/bin/env bash
# minihmm 0.3.3: a sequence of one observation has probability 1, whatever was seen, and its
# posteriors do not sum to 1.
#
# Packages: minihmm 0.3.3, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2, jsonpickle 4.1.4.
#
# Expected: `probability` sums to 1 over all sequences of a length. For one observation it is the
# sum over states of how likely the state is to begin with and to emit it.
#
# Happens: the first step of the forward pass is not scaled, and what it would be scaled by is
# counted at the second. Without a second step it is in no place: the log-probability is 0,
# posteriors are the products of start and emission, and `sample` finds no state where its number
# is above their sum: it returns the number of states.
#
# Seen, two states, two letters:
#                           found            right
#   P(0), P(1)              1, 1           .620, .380
#   states after 0        .540, .080       .871, .129
#   1,000 samples of the state after 0: 559 times 0, 72 times 1, 369 times 2
# Sums over sequences of length 2 and 3 are 1.
#
# Matters for: sets of sequences of many lengths: short ones, at a length of 1, explain everything.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2 jsonpickle==4.1.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps minihmm==0.3.3
venv/bin/python -W ignore - <<'PY'
from itertools import product

import numpy as np
from minihmm.factors import ArrayFactor, MatrixFactor
from minihmm.hmm import FirstOrderHMM

START, STEP, LETTERS = np.array([0.6, 0.4]), np.array([[0.7, 0.3], [0.1, 0.9]]), np.array([[0.9, 0.1], [0.2, 0.8]])
hmm = FirstOrderHMM(ArrayFactor(START), [ArrayFactor(row) for row in LETTERS], MatrixFactor(STEP))


def right(x):
    """The probability of a sequence, as a sum over every path."""
    return sum(START[path[0]] * LETTERS[list(path), list(x)].prod() * np.prod([STEP[a, b] for a, b in zip(path, path[1:])]) for path in product((0, 1), repeat=len(x)))


for length in (1, 2, 3):
    found = {x: float(hmm.probability(list(x))) for x in product((0, 1), repeat=length)}
    by_hand = {x: float(right(x)) for x in found}
    print(f"length {length}: found sum {sum(found.values()):.3f}, right {sum(by_hand.values()):.3f}")
    assert np.isclose(sum(by_hand.values()), 1)
    if length == 1:
        print({x[0]: (found[x], round(by_hand[x], 3)) for x in found})
        assert set(found.values()) == {1.0}
    else:
        assert all(np.isclose(found[x], by_hand[x]) for x in found)

states = hmm.posterior_decode([0])[1][0]
by_hand = START * LETTERS[:, 0] / right([0])
print("states after 0:", np.round(states, 3), "right", np.round(by_hand, 3))
assert np.allclose(states, START * LETTERS[:, 0]) and states.sum() < 0.7

np.random.seed(0)
drawn = np.bincount([path[0] for path in hmm.sample([0], 1000)])
print("samples of states 0, 1 and 2, which there is not:", drawn)
assert len(drawn) == 3 and drawn[2] > 300
PY
