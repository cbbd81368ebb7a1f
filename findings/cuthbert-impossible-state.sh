#!/usr/bin/env bash
# cuthbert 0.1.1: where some state cannot emit what is observed, the discrete filter
# returns NaN for observations that are possible.
#
# Packages: cuthbert 0.1.1, cuthbertlib 0.1.1, jax 0.10.2, numpy 2.4.6, numba 0.68.1.
#
# Expected: the filter of a hidden Markov model with log-likelihoods of minus infinity,
# for symbols that a state never emits, is the forward recursion: a state that cannot be
# has probability 0, and only an observation that no state allows is an error.
#
# Happens: each step conditions every row of the transition matrix on the observation,
# also those of states that have no mass, and divides by the row's sum. A row from which
# nothing can follow becomes 0/0, and 0 times NaN is NaN for all states from there on,
# the log-likelihood included; one step at a time and in parallel.
#
# Seen, states A and B that alternate, A emits a, B emits b or c, start in A, observed
# b a c (probability 1/4):
#                       P(A) after each symbol    log-likelihood
#   returned              nan  nan  nan              nan
#   right                  0    1    0             -1.386
#   with 1e-30 for 0       0    1    0             -1.386
#
# Matters for: sources with a deterministic part (counters, delimiters, left-to-right
# models, machines whose symbols name the state). Use a tiny number for 0.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    cuthbert==0.1.1 cuthbertlib==0.1.1 jax==0.10.2 numpy==2.4.6 numba==0.68.1
venv/bin/python - <<'PY'
from itertools import product

import jax.numpy as jnp
import numpy as np
from cuthbert import filter as run_filter
from cuthbert.discrete import filter as discrete

MOVE = np.array([[0.0, 1.0], [1.0, 0.0]])
EMIT = np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]])
SYMBOLS = [1, 0, 2]


def right():
    """P(A) after each symbol and the log-likelihood, over every path from A."""
    shares = []
    for length in (1, 2, 3):
        masses = [0.0, 0.0]
        for path in product((0, 1), repeat=length):
            steps = zip((0, *path), path, SYMBOLS)
            masses[path[-1]] += np.prod([MOVE[i, j] * EMIT[j, symbol] for i, j, symbol in steps])
        shares.append(masses[0] / sum(masses))
    return shares, np.log(sum(masses))


def returned(least, parallel):
    likelihoods = jnp.log(jnp.maximum(EMIT, least))
    model = discrete.build_filter(jnp.array([1.0, 0.0]), lambda symbol: jnp.array(MOVE), lambda symbol: likelihoods[:, symbol])
    states = run_filter(model, jnp.array(SYMBOLS), model.init_prepare(), parallel=parallel)
    return np.asarray(states.dist)[1:, 0], float(states.log_normalizing_constant[-1])


shares, likelihood = right()
print("right", shares, f"{likelihood:.3f}")
for parallel in (False, True):
    found, total = returned(0.0, parallel)
    tiny, tiny_total = returned(1e-30, parallel)
    print("returned", found, total, "with 1e-30 for 0", tiny.round(6), round(tiny_total, 3))
    assert np.isnan(found[-1]) and np.isnan(total), "impossible states are left out now"
    assert np.allclose(tiny, shares, atol=1e-6) and abs(tiny_total - likelihood) < 1e-5
PY
