#!/usr/bin/env bash
# filterpy 2.0.0: a missing measurement is paid for as if it had been hit exactly.
#
# Packages: filterpy 2.0.0, pykalman 0.11.2, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `update(None)` is filterpy's documented way to say that a measurement
# is missing. No measurement has likelihood 1, so its log-likelihood is 0, and the
# sum of `log_likelihood` over the steps is the log-density of what was measured.
#
# Happens: after `update(None)` the residual is set to zero and the covariance of
# the residual stays that of the last measurement, and `log_likelihood` is the
# density of that pair: a perfect hit, at a stale covariance.
#
# Seen (a first-order autoregression in noise, 7 steps, 3 of them missing):
#   exact, joint Gaussian      -6.395282842367
#   pykalman, masked array     -6.395282842367
#   filterpy, measured steps   -6.395282842367
#   filterpy, every step      -10.013174685288
#
# Matters for: comparing models, fitting by maximum likelihood or weighting a bank
# of filters on data with gaps. With small noise the density is above 1 and gaps
# look like evidence in favour. Add only the steps that had a measurement.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check filterpy==2.0.0 pykalman==0.11.2 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import numpy as np
from filterpy.kalman import KalmanFilter
from pykalman import KalmanFilter as Other
from scipy.stats import multivariate_normal

A, Q, R = 0.9, 0.5, 0.3
P0 = Q / (1 - A * A)
measured = [0.7, None, -1.2, None, None, 0.4, 1.0]
kept = [t for t, z in enumerate(measured) if z is not None]
covariance = P0 * A ** np.abs(np.subtract.outer(kept, kept)) + R * np.eye(len(kept))
exact = multivariate_normal(np.zeros(len(kept)), covariance).logpdf([measured[t] for t in kept])

masked = np.ma.array([[z or 0.0] for z in measured], mask=[[z is None] for z in measured])
other = Other([[A]], [[1.0]], [[Q]], [[R]], initial_state_mean=[0.0], initial_state_covariance=[[P0]])

kalman = KalmanFilter(dim_x=1, dim_z=1)
kalman.F[:], kalman.H[:], kalman.Q[:], kalman.R[:], kalman.P[:] = A, 1, Q, R, P0
terms = []
for t, z in enumerate(measured):
    if t:
        kalman.predict()
    kalman.update(z)
    terms.append(float(kalman.log_likelihood))

print(f"exact, joint Gaussian     {exact:16.12f}")
print(f"pykalman, masked array    {other.loglikelihood(masked):16.12f}")
print(f"filterpy, measured steps  {sum(terms[t] for t in kept):16.12f}")
print(f"filterpy, every step      {sum(terms):16.12f}")
assert abs(other.loglikelihood(masked) - exact) < 1e-9
assert abs(sum(terms[t] for t in kept) - exact) < 1e-9
assert abs(sum(terms) + 10.013174685288) < 1e-9
assert all(abs(terms[t]) > 1 for t in range(7) if t not in kept)
PY
