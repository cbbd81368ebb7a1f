#!/usr/bin/env bash
# chainopy 1.0.3: the stationary distribution of every chain is uniform.
#
# Packages: chainopy 1.0.3, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `stationary_dist` is the distribution that a step leaves as it is: the left
# eigenvector for 1 of the transition matrix, which raising the matrix to a high power
# shows too.
#
# Happens: the transposed matrix is handed to LAPACK as memory, and numpy's transpose is
# a view of the same memory. LAPACK reads columns first: what it is given and what it
# reads cancel, and the eigenvector is that of the matrix for vectors on the right, which
# is constant for any matrix whose rows sum to 1.
#
# Seen, transitions .9 .1 / .5 .5:
#   after 200 steps         .833 .167
#   `stationary_dist()`     .500 .500
#   one step on from it     .700 .300
# and for 50 chains of 4 states drawn at random: uniform for all, right to .01 for none.
#
# Matters for: any use of it: the long-run share of each state, ranking, entropy rates.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps chainopy==1.0.3
venv/bin/python - <<'PY'
import sys
from unittest.mock import MagicMock

import numpy as np

# loaded for drawing and for other models of the package
for name in (
    "torch torch.nn torch.nn.functional torch.optim xarray seaborn networkx matplotlib matplotlib.pyplot"
    " statsmodels statsmodels.tsa statsmodels.tsa.ar_model"
).split():
    sys.modules[name] = MagicMock()
from chainopy import MarkovChain

moves = np.array([[0.9, 0.1], [0.5, 0.5]])
right = np.linalg.matrix_power(moves, 200)[0]
found = MarkovChain(moves).stationary_dist()
for name, shares in (("after 200 steps", right), ("stationary_dist()", found), ("one step on from it", found @ moves)):
    print(f"{name:20}", *(f"{share:.3f}" for share in shares))
assert np.allclose(right, [5 / 6, 1 / 6])
rng, close = np.random.default_rng(0), 0
for _ in range(50):
    moves = rng.dirichlet(np.ones(4), size=4)
    moves[:, -1] = 1 - moves[:, :-1].sum(1)
    found = MarkovChain(moves).stationary_dist()
    assert np.allclose(found, 0.25), "not uniform"
    close += np.allclose(found, np.linalg.matrix_power(moves, 200)[0], atol=0.01)
print(f"uniform for 50 of 50 chains, right to 0.01 for {close}")
assert close == 0
PY
