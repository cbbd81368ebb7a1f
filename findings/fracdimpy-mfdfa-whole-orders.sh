#!/usr/bin/env bash
# fracdimpy 0.1.5: with orders given as whole numbers MF-DFA cuts its spectrum down to whole numbers: a width of
# 0 or 2, f of 3.
#
# Packages: fracdimpy 0.1.5, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.10.8, pillow 12.0.0.
#
# Expected: `mf_dfa(data, q_list=...)` gives the same exponents and the same spectrum for the orders -5, -4, ..., 5
# whether they are written as 2 or as 2.0.
#
# Happens: arrays for alpha and f(alpha) are made with the type of the orders, so that each number is cut to the next
# whole one towards 0 when it is put in. h(q) and tau(q) are right; alpha, f(alpha), alpha_0 and width are not.
#
# Seen, a binomial cascade of 4,096 numbers with shares .75 and .25, whose spectrum is wide
#   orders      width   alpha_0   alpha                          f(alpha)
#   2.0          1.56   1.19      2.01 ... 1.19 ... .45          -.14 ... 1 ... .14
#   2            2      1         2 1 1 1 1 1 0 0 0 0 0          0 3 2 2 1 1 0 0 -1 -1 -2
# White noise, 5,000 numbers: width .10, alpha_0 .51 and f of at most 1 with 2.0; 0, 0 and 3 with 2.
#
# Matters for: whoever passes range(-5, 6), the usual list: a multifractal comes out as one with a single exponent.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.10.8 pillow==12.0.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps fracdimpy==0.1.5
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from fracDimPy import mf_dfa

print("fracdimpy", version("fracdimpy"), "numpy", np.__version__)
ORDERS = range(-5, 6)


def spectrum(h):
    """alpha and f(alpha) from h(q), by the slopes of h that the package's notes name."""
    q = np.array(ORDERS, float)
    slope = np.gradient(h, q)
    return h + q * slope, q * (h + q * slope) - (q * h - 1)


cascade = np.ones(1)
for _ in range(12):
    cascade = np.outer(cascade, [0.75, 0.25]).ravel()
for name, data in (("cascade", cascade * 4096), ("white noise", np.random.default_rng(0).standard_normal(5_000))):
    (exponents, whole), (same, right) = (mf_dfa(data, q_list=[kind(q) for q in ORDERS]) for kind in (int, float))
    for kind, found in (("2  ", whole), ("2.0", right)):
        print(f"{name}, orders as {kind}: width {found['width']:.3f}, alpha_0 {found['alpha_0']:.3f}, alpha", *np.round(found["alpha"], 2), "f", *np.round(found["f_alpha"], 2))
    assert np.allclose(exponents["h_q"], same["h_q"])
    alpha, f = spectrum(same["h_q"])
    assert np.allclose(right["alpha"], alpha) and np.allclose(right["f_alpha"], f)
    assert np.array_equal(whole["alpha"], np.trunc(alpha)) and whole["alpha"].dtype.kind == "i"
    assert whole["width"] != right["width"] and float(whole["width"]).is_integer()
PY
