#!/usr/bin/env bash
# HOMarkov 0.5.0: a prediction for any number of steps ahead is that for one step.
#
# Packages: HOMarkov 0.5.0, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, pandas 2.3.3,
# networkx 3.6.
#
# Expected: `predict_state(state, num_steps)` is the distribution after `num_steps`
# transitions: the state times the matrix to that power.
#
# Happens: `sparse_power` calls `multiply`, which is by element and returns a new matrix, and
# lets the result go: each power is the matrix itself.
#
# Seen, a cycle 0 1 2 0 1 2 ...: from state 0
#   after 1, 2, 3 steps  right 1 2 0  found 1 1 1
# and a chain of two states, from state 0, probability of state 0:
#   steps  1      2      5      100
#   right  0.889  0.796  0.599  0.319
#   found  0.889  0.889  0.889  0.889
#
# Matters for: every forecast beyond the next state.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 pandas==2.3.3 networkx==3.6 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation HOMarkov==0.5.0
venv/bin/python - <<'PY'
import numpy as np
from HOMarkov import markov

STEPS = (1, 2, 5, 100)


def chain(sequence, states):
    model = markov.MarkovChain(states)
    model.fit(sequence)
    return model, np.asarray(model.transition_matrix.todense())


def ahead(model, steps):
    start = np.eye(model.number_of_states)[0]
    return np.asarray(model.predict_state(start, steps).todense()).ravel()


model, matrix = chain([0, 1, 2] * 20, 3)
found = [int(ahead(model, steps).argmax()) for steps in (1, 2, 3)]
print("cycle 0 1 2, from 0, after 1, 2, 3 steps: right 1 2 0  found", *found)
assert np.array_equal(matrix, np.roll(np.eye(3), 1, axis=1)) and found == [1, 1, 1]

rng = np.random.default_rng(0)
states = [0]
for _ in range(5_000):
    states.append(int(rng.random() < (0.1 if states[-1] == 0 else 0.95)))
model, matrix = chain(states, 2)
for steps in STEPS:
    right, found = np.linalg.matrix_power(matrix, steps)[0], ahead(model, steps)
    print(f"two states, {steps:3} steps: probability of state 0 right {right[0]:.3f}  found {found[0]:.3f}")
    assert np.allclose(found, matrix[0]) and np.allclose(found, right) == (steps == 1)
PY
