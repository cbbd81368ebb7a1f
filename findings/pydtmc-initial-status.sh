#!/usr/bin/env bash
# pydtmc 8.7.0: simulate and decode disagree about when the initial state is.
#
# Packages: pydtmc 8.7.0, numpy 1.26.4, scipy 1.17.1, matplotlib 3.7.3.
#
# Expected: the initial state, or the initial distribution of the states, belongs
# to the first symbol, as `simulate` has it: its first symbol is emitted by the
# initial state. A sequence that a model simulates from a state has, decoded from
# that state, a positive probability.
#
# Happens: `decode` and `predict` put the initial status one step before the first
# symbol and make a transition first; the documentation does not say so. A model
# that must alternate cannot decode its own simulation (the answer is None), and
# elsewhere the log-probability is that of another start.
#
# Seen:
#   simulated from A: a b a b a ; decoded from A: None ; decoded from B: log-probability 0.0
#   log-probability with start (.31, .69): returned -8.539988
#   enumeration, start at the first symbol -8.679987, one step before it -8.539988
#
# Matters for: the first symbols' bits, and taking start probabilities from another
# HMM library, where they belong to the first symbol. There is no start that can
# be passed in general: the transition has to be undone. Release 10.1.0 (Python
# 3.12 and newer, read, not run) does the same.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pydtmc==8.7.0 numpy==1.26.4 scipy==1.17.1 matplotlib==3.7.3
venv/bin/python - <<'PY'
from itertools import product

import numpy as np
from pydtmc import HiddenMarkovModel

alternating = HiddenMarkovModel([[0.0, 1.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]], ["A", "B"], ["a", "b"])
symbols = alternating.simulate(4, initial_state="A", seed=1)[1]
itself = alternating.decode(symbols, initial_status="A")
other = alternating.decode(symbols, initial_status="B")
print("simulated from A:", *symbols, "; decoded from A:", itself, "; decoded from B: log-probability", other[0])
assert symbols == ["a", "b", "a", "b", "a"] and itself is None and other[0] == 0.0

START = np.array([0.31, 0.69])
MOVE = np.array([[0.83, 0.17], [0.37, 0.63]])
EMIT = np.array([[0.71, 0.20, 0.09], [0.13, 0.29, 0.58]])
seen = [0, 2, 1, 2, 2, 0, 1]
model = HiddenMarkovModel(MOVE.tolist(), EMIT.tolist())


def enumerated(start):
    total = 0.0
    for path in product(range(2), repeat=len(seen)):
        p = start[path[0]] * EMIT[path[0], seen[0]]
        for t in range(1, len(seen)):
            p *= MOVE[path[t - 1], path[t]] * EMIT[path[t], seen[t]]
        total += p
    return np.log(total)


returned = model.decode([model.symbols[s] for s in seen], initial_status=START.tolist())[0]
print(f"log-probability with start (.31, .69): returned {returned:.6f}")
print(f"enumeration, start at the first symbol {enumerated(START):.6f}, one step before it {enumerated(START @ MOVE):.6f}")
assert abs(returned - enumerated(START @ MOVE)) < 1e-9
assert abs(returned - enumerated(START)) > 0.1
PY
