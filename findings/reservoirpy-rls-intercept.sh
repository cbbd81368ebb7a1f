#!/usr/bin/env bash
# reservoirpy 0.4.2: recursive least squares with an intercept is no least squares
# unless every input has mean 0.
#
# Packages: reservoirpy 0.4.2, numpy 2.4.6, scipy 1.17.1.
#
# Expected: the node RLS learns weights and, by default, a bias by recursive least
# squares: after each pair they are the least-squares solution for all pairs so far, up
# to the tiny `alpha`. On noise-free data they are exact after as many pairs as there
# are unknowns, as with an input that is always 1 and no bias.
#
# Happens: the bias is no part of the recursion. It moves by the last error divided by
# the number of pairs, and the weights are updated as if the bias had been this one all
# along. Both explain the mean of the inputs, and what the bias learns too late stays in the
# weights: at a mean of 1 they are half a unit off after 1,000 pairs.
#
# Seen, y = x1 + 2 x2 - x3 + 4, no noise, normal inputs, 1,000 pairs:
#   mean of inputs    weights                 bias
#        0            1.005   2.000  -1.000    4.006
#        1            1.444   2.549  -0.530    2.369
#        3            1.128   2.148  -0.874    2.788
#   an input of 1     1.000   2.000  -1.000    4.000, with any mean
#
# Matters for: reading out a reservoir online: its states have no mean of 0 as soon as
# the input has none. The example in the docstring has inputs of mean 0.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check reservoirpy==0.4.2 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import numpy as np
from reservoirpy.nodes import RLS

TRUE = np.array([1.0, 2.0, -1.0, 4.0])
noise = np.random.default_rng(0).normal(size=(1000, 3))
for mean in (0, 1, 3):
    x = noise + mean
    ones = np.hstack([x, np.ones((1000, 1))])
    y = ones @ TRUE[:, None]
    node, column = RLS(), RLS(fit_bias=False)
    node.partial_fit(x, y)
    column.partial_fit(ones, y)
    learnt = np.r_[node.Wout.ravel(), node.bias]
    print(f"mean {mean}: weights and bias", learnt.round(3), "with a column of ones", column.Wout.ravel().round(3))
    assert np.abs(column.Wout.ravel() - TRUE).max() < 1e-4
    assert (np.abs(learnt - TRUE).max() < 0.01) == (mean == 0), "the bias takes part now"
PY
