#!/usr/bin/env bash
# CRPS 2.0.4: a missing observation that comes out of an array is scored as if it were the
# lowest member of the ensemble.
#
# Packages: CRPS 2.0.4, numpy 2.4.6.
#
# Expected: `CRPS(ensemble, observation).compute()` returns NaN for an observation that is
# NaN, as it does for `np.nan` itself and for a NaN in the ensemble, so that `nanmean` over
# many cases is the score of those that were observed.
#
# Happens: it is asked whether the observation *is* the object `np.nan`. A NaN that was read
# from an array, a file or a data frame is another object. It is neither below, above nor
# among the members, and the last branch then takes every member for at or above it.
#
# Seen, 1000 perfect forecasts of 20 members, 209 observations missing:
#   scores that are NaN: 0
#   mean score 0.717, of what was observed 0.558
#
# Matters for: forecasts verified against records with gaps; the more gaps, the worse.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check CRPS==2.0.4 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
from CRPS import CRPS

rng = np.random.default_rng(0)
ensembles = rng.normal(size=(1000, 20)) + 3
observations = rng.normal(size=1000) + 3
observations[rng.random(1000) < 0.2] = np.nan


def right(members, observed):
    """E|X - y| - E|X - X'| / 2."""
    return np.abs(members - observed).mean() - np.abs(members[:, None] - members).mean() / 2


found = np.array([CRPS(e, y).compute()[0] for e, y in zip(ensembles, observations)], dtype=float)
true = np.array([right(e, y) for e, y in zip(ensembles, observations)])
missing = np.isnan(observations)
least = np.array([right(e, e.min()) for e in ensembles])
print(f"{missing.sum()} missing of {len(found)}; scores that are NaN: {np.isnan(found).sum()}")
print(f"mean score {np.nanmean(found):.3f}, of what was observed {found[~missing].mean():.3f}")
print("np.nan itself:", CRPS(ensembles[0], np.nan).compute()[0])
assert np.abs(found - true)[~missing].max() < 1e-12
assert np.isnan(CRPS(ensembles[0], np.nan).compute()[0])
assert not np.isnan(found).any(), "missing observations have no score now"
assert np.abs(found - least)[missing].max() < 1e-12
PY
