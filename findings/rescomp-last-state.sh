#!/usr/bin/env bash
# rescomp 0.2.1: the last state that training keeps is that of the sample before the last: forecasts come one
# step late, 72 times as far off as from the right state.
#
# Packages: rescomp 0.2.1, networkx 2.8.8 (newer ones have no adj_matrix), scipy 1.17.1, numpy 2.4.6,
# numdifftools 0.11.2, findiff 0.16.0, sympy 1.14.0, matplotlib 3.11.2.
#
# Expected: "Typically, predict is passed the state of the reservoir nodes r0 at the end of training":
# `train(train_t, U)` "automatically stores the last node state", and `predict(test_t, r0=r0)` gives u at
# the times of test_t. Where test_t begins at train_t[-1], the first row is U[-1].
#
# Happens: without a window training is on the samples from 0 to -1 as a slice has them: without the last.
# The state kept is that of the last but one. With a window the last sample is there.
#
# Seen, sin t, cos t and sin 2 t in steps of 0.02, 2,001 samples, reservoir of 80
#                                     first row to u at its time    to u one step before
#   train(t, u)                       0.0150                        0.0002
#   train(t, u, window=100)           0.0002                        0.0150
#
# Matters for: every error of a forecast from the end of training; it grows with the step, and with chaos.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2 sympy==1.14.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps rescomp==0.2.1 networkx==2.8.8 numdifftools==0.11.2 findiff==0.16.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
import rescomp

LAST, STEP = 2000, 0.02
t = STEP * np.arange(LAST + 50)
u = np.stack([np.sin(t), np.cos(t), np.sin(2 * t)], 1)


def trained(seed=0, **window):
    np.random.seed(seed)
    computer = rescomp.ResComp(res_sz=80, signal_dim=3, ridge_alpha=1e-6, gamma=5.0, sigma=0.5, sparse_res=False)
    computer.train(t[: LAST + 1], u[: LAST + 1], **window)
    return computer


def rows(computer, state):
    """Largest difference of the first row of a forecast from the last sample on: to it, and to the one before."""
    first = computer.predict(t[LAST:], r0=state)[0]
    return [float(abs(first - u[step]).max()) for step in (LAST, LAST - 1)]


computer = trained()
late = rows(computer, computer.r0)
print("train(t, u): first row off by {:.4f}, from the sample before by {:.4f}".format(*late))
windowed = trained(window=100.0)
right = rows(windowed, windowed.r0)
print("with a window: off by {:.4f}, from the sample before by {:.4f}".format(*right))
assert late[0] > 20 * late[1] and right[1] > 20 * right[0]

states = computer.internal_state_response(t[: LAST + 1], u[: LAST + 1], computer.initial_condition(u[0]))
print("states of the training run: kept is the last but one,", abs(states[-2] - computer.r0).max(), abs(states[-1] - computer.r0).max())
assert abs(states[-2] - computer.r0).max() < 1e-4 < abs(states[-1] - computer.r0).max()
own = rows(computer, states[-1])
print("from the last state: off by {:.4f}".format(own[0]))
assert late[0] > 20 * own[0]
PY
