#!/usr/bin/env bash
# statsmodels 0.15.0: a known start of a switching regression is moved on twice
# before the first observation.
#
# Packages: statsmodels 0.15.0, numpy 2.4.6, scipy 1.17.1, pandas 3.1.1.
#
# Expected: `initialize_known(p)` sets the regime probabilities at the start. They
# are those of the first observation, or, as the Hamilton filter is sometimes
# written, those one transition earlier. The results report the same p as
# `initial_probabilities`.
#
# Happens: in `MarkovRegression` (no lags) the regime probabilities that the first
# observation is weighted with are p after *two* transitions. The default start,
# the steady state, does not change under transitions, so nothing shows there.
# Release 0.14.4 gives the same numbers.
#
# Seen (start (1, 0), 12 observations, enumeration of the 4,096 regime paths):
#   statsmodels                       -14.694750
#   p at the first observation        -14.608962
#   p one transition before it        -14.666918
#   p two transitions before it       -14.694750
#   first predicted probabilities     0.7518 0.2482
#
# Matters for: regimes that are known at the start, forecasting from a filtered
# state (two steps are lost at every restart), and checking another library's
# filter against this one.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check statsmodels==0.15.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1
venv/bin/python - <<'PY'
from itertools import product

import numpy as np
import statsmodels.api as sm
from scipy.stats import norm

y = np.random.default_rng(0).normal(size=12)
move = np.array([[0.83, 0.17], [0.37, 0.63]])
mean, variance = np.array([-0.5, 0.8]), np.array([0.6, 1.3])
start = np.array([1.0, 0.0])
density = norm(mean, np.sqrt(variance)).pdf(y[:, None])


def enumerated(first):
    total = 0.0
    for path in product(range(2), repeat=len(y)):
        p = first[path[0]] * density[0, path[0]]
        for t in range(1, len(y)):
            p *= move[path[t - 1], path[t]] * density[t, path[t]]
        total += p
    return np.log(total)


model = sm.tsa.MarkovRegression(y, k_regimes=2, switching_variance=True)
assert model.param_names == ["p[0->0]", "p[1->0]", "const[0]", "const[1]", "sigma2[0]", "sigma2[1]"]
parameters = np.array([move[0, 0], move[1, 0], *mean, *variance])
steady = np.array([move[1, 0], move[0, 1]]) / (move[1, 0] + move[0, 1])
assert abs(model.filter(parameters).llf - enumerated(steady)) < 1e-9

model.initialize_known(start)
result = model.filter(parameters)
predicted = np.asarray(result.predicted_marginal_probabilities)[0]
at, one, two = enumerated(start), enumerated(start @ move), enumerated(start @ move @ move)
print(f"statsmodels                       {result.llf:.6f}")
print(f"p at the first observation        {at:.6f}")
print(f"p one transition before it        {one:.6f}")
print(f"p two transitions before it       {two:.6f}")
print("first predicted probabilities    ", *predicted.round(4))
assert np.allclose(result.initial_probabilities, start)
assert np.allclose(predicted, start @ move @ move)
assert abs(result.llf - two) < 1e-9 and min(abs(result.llf - at), abs(result.llf - one)) > 0.02
PY
