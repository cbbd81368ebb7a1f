#!/usr/bin/env bash
# pyhhmm 2.0.1: training adds one to every count of transitions for each sequence: with a thousand
# short sequences a state that is left in 9 % of the steps is left in 36 %.
#
# Packages: pyhhmm 2.0.1, numpy 1.26.4, scipy 1.11.4, scikit-learn 1.3.2, pandas 2.1.4, matplotlib 3.7.5,
#   seaborn 0.13.2, prettytable 3.10.0.
#
# Expected: `train` is Baum-Welch, with a Dirichlet prior `A_prior` for each row of the transitions whose
# default, 1, adds nothing. Where each state shows which one it is, the transitions are
# the shares of those that are in the sequences.
#
# Happens: `_calc_xi` adds up expected counts as logarithms, and the sum starts with 0, which is the
# logarithm of one. There is one such sum for each sequence.
#
# Seen, two states that are seen, 1,000 sequences of 3 steps, or one of 2,000; P(leave 0), P(leave 1):
#   sequences                 1          1,000
#   counted                   .097 .236  .089 .213
#   counted + 1 a sequence    .097 .237  .357 .408
#   trained                   .097 .237  .357 .408
# Three sequences 0 1 2 of a chain from left to right that may skip: 0 to 2 counted 0, trained .250.
# Hidden states, trained from the right transitions on: log-likelihood -1962, -2012, -2042, -2051.
#
# Matters for: every model of the package, all three use it; many short sequences, as of patients or users.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 scipy==1.11.4 scikit-learn==1.3.2 pandas==2.1.4
venv/bin/pip install --quiet --disable-pip-version-check matplotlib==3.7.5 seaborn==0.13.2 prettytable==3.10.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pyhhmm==2.0.1
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from pyhhmm.multinomial import MultinomialHMM

MOVE = np.array([[0.9, 0.1], [0.2, 0.8]])
rng = np.random.default_rng(0)


def walk(steps):
    states = [rng.integers(2)]
    for _ in range(steps - 1):
        states.append(rng.choice(2, p=MOVE[states[-1]]))
    return np.array(states)[:, None]


def model_of(start, move, show):
    model = MultinomialHMM(len(start), 1, [len(show[0])], tr_params="t", init_params="", verbose=False, learning_rate=0.0)
    model.pi, model.A, model.B = np.array(start), np.array(move), [np.array(show, dtype=float)]
    return model


def counts(sequences, size):
    table = np.zeros((size, size))
    for sequence in sequences:
        np.add.at(table, (sequence[:-1, 0], sequence[1:, 0]), 1)
    return table


def shares(table):
    return table / table.sum(axis=1, keepdims=True)


for number, steps in ((1, 2000), (1000, 3)):
    sequences = [walk(steps) for _ in range(number)]
    model = model_of([0.5, 0.5], np.full((2, 2), 0.5), np.eye(2))
    model.train(sequences, n_iter=20, no_init=True)
    counted = counts(sequences, 2)
    right, more = shares(counted), shares(counted + number)
    print(f"{number} of {steps} steps: counted {right[0, 1]:.3f} {right[1, 0]:.3f}, plus one a sequence {more[0, 1]:.3f} {more[1, 0]:.3f},"
          f" trained {model.A[0, 1]:.3f} {model.A[1, 0]:.3f}")
    assert np.allclose(model.A, more, atol=1e-9)
assert model.A[0, 1] > 3 * right[0, 1]

chain = [np.array([[0], [1], [2]])] * 3
model = model_of([1, 0, 0], [[1 / 3, 1 / 3, 1 / 3], [0, 0.5, 0.5], [0, 0, 1]], np.eye(3))
model.train(chain, n_iter=20, no_init=True)
print("0 to 2 counted", counts(chain, 3)[0, 2], "trained", model.A[0].round(3))
assert np.isclose(model.A[0, 2], 3 / 12)

# Hidden states: from the right transitions, each step of Baum-Welch must not lose likelihood.
show = np.array([[0.8, 0.2], [0.1, 0.9]])
sequences = [np.array([[rng.choice(2, p=show[state])] for state in walk(3)[:, 0]]) for _ in range(1000)]
model, scores = model_of([0.5, 0.5], MOVE, show), []
for _ in range(4):
    scores.append(sum(model.score_samples(sequences)))
    model.train(sequences, n_iter=1, no_init=True)
print("log-likelihood, training from the right transitions", np.round(scores, 1))
assert all(later < earlier for earlier, later in zip(scores, scores[1:]))
PY
