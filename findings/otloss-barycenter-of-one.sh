#!/usr/bin/env bash
# otloss 0.1.0: the barycenter of a single measure is another one: of a deviation of .1 it makes .5.
#
# Packages: otloss 0.1.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: `wasserstein_barycenter_weights(measures, weights, support, blur)` is the measure with the least weighted
# sum of squared Wasserstein distances to those given. Of one measure it is this measure, of a measure and itself too,
# and of two bumps of one width a bump of this width between them; a blur adds about its own size to the width.
#
# Happens: the weights are a softmax of the sum of the potentials of the given measures, not of those of the barycenter,
# and not divided by the regularisation. What comes out is wide whatever the measures are.
#
# Seen, bumps of deviation .1 on 41 points from -1 to 1, blur .05: mean and deviation
#   measures                  package       right
#   one at .3                  .22, .50      .3, .1
#   two at -.5 and .5          .00, .57      .0, .1
#   these, weights 1 and 0    -.36, .47     -.5, .1
#   (the support itself has a deviation of .59)
#
# Matters for: averages of histograms: they are close to uniform, for whatever was averaged.
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
from otloss.utils import wasserstein_barycenter_weights

print("otloss", version("otloss"), "torch", torch.__version__)
support = np.linspace(-1, 1, 41)


def bump(middle):
    weights = np.exp(-((support - middle) ** 2) / (2 * 0.1**2))
    return weights / weights.sum()


def describe(weights):
    mean = weights @ support
    return mean, np.sqrt(weights @ (support - mean) ** 2)


def barycenter(measures, weights, shares=100_000):
    """In one dimension quantiles are averaged: the means of the points that hold each share of the mass."""
    levels = (np.arange(shares) + 0.5) / shares
    points = sum(weight * support[np.searchsorted(np.cumsum(measure), levels).clip(max=len(support) - 1)]
                 for measure, weight in zip(measures, weights))
    return points.mean(), points.std()


for middles, weights in (
    ((0.3,), (1.0,)),
    ((0.3, 0.3), (0.5, 0.5)),
    ((-0.5, 0.5), (0.5, 0.5)),
    ((-0.5, 0.5), (1.0, 0.0)),
):
    measures = [bump(middle) for middle in middles]
    right = barycenter(measures, weights)
    for blur in (0.05, 0.1):
        found = wasserstein_barycenter_weights(
            [torch.from_numpy(measure) for measure in measures], list(weights), torch.from_numpy(support)[:, None], blur
        ).numpy()
        mean, deviation = describe(found)
        print(f"bumps at {middles}, weights {weights}, blur {blur}: mean {mean:.2f}, deviation {deviation:.2f}, "
              f"right {right[0]:.2f}, {right[1]:.2f}")
        assert np.isclose(found.sum(), 1) and deviation > 0.4 and abs(right[1] - 0.1) < 0.01
print(f"deviation of the support: {support.std():.2f}")
PY
