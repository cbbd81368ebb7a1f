#!/usr/bin/env bash
# causationentropy 1.1.0: by the default method no series depends on its own past, and couplings that
# were found given that past are dropped without it.
#
# Packages: causationentropy 1.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, networkx 3.6.1,
# scikit-learn 1.8.0, matplotlib 3.11.2, seaborn 0.13.2.
#
# Expected: `discover_network` returns the lagged causes of each series, itself among the
# candidates. The method "standard" begins with the past of the target as the condition; a
# cause is kept if it tells something that all other causes do not.
#
# Happens: given its own past, a series' own past tells nothing and is not selected; the condition
# is then left out. Backward elimination, and the information and p-value of each edge, are
# without it: a coupling that is clear beside a slow series' past drowns in it.
#
# Seen, y(t) = .98 y(t - 1) + .3 x(t - 1) + noise, x noise, 300 steps, lag 1, 20 seeds; edges found:
#                  y to itself    x to y    information of x to y, nats
#   right          20             20        .0439
#   standard       0              3         .0171
#   alternative    20             20        .0439
#
# Matters for: networks of slow series, by the default method.
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

import numpy as np
from causationentropy.core.discovery import discover_network

LENGTH, MEMORY, COUPLING, SEEDS = 300, 0.98, 0.3, 20


def series(seed):
    """x is noise; y is a slow average that x drives."""
    rng = np.random.default_rng(seed)
    x, noise, y = rng.normal(size=LENGTH + 200), rng.normal(size=LENGTH + 200), [0.0]
    for step in range(1, LENGTH + 200):
        y.append(MEMORY * y[-1] + COUPLING * x[step - 1] + noise[step])
    return np.column_stack([x, y])[200:]


def edges(data, method):
    with contextlib.redirect_stdout(io.StringIO()):
        network = discover_network(data, method=method, max_lag=1, n_shuffles=100)
    return {(begin, end): values["cmi"] for begin, end, values in network.edges(data=True)}


def information(data):
    """I(x before; y | y before) in nats, by least squares."""
    x, before, after = data[:-1, 0], data[:-1, 1], data[1:, 1]

    def rest(values):
        centred = np.column_stack([before, np.ones(len(before))])
        return values - centred @ np.linalg.lstsq(centred, values, rcond=None)[0]

    return -0.5 * np.log(1 - np.corrcoef(rest(x), rest(after))[0, 1] ** 2)


all_data = [series(seed) for seed in range(SEEDS)]
right = [information(data) for data in all_data]
print(f"of {SEEDS}: y given its past and x, 2 n I above the 5 % point: {sum(2 * LENGTH * value > 3.84 for value in right)}, mean information {np.mean(right):.4f}")
found = {method: [edges(data, method) for data in all_data] for method in ("standard", "alternative")}
counts = {}
for method, networks in found.items():
    counts[method] = [sum(edge in network for network in networks) for edge in (("X1", "X1"), ("X0", "X1"), ("X1", "X0"), ("X0", "X0"))]
    given = [network["X0", "X1"] for network in networks if ("X0", "X1") in network]
    print(f"{method}: y to itself {counts[method][0]}, x to y {counts[method][1]}, y to x {counts[method][2]}, x to itself {counts[method][3]}; information of x to y {np.mean(given) if given else np.nan:.4f}")
assert counts["standard"][0] == 0 and counts["alternative"][0] == SEEDS
assert counts["standard"][1] < 0.7 * SEEDS and counts["alternative"][1] >= 0.95 * SEEDS
assert sum(2 * LENGTH * value > 3.84 for value in right) == SEEDS
PY
