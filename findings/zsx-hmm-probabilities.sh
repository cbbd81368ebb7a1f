#!/usr/bin/env bash
# zsx-HMM 2.0.0: the probability that is listed for each state is that of the step after it: states that are
# sure have 0.01.
#
# Packages: zsx-HMM 2.0.0, numpy 2.4.6, pandas 3.1.1.
#
# Expected: `HMMLearnPred.predict` gives back the list of states and "corresponding probability list": for
# each step the probability of its state, of the normalised scores that Viterbi's algorithm has there.
#
# Happens: on the way back each state is looked up in the scores of the step that it comes from the back
# pointer of, one later than its own. Only the last probability belongs to its state.
#
# Seen, two equally likely states that are seen right in 99 of 100 cases, from observations alone
#   observations and states        0     1     0     0     1     1     0     1
#   probabilities, package         .01   .01   .99   .01   .99   .01   .01   .99
#   right, at each step            .99   .99   .99   .99   .99   .99   .99   .99
#   200 sequences of 30 steps with three states, mean for states that are wrong, and right
#     package                      .41, .51
#     right                        .68, .80
#
# Matters for: whoever uses only the states that are sure.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 pandas==3.1.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps zsx-HMM==2.0.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from zsx_HMM import HMMLearnPred


def right(observations, transitions, emissions, start):
    """The likeliest path and the normalised score of its state at each step."""
    score, pointers, scores = start * emissions[:, observations[0]], [], []
    for t, symbol in enumerate(observations):
        if t:
            steps = score[:, None] * transitions * emissions[:, symbol]
            pointers.append(steps.argmax(axis=0))
            score = steps.max(axis=0)
        scores.append(score / score.sum())
    path = [int(score.argmax())]
    for pointer in reversed(pointers):
        path.append(int(pointer[path[-1]]))
    path.reverse()
    return path, np.array([row[state] for row, state in zip(scores, path)])


def package(observations, *model):
    states, probabilities = HMMLearnPred(observations, num_state=len(model[2]), num_obs=model[1].shape[1]).predict(observations, *model, len(model[2]))
    return states, np.array(probabilities)


model = np.full((2, 2), 0.5), np.array([[0.99, 0.01], [0.01, 0.99]]), np.full(2, 0.5)
observations = [0, 1, 0, 0, 1, 1, 0, 1]
states, probabilities = package(observations, *model)
path, own = right(observations, *model)
print("states", states, "package", probabilities.round(2), "right", own.round(2))
assert states == path == observations and np.allclose(own, 0.99)
assert np.allclose(probabilities[:-1], [0.99 if a == b else 0.01 for a, b in zip(observations, observations[1:])]) and abs(probabilities[-1] - 0.99) < 1e-9

rng = np.random.default_rng(0)
model = np.array([[0.5, 0.4, 0.1], [0.1, 0.5, 0.4], [0.4, 0.1, 0.5]]), np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]]), np.full(3, 1 / 3)
rows = []
for _ in range(200):
    z = [rng.choice(3)]
    for _ in range(29):
        z.append(rng.choice(3, p=model[0][z[-1]]))
    observations = [int(rng.choice(3, p=model[1][state])) for state in z]
    (states, probabilities), (path, own) = package(observations, *model), right(observations, *model)
    assert states == path
    rows += list(zip(np.array(states) == z, probabilities, own))
rows = np.array(rows, dtype=float)
hit = rows[:, 0] == 1
means = [[rows[mask, column].mean() for mask in (~hit, hit)] for column in (1, 2)]
print(f"mean probability of states that are wrong and right: package {means[0][0]:.2f}, {means[0][1]:.2f}; at their own step {means[1][0]:.2f}, {means[1][1]:.2f}")
assert min(means[1][0] - means[0][0], means[1][1] - means[0][1]) > 0.2
PY
