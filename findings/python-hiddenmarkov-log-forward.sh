#!/usr/bin/env bash
# python-hiddenmarkov 0.1.4: filtering with log-probabilities says state 0 from the second
# observation on.
#
# Packages: python-hiddenmarkov 0.1.4, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `forward_algorithm_step(observation, log_probabilities=True)` finds "the hidden
# state that has the maximal probability given the current observation", as it does without
# logarithms; "if True, log probabilities will be used".
#
# Happens: the step ends with the logarithm of the belief and begins by multiplying what it
# kept with the matrix of transition probabilities, as if it were the belief itself. The
# second step takes the logarithm of a negative number: NaN for every state, for good, and
# `argmax` of nothing but NaN is 0. NumPy warns of an invalid value, once.
#
# Seen, two states, probability of the second after each of x y y y y:
#   by hand and without logarithms  0.1818 0.7018 0.9205 0.9588 0.9642, states 0 1 1 1 1
#   with logarithms                 0.1818 nan nan nan nan, states 0 0 0 0 0
#
# Matters for: tracking online (beats, scores, gestures), where logarithms are asked for
# because sequences are long.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-hiddenmarkov==0.1.4 numpy==2.4.6 scipy==1.17.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from hiddenmarkov import HMM, CategoricalObservationModel, ConstantTransitionModel

START = np.array([0.5, 0.5])
MOVE = np.array([[0.9, 0.1], [0.2, 0.8]])
EMIT = np.array([[0.9, 0.1], [0.2, 0.8]])  # states by letters
LETTERS = ["x", "y"]
SEEN = "xyyyy"

belief, right = START, []
for t, letter in enumerate(SEEN):
    belief = (belief @ MOVE if t else belief) * EMIT[:, LETTERS.index(letter)]
    belief = belief / belief.sum()
    right.append(belief)
print("filtered by hand:         ", *(f"{b[1]:.4f}" for b in right))
for logs in (False, True):
    model = HMM(CategoricalObservationModel(EMIT.T, LETTERS), ConstantTransitionModel(MOVE, START))
    states, beliefs = [], []
    for letter in SEEN:
        states.append(int(model.forward_algorithm_step(letter, log_probabilities=logs)))
        beliefs.append(np.exp(model.forward_variable) if logs else model.forward_variable)
    print(f"log_probabilities={logs!s:5}:  ", *(f"{b[1]:.4f}" for b in beliefs), " states", states)
    if logs:
        assert np.allclose(beliefs[0], right[0]) and np.isnan(beliefs[1:]).all() and states == [0] * len(SEEN)
    else:
        assert np.allclose(beliefs, right) and states == [b.argmax() for b in right]
PY
