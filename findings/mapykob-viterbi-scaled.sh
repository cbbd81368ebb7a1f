#!/usr/bin/env bash
# mapykoB 0.0.3: the Viterbi path in logarithms multiplies by the logarithm of the emission.
#
# Packages: mapykoB 0.0.3, numpy 2.4.6.
#
# Expected: `get_state_sequence_scaled` gives "the optimal state sequence", the one that `get_state_sequence` gives, by
# logarithms: what is multiplied there is added here.
#
# Happens: the emission's logarithm is multiplied, to the best score so far. Two negative numbers make a positive one:
# after every second symbol the worst score is the best.
#
# Seen, 200 sequences of 8 symbols, the README's model of two states:
#   the path is a most likely one of all 256             200 by products, 1 by logarithms
#   likelihood of its path against the best one, median  .05
#
# Matters for: sequences so long that products are 0, which is what the method is for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation mapykoB==0.0.3
venv/bin/python - <<'PY'
from importlib.metadata import version
from itertools import product

import numpy as np
from mapykoB.discreet.hmm_discreet import hmm_discreet

A, B, PI = np.array([[0.7, 0.3], [0.4, 0.6]]), np.array([[0.6, 0.4], [0.3, 0.7]]), np.array([0.5, 0.5])
SEQUENCES, LENGTH = 200, 8
print("mapykoB", version("mapykoB"), "numpy", np.__version__)


def probability(path, x):
    p = PI[path[0]] * B[path[0], x[0]]
    for before, now, symbol in zip(path, path[1:], x[1:]):
        p *= A[before, now] * B[now, symbol]
    return p


rng = np.random.default_rng(0)
shares = {"products": [], "logarithms": []}
for _ in range(SEQUENCES):
    x = rng.integers(0, 2, LENGTH)
    model = hmm_discreet(2, np.array([x]), 2)
    model.A, model.B, model.pi = A, B, PI
    best = max(probability(path, x) for path in product(range(2), repeat=LENGTH))
    shares["products"].append(probability(model.get_state_sequence(x), x) / best)
    shares["logarithms"].append(probability(model.get_state_sequence_scaled(x), x) / best)
optimal = {name: int(np.sum(np.array(values) > 1 - 1e-9)) for name, values in shares.items()}
print("optimal paths", optimal, f"median share of the best {np.median(shares['logarithms']):.3f}")
assert optimal["products"] == SEQUENCES and optimal["logarithms"] < SEQUENCES / 10
PY
