#!/usr/bin/env bash
# causationentropy 1.1.0: by nearest neighbours, pure noise is a complete network: each series
# causes each at every lag, with a p-value of 1.
#
# Packages: causationentropy 1.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, networkx 3.6.1,
# scikit-learn 1.8.0, matplotlib 3.11.2, seaborn 0.13.2.
#
# Expected: `discover_network(data, information="knn")` keeps an edge whose conditional mutual
# information is larger than 95 % of those of shuffled data. Independent numbers have few
# edges, one in twenty of those tried.
#
# Happens: the estimate takes Euclidean distances in all variables together and in each alone,
# where its formula holds for the largest of the differences. It is about ln (pi / 4) nats too
# low for two numbers, and more for more; what is below 0 is set to 0, for shuffled data
# as well. The test asks whether it is at least as large, and 0 is at least 0.
#
# Seen, 200 independent normal pairs, lags 1 and 2, 8 possible edges, three seeds:
#   gaussian     0, 0, 1 edges
#   knn          8, 8, 8 edges, each with an information of 0 and a p-value of 1
# Information of two normal numbers, 2,000 pairs, k = 5, nats:
#   correlation   right    knn
#   0             0        0
#   .6            .223     0
#   .9            .830     .557
#
# Matters for: networks found by this estimator: those of weak couplings are complete.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 networkx==3.6.1 scikit-learn==1.8.0 matplotlib==3.11.2 seaborn==0.13.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps causationentropy==1.1.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import contextlib
import io
import math

import numpy as np
from causationentropy.core.discovery import discover_network
from causationentropy.core.information.conditional_mutual_information import conditional_mutual_information

LENGTH, LAGS, SEEDS = 200, 2, 3


def edges(seed, information):
    data = np.random.default_rng(seed).normal(size=(LENGTH, 2))
    with contextlib.redirect_stdout(io.StringIO()):
        network = discover_network(data, max_lag=LAGS, n_shuffles=50, information=information)
    return [values for _, _, values in network.edges(data=True)]


possible = 2 * 2 * LAGS
for information in ("gaussian", "knn"):
    found = [edges(seed, information) for seed in range(SEEDS)]
    print(information, "edges", [len(each) for each in found], "of", possible)
    if information == "knn":
        assert all(len(each) == possible for each in found)
        assert all(edge["cmi"] == 0 and edge["p_value"] == 1 for each in found for edge in each)
    else:
        assert all(len(each) <= 2 for each in found)

rng = np.random.default_rng(0)
x = rng.normal(size=(2000, 1))
for correlation in (0.0, 0.6, 0.9):
    y = correlation * x + math.sqrt(1 - correlation**2) * rng.normal(size=(2000, 1))
    right = -0.5 * math.log(1 - correlation**2)
    found = conditional_mutual_information(x, y, method="knn", k=5)
    print(f"correlation {correlation}: right {right:.3f}, knn {found:.3f}")
    assert found == 0 if correlation < 0.7 else found < right - 0.15
PY
