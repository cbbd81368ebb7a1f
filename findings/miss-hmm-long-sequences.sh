#!/usr/bin/env bash
# miss-hmm 0.3.0: in sequences of a thousand symbols and more states are the first one.
#
# Packages: miss-hmm 0.3.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `predict` with "Viterbi" gives the most probable states, with "marginalized" the
# most probable one of each step, for sequences of any length.
#
# Happens: probabilities of whole sequences are multiplied as they are. Once they are below
# 1e-324 they are 0, all states are equally probable, and the first one is taken; numpy warns
# of a division in one of the two methods, in the other of nothing.
#
# Seen, two states that stay with .95 and .93 and emit their own symbol with .72 and .75, share
# of steps whose state is right
#   steps           200    500    1000   4000
#   in logarithms   .94    .97    .92    .94
#   Viterbi         .94    .97    .87    .64
#   marginalized    .94    .97    .61    .55
# (Missing symbols cost nothing: with gaps it begins later.)
#
# Matters for: recordings instead of sentences. Cut them into pieces of 300.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps miss-hmm==0.3.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from miss_hmm.pred import predict

STATES, SYMBOLS = np.array(["A", "B"]), np.array(["x", "y", "z"])
START, MOVE, EMIT = np.array([0.5, 0.5]), np.array([[0.95, 0.05], [0.07, 0.93]]), np.array([[0.72, 0.1, 0.18], [0.15, 0.75, 0.1]])
rng = np.random.default_rng(0)


def draw(steps):
    states = [rng.integers(2)]
    while len(states) < steps:
        states.append(int(rng.random() < MOVE[states[-1], 1]))
    return np.array(states), np.array([rng.choice(3, p=EMIT[state]) for state in states])


def in_logarithms(symbols):
    """The most probable states."""
    score, back = np.log(START) + np.log(EMIT[:, symbols[0]]), []
    for symbol in symbols[1:]:
        both = score[:, None] + np.log(MOVE)
        back.append(both.argmax(0))
        score = both.max(0) + np.log(EMIT[:, symbol])
    path = [score.argmax()]
    for row in reversed(back):
        path.append(row[path[-1]])
    return np.array(path[::-1])


for steps in (200, 500, 1_000, 4_000):
    states, symbols = draw(steps)
    text = SYMBOLS[symbols].astype("<U4")[None]
    found = {method: predict(text, MOVE, EMIT, START, STATES, SYMBOLS, method)[0] for method in ("Viterbi", "marginalized")}
    right = in_logarithms(symbols)
    accuracy = {method: (path == STATES[states]).mean() for method, path in found.items()}
    print(f"{steps:5} steps: in logarithms {(right == states).mean():.2f}", *(f" {method} {share:.2f}" for method, share in accuracy.items()))
    same = (found["Viterbi"] == STATES[right]).mean()
    if steps <= 500:
        assert same == 1 and accuracy["marginalized"] > 0.9
    else:
        assert same < 1 and accuracy["marginalized"] < 0.8 and (right == states).mean() > 0.9
    if steps == 4_000:
        assert accuracy["Viterbi"] < 0.75
        assert set(found["marginalized"]) == {"A"}
PY
