#!/usr/bin/env bash
# arhmm 0.0.5: pairs of neighbouring phases are weighed with an observation that has not moved: transitions
# are learned wrong, and the likelihood falls from one iteration to the next.
#
# Packages: arhmm 0.0.5, numpy 2.4.6, scipy 1.17.1.
#
# Expected: an autoregressive hidden Markov model: x(t + 1) is drawn from x(t) by the phase z(t), and phases
# are a Markov chain. For each t the probabilities `zz_ests[t]` of the pairs (z(t), z(t + 1)), given all
# observations, sum to 1, and over z(t + 1) to `z_ests[t]`. With transitions from these pairs no iteration
# of expectation-maximisation lowers the likelihood.
#
# Happens: the density of the pair's second step is taken from x(t + 1) to x(t + 1), not to x(t + 2). The phase
# that likes to stand still is the next one, whatever is seen.
#
# Seen, phase 0 moves by .4 and phase 1 stands still, noise .1, both stay with .85
#   one sequence of 9 steps, pairs at           t = 0    1       2       6       7
#   their sum                package            .032     .032    1       1       .18
#   into phase 1, share      package            .989     .989    1.000   1.000   .998
#   into phase 1             all 256 paths      .000     .000    .000    .001    .000
#   8 sequences of 100, from the true model     1 iteration      2       5
#   stays in phase 0         package            .0019            3e-6    1e-19
#                            right              .835             .834    .834
#   log-likelihood           package            -1,651           -154    73      (it begins at 370)
#                            right              370              370     370
#
# Matters for: switching models learned with the package; phases that come back are never expected.
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
from scipy.stats import norm

MOVES, NOISE, STAY = (0.4, 0.0), 0.1, 0.85
TRANSITIONS = np.array([[STAY, 1 - STAY], [1 - STAY, STAY]])  # [to, from]


def model():
    return ARHMM(TRANSITIONS.copy(), [Propagator(1, np.eye(1), np.eye(1) * NOISE**2, np.array([move])) for move in MOVES])


def draw(length, rng):
    z, xs = 0, [0.0]
    for _ in range(length):
        xs.append(xs[-1] + rng.normal(MOVES[z], NOISE))
        z = z if rng.random() < STAY else 1 - z
    return np.array(xs)[:, None]


def by_paths(xs):
    """Posterior pairs [t, from, to] from every path of phases; the first phase is 0."""
    steps = np.diff(xs[:, 0])
    density = norm.pdf(steps[:, None], MOVES, NOISE)
    pairs, total = np.zeros((len(steps) - 1, 2, 2)), 0.0
    for path in product(range(2), repeat=len(steps) - 1):
        path = (0, *path)
        weight = np.prod([density[t, z] for t, z in enumerate(path)]) * np.prod([TRANSITIONS[b, a] for a, b in zip(path, path[1:])])
        total += weight
        for t, (a, b) in enumerate(zip(path, path[1:])):
            pairs[t, a, b] += weight
    return pairs / total


def forward_backward(steps, means, deviations, transitions):
    """Posterior pairs and log-likelihood by the usual recursions, in plain NumPy."""
    density = norm.pdf(steps[:, None], means, deviations)
    alphas, scales, alpha = [], [], np.array([1.0, 0.0])
    for t in range(len(steps)):
        alpha = (transitions @ alpha if t else alpha) * density[t]
        scales.append(alpha.sum())
        alpha = alpha / scales[-1]
        alphas.append(alpha)
    beta, pairs = np.ones(2), np.zeros((len(steps) - 1, 2, 2))
    for t in range(len(steps) - 2, -1, -1):
        pairs[t] = alphas[t][:, None] * transitions.T * (density[t + 1] * beta)[None, :] / scales[t + 1]
        beta = transitions.T @ (density[t + 1] * beta) / scales[t + 1]
    return pairs, np.log(scales).sum()


rng = np.random.default_rng(4)
xs = np.cumsum([0.0, 0.4, 0.42, 0.38, 0.41, 0.02, -0.03, 0.0, 0.39, 0.4])[:, None]
hidden, _ = model().expect_hs(xs)
package, right = np.array(hidden.zz_ests), by_paths(xs)
assert np.allclose(forward_backward(np.diff(xs[:, 0]), np.array(MOVES), np.full(2, NOISE), TRANSITIONS)[0], right)
assert np.allclose(np.array(hidden.z_ests)[:-1], right.sum(axis=2))  # phases alone are right
for t in range(len(package)):
    print(f"pairs at t = {t}: package, sum {package[t].sum():.2g}, into phase 1 {package[t][:, 1].sum() / package[t].sum():.3f}; all paths, sum {right[t].sum():.2g}, into phase 1 {right[t][:, 1].sum():.3f}")
shares = package[:, :, 1].sum(axis=1) / package.sum(axis=(1, 2))
moving = [0, 1, 6, 7]  # the second step of these pairs is of phase 0
assert shares.min() > 0.95 and all(right[t][:, 1].sum() < 0.01 for t in moving) and all(package[t].sum() < 0.5 for t in (0, 1, 7))

data = [draw(100, rng) for _ in range(8)]
machine, own, stays, likelihoods = model(), TRANSITIONS.copy(), [], []
means, deviations = np.array(MOVES), np.full(2, NOISE)
for iteration in range(1, 6):
    hidden, _ = machine.expect_hs_list(data)
    machine = ARHMM.construct_by_maximization(hidden, data)
    counts = sum(forward_backward(np.diff(xs[:, 0]), means, deviations, own)[0].sum(axis=0) for xs in data)
    own = (counts / counts.sum(axis=1, keepdims=True)).T
    likelihoods.append((sum(machine.expect_hs_list(data)[1]), sum(forward_backward(np.diff(xs[:, 0]), means, deviations, own)[1] for xs in data)))
    stays.append((machine.A[0, 0], own[0, 0]))
    print(f"iteration {iteration}: stays in phase 0, package {stays[-1][0]:.2g}, right {stays[-1][1]:.3f}; log-likelihood, package {likelihoods[-1][0]:.0f}, right {likelihoods[-1][1]:.0f}")
start = sum(model().expect_hs_list(data)[1])
print(f"log-likelihood of the true model {start:.0f}")
assert all(0.8 < right < 0.9 for _, right in stays) and all(package < 0.1 for package, _ in stays)
assert likelihoods[0][0] < start - 100 and likelihoods[0][1] >= start
PY
