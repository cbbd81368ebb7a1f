#!/usr/bin/env bash
# insurance-gas 0.1.1: the score of the Poisson model is divided by the Fisher information
# before it is scaled, by default by the Fisher information: small counts move the mean too much.
#
# Packages: insurance-gas 0.1.1, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3.
#
# Expected: `score` is the derivative of the log-likelihood by the logarithm of the mean,
# y - mu E, as its documentation says; `scaling="unit"` leaves it as it is, and
# "fisher_inv", the default, divides it by mu E.
#
# Happens: `score` is y / (mu E) - 1. "unit" is what "fisher_inv" should be, and the default
# divides by mu E once more. The zero-inflated model of the same package has y - mu E, so
# with no inflation it is another model than the Poisson model that it is then.
#
# Seen:
#   mean  count  derivative  "unit"  zero-inflated   divided by mu E  "fisher_inv"  zero-inflated
#    0.1    1       0.9        9.0       0.9              9.0            90.0           9.9
#    0.1    0      -0.1       -1.0      -0.1             -1.0           -10.0          -1.1
#   20     25       5.0        0.25      5.0              0.25            0.013         0.25
# (The information of the zero-inflated model is approximate.)
#
# Matters for: portfolios with small expected counts, whose filtered mean jumps, and any
# comparison of scalings or of the two models.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps insurance-gas==0.1.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from insurance_gas.distributions import PoissonGAS, ZIPGAS

single = lambda value: float(np.squeeze(value))
for mean, count in ((0.1, 1), (0.1, 0), (20.0, 25)):
    params, y = {"mean": mean, "zeroprob": 1e-8}, np.array([float(count)])
    likelihood = lambda log_mean: single(PoissonGAS().log_likelihood(y, {"mean": np.exp(log_mean)}))
    step = 1e-5
    derivative = (likelihood(np.log(mean) + step) - likelihood(np.log(mean) - step)) / (2 * step)
    found = {scaling: single(PoissonGAS().scaled_score(y, params, scaling=scaling)["mean"]) for scaling in ("unit", "fisher_inv")}
    inflated = {scaling: single(ZIPGAS().scaled_score(y, params, scaling=scaling)["mean"]) for scaling in ("unit", "fisher_inv")}
    print(f"mean {mean}, count {count}: derivative {derivative:.3f}, unit {found['unit']:.3f}, zero-inflated {inflated['unit']:.3f};"
          f" derivative / mean {derivative / mean:.3f}, fisher_inv {found['fisher_inv']:.3f}, zero-inflated {inflated['fisher_inv']:.3f}")
    assert abs(derivative - (count - mean)) < 1e-4
    assert abs(inflated["unit"] - derivative) < 1e-4 and abs(found["unit"] - derivative / mean) < 1e-4
    assert abs(found["fisher_inv"] - derivative / mean**2) < 1e-3
PY
