#!/usr/bin/env bash
# rescomp 0.2.1: an initial state by pseudoinverse inverts a matrix that has no inverse: its readout is up to
# 14 away from the point that it is to start at, with nodes at 326.
#
# Packages: rescomp 0.2.1, networkx 2.8.8 (newer ones have no adj_matrix), scipy 1.17.1, numpy 2.4.6,
# numdifftools 0.11.2, findiff 0.16.0, sympy 1.14.0, matplotlib 3.11.2.
#
# Expected: `map_initial="pseudoinverse"` "uses the pseudoinverse of W_out to compute the initial node state
# from an initial condition". A readout with fewer rows than nodes has a right inverse,
# W' (W W')^-1, so that `predict(t, u0=u0)` begins exactly at u0.
#
# Happens: the formula is that of a matrix with more rows than columns, (W' W)^-1 W'. With 3 rows and 80
# nodes W' W has rank 3, and numpy inverts its rounding errors.
#
# Seen, readout of the initial state of 20 points, distance to the point (largest component)
#   as it is                             0.31 to 14      largest node 27 to 326
#   numpy.linalg.pinv(W_out) @ u0        1e-13           0.17 to 0.49
#   the first row of predict(t, u0=u0) is this readout
#
# Matters for: forecasts from a given point: they begin somewhere else, and nobody is told.
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

t = 0.02 * np.arange(2001)
u = np.stack([np.sin(t), np.cos(t), np.sin(2 * t)], 1)
np.random.seed(0)
computer = rescomp.ResComp(res_sz=80, signal_dim=3, ridge_alpha=1e-6, gamma=5.0, sigma=0.5, sparse_res=False)
computer.train(t, u)
readout = computer.W_out
print("readout", readout.shape, "rank of W' W:", np.linalg.matrix_rank(readout.T @ readout))
assert readout.shape == (3, 80) and np.linalg.matrix_rank(readout.T @ readout) == 3

computer.map_initial = "pseudoinverse"
off, nodes, right, own = [], [], [], []
for point in u[::100][:20]:
    state = computer.initial_condition(point)
    off.append(abs(readout @ state - point).max())
    nodes.append(abs(state).max())
    exact = readout.T @ np.linalg.solve(readout @ readout.T, point)
    assert np.allclose(exact, np.linalg.pinv(readout) @ point, atol=1e-9)
    right.append(abs(readout @ exact - point).max())
    own.append(abs(exact).max())
    first = computer.predict(t[:2], u0=point)[0]
    assert np.allclose(first, readout @ state)
print(f"as it is: off by {min(off):.2g} to {max(off):.2g}, largest node {min(nodes):.3g} to {max(nodes):.3g}")
print(f"right inverse: off by {max(right):.1g}, largest node {min(own):.2g} to {max(own):.2g}")
assert np.median(off) > 0.1 and max(right) < 1e-9 and max(own) < 1
PY
