#!/usr/bin/env bash
# homomorph 0.3.0: a transition that is left out of a state's dictionary is looked for
# in the wrong direction, so that a chain that moves from left to right stands still.
#
# Packages: homomorph 0.3.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: transitions are a dictionary of dictionaries, "the inner dict selects a
# column in that row", and only known states may stand in it: what is left out has
# probability 0. Writing the zeros out, or not, is the same model.
#
# Happens: the forward pass and Viterbi sum over the states that the *new* state's row
# names, instead of those whose rows name it. Whatever enters a state from one that it
# cannot go back to is dropped. The backward pass is right, and the posterior
# probabilities, put together from both, no longer sum to 1. With every zero written
# out all is right.
#
# Seen, three states from left to right, 6 observations:
#   likelihood          enumeration 0.014066, left out 0.000024, written out 0.014066
#   sum of posteriors   at step 2: left out 74.5030, written out 1.0000
#   Viterbi             enumeration aabbcc 0.006970, left out aaaaaa 0.000014, written out aabbcc
#
# Matters for: left-to-right models (speech, gestures, profiles of sequences), for which
# leaving transitions out is the natural way to write them.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 homomorph==0.3.0
venv/bin/python -W ignore - <<'PY'
from itertools import product
from math import prod

from homomorph import HMM

STATES = "abc"
MOVE = {"a": {"a": 0.6, "b": 0.4}, "b": {"b": 0.7, "c": 0.3}, "c": {"c": 1.0}}
EMIT = {"a": {"x": 0.7, "y": 0.2, "z": 0.1}, "b": {"x": 0.1, "y": 0.8, "z": 0.1}, "c": {"x": 0.1, "y": 0.2, "z": 0.7}}
START = {"a": 0.9, "b": 0.05, "c": 0.05}
SEEN, STEP = list("xxyyzz"), 2
written = {i: {j: MOVE[i].get(j, 0.0) for j in STATES} for i in STATES}


def probability(path):
    moves = prod(written[i][j] for i, j in zip(path, path[1:]))
    return START[path[0]] * moves * prod(EMIT[i][x] for i, x in zip(path, SEEN))


paths = {path: probability(path) for path in product(STATES, repeat=len(SEEN))}
likelihood, best = sum(paths.values()), max(paths, key=paths.get)
print(f"enumeration: likelihood {likelihood:.6f}, best path {''.join(best)} {paths[best]:.6f}")
found = {}
for name, moves in (("left out", MOVE), ("written out", written)):
    model = HMM(moves, EMIT, START)
    forward = prod(model.forward(SEEN)[1])
    total = sum(column[STEP] for column in model.forward_backward(SEEN).values())
    (path,) = model.viterbi(SEEN)
    found[name] = forward, total, tuple(path)
    print(f"{name}: likelihood {forward:.6f}, posteriors at step {STEP} sum to {total:.4f}, "
          f"Viterbi {''.join(path)} {paths[tuple(path)]:.6f}")
forward, total, path = found["written out"]
assert abs(forward - likelihood) < 1e-12 and abs(total - 1) < 1e-9 and path == best
forward, total, path = found["left out"]
assert forward < 0.7 * likelihood and abs(total - 1) > 0.2 and paths[path] < 0.6 * paths[best]
PY
