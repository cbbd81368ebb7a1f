#!/usr/bin/env bash
# iohmm 0.0.7: a state that is known tells its neighbours nothing, and knowing the first
# state overwrites the last transition.
#
# Packages: iohmm 0.0.7, numpy 2.4.6, pandas 2.3.3, scipy 1.17.1, scikit-learn 1.8.0,
# statsmodels 0.15.0.
#
# Expected: `forward_backward(..., log_state)` returns the posterior probabilities of
# states and of transitions when the states named in `log_state` are known, "if we know
# the state of that timestamp": what an enumeration of all paths through the known states
# gives. It is the E-step of SemiSupervisedIOHMM.
#
# Happens: at a known state the chain is cut: the transition into it is left out in both
# directions, so that the states before it are smoothed as if it had not been told,
# and the log-likelihood lacks these transitions. When step 0 is known, the place before
# it, -1, is that of the last transition: its probabilities are replaced by the
# known first state, in the caller's array, and the posterior of the last transition does
# not sum to 1. Without known states all is right.
#
# Seen, 2 states, 5 steps, posterior of state 1 (enumeration in brackets):
#   nothing known:          all within 1e-12
#   step 4 known to be 0:   at step 3 0.0127 (0.0204), log-likelihood -4.4269 (-5.0035)
#   step 2 known to be 1:   at step 1 0.8378 (0.8696), log-likelihood -4.4505 (-4.8696)
#   step 0 known to be 1:   last transition 0.55 off, sums to 0.9907
#
# Matters for: semi-supervised training, where labels are given for the sake of the
# unlabelled steps around them, and where the first step is often the labelled one.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 pandas==2.3.3 scipy==1.17.1 scikit-learn==1.8.0 statsmodels==0.15.0
venv/bin/pip install --quiet --disable-pip-version-check iohmm==0.0.7
venv/bin/python -W ignore - <<'PY'
from itertools import product

import numpy as np
from IOHMM.forward_backward import forward_backward

STATES, STEPS = 2, 5
rng = np.random.default_rng(0)
START, MOVE, LIKE = rng.dirichlet([1, 1]), rng.dirichlet([1, 1], (STEPS - 1, STATES)), rng.random((STEPS, STATES))


def enumerated(known):
    """Posteriors of states and of transitions, and the log-likelihood, over all paths through the known states."""
    states, pairs = np.zeros((STEPS, STATES)), np.zeros((STEPS - 1, STATES, STATES))
    for path in product(range(STATES), repeat=STEPS):
        if all(path[t] == state for t, state in known.items()):
            weight = START[path[0]] * np.prod([LIKE[t, z] for t, z in enumerate(path)])
            weight *= np.prod([MOVE[t, path[t], path[t + 1]] for t in range(STEPS - 1)])
            states[range(STEPS), path] += weight
            pairs[range(STEPS - 1), path[:-1], path[1:]] += weight
    total = states[0].sum()
    return states / total, pairs / total, np.log(total)


def package(known):
    moves = np.log(MOVE)
    told = {t: np.log(np.eye(STATES)[state]) for t, state in known.items()}
    states, pairs, total = forward_backward(np.log(START), moves, np.log(LIKE), told)
    return np.exp(states), np.exp(pairs), total, (np.exp(moves) - MOVE)[-1]


for found, right in zip(package({}), enumerated({})):
    assert np.abs(found - right).max() < 1e-9
print("nothing known: as by enumeration")
for step, state, before in ((4, 0, 0.0127), (2, 1, 0.8378)):
    (states, _, total, _), (right, _, log_likelihood) = package({step: state}), enumerated({step: state})
    print(f"step {step} known to be {state}: at step {step - 1} {states[step - 1, 1]:.4f} ({right[step - 1, 1]:.4f}), "
          f"log-likelihood {total:.4f} ({log_likelihood:.4f})")
    assert abs(states[step - 1, 1] - before) < 5e-5 and abs(right[step - 1, 1] - before) > 5e-3
    assert total > log_likelihood + 0.3
(_, pairs, _, changed), (_, right, _) = package({0: 1}), enumerated({0: 1})
print(f"step 0 known to be 1: last transition {np.abs(pairs - right)[-1].max():.2f} off, sums to {pairs[-1].sum():.4f}")
assert np.abs(pairs - right)[:-1].max() < 1e-9 and np.abs(pairs - right)[-1].max() > 0.5
assert abs(pairs[-1].sum() - 1) > 0.005 and changed.any()
PY
