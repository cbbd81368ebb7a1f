#!/usr/bin/env bash
# VariationalHMM 0.1.0: the likeliest path is found for another model, in which a state sends what
# the next one is seen to send: 197 of 200 paths are wrong.
#
# Packages: VariationalHMM 0.1.0, jax 0.10.2, jaxlib 0.10.2, numpy 2.4.6.
#
# Expected: `viterbi(obs)`, which `predict(obs, viterbi=True)` and `fit` return, is the sequence
# of states with the highest probability given its own initial, transition and observation
# log-probabilities, as found by trying all sequences.
#
# Happens: the step from t to t + 1 is given the log-probability of observation t + 1 in the
# state at t (the new axis is the last one, where it should be the last but one). The states
# are assigned a step early, and the forward half charges all but the first to the wrong
# state. Posteriors (`e_step`) are right.
#
# Seen, two states with rates of 2 and 8 that mostly alternate, counts of 1 to 8:
#   counts         likeliest    found
#   7 6 5 3 3      1 0 1 0 1    0 1 0 1 0
#   1 1 1 2 7      0 0 0 0 1    0 0 0 1 0
#   6 8 5 5 8      0 1 0 1 1    1 1 1 1 0
#   of 200 sequences of 5: 197 are not the likeliest
#
# Matters for: everything that is read off the paths that `fit` returns.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps VariationalHMM==0.1.0
venv/bin/python -W ignore - <<'PY'
from itertools import product

import jax.numpy as jnp
import numpy as np
from VariationalHMM import PoissonVHMM

LENGTH, TRIALS = 5, 200
draw = np.random.default_rng(0)
model = PoissonVHMM(2, jnp.array([900.0, 100.0]), jnp.array([[1000.0, 9000.0], [8000.0, 2000.0]]), (1.0, 1.0))
model.poisson_posterior_a, model.poisson_posterior_b = jnp.array([2000.0, 8000.0]), jnp.array([1000.0, 1000.0])
start, move = np.array(model.initial_log_prob()), np.array(model.trans_log_prob())


def score(path, seen):
    """The log-probability of a path and the observations, with the package's own terms."""
    return start[path[0]] + sum(seen[t, s] for t, s in enumerate(path)) + sum(move[a, b] for a, b in zip(path, path[1:]))


wrong, lost = 0, []
for trial in range(TRIALS):
    counts = draw.choice(np.arange(1.0, 9.0), size=(LENGTH, 1))
    seen = np.array(model.obs_log_prob(jnp.array(counts)))[:, 0]
    best = max(product(range(2), repeat=LENGTH), key=lambda path: score(path, seen))
    found = tuple(np.array(model.viterbi(jnp.array(counts)))[:, 0].tolist())
    wrong += found != best
    lost.append(score(best, seen) - score(found, seen))
    if trial < 3:
        print(counts.ravel(), "likeliest", best, "found", found)
print(f"{wrong} of {TRIALS} are not the likeliest, by {np.mean(lost):.1f} nats on average")
assert wrong > TRIALS / 2 and np.mean(lost) > 1
PY
