#!/usr/bin/env bash
# pfilter 0.2.5: a copy of a particle filter has no noise, so that predictions never become
# less sure; and the observation that a prediction is given is not looked at.
#
# Packages: pfilter 0.2.5, numpy 2.4.6.
#
# Expected: `copy` returns an exact copy, and `predictor(n, observed)` runs one forward
# without observations, after the one given, if any. In a random walk the variance grows
# by that of a step at each step.
#
# Happens: all functions of a filter are handed to its copy but `noise_fn`. Particles of
# the copy stand still, or follow the dynamics alone. `predictor` sets `observed` to None
# before it is used.
#
# Seen, a random walk with steps of variance 1, 5,000 particles at 0, variance of the state:
#   right                    1.00  2.00  3.00  4.00  5.00
#   `update` without data    0.98  1.97  2.92  3.91  4.99
#   `predictor(5)`           0.00  0.00  0.00  0.00  0.00
#   particles around 0 with variance 9, `predictor(1, observed=3)`: mean 0.04, 2.73 is right
#
# Matters for: forecasts, look-ahead and intervals from `predictor`, which is there for
# that.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 setuptools==80.9.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pfilter==0.2.5
venv/bin/python - <<'PY'
import numpy as np
from pfilter import ParticleFilter

PARTICLES, STEPS = 5_000, 5
np.random.seed(0)


def walk(spread):
    """Particles around 0, steps of variance 1, observations with noise of variance 1."""
    return ParticleFilter(
        prior_fn=lambda n: np.random.normal(0, spread, (n, 1)),
        noise_fn=lambda x: x + np.random.normal(0, 1, x.shape),
        weight_fn=lambda seen, real: np.exp(-((seen - real) ** 2)[:, 0] / 2),
        n_particles=PARTICLES,
        n_eff_threshold=0.5,
    )


updated, filtered = [], walk(0.0)
for _ in range(STEPS):
    filtered.update()
    updated.append(float(filtered.cov_state))
predicted = [float(copy.cov_state) for copy in walk(0.0).predictor(STEPS)]
print("right                ", *(f"{v:.2f}" for v in range(1, STEPS + 1)))
print("update without data  ", *(f"{v:.2f}" for v in updated))
print("predictor            ", *(f"{v:.2f}" for v in predicted))
assert np.allclose(updated, range(1, STEPS + 1), rtol=0.1) and max(predicted) == 0

wide = walk(3.0)
told = next(wide.predictor(1, observed=np.array([3.0]))).mean_state[0]
wide.update(np.array([3.0]))
right = 3.0 * 10 / (10 + 1)  # variance 9 and a step before, 1 of the observation
print(f"after an observation of 3: right {right:.2f}, update {wide.mean_state[0]:.2f}, predictor {told:.2f}")
assert abs(wide.mean_state[0] - right) < 0.15 and abs(told) < 0.2
PY
