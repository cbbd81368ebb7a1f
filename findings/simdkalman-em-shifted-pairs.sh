#!/usr/bin/env bash
# simdkalman 1.0.4: expectation-maximisation takes the covariance of each pair of
# neighbouring states from the next pair, and 0 for the last.
#
# Packages: simdkalman 1.0.4, numpy 2.4.6.
#
# Expected: `em` re-estimates the process noise as the mean of the expected squared
# step E[(x(t) - A x(t-1))^2 | data], which needs the smoothed covariance of x(t) and
# x(t-1).
#
# Happens: the covariances are stored at the earlier state of each pair and read at the
# later one. The first pair's is never used, and at the last step a 0 stands for it, so
# that the process noise is too large by about twice that covariance over the number of
# steps. Neighbouring covariances differ little in the middle of a long series, which
# hides it there; the fixed point is not the maximum.
#
# Seen, process noise after one iteration on a random walk seen with noise:
#   n = 3     by the joint density 0.3571   package 0.4523
#   n = 6     by the joint density 0.3353   package 0.3714
#   n = 1000  by the joint density 0.5018   package 0.5020
# The package's are those of the joint density with the pairs shifted by one, to
# rounding.
#
# Matters for: the package's own use, thousands of short series side by side.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check simdkalman==1.0.4 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
import simdkalman

PRIOR, ZERO = np.array([[[1.0]]]), np.array([[[0.0]]])


def spread(steps, move, look):
    """Covariance of the states of a random walk from prior variance 1, and of what is seen."""
    states = 1 + move * np.minimum.outer(np.arange(steps), np.arange(steps))
    return states, states + look * np.eye(steps)


def steps_squared(seen, move, look):
    """Mean expected squared step given the data: right, and with the pairs shifted by one."""
    states, total = spread(len(seen), move, look)
    gain = states @ np.linalg.inv(total)
    mean, left = gain @ seen, states - gain @ states
    alone = np.diff(mean) ** 2 + np.diag(left)[1:] + np.diag(left)[:-1]
    pairs = np.diag(left, 1)
    return (alone - 2 * pairs).mean(), (alone - 2 * np.append(pairs[1:], 0)).mean()


def package(seen, move, look):
    model = simdkalman.KalmanFilter(1.0, move, 1.0, look)
    after = model.em(seen, n_iter=1, initial_value=ZERO, initial_covariance=PRIOR)
    return after.process_noise.item(), after.observation_noise.item()


for steps in (3, 6, 1000):
    rng = np.random.default_rng(0)
    seen = rng.normal(size=steps).cumsum() * 0.7 + rng.normal(size=steps) * 0.7
    right, shifted = steps_squared(seen, 0.5, 0.5)
    found, _ = package(seen, 0.5, 0.5)
    print(f"n = {steps}: joint density {right:.4f}, pairs shifted {shifted:.4f}, package {found:.4f}")
    assert abs(found - shifted) < 1e-9 and found > right + 1e-4
PY
