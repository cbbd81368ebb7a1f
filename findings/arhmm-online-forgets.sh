#!/usr/bin/env bash
# arhmm 0.0.5: the online estimate of the phase knows the last step alone: it leaves phases that cannot be
# left, and begins in phases that cannot have come yet.
#
# Packages: arhmm 0.0.5, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `OnlinePhaseEstimator` keeps an estimate of the phase, begins with phase 0 for certain, and with
# each observation brings it up to date: as in any filter, what was known before the step weighs in.
#
# Happens: each update divides the densities of the last step by their sum, moves on by the transitions, and
# overwrites the estimate, which is never read.
#
# Seen, three phases that move by 0, .3 and .6 with noise .3; each stays with .95 or goes on to the next, and
# the last one is never left; probability of the phase that is next
#                                        package              every path
#   after one step of .55                .094 .362 .544       .950 .050 .000
#   phase 2 after 30 steps of 0,
#   30 of .3 and 40 of .6, the last 20   .07 to .90           1.000
#   60 sequences of 100: right phase     65 %                 90 %
#
# Matters for: robots and other machines that act on the phase that they are in.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps arhmm==0.0.5
venv/bin/python -W ignore - <<'PY'
from itertools import product

import numpy as np
from arhmm.core import ARHMM
from arhmm.propagator import Propagator
from arhmm.utils import create_irreversible_markov_matrix
from arhmm.phase_estimator import OnlinePhaseEstimator
from scipy.stats import norm

MOVES, NOISE = np.array([0.0, 0.3, 0.6]), 0.3
TRANSITIONS = create_irreversible_markov_matrix(3, 0.95)  # [to, from]
MACHINE = ARHMM(TRANSITIONS, [Propagator(1, np.eye(1), np.eye(1) * NOISE**2, np.array([move])) for move in MOVES])


def online(xs):
    """The package's estimates, one after each step."""
    estimator, seen = OnlinePhaseEstimator.construct(MACHINE), []
    for x in xs:
        estimator.update(np.array([x]))
        seen.append(estimator.z_est.copy())
    return np.array(seen)[1:]


def filtered(xs):
    """Probabilities of the next phase after each step, by the forward recursion from phase 0."""
    belief, seen = np.array([1.0, 0.0, 0.0]), []
    for step in np.diff(xs):
        belief = belief * norm.pdf(step, MOVES, NOISE)
        belief = TRANSITIONS @ (belief / belief.sum())
        seen.append(belief)
    return np.array(seen)


def by_paths(xs):
    """The same after the last step, from every path of phases."""
    steps, totals = np.diff(xs), np.zeros(3)
    for path in product(range(3), repeat=len(steps) + 1):
        if path[0] == 0:
            totals[path[-1]] += np.prod(norm.pdf(steps, MOVES[list(path[:-1])], NOISE)) * np.prod([TRANSITIONS[b, a] for a, b in zip(path, path[1:])])
    return totals / totals.sum()


rng = np.random.default_rng(0)
for length in (1, 2, 6):
    xs = np.cumsum(np.r_[0, rng.normal(0.3, NOISE, length)])
    assert np.allclose(filtered(xs)[-1], by_paths(xs))

first = np.array([0, 0.55])
print("after one step of .55: package", online(first)[-1].round(3), "every path", by_paths(first).round(3))
assert online(first)[-1][2] > 0.4 and by_paths(first)[2] < 1e-9

steps = np.r_[np.full(30, 0.0), np.full(30, 0.3), np.full(40, 0.6)] + rng.normal(0, NOISE, 100)
xs = np.r_[0, np.cumsum(steps)]
package, right = online(xs)[-20:, 2], filtered(xs)[-20:, 2]
print(f"phase 2 in the last 20 steps: package {package.min():.2f} to {package.max():.2f}, right {right.min():.3f} to {right.max():.3f}")
assert package.min() < 0.3 and right.min() > 0.999

hits = np.zeros(2)
for _ in range(60):
    z, phases, xs = 0, [], [0.0]
    for _ in range(100):
        xs.append(xs[-1] + rng.normal(MOVES[z], NOISE))
        z = rng.choice(3, p=TRANSITIONS[:, z])
        phases.append(z)
    hits += [(estimate(np.array(xs)).argmax(axis=1) == phases).mean() / 60 for estimate in (online, filtered)]
print(f"right phase: package {hits[0]:.1%}, forward recursion {hits[1]:.1%}")
assert hits[0] < hits[1] - 0.1
PY
