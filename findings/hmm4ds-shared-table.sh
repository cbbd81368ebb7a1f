#!/usr/bin/env bash
# hmm4ds 0.0.6: two models made from one table of observation probabilities share it: training one
# changes the other, and the caller's table.
#
# Packages: hmm4ds 0.0.6, numpy 2.4.6.
#
# Expected: `Observation(py_state)` takes the probabilities of each observation in each state; models
# that are made from the same starting table are trained apart, as their transitions are.
#
# Happens: the table is an array on the memory of the one that is passed in. Training writes into it.
# The other model's likelihoods are then of the first one's data, while it still draws by its old
# table, of which running sums were made before.
#
# Seen, two states, two letters, the same start; one model trained on 0001 over and over:
#   P(0 | state 0) of the untrained model    before .60, after .75
#   nats a letter, 0101... by the untrained  before .708, after .837
#   letters 0 that it draws in state 0       before and after .60
#
# Matters for: starts that are tried from one table, and comparisons of a model before and after.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps hmm4ds==0.0.6
venv/bin/python - <<'PY'
import numpy as np
from hmm.simple import HMM, Observation

table = np.array([[0.6, 0.4], [0.4, 0.6]])
start, change = np.array([0.5, 0.5]), np.array([[0.8, 0.2], [0.2, 0.8]])


def model(seed):
    rng = np.random.default_rng(seed)
    return HMM(start, start, change, Observation(table, rng), rng)


def nats(made, letters):
    made.y_mod.observe(letters)
    made.calculate()
    return -made.forward() / len(letters)


def by_hand(letters, emission):
    state, total = start, 0.0
    for letter in letters:
        joint = state * emission[:, letter]
        total -= np.log(joint.sum())
        state = joint / joint.sum() @ change
    return total / len(letters)


letters = np.array([0, 1] * 50)
trained, other = model(0), model(1)
before, cost_before = other.y_mod._py_state[0, 0], nats(other, letters)
drawn_before = np.mean([other.y_mod.random_out(0) == 0 for _ in range(20_000)])
assert np.isclose(cost_before, by_hand(letters, np.array([[0.6, 0.4], [0.4, 0.6]])))
trained.train(np.array([0, 0, 0, 1] * 50), 50, display=False)
after, cost_after = other.y_mod._py_state[0, 0], nats(other, letters)
drawn_after = np.mean([other.y_mod.random_out(0) == 0 for _ in range(20_000)])
print(f"P(0 | state 0): before {before:.2f}, after {after:.2f}; the caller's table {table.tolist()}")
print(f"nats a letter: before {cost_before:.3f}, after {cost_after:.3f}; letters 0 drawn {drawn_before:.2f}, {drawn_after:.2f}")
assert before == 0.6 and abs(after - before) > 0.05 and table[0, 0] == after
assert np.isclose(cost_after, by_hand(letters, table)) and abs(cost_after - cost_before) > 0.05
assert abs(drawn_after - 0.6) < 0.02 and np.allclose(other.p_state2state, change)
PY
