#!/usr/bin/env bash
# otloss 0.1.0: samples of different sizes are stretched to one length by interpolation: a sample and the same sample
# twice have a sliced Wasserstein distance.
#
# Packages: otloss 0.1.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: `sliced_otloss(pred, target)` takes (N, D) and (M, D), projects them onto random lines and "computes the
# exact 1-D Wasserstein distance (closed form via sorting)". A sample, and the same with every point twice, are
# the same distribution: the distance is 0.
#
# Happens: for N other than M the shorter sorted sample is interpolated to the length of the longer one, with points
# between its own. That is no sample of it: two clusters get points in the gap.
#
# Seen, one dimension, order 2
#   samples                                  package    exact
#   0, 1 against 0, 0, 1, 1                  .24        0
#   0, 1 against each 50 times               .29        0
#   0, 1 against 100 times .5                .29        .50
#   10 and 1,000 of the same two clusters    .08        .03
#
# Matters for: samples of different sizes, for which this is offered: a perfect model has a loss, and a wrong one less.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps otloss==0.1.0
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
import torch
from otloss import sliced_otloss

print("otloss", version("otloss"), "torch", torch.__version__)


def exact(first, second):
    """Order 2 in one dimension: both sorted samples repeated to a common length, which changes neither."""
    length = np.lcm(len(first), len(second))
    one, other = (np.repeat(np.sort(values), length // len(values)) for values in (first, second))
    return np.sqrt(np.mean((one - other) ** 2))


rng = np.random.default_rng(0)
clusters = [np.concatenate([rng.normal(0, 0.05, half), rng.normal(1, 0.05, half)]) for half in (5, 500)]
two = np.array([0.0, 1.0])
found = {}
for title, first, second in (
    ("0, 1 against 0, 0, 1, 1", two, np.repeat(two, 2)),
    ("0, 1 against each 50 times", two, np.repeat(two, 50)),
    ("0, 1 against 100 times .5", two, np.full(100, 0.5)),
    ("10 and 1,000 of two clusters", *clusters),
    ("1,000 of two clusters and themselves", clusters[1], clusters[1]),
):
    tensors = [torch.from_numpy(values)[:, None] for values in (first, second)]
    found[title] = float(sliced_otloss(*tensors, seed=0)), exact(first, second)
    print(f"{title}: {found[title][0]:.3f}, exact {found[title][1]:.3f}")
same, often, wrong, clusters, itself = found.values()
assert same[0] > 0.2 and often[0] > 0.25 and same[1] == often[1] == 0
assert abs(wrong[1] - 0.5) < 1e-9 and abs(wrong[0] - often[0]) < 0.02
assert clusters[0] > 2 * clusters[1] and itself == (0, 0)
PY
