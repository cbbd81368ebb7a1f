#!/usr/bin/env bash
# pydtmc 8.7.0: Viterbi counts the first symbol twice.
#
# Packages: pydtmc 8.7.0 (the newest that installs on Python 3.11), numpy 1.26.4,
# scipy 1.17.1, matplotlib 3.7.3.
#
# Expected: `predict("viterbi", ...)` returns the most probable path and its
# log-probability, under one of the two readings of the initial distribution (at
# the first symbol, or one step before it).
#
# Happens: neither. The first symbol's emission is multiplied in at the start, then
# a transition is made and the same symbol is emitted again. The log-probability
# belongs to a sequence with one symbol more, and the path is now and then not
# the best one under any reading.
#
# Seen:
#   path A B B B B A A, log-probability -11.205122
#   best, at the first symbol: -10.263992
#   best, one step before: -10.726028
#   best, one step before, summed: -10.173379
#   best, first symbol twice: -11.205122
#   500 random models: in 16 the path is the best one under no reading
#
# Matters for: comparing paths or models by this number. In release 10.1.0 (Python
# 3.12 and newer, read, not run) the first factor is gone; the start is then one
# step before the first symbol.
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

START = np.array([0.31, 0.69])
MOVE = np.array([[0.83, 0.17], [0.37, 0.63]])
EMIT = np.array([[0.71, 0.20, 0.09], [0.13, 0.29, 0.58]])


def log_joint(path, seen, start, move, emit):
    p = start[path[0]] * emit[path[0], seen[0]]
    for t in range(1, len(seen)):
        p *= move[path[t - 1], path[t]] * emit[path[t], seen[t]]
    return np.log(p)


def starts(seen, start, move, emit):
    """What the first symbol's state is weighted with, under four readings."""
    twice = start * emit[:, seen[0]]
    return {"at the first symbol": start, "one step before": (start[:, None] * move).max(0),
            "one step before, summed": start @ move, "first symbol twice": (twice[:, None] * move).max(0)}


def short_of(path, seen, start, move, emit):
    """The best path's log-probability, and how far the given path is from it, under each reading."""
    found = {}
    for name, first in starts(seen, start, move, emit).items():
        best = max(log_joint(other, seen, first, move, emit) for other in product(range(2), repeat=len(seen)))
        found[name] = (best, best - log_joint(path, seen, first, move, emit))
    return found


def viterbi(seen, start, move, emit):
    model = HiddenMarkovModel(move.tolist(), emit.tolist())
    value, path = model.predict("viterbi", [model.symbols[s] for s in seen], initial_status=start.tolist())
    return value, tuple(model.states.index(s) for s in path)


seen = [0, 2, 1, 2, 2, 0, 1]
value, path = viterbi(seen, START, MOVE, EMIT)
print("path", *("AB"[z] for z in path), f"log-probability {value:.6f}")
for name, (best, _) in short_of(path, seen, START, MOVE, EMIT).items():
    print(f"best, {name}: {best:.6f}")
    assert (abs(value - best) < 1e-6) == (name == "first symbol twice")

rng = np.random.default_rng(0)
neither = 0
for _ in range(500):
    start, move, emit = rng.dirichlet([1, 1]), rng.dirichlet([1, 1], 2), rng.dirichlet([1, 1, 1], 2)
    seen = rng.integers(3, size=5).tolist()
    value, path = viterbi(seen, start, move, emit)
    found = short_of(path, seen, start, move, emit)
    best, short = found.pop("first symbol twice")
    assert abs(value - best) < 1e-6 and short < 1e-6
    neither += all(short > 1e-6 for _, short in found.values())
print(f"500 random models: in {neither} the path is the best one under no reading")
assert neither == 16
PY
