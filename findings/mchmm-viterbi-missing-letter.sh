#!/usr/bin/env bash
# mchmm 0.4.5: a letter's meaning depends on which other letters the sequence has.
#
# Packages: mchmm 0.4.5, numpy 2.4.6, scipy 1.17.1.
#
# Expected: a model that was built with the observations a, b, c knows that c is
# its third letter. Decoding "c" alone compares start times P(c | state).
#
# Happens: `viterbi` does not look at the model's own letters. Where `obs` is not
# passed it numbers the letters that occur in the sequence, so in "c" the letter c
# is number 0 and is scored as a. One symbol is enough to see it, where no
# transition takes part.
#
# Seen:
#   c alone: returned X, right Y (0.06 against 0.24); with obs passed: Y
#
# Matters for: short sequences, streams decoded in pieces, rare symbols. Any
# sequence that lacks a letter of the alphabet is decoded as another sequence.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check mchmm==0.4.5 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import numpy as np
from mchmm import HiddenMarkovModel

START = np.array([0.6, 0.4])
MOVE = np.array([[0.9, 0.1], [0.4, 0.6]])
EMIT = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
LETTERS = np.array(["a", "b", "c"])
STATES = np.array(["X", "Y"])
model = HiddenMarkovModel(LETTERS, STATES, MOVE, EMIT, START)

posterior = START * EMIT[:, 2]
right = STATES[posterior.argmax()]
alone = model.viterbi("c")[0][0]
told = model.viterbi("c", obs=LETTERS)[0][0]
print(f"c alone: returned {alone}, right {right} ({posterior[0]:.2f} against {posterior[1]:.2f}); with obs passed: {told}")
assert list(model.observations) == ["a", "b", "c"]
assert right == "Y" and told == "Y"
assert alone == "X" == STATES[(START * EMIT[:, 0]).argmax()]
PY
