#!/usr/bin/env bash
# metricspace 1.2.0: trials that are as near to two classes are lost: a confusion matrix of 30 trials counts 9, all of
# them for the first class.
#
# Packages: metricspace 1.2.0, numba 0.68.1, pandas 3.1.1, numpy 2.4.6.
#
# Expected: `distclust` gives a confusion matrix where "each row should sum to the number of trials/samples in each
# class" (its documentation). In the program of Victor and Purpura that it translates, a trial that is as near
# to k classes counts 1 / k in each.
#
# Happens: 1 / k is counted in the first of them alone, and the matrix is cut to whole numbers in the end.
#
# Seen, 3 classes of 10 trials each, all distances 1: each trial is as near to every class
#   right    3.33 in each of 9 places: 30 trials
#   found    3 0 0 in each row: 9 trials, a third of the first class is right and nothing of the others
#   2 classes of 10: 5 0 in both rows, right 5 5
#   distances without ties: rows sum to 10
#
# Matters for: spike counts (a cost of 0), where ties are the rule, and information from the matrix: chance
# looks like a preference for the first class.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numba==0.68.1 pandas==3.1.1 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps metricspace==1.2.0
venv/bin/python -W ignore - <<'PY'
import metricspace
import numpy as np

TRIALS = 10


def right(distances, classes):
    """Each trial is divided among the classes whose mean inverse square distance, itself left out, is largest."""
    members = np.repeat(np.arange(classes), TRIALS)
    found = np.zeros((classes, classes))
    for trial, own in enumerate(members):
        others = np.arange(len(members)) != trial
        near = np.array([np.mean(distances[trial, others & (members == c)] ** -2.0) for c in range(classes)])
        best = np.flatnonzero(np.isclose(near, near.max(), rtol=1e-12))
        found[own, best] += 1 / len(best)
    return found


for classes in (2, 3):
    distances = 1.0 - np.eye(classes * TRIALS)
    found, whole = metricspace.distclust(distances.copy(), [TRIALS] * classes), right(distances, classes)
    print(f"{classes} classes, ties: found {found.tolist()}, right {whole.round(2).tolist()}")
    assert np.allclose(whole, TRIALS / classes) and np.allclose(whole.sum(1), TRIALS)
    assert (found[:, 1:] == 0).all() and (found[:, 0] == TRIALS // classes).all()

rng = np.random.default_rng(0)
noise = np.triu(rng.uniform(1, 2, (3 * TRIALS, 3 * TRIALS)), 1)
distances = noise + noise.T
found, whole = metricspace.distclust(distances.copy(), [TRIALS] * 3), right(distances, 3)
print("without ties: found", found.tolist(), "right", whole.tolist())
assert (found == whole).all() and (found.sum(1) == TRIALS).all()
PY
