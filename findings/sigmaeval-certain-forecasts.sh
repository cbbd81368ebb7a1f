#!/usr/bin/env bash
# sigmaeval 0.1.0: the decomposition of the Brier score leaves out forecasts of
# probability 1.
#
# Packages: sigmaeval 0.1.0, numpy 2.4.6.
#
# Expected: `brier_score_components` returns reliability, resolution and uncertainty, with
# "Brier score = reliability - resolution + uncertainty", exactly so where forecasts in a
# bin are equal.
#
# Happens: `np.digitize` over edges 0, .1, .. 1 puts a probability of 1 behind the last edge,
# in a bin past the last, which no loop visits. Half of the perfect forecaster's resolution
# is missing, and half of the unreliability of one who is certain and wrong.
#
# Seen, two classes, 1000 cases:
#                            Brier  reliability (right)  resolution (right)
#   0.9 for what happens     .0100    .0100 (.0100)        .2486 (.2486)
#   always .99 for one       .4538    .2052 (.2052)        .0000 (.0000)
#   1 for what happens       .0000    .0000 (.0000)        .1243 (.2486)
#   always 1 for one         .4630    .1072 (.2144)        .0000 (.0000)
#
# Matters for: classifiers that saturate: the surest errors look calibrated.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps sigmaeval==0.1.0
venv/bin/python - <<'PY'
import numpy as np
from sigmaeval.sigmaeval import brier_score_components, brier_score_multiclass

happened = np.random.default_rng(0).integers(0, 2, 1000)
CERTAIN = np.eye(2)
forecasts = {
    "0.9 for what happens": np.where(CERTAIN[happened] == 1, 0.9, 0.1),
    "always 0.99 for the second": np.tile([0.01, 0.99], (1000, 1)),
    "1 for what happens": CERTAIN[happened],
    "always 1 for the second": np.tile([0.0, 1.0], (1000, 1)),
}


def right(said):
    """Reliability and resolution over the values that forecasts take, mean of the classes."""
    parts = np.zeros(2)
    for label in (0, 1):
        for value in np.unique(said[:, label]):
            there = said[:, label] == value
            often = (happened[there] == label).mean()
            parts += there.mean() / 2 * np.array([(value - often) ** 2, (often - (happened == label).mean()) ** 2])
    return parts


for name, said in forecasts.items():
    score = brier_score_multiclass(happened, said)
    reliability, resolution, uncertainty = brier_score_components(happened, said)
    exact = right(said)
    print(f"{name:27}: Brier {score:.4f}; reliability {reliability:.4f}, right {exact[0]:.4f}; resolution {resolution:.4f}, right {exact[1]:.4f}")
    assert abs(exact[0] - exact[1] + uncertainty - score) < 1e-12
    off = abs(reliability - resolution + uncertainty - score)
    assert off > 0.1 if said.max() == 1 else off < 1e-12
PY
