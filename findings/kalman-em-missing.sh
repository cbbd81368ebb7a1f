#!/usr/bin/env bash
# kalman-em 0.2.3: with missing observations expectation-maximisation goes downhill, until
# the model does not observe its state any more.
#
# Packages: kalman-em 0.2.3, numpy 2.4.6, scipy 1.17.1.
#
# Expected: "NaN = missing". The filter skips what is missing, and each step of EM raises
# the likelihood of what was observed, or leaves it.
#
# Happens: the M-step sums y x' and y y' over what was observed only, but x x' over all
# steps, and divides by the number of all steps. With half of the values missing the new
# observation matrix is half of what it should be, in every iteration again, and the noise
# takes over what the state explained.
#
# Seen, autoregression (.9) with noise, 400 steps, begun at the parameters that made them,
# 100 iterations:
#   complete      log-likelihood -766.89 at first, -765.64 at last; H 0.978, R 1.151
#   half missing  log-likelihood -419.98 at first, -503.18 at last; H 0.002, R 3.000
# `log_liks_` shows it: it falls by up to 17 in a step.
#
# Matters for: gaps are what one takes a Kalman filter for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kalman-em==0.2.3 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import numpy as np
from kalman_em import KalmanEM
from scipy.stats import multivariate_normal

STEPS, DECAY = 400, 0.9
rng = np.random.default_rng(0)
state, states = 0.0, []
for _ in range(STEPS):
    state = DECAY * state + rng.normal()
    states.append(state)
complete = np.array(states) + rng.normal(size=STEPS)
with_gaps = np.where(rng.random(STEPS) < 0.5, np.nan, complete)
BEGIN = {"F": [[DECAY]], "H": [[1.0]], "Q": [[1.0]], "R": [[1.0]], "mu0": [0.0], "Sigma0": [[1.0]]}
BEGIN = {name: np.array(value) for name, value in BEGIN.items()}


def score(values, model):
    """Log-density of what is there, from the covariance of all steps: x_0 ~ N(mu0, Sigma0), a move, y_1, a move, y_2 ..."""
    decay, gain, walk, noise, mean, spread = (model[k].item() for k in ("F", "H", "Q", "R", "mu0", "Sigma0"))
    variances = [decay**2 * spread + walk]
    for _ in values[1:]:
        variances.append(decay**2 * variances[-1] + walk)
    at = np.arange(len(values))
    states = decay ** np.abs(np.subtract.outer(at, at)) * np.array(variances)[np.minimum.outer(at, at)]
    there = ~np.isnan(values)
    covariance = (gain**2 * states + noise * np.eye(len(values)))[np.ix_(there, there)]
    return multivariate_normal((gain * decay ** (at + 1) * mean)[there], covariance).logpdf(values[there])


for name, values in (("complete", complete), ("half missing", with_gaps)):
    model = KalmanEM(d=1, n_iter=100, tol=0, verbose=False).fit(values, init_params=BEGIN, standardise=False)
    begin, end = score(values, BEGIN), score(values, model.params_)
    assert abs(begin - model.log_liks_[0]) < 1e-6, "the filter skips what is missing rightly"
    gain, noise, worst = model.params_["H"].item(), model.params_["R"].item(), np.diff(model.log_liks_).min()
    print(f"{name:12}: log-likelihood {begin:.2f} where EM begins, {end:.2f} where it ends, largest fall {max(0, -worst):.2f}; H {gain:.3f}, R {noise:.3f}")
    if name == "complete":
        assert end > begin and worst > -1e-9 and abs(gain - 1) < 0.3
    else:
        assert end < begin - 50 and worst < -10 and gain < 0.1
PY
