#!/usr/bin/env bash
# bayesloop 2.0.0: an alpha-stable random walk that has been used on one grid walks too far, or not
# far enough, on the next one.
#
# Packages: bayesloop 2.0.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: a transition model is given to a study, and the same one to another study with another
# range of the parameter, as for any other transition model: its width is in units of the parameter.
#
# Happens: the kernel is made for the first grid, in units of the distance of its points, and made
# again only when the width or the shape has changed. The Gaussian walk keeps its kernels by
# width in points, and is right.
#
# Seen, ten counts, log10 of the evidence, 200 points, width 0.5:
#   rates up to       20        40        80
#   a new model      -10.461   -10.761   -11.054
#   the same model   -10.461   -10.634   -11.263
#   by matrices      -10.461   -10.761   -11.054
#
# Matters for: whoever widens a grid that turned out too narrow, and compares it with the first.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check bayesloop==2.0.0 numpy==2.4.6 scipy==1.17.1
MPLBACKEND=agg venv/bin/python -W ignore - <<'PY'
import bayesloop as bl
import numpy as np
from scipy.stats import poisson

FLAT = lambda rate: np.ones_like(rate)
COUNTS = np.array([2, 3, 1, 4, 2, 7, 8, 6, 9, 7])
POINTS, WIDTH, SHAPE = 200, 0.5, 1.5


def walk():
    return bl.tm.AlphaStableRandomWalk("c", WIDTH, "alpha", SHAPE, target="rate")


def evidence(model, most):
    study = bl.Study(silent=True)
    study.load_data(COUNTS, silent=True)
    study.set_observation_model(bl.om.Poisson("rate", bl.oint(0, most, POINTS), prior=FLAT), silent=True)
    study.set_transition_model(model, silent=True)
    study.fit(silent=True)
    return study.log10_evidence


def by_matrices(most):
    """The forward algorithm; a step's density at each distance by its characteristic function."""
    grid = bl.oint(0, most, POINTS)
    width = WIDTH / (grid[1] - grid[0])
    frequencies = (np.arange(20000) + 0.5) * np.pi / 20000
    density = np.array([np.mean(np.exp(-((width * frequencies) ** SHAPE)) * np.cos(frequencies * d)) for d in range(POINTS)])
    step = density[np.abs(np.subtract.outer(np.arange(POINTS), np.arange(POINTS)))]
    p, total = np.full(POINTS, 1 / POINTS), 0.0
    for t, count in enumerate(COUNTS):
        if t:
            p = step @ p / (step @ p).sum()  # what leaves the grid is left out
        p = p * poisson.pmf(count, grid)
        total += np.log10(p.sum())
        p = p / p.sum()
    return total


used = walk()
for most in (20, 40, 80):
    new, same, right = evidence(walk(), most), evidence(used, most), by_matrices(most)
    print(f"up to {most}: a new model {new:.3f}, the same model {same:.3f}, by matrices {right:.3f}")
    assert abs(new - right) < 0.01
    assert abs(same - right) < 0.01 if most == 20 else abs(same - right) > 0.1
PY
