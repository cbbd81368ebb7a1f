#!/usr/bin/env bash
# entropy-estimators 0.0.2: with the Euclidean norm every entropy is d ln 2 too high.
#
# Packages: entropy-estimators 0.0.2, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `get_h(x, k, norm)` is the estimate of Kozachenko & Leonenko, from the volume
# of the ball that reaches to the k-th neighbour: with the maximum norm a cube with twice
# the distance as side, with the Euclidean norm a ball with the distance as radius. Both
# tend to the same entropy.
#
# Happens: for the ball, too, twice the distance is taken, with the volume of the ball of
# radius 1: 2^d times the volume (a user asked about the 2 in 2022). Differences between
# entropies of like dimension are right.
#
# Seen, 2,000 points, k = 5, entropy in nats:
#   uniform on a line     right 0       maximum norm -0.010   Euclidean 0.683
#   normal, 2 dimensions  right 2.838   maximum norm 2.809    Euclidean 4.201
#   normal, 3 dimensions  right 4.257   maximum norm 4.211    Euclidean 6.302
#
# Matters for: entropies themselves, in the Euclidean norm. In one dimension the norms are
# the same, and the estimates differ.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps entropy-estimators==0.0.2
venv/bin/python - <<'PY'
import numpy as np
from entropy_estimators.continuous import get_h

POINTS, NEIGHBOURS = 2_000, 5
rng = np.random.default_rng(0)
gauss = 0.5 * np.log(2 * np.pi * np.e)
for name, points, right in (
    ("uniform on a line", rng.random((POINTS, 1)), 0.0),
    ("normal, 2 dimensions", rng.normal(size=(POINTS, 2)), 2 * gauss),
    ("normal, 3 dimensions", rng.normal(size=(POINTS, 3)), 3 * gauss),
):
    cube, ball = (get_h(points, k=NEIGHBOURS, norm=norm) for norm in ("max", "euclidean"))
    print(f"{name:21} right {right:.3f}  maximum norm {cube:.3f}  Euclidean {ball:.3f}")
    assert abs(cube - right) < 0.1
    assert abs(ball - points.shape[1] * np.log(2) - right) < 0.1
    if points.shape[1] == 1:
        assert np.isclose(ball, cube + np.log(2)), "one norm, two estimates"
PY
