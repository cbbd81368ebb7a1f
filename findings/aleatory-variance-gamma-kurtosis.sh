#!/usr/bin/env bash
# aleatory 1.2.4: the variance-gamma distribution gives a kurtosis that is 3 too large: 6 instead of 3 for Laplace's.
#
# Packages: aleatory 1.2.4, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.10.8, statsmodels 0.14.6,
# ipywidgets 8.1.8.
#
# Expected: `vg` is a distribution in the manner of SciPy, whose `stats(moments="k")` is the kurtosis in excess of the
# normal one. For r = 2 and theta = 0 it is Laplace's, with 3; for large r it goes to the normal one's 0.
#
# Happens: the fourth central moment is divided by the squared variance, and nothing is subtracted.
#
# Seen
#   r, theta, sigma    package   right, from cumulants   from its own density
#   2, 0, 1            6.00      3.00                    3.00
#   4, .5, 1           5.33      2.33                    2.33
#   40, 0, 1           3.15       .15                     .15
# `get_marginal(t).stats("k")` of a variance-gamma process is the same. Mean, variance and skewness are right.
#
# Matters for: whoever fits by moments, or reads from the kurtosis how far the process is from a normal one.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.10.8 \
    statsmodels==0.14.6 ipywidgets==8.1.8
venv/bin/pip install --quiet --disable-pip-version-check --no-deps aleatory==1.2.4
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import matplotlib

matplotlib.use("Agg")
import numpy as np
from aleatory.processes import VarianceGammaProcess
from aleatory.stats.variance_gamma import vg
from scipy.integrate import quad
from scipy.stats import laplace, norm

print("aleatory", version("aleatory"), "numpy", np.__version__)


def right(r, theta, sigma):
    """theta S + sigma sqrt(S) Z, S gamma with shape r / 2 and scale 2: cumulants of S are r, 2 r, 8 r, 48 r."""
    second = r * sigma**2 + theta**2 * 2 * r
    fourth = 3 * sigma**4 * 2 * r + 6 * sigma**2 * theta**2 * 8 * r + theta**4 * 48 * r
    return fourth / second**2


def by_density(distribution):
    mean = float(distribution.mean())
    parts = ((-150, -15), (-15, -1e-9), (1e-9, 15), (15, 150))
    moment = [sum(quad(lambda x: (x - mean) ** k * distribution.pdf(x), *part, limit=200)[0] for part in parts)
              for k in (0, 2, 4)]
    assert np.isclose(moment[0], 1, atol=1e-3) and np.isclose(moment[1], float(distribution.var()), rtol=1e-3)
    return moment[2] / moment[1] ** 2 - 3


assert laplace.stats(moments="k") == 3 and norm.stats(moments="k") == 0
for r, theta, sigma in ((2.0, 0.0, 1.0), (4.0, 0.5, 1.0), (40.0, 0.0, 1.0)):
    distribution = vg(r=r, theta=theta, sigma=sigma)
    found, expected = float(distribution.stats(moments="k")), right(r, theta, sigma)
    integrated = by_density(distribution)
    print(f"{r:g}, {theta}, {sigma}: package {found:.3f}, right {expected:.3f}, from its density {integrated:.3f}")
    assert np.isclose(found, expected + 3) and np.isclose(integrated, expected, atol=0.01)
process = VarianceGammaProcess(theta=0.3, nu=0.5, sigma=1.0)
found, expected = float(process.get_marginal(2.0).stats(moments="k")), right(8.0, 0.075, 0.5)
print(f"process at 2: {found:.3f}, right {expected:.3f}")
assert np.isclose(found, expected + 3)
PY
