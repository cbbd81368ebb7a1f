#!/usr/bin/env bash
# df2markov 0.1: a state that most users were never in is left with probability .25: the rest of its row is missing.
#
# Packages: df2markov 0.1, numpy 1.26.4, pandas 2.2.3, networkx 3.3, pydot 2.0.0, pyparsing 3.1.4.
#
# Expected: `aggregate('probability')` "takes the mean of the individual probabilities" of all users' Markov chains and
# returns "an aggregated matrix over all users". Who never was in a state has no probability of leaving it for another
# one, and the mean of distributions is one.
#
# Happens: the row of a user who never was in a state is all 0 and counts like the others in the mean.
#
# Seen, four users with states A, B and C, of whom only the first was ever in C: C, A, C, B, C, A
#                              to A    B     C    sum
#   from C, package            .167  .083   0    .25
#   from C, users who were     .667  .333   0   1
#   'percentage': a row of 25 %; 'frequency', divided by its sum: .667, .333
#
# Matters for: rare states: the rarer, the less likely is every way to go on from them.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 pandas==2.2.3 networkx==3.3 pydot==2.0.0 \
    pyparsing==3.1.4 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation df2markov==0.1
venv/bin/python -W ignore - <<'PY'
import logging
from importlib.metadata import version

import numpy as np
import pandas as pd
from df2markov import Markov

print("df2markov", version("df2markov"), "pandas", pd.__version__, "numpy", np.__version__)
logging.disable(logging.CRITICAL)
PATHS = {"Ann": "CACBCA", "Ben": "ABAAB", "Cay": "ABBA", "Dan": "BABAB"}
rows = [{"user": user, "session": 1, "state": state, "timestamp": f"2020-01-01 10:00:{second:02}"}
        for user, path in PATHS.items() for second, state in enumerate(path)]
chain = Markov(pd.DataFrame(rows))
chain.get_probability_matrices()
found = np.array(chain.aggregate("probability"))

own = []
for user, path in PATHS.items():
    counts = np.zeros((3, 3))
    for before, after in zip(path, path[1:]):
        counts["ABC".index(before), "ABC".index(after)] += 1
    assert np.array_equal(np.asarray(chain.transition_matrices[user]), counts)
    total = counts.sum(axis=1, keepdims=True)
    own.append(np.divide(counts, total, out=np.full((3, 3), np.nan), where=total > 0))
right, zeros = np.nanmean(own, axis=0), np.nan_to_num(own).mean(axis=0)
frequency = np.array(chain.aggregate("frequency"))
for row, state in enumerate("ABC"):
    print(f"from {state}: package {found[row].round(3).tolist()}, sum {found[row].sum():.3f}; "
          f"right {right[row].round(3).tolist()}; frequencies {(frequency[row] / frequency[row].sum()).round(3)}")
assert np.allclose(right.sum(axis=1), 1) and np.allclose(found, zeros, atol=1e-3)
assert np.allclose(found[:2], right[:2], atol=1e-3) and abs(found[2].sum() - 0.25) < 1e-3
assert np.allclose(chain.aggregate("percentage"), 100 * found)
PY
