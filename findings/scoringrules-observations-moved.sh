#!/usr/bin/env bash
# scoringrules 0.10.0: scoring exponential forecasts moves the caller's observations.
#
# Packages: scoringrules 0.10.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: a score is a function of observations and forecasts. The second call with
# the same arrays returns the same numbers, and the arrays are what they were.
#
# Happens: `logs_exponential2` and `crps_exponentialM` take the location off in place,
# from the very array that was passed. Each call scores observations that lie one
# location lower than those of the call before. Whole numbers raise instead; lists and
# the other families are left alone.
#
# Seen, observations 1, 2, 3, location 0.5, scale 1:
#   logarithmic score, call 1    0.5    1.5    2.5      right
#                      call 2    0.0    1.0    2.0      better
#                      call 3    inf    0.5    1.5      the first is impossible now
#   observations afterwards     -0.5    0.5    1.5
#
# Matters for: comparing two models on one array of observations, the usual loop: the
# second is scored on other data than the first. Pass a copy.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check scoringrules==0.10.0 numpy==2.4.6 scipy==1.17.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
import scoringrules

observed = np.array([1.0, 2.0, 3.0])
kept = observed.copy()
for call, right in enumerate((kept - 0.5, kept - 1.0, [np.inf, 0.5, 1.5]), 1):
    scores = scoringrules.logs_exponential2(observed, 0.5, 1.0)
    print(f"logarithmic score, call {call}: {scores}")
    assert np.allclose(scores, right), "the observations stay in place now"
print("observations afterwards:", observed)
assert np.allclose(observed, kept - 1.5)

observed = kept.copy()
first, second = (scoringrules.crps_exponentialM(observed, 0.0, 0.5, 1.0) for _ in range(2))
print("CRPS, two calls:", first.round(3), second.round(3))
assert np.allclose(observed, kept - 1.0) and not np.allclose(first, second)

observed = kept.copy()
for score in (scoringrules.crps_laplace, scoringrules.crps_gpd, scoringrules.logs_gpd, scoringrules.logs_laplace):
    score(observed, 0.1, 0.5, 1.0) if "gpd" in score.__name__ else score(observed, 0.5, 1.0)
assert (observed == kept).all()
PY
