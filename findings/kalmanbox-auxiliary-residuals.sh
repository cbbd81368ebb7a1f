#!/usr/bin/env bash
# kalmanbox 0.1.0: the residuals that are to point out outliers are divided by the wrong
# deviation: of data from the model itself, two in three are called outliers, or none.
#
# Packages: kalmanbox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3.
#
# Expected: `auxiliary_residuals` returns "standardized" disturbances, "values > 2 in
# absolute value suggest outliers", after Harvey and Koopman (1992): the estimate of each
# observation's noise given all data, divided by the estimate's own standard deviation.
# For data from the model they have variance 1, and about 5 % are beyond 2.
#
# Happens: they are divided by the deviation that the noise still has when the data are
# known. The two variances add up to H: where noise is most of what moves the series the
# right one is nearly H and the one used nearly 0, and the other way round.
#
# Seen, local level, 400 steps, the true parameters, one planted outlier of 6 deviations:
#   state variance 0.01, noise 1: deviation 4.50 instead of 1.04, 67.5 % beyond 2, right 5.5 %
#   state variance 1, noise 0.01: deviation 0.15, none beyond 2, the planted one 1.3, right 9.1
#   both: estimate and deviation as computed from the joint normal distribution
#
# Matters for: cleaning data with it: it removes most of a good series, or keeps the
# outliers of one that moves.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 kalmanbox==0.1.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from kalmanbox import LocalLevel
from kalmanbox.diagnostics import auxiliary_residuals

STEPS, PLANTED = 400, 200
rng = np.random.default_rng(0)
steps = np.arange(STEPS)


def joint(series, ssm):
    """The noise's estimate, the estimate's deviation, and the noise's deviation given the data."""
    noise, state = ssm.H.item(), ssm.Q.item()
    spread = ssm.P1.item() + state * np.minimum.outer(steps, steps) + noise * np.eye(STEPS)
    inverse = np.linalg.inv(spread)
    explained = noise**2 * np.diag(inverse)
    return noise * inverse @ series, np.sqrt(explained), np.sqrt(noise - explained)


for state, noise in ((0.01, 1.0), (1.0, 0.01)):
    series = np.cumsum(rng.normal(0, np.sqrt(state), STEPS)) + rng.normal(0, np.sqrt(noise), STEPS)
    series[PLANTED] += 6 * np.sqrt(noise + state)
    model = LocalLevel(series)
    values = {"sigma2_obs": noise, "sigma2_level": state}
    results = model.smooth(np.array([values[name] for name in model.param_names]))
    assert (results.ssm.H.item(), results.ssm.Q.item()) == (noise, state)
    found, (estimate, own, remaining) = auxiliary_residuals(results)[0], joint(series, results.ssm)
    right = estimate / own
    assert np.nanmax(np.abs(found - estimate / remaining)[1:]) < 1e-3 * np.nanmax(np.abs(found))
    print(f"state variance {state}, noise {noise}: deviation {np.nanstd(found):.2f} instead of {right.std():.2f}, "
          f"beyond 2 {np.nanmean(np.abs(found) > 2):.1%}, right {np.mean(np.abs(right) > 2):.1%}, "
          f"planted {found[PLANTED]:.1f}, right {right[PLANTED]:.1f}")
    assert 0.9 < right.std() < 1.2 and abs(right[PLANTED]) > 3
    assert (np.nanmean(np.abs(found) > 2) > 0.5) if noise > state else np.nanmax(np.abs(found)) < 2
PY
