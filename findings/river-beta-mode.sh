#!/usr/bin/env bash
# river 0.26.1: the mode of a Beta posterior is a probability of 1.5.
#
# Packages: river 0.26.1, scipy 1.17.1, numpy 2.4.6.
#
# Expected: `proba.Beta` takes any positive alpha and beta. Its mode is the most
# probable value and lies in [0, 1]: (a - 1) / (a + b - 2) where both exceed 1, and
# an end of the interval where one of them does not.
#
# Happens: the formula is used everywhere. With the Krichevsky-Trofimov prior
# Beta(1/2, 1/2), two ones make Beta(5/2, 1/2), whose density has no bound at 1,
# and the mode is reported as 1.5. After a single one, a + b - 2 is 0, and the
# mode is reported as 0.5, where the density is low.
#
# Seen:
#   Beta(1/2, 1/2) after 1:     mode 0.5, density highest at 1
#   Beta(1/2, 1/2) after 1 1:   mode 1.5, density highest at 1
#   Beta(1/2, 1/2) after 0 0:   mode -0.5, density highest at 0
#   Beta(2, 2) after 1 1:       mode 0.75, right
#
# Matters for: a most probable estimate with the prior that coders use. The
# predictive probability of KT is the mean, not the mode.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check river==0.26.1 scipy==1.17.1 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
from river import proba
from scipy.stats import beta

grid = np.linspace(0, 1, 4001)[1:-1]
for prior, ones, zeros, seen in (((0.5, 0.5), 1, 0, 0.5), ((0.5, 0.5), 2, 0, 1.5), ((0.5, 0.5), 0, 2, -0.5), ((2, 2), 2, 0, 0.75)):
    posterior = proba.Beta(*prior)
    for bit in [True] * ones + [False] * zeros:
        posterior.update(bit)
    highest = grid[beta(prior[0] + ones, prior[1] + zeros).pdf(grid).argmax()]
    print(f"Beta{prior} after {ones} ones and {zeros} zeros: mode {posterior.mode}, density highest at {highest:.4f}")
    assert posterior.mode == seen
    assert (abs(highest - seen) < 1e-3) == (prior == (2, 2))
PY
