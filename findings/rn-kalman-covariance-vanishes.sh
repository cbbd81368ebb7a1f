#!/usr/bin/env bash
# rn-kalman 0.1.0: each update makes the covariance a million times smaller: a filter that is to be the
# Kalman filter has a variance of 9e-8 where 0.27 is right, and moves no more than the noise of the state.
#
# Packages: rn-kalman 0.1.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `RNKalmanFilter` corrects a Gaussian filter by the ratio of the true likelihood and the Gaussian
# one at sigma points. Where the true likelihood is the Gaussian one the ratio is 1 and nothing is
# corrected: it is the Kalman filter that comes with the package.
#
# Happens: the weights of the points go through logarithms. By default (alpha = .001) that of the middle
# is -999,999 and those of the others are 500,000 / n: the middle one is given the ratio alone, and the
# others are normalised to 1 without it. They are at a distance of alpha: the covariance is alpha^2
# of the right one. All that does not come from the noise of the state is lost at each step.
#
# Seen, a random walk with noise .1, seen with noise 1, true likelihood Gaussian:
#                            variance     mean, distance from Kalman filter, 50 steps
#   Kalman filter            .270
#   found                    9.1e-08      up to .61
#   Quick start, Student's t, first step: .0000005 and .000001 for a position and a velocity
#
# Matters for: every filter made with the defaults, the package's time series models too.
# `sigma_point_params={"alpha": 1, "kappa": 2}` has positive weights for one dimension.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps rn-kalman==0.1.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from rn_kalman.core import RNKalmanFilter, StandardKalmanFilter
from rn_kalman.likelihoods import GaussianLikelihood, StudentTLikelihood

ONE, Q, R, STEPS = np.eye(1), 0.1, 1.0, 50
rng = np.random.default_rng(0)
observations = rng.normal(size=(STEPS, 1))


def filtered(filter_):
    filter_.initialize(np.zeros(1), np.eye(1))
    means, covariances = filter_.filter(observations)
    return means[:, 0], covariances[:, 0, 0]


# The Kalman filter of a random walk, written out.
mean, variance, right_means, right_variances = 0.0, 1.0, [], []
for (seen,) in observations:
    variance += Q
    gain = variance / (variance + R)
    mean, variance = mean + gain * (seen - mean), (1 - gain) * variance
    right_means.append(mean)
    right_variances.append(variance)

likelihood = GaussianLikelihood(ONE, R * ONE)
for name, filter_ in (
    ("Kalman filter of the package", StandardKalmanFilter(ONE, Q * ONE, ONE, R * ONE)),
    ("corrected by a ratio of 1, defaults", RNKalmanFilter(1, 1, ONE, Q * ONE, ONE, R * ONE, likelihood)),
    ("corrected by a ratio of 1, kappa = 2", RNKalmanFilter(1, 1, ONE, Q * ONE, ONE, R * ONE, likelihood, sigma_point_params={"alpha": 1.0, "kappa": 2.0})),
):
    means, variances = filtered(filter_)
    off = np.abs(means - right_means).max()
    print(f"{name}: last variance {variances[-1]:.3g}, right {right_variances[-1]:.3g}; means off by up to {off:.2f}")
    if "defaults" in name:
        assert variances[-1] < 1e-6 and off > 0.5
        reference = Q * R / (Q + R)  # of an update that begins with no variance at all
        assert np.isclose(variances[-1], 1e-6 * reference, rtol=1e-4)
    else:
        assert np.allclose(means, right_means) and np.allclose(variances, right_variances)

# The quick start of its page.
F, H = np.array([[1, 0.1], [0, 1]]), np.array([[1.0, 0]])
start = RNKalmanFilter(2, 1, F, 0.01 * np.eye(2), H, np.eye(1), StudentTLikelihood(H, np.array([[2.0]]), 3.0))
start.initialize(np.array([0.0, 1.0]), np.eye(2))
_, covariance = start.step(np.array([0.1]))
print("quick start, variances after a step:", covariance.diagonal())
assert (covariance.diagonal() < 1e-5).all()
PY
