#!/usr/bin/env bash
# insurance-gas 0.1.1: the diagnostics of a fitted model reject the right model with a p-value of
# 1e-50, since `fit` does not keep the observations that they need.
#
# Packages: insurance-gas 0.1.1, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3.
#
# Expected: `pit_values` of `diagnostics()` are the probability integral transform of the
# observations, uniform for a well-specified model, as the documentation says, with
# randomisation for counts; `ks_pvalue` tests that.
#
# Happens: they are computed from an attribute `_y` that nothing sets. Without it they are
# the normal distribution function of the scaled score, which is divided by the variance and not
# by its root, so that all are near one half. With the attribute set by hand, exposure is left
# out, and for a zero-inflated model every zero has a value above the inflation instead of
# one below the probability of zero, as it also has in `pit_residuals`.
#
# Seen, p-values of the Kolmogorov-Smirnov test, and smallest and largest value, 300 counts:
#   Poisson of mean 5            by hand 0.77, 0.00 to 0.99   diagnostics 4.6e-50, 0.42 to 0.61
#     the same, with the counts put in                        diagnostics 0.81, 0.00 to 0.99
#   with exposures of 20 to 80   by hand 0.86, 0.00 to 0.99   diagnostics 1.9e-40, 0.31 to 0.79
#     the same, with the counts put in                        diagnostics 2e-313, 0.51 to 1.00
#   40 % zero, else Poisson      by hand 0.35, 0.00 to 0.99   pit_residuals 6.3e-44, 0.40 to 1.00
#
# Matters for: every model of this package; the summary says "distribution misspecified?".
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps insurance-gas==0.1.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
import pandas as pd
from insurance_gas import GASModel
from insurance_gas.diagnostics import pit_residuals
from insurance_gas.distributions import ZIPGAS
from scipy.stats import kstest, poisson

COUNTS = 300
rng = np.random.default_rng(0)


def transform(y, mean, inflation=0.0):
    """Randomised probability integral transform of counts, of which a share is zero in any case."""
    below = np.where(y > 0, inflation + (1 - inflation) * poisson.cdf(y - 1, mean), 0.0)
    return below + rng.uniform(size=len(y)) * (inflation * (y == 0) + (1 - inflation) * poisson.pmf(y, mean))


def show(name, values):
    p = kstest(values, "uniform").pvalue
    print(f"{name:<52} p-value {p:.1e}, values {np.min(values):.2f} to {np.max(values):.2f}")
    return p


exposure = rng.uniform(20, 80, COUNTS)
for name, given in (("Poisson of mean 5", None), ("Poisson of 0.1 times an exposure of 20 to 80", exposure)):
    y = rng.poisson(5.0 if given is None else 0.1 * given, COUNTS)
    fit = GASModel("poisson").fit(y, exposure=given)
    path = fit.filter_path["mean"].to_numpy()
    assert show(name + ", by hand", transform(y, path * (1 if given is None else given))) > 0.01
    assert not hasattr(fit, "_y")
    answer = fit.diagnostics()
    assert show("  diagnostics()", answer.pit_values) == answer.ks_pvalue < 1e-20
    fit._y = y
    late = show("  diagnostics() with the counts put in", fit.diagnostics().pit_values)
    assert (late > 0.01) == (given is None)

y = np.where(rng.uniform(size=COUNTS) < 0.4, 0, rng.poisson(3, COUNTS))
assert show("zero in 40 %, else Poisson of mean 3, by hand", transform(y, 3.0, 0.4)) > 0.01
values = pit_residuals(y.astype(float), pd.DataFrame({"mean": np.full(COUNTS, 3.0)}), ZIPGAS(), {"zeroprob": 0.4})
assert show("  pit_residuals with these numbers", values) < 1e-20 and values.min() > 0.4
PY
