#!/usr/bin/env bash
# intensify 0.3.3: the test by time rescaling takes every process for a linear Hawkes process: the
# right Poisson process is rejected with a p-value of 0.
#
# Packages: intensify 0.3.3, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2.
#
# Expected: `time_rescaling_test(result)` integrates the intensity of `result.process` from each event
# to the next. By the right model these are independent exponential numbers of mean 1, and the
# p-value of the Kolmogorov-Smirnov test is uniform.
#
# Happens: the integral is of `process.mu` and of `process.kernel`, or 0 for what has neither. A
# Poisson process has `rate`, or rates: all integrals are 0. A nonlinear Hawkes process has both,
# and its link is left out.
#
# Seen, events simulated by the model itself until T = 400, p-values of three seeds:
#                                   right               found
#   Poisson, rate 2                 .50  .99  .14       0  0  0
#   Poisson, rates 1 and 5          .42  .58  .04       0  0  0
#   softplus of -1 + excitation     .57  .91  .48       9e-236  4e-260  2e-279
#   linear Hawkes                   .85  .79  .71       .85  .79  .71
#
# Matters for: comparing models by this test: only linear ones can pass.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps intensify==0.3.3
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from intensify import ExponentialKernel, FitResult, HomogeneousPoisson, InhomogeneousPoisson, NonlinearHawkes, UnivariateHawkes
from intensify.core.diagnostics.goodness_of_fit import time_rescaling_test
from scipy import integrate, stats

LENGTH = 400.0
MODELS = {
    "Poisson": HomogeneousPoisson(2.0),
    "two rates": InhomogeneousPoisson(rates={0.0: 1.0, 200.0: 5.0}),
    "softplus": NonlinearHawkes(-1.0, ExponentialKernel(0.5, 1.0), "softplus"),
    "linear": UnivariateHawkes(0.5, ExponentialKernel(0.5, 1.0)),
}


def integrals(name, events):
    """The intensity, written anew, integrated between events."""
    edges = np.append(0.0, events)
    if name == "Poisson":
        return 2.0 * np.diff(edges)
    if name == "two rates":
        return np.diff(np.where(edges < 200, edges, 200 + 5 * (edges - 200)))
    out, excited = [], 0.0
    nodes, weights = np.polynomial.legendre.leggauss(12)
    for start, end in zip(edges[:-1], edges[1:]):
        ages = (nodes + 1) * (end - start) / 2
        before = (0.5 if name == "linear" else -1.0) + 0.5 * excited * np.exp(-ages)
        values = before if name == "linear" else np.log1p(np.exp(before))
        out.append((end - start) / 2 * weights @ values)
        excited = excited * np.exp(-(end - start)) + 1.0
    return np.array(out)


for name, model in MODELS.items():
    found, right = [], []
    for seed in range(3):
        events = np.asarray(model.simulate(LENGTH, seed=seed))
        result = FitResult(params={}, log_likelihood=0.0)
        result.process, result.events, result.T = model, events, LENGTH
        found.append(time_rescaling_test(result)[1])
        right.append(stats.kstest(integrals(name, events), stats.expon().cdf)[1])
    print(f"{name}: right", *(f"{value:.2f}" for value in right), " found", *(f"{value:.1g}" for value in found))
    assert min(right) > 0.01
    assert np.allclose(found, right, atol=1e-6) if name == "linear" else max(found) < 1e-3
PY
