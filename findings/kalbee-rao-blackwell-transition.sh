#!/usr/bin/env bash
# kalbee 1.0.0: the Rao-Blackwellised particle filter takes every linear transition for
# the identity when it predicts a covariance.
#
# Packages: kalbee 1.0.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `RaoBlackwellizedParticleFilter` filters the linear part of the state "like
# a Kalman filter" in each particle: mean f(x), covariance F P F' + Q, where F is the
# Jacobian of the function it is given. It has a method that computes F, with a step
# `eps` for differences.
#
# Happens: that method returns the identity matrix. Means shrink or turn as they should,
# covariances only grow, and the gain is that of another model.
#
# Seen, x_t = .5 x_{t-1} + noise of variance 1, observed with variance 1, and a second
# state that does nothing, after 20 steps:
#                              returned    Kalman filter
#   variance, no observation     21.000        1.333
#   variance, observed            0.618        0.531
# Weights of particles come from the same covariance: likelihoods of models differ too.
#
# Matters for: switching or partly linear state-space models, for which a filter with
# exact linear parts is the reference that others are measured against.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kalbee==1.0.0 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import numpy as np
from kalbee import RaoBlackwellizedParticleFilter

ONE = np.eye(1)


def variance(decay, observed):
    """Of the linear state after 20 steps, as the filter has it and as it follows from F P F' + Q."""
    model = RaoBlackwellizedParticleFilter(
        n_particles=4, linear_dim=1, nonlinear_dim=1,
        transition_function_linear=lambda linear, other, dt: decay * linear,
        transition_function_nonlinear=lambda other, dt: other,
        measurement_function=lambda state: state[:1],
        process_noise_linear=ONE, process_noise_nonlinear=1e-9 * ONE, measurement_noise=ONE, initial_linear_cov=ONE,
    )
    right = 1.0
    for _ in range(20):
        model.predict()
        right = decay**2 * right + 1
        if observed:
            model.update(np.zeros((1, 1)))
            right = right / (right + 1)
    return model.linear_covs[0, 0, 0], right


for decay in (1.0, 0.5):
    for observed in (False, True):
        found, right = variance(decay, observed)
        print(f"x_t = {decay} x_(t-1), {'observed' if observed else 'no observation'}: {found:.3f}, right {right:.3f}")
        assert (abs(found - right) < 1e-5) == (decay == 1.0), "the transition takes part now"
        assert abs(found - variance(1.0, observed)[1]) < 1e-5
PY
