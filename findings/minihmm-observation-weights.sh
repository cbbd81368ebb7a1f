#!/usr/bin/env bash
# minihmm 0.3.3: weights of observation sequences have no effect on what is learned: a sequence that
# counts a thousandfold counts once.
#
# Packages: minihmm 0.3.3, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2, jsonpickle 4.1.4.
#
# Expected: `train_baum_welch(..., observation_weights=[1, 1000])` learns as from the first sequence
# once and the second one a thousand times. The weighted log-likelihood that is monitored, and
# that decides when to stop and which model is the best, rises at each step.
#
# Happens: weights come to that log-likelihood alone. Estimators are given the counts of each
# sequence without its weight and add them up.
#
# Seen, two states, sequences of ten letters, 30 steps:
#   weights                    first row of transitions    weighted log-likelihood at the end
#   1, 1                            .760  .240
#   1, 1000                         .760  .240                     -7892.6
#   one and a thousand copies       .424  .576                     -6869.3
#   right for 1, 1000               .424  .576                     -6869.3
#
# Matters for: data with multiplicities, and boosting by weights.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2 jsonpickle==4.1.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps minihmm==0.3.3
venv/bin/python -W ignore - <<'PY'
import numpy as np
from minihmm.estimators import DiscreteEmissionEstimator
from minihmm.factors import ArrayFactor, MatrixFactor
from minihmm.hmm import FirstOrderHMM
from minihmm.training import train_baum_welch

START, STEP, LETTERS = np.array([0.6, 0.4]), np.array([[0.7, 0.3], [0.1, 0.9]]), np.array([[0.9, 0.1], [0.2, 0.8]])
SEQUENCES = [np.array([0] * 5 + [1] * 5), np.array([1, 0] * 5)]
STEPS = 30


def by_package(sequences, weights):
    model = FirstOrderHMM(ArrayFactor(START), [ArrayFactor(row) for row in LETTERS], MatrixFactor(STEP))
    found = train_baum_welch(model, sequences, emission_estimator=DiscreteEmissionEstimator(2), observation_weights=weights, processes=1, miniter=0, maxiter=STEPS, learning_threshold=-np.inf)
    return found["final_model"].trans_probs.data, found["weight_logprobs"]


def by_counts(weights):
    """Baum and Welch's steps with weighted counts, from forward and backward probabilities."""
    start, step, letters, likelihoods = START, STEP, LETTERS, []
    for turn in range(STEPS):
        starts, steps, seen, total = np.zeros(2), np.zeros((2, 2)), np.zeros((2, 2)), 0.0
        for x, weight in zip(SEQUENCES, weights):
            ahead, back = [start * letters[:, x[0]]], [np.ones(2)]
            for t in range(1, len(x)):
                ahead.append(ahead[-1] @ step * letters[:, x[t]])
                back.append(step @ (letters[:, x[-t]] * back[-1]))
            ahead, back = np.array(ahead), np.array(back[::-1])
            mass = ahead[-1].sum()
            states = ahead * back / mass
            starts += weight * states[0]
            for t in range(len(x)):
                seen[:, x[t]] += weight * states[t]
                if t:
                    steps += weight * ahead[t - 1][:, None] * step * letters[:, x[t]] * back[t] / mass
            total += weight * np.log(mass)
        likelihoods.append(total)
        if turn < STEPS - 1:
            start, step, letters = starts / starts.sum(), steps / steps.sum(1, keepdims=True), seen / seen.sum(1, keepdims=True)
    return step, likelihoods


plain, heavy, right = by_package(SEQUENCES, [1, 1]), by_package(SEQUENCES, [1, 1000]), by_counts([1, 1000])
copies = by_package([SEQUENCES[0]] + [SEQUENCES[1]] * 1000, None)
for name, (step, likelihoods) in {"weights 1, 1": plain, "weights 1, 1000": heavy, "1001 sequences": copies, "right": right}.items():
    print(f"{name:16}", np.round(step[0], 3), f"log-likelihood {likelihoods[0]:.1f}, then {likelihoods[1]:.1f}, at the end {likelihoods[-1]:.1f}")
assert np.allclose(by_counts([1, 1])[0], plain[0]) and np.allclose(copies[0], right[0]) and np.isclose(heavy[1][0], right[1][0])
assert (heavy[0] == plain[0]).all() and abs(heavy[0] - right[0]).max() > 0.2
PY
