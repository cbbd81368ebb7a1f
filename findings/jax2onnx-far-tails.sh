#!/usr/bin/env bash
# jax2onnx 0.17.1: functions that JAX offers for being exact far out are exported in the
# form that is not: log_ndtr(-6) is minus infinity, softplus(-17) is 0.
#
# Packages: jax2onnx 0.17.1, jax 0.10.2, flax 0.12.8, onnx 1.23.2, onnxruntime 1.31.1,
# numpy 2.4.6, mpmath 1.3.0.
#
# Expected: `log_ndtr`, `erfc`, `softplus` and `log_sigmoid` exist because log(ndtr(x)),
# 1 - erf(x) and log(1 + exp(x)) lose all digits in the tail. The exported file agrees
# with the function within a few roundings, as it does elsewhere.
#
# Happens: erfc becomes 1 - Erf(x) and log1p becomes Log(1 + x), and so does all that is
# built on them. log_ndtr goes over to its series only at -10 and takes the
# logarithm of such a difference before: minus infinity from -5.6 to -10.
#
# Seen, float32, value, JAX, exported:
#   log_ndtr(-6)       -2.0737e+01   -2.0737e+01          -inf
#   log_ndtr(-12)      -7.5411e+01   -7.5411e+01   -7.5411e+01
#   erfc(4.5)           1.9662e-10    1.9662e-10    0.0000e+00
#   softplus(-17)       4.1399e-08    4.1399e-08    0.0000e+00
#   log_sigmoid(17)    -4.1399e-08   -4.1399e-08    0.0000e+00
#
# Matters for: log-likelihoods of censored or rounded values, where one observation six
# deviations out makes the sum infinite, and losses of models that are nearly certain.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax2onnx==0.17.1 jax==0.10.2 flax==0.12.8 onnx==1.23.2 onnxruntime==1.31.1 numpy==2.4.6 mpmath==1.3.0
venv/bin/python -W ignore - <<'PY'
import jax
import mpmath
import numpy as np
import onnxruntime
from jax2onnx import to_onnx

onnxruntime.set_default_logger_severity(4)
mpmath.mp.dps = 30
CASES = (
    ("log_ndtr", jax.scipy.special.log_ndtr, -6, lambda x: mpmath.log(mpmath.ncdf(x)), -np.inf),
    ("log_ndtr", jax.scipy.special.log_ndtr, -12, lambda x: mpmath.log(mpmath.ncdf(x)), None),
    ("erfc", jax.scipy.special.erfc, 4.5, mpmath.erfc, 0),
    ("softplus", jax.nn.softplus, -17, lambda x: mpmath.log1p(mpmath.exp(x)), 0),
    ("log_sigmoid", jax.nn.log_sigmoid, 17, lambda x: -mpmath.log1p(mpmath.exp(-x)), 0),
)
for name, function, x, exact, seen in CASES:
    value, given = float(exact(x)), np.array([x], dtype=np.float32)
    right = float(function(given)[0])
    session = onnxruntime.InferenceSession(to_onnx(function, inputs=[(1,)]).SerializeToString(), providers=["CPUExecutionProvider"])
    found = float(session.run(None, {session.get_inputs()[0].name: given})[0][0])
    print(f"{name + f'({x:g})':16} {value:13.4e} {right:13.4e} {found + 0.0:13.4e}")
    assert abs(right / value - 1) < 1e-5
    assert found == seen or (seen is None and abs(found / value - 1) < 1e-5)
PY
