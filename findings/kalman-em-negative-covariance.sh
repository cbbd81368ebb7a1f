#!/usr/bin/env bash
# kalman-em 0.2.3: the noise of two observations can be estimated to be correlated
# positively, but never negatively.
#
# Packages: kalman-em 0.2.3, numpy 2.4.6.
#
# Expected: with `diagonal_R=False` the covariance matrix of the observation noise is
# estimated in full, and the likelihood rises in each iteration.
#
# Happens: to keep it positive definite, the M-step takes the larger of the estimate and
# 1e-6 times the identity, number by number. Off the diagonal that is the larger of the
# covariance and 0. An estimate with covariance -.8 becomes one without, from the first
# iteration on.
#
# Seen, a common state observed twice, 1000 steps, begun at the true parameters, 50
# iterations of EM:
#   noise as drawn         estimated            log-likelihood
#   1.0 1.0, cov  .793     .966 1.019,  .786    -2820.0 to -2819.1
#   1.0 1.0, cov -.793     1.528 1.393, .000    -3542.4 to -3617.9
#
# Matters for: sensors that share a disturbance with opposite signs, differences, shares.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kalman-em==0.2.3 numpy==2.4.6
venv/bin/python - <<'PY'
import numpy as np
from kalman_em import KalmanEM

STEPS, DECAY = 1000, 0.9
rng = np.random.default_rng(0)
state, states = 0.0, []
for _ in range(STEPS):
    state = DECAY * state + rng.normal()
    states.append(state)
states = np.array(states)[:, None]
for correlation in (0.8, -0.8):
    noise = np.array([[1.0, correlation], [correlation, 1.0]])
    drawn = np.random.default_rng(1).multivariate_normal(np.zeros(2), noise, STEPS)
    begin = {"F": np.array([[DECAY]]), "H": np.ones((2, 1)), "Q": np.eye(1), "R": noise, "mu0": np.zeros(1), "Sigma0": np.eye(1)}
    model = KalmanEM(d=1, n_iter=50, tol=0, diagonal_R=False, verbose=False)
    model.fit(states + drawn, init_params=begin, standardise=False)
    found, right, first, last = model.params_["R"], np.cov(drawn.T), model.log_liks_[0], model.log_liks_[-1]
    print(f"noise as drawn: variances {right[0, 0]:.3f} {right[1, 1]:.3f}, covariance {right[0, 1]:.3f};",
          f"estimated: {found[0, 0]:.3f} {found[1, 1]:.3f}, {found[0, 1]:.3f}; log-likelihood {first:.1f} at first, {last:.1f} at last")
    if correlation > 0:
        assert np.abs(found - right).max() < 0.15 and last > first
    else:
        assert found[0, 1] == 0.0 and found.diagonal().min() > 1.3 * right.diagonal().max() and last < first - 50
PY
