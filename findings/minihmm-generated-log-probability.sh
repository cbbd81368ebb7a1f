#!/usr/bin/env bash
# minihmm 0.3.3: the log-probability that comes with a generated sequence takes every step for one
# from a state to itself: a chain that always changes has generated what is impossible.
#
# Packages: minihmm 0.3.3, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2, jsonpickle 4.1.4.
#
# Expected: `generate` returns states, observations and their "joint log probability", the one that
# `joint_path_logprob` has for the same states and observations.
#
# Happens: the new state is put into the list first, and the transition is then looked up from the
# last entry of the list to the new state, which is the same.
#
# Seen, 1,000 sequences of 6, states that stay with .7 and .9:
#   sequences without a change of state: 343, and all their log-probabilities are right
#   sequences with one: 657, and none is right; mean -4.08, right -5.97
# A chain that goes to the other state at every step: minus infinity, right -3.69
#
# Matters for: importance weights and entropies from generated sequences.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2 jsonpickle==4.1.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps minihmm==0.3.3
venv/bin/python -W ignore - <<'PY'
import numpy as np
from minihmm.factors import ArrayFactor, MatrixFactor
from minihmm.hmm import FirstOrderHMM

START, STEP, LETTERS = np.array([0.6, 0.4]), np.array([[0.7, 0.3], [0.1, 0.9]]), np.array([[0.9, 0.1], [0.2, 0.8]])


def model(step):
    return FirstOrderHMM(ArrayFactor(START), [ArrayFactor(row) for row in LETTERS], MatrixFactor(step))


def joint(step, states, observations):
    """The log-probability of states and observations, factor by factor."""
    total = np.log(START[states[0]]) + np.log(LETTERS[states, observations]).sum()
    return total + np.log(step[states[:-1], states[1:]]).sum()


np.random.seed(0)
stayed, changed = [], []
hmm = model(STEP)
for _ in range(1000):
    states, observations, found = hmm.generate(6)
    right = joint(STEP, states, observations)
    assert np.isclose(hmm.joint_path_logprob(states, observations), right)
    (changed if (np.diff(states) != 0).any() else stayed).append((found, right))
stayed, changed = np.array(stayed), np.array(changed)
print(f"without a change {len(stayed)}, right {np.isclose(*stayed.T).sum()}; with one {len(changed)}, right {np.isclose(*changed.T).sum()}, mean {changed[:, 0].mean():.2f}, right {changed[:, 1].mean():.2f}")
assert np.isclose(*stayed.T).all() and not np.isclose(*changed.T).any()

turning = np.array([[0.0, 1.0], [1.0, 0.0]])
states, observations, found = model(turning).generate(6)
print("always changing:", states, found, "right", round(joint(turning, states, observations), 2))
assert found == -np.inf and np.isfinite(joint(turning, states, observations))
PY
