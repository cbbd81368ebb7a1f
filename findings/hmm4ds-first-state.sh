#!/usr/bin/env bash
# hmm4ds 0.0.6: a simulated sequence begins in state 0 or 1, however many states there are.
#
# Packages: hmm4ds 0.0.6, numpy 2.4.6.
#
# Expected: `HMM.simulate` draws sequences of states and observations. The first state is drawn from
# a distribution over all states: the code takes the time average.
#
# Happens: it takes the running sums of the first entry of the time average, which is one number p. A
# uniform number up to p makes state 0, any larger one state 1.
#
# Seen, four states, time average and initial probabilities .1 .1 .1 .7, 20,000 simulations:
#   state                   0       1       2       3
#   right                   .10     .10     .10     .70
#   first state             .10     .90     0       0
# A chain that stays with .99: share of time in each state over 20 steps
#   right                   .10     .10     .10     .70
#   found                   .10     .83     .01     .07
#
# Matters for: simulated data of slow chains, and likelihood tests by simulation.
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

RUNS, STEPS, STAY = 20_000, 20, 0.99
average = np.array([0.1, 0.1, 0.1, 0.7])
# A chain that stays, or draws its state anew from the average: the average is stationary.
change = STAY * np.eye(4) + (1 - STAY) * average[None, :]
assert np.allclose(average @ change, average)
rng = np.random.default_rng(0)
model = HMM(average, average, change, Observation(np.eye(4), rng), rng)
states = np.array([model.simulate(STEPS)[0] for _ in range(RUNS)])
first, time = (np.bincount(each.ravel(), minlength=4) / each.size for each in (states[:, 0], states))
print("first state", first.round(3), "over all steps", time.round(3), "right", average)
assert first[2] == first[3] == 0 and abs(first[0] - 0.1) < 0.01 and abs(first[1] - 0.9) < 0.01
assert time[1] > 0.8 and time[3] < 0.1
# What comes after the first state is right.
kept = (states[:, 1:] == states[:, :-1]).mean()
expected = (time[:4] * change.diagonal()).sum()
assert abs(kept - expected) < 0.002
PY
