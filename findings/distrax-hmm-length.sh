#!/usr/bin/env bash
# distrax 0.1.9: smoothing a padded sequence gives probability 0 to every state.
#
# Packages: distrax 0.1.9, jax 0.10.2.
#
# Expected: the `length` of `HMM.forward_backward` is documented as the valid length
# of the sequence, for batches of varying length. The marginals of the valid steps
# are then those of the sequence without its padding.
#
# Happens: the log-likelihood is right. The backward pass starts at the end of the
# padding and sets itself to zero there, and zero is carried on into the valid
# part, since the step at the end of the valid part does not start afresh from one.
# One step of padding is enough: all marginals are 0, valid steps included, and
# the normalisation, which maps 0 to 0, hides it.
#
# Seen (4 symbols, marginals of the first step):
#   enumeration        0.4735 0.5265
#   0 steps of padding 0.4735 0.5265  log-likelihood -5.1836
#   1 steps of padding 0.0 0.0        log-likelihood -5.1836
#   3 steps of padding 0.0 0.0        log-likelihood -5.1836
#
# Matters for: posterior states in batches, and expectation-maximisation on them:
# padded rows add nothing to the counts, silently.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 distrax==0.1.9
venv/bin/python - <<'PY'
from itertools import product

import distrax
import jax.numpy as jnp
import numpy as np

START = np.array([0.31, 0.69])
MOVE = np.array([[0.83, 0.17], [0.37, 0.63]])
EMIT = np.array([[0.71, 0.20, 0.09], [0.13, 0.29, 0.58]])
seen = [0, 2, 1, 2]


def joint(path):
    p = START[path[0]] * EMIT[path[0], seen[0]]
    for t in range(1, len(seen)):
        p *= MOVE[path[t - 1], path[t]] * EMIT[path[t], seen[t]]
    return p


paths = list(product(range(2), repeat=len(seen)))
total = sum(map(joint, paths))
right = np.array([[sum(joint(p) for p in paths if p[t] == z) / total for z in range(2)] for t in range(len(seen))])
model = distrax.HMM(*(distrax.Categorical(probs=jnp.array(table)) for table in (START, MOVE, EMIT)))
print("enumeration       ", *right[0].round(4))
for padding in (0, 1, 3):
    padded = jnp.array(seen + [0] * padding)
    _, _, marginals, likelihood = model.forward_backward(padded, length=jnp.array(len(seen)))
    marginals = np.array(marginals)[: len(seen)]
    likelihood = float(np.sum(likelihood))
    print(f"{padding} steps of padding", *marginals[0].round(4), f"log-likelihood {likelihood:.4f}")
    assert abs(likelihood - np.log(total)) < 1e-4
    assert np.allclose(marginals, right, atol=1e-5) if padding == 0 else not marginals.any()
PY
