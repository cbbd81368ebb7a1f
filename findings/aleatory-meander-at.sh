#!/usr/bin/env bash
# aleatory 1.2.4: a Brownian meander at given times is made of the first three points of one bridge: it is nearly a
# straight line.
#
# Packages: aleatory 1.2.4, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.11.2, statsmodels 0.14.6,
# ipywidgets 8.1.8.
#
# Expected: a meander is the length of a vector of three independent Brownian bridges, of which one has a drift to
# the end point: sqrt((r t + b0)^2 + b1^2 + b2^2). `sample(n)` draws the three; `sample_at(times)` is the same at
# other times.
#
# Happens: `sample_at` draws one bridge and takes its first, second and third value, three numbers, for the three
# bridges.
#
# Seen, times 0, .25, .5, .75, 1, 20,000 paths
#                    means                              deviation of the bend in the middle
#   sample_at        .57   .68   .90   1.16   1.43      .012
#   sample           0     .76   1.03  1.18   1.26      .332
#   three bridges    0     .76   1.02  1.17   1.25      .331
# A meander begins at 0; by `sample_at` it begins at .57 in the mean.
#
# Matters for: meanders on grids that are not even, for which this method is made.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.11.2 statsmodels==0.14.6 ipywidgets==8.1.8
venv/bin/pip install --quiet --disable-pip-version-check --no-deps aleatory==1.2.4
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from aleatory.processes import BrownianMeander

PATHS, TIMES = 20_000, np.linspace(0, 1, 5)
print("aleatory", version("aleatory"), "numpy", np.__version__)
meander = BrownianMeander(rng=np.random.default_rng(0))
given = np.array([meander.sample_at(TIMES) for _ in range(PATHS)])
even = np.array([meander.sample(len(TIMES)) for _ in range(PATHS)])

rng = np.random.default_rng(1)
steps = rng.normal(0, 0.5, (PATHS, 3, 4))
walks = np.concatenate([np.zeros((PATHS, 3, 1)), np.cumsum(steps, axis=2)], axis=2)
bridges = walks - TIMES * walks[:, :, -1:]
ends = np.sqrt(2 * rng.exponential(size=(PATHS, 1)))
right = np.sqrt((ends * TIMES + bridges[:, 0]) ** 2 + bridges[:, 1] ** 2 + bridges[:, 2] ** 2)
for name, paths in (("sample_at", given), ("sample", even), ("three bridges", right)):
    bend = paths[:, 2] - (paths[:, 1] + paths[:, 3]) / 2
    print(f"{name:13s} means {paths.mean(0).round(3)} deviation of the bend in the middle {bend.std():.3f}")
assert np.allclose(even.mean(0), right.mean(0), atol=0.02)
bends = [(paths[:, 2] - (paths[:, 1] + paths[:, 3]) / 2).std() for paths in (given, right)]
assert given[:, 0].mean() > 0.3 and (right[:, 0] == 0).all() and bends[0] < bends[1] / 3
assert bends[0] < 0.05
single = meander.sample_at(np.array([0.0, 0.5, 1.0]))
print("a path at 0, .5 and 1 by sample_at:", single.round(3))
PY
