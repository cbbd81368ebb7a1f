#!/usr/bin/env bash
# insurance-experience 0.1.1: a sequence of counts is weighed against twice what was expected of
# it: who always had as many claims as expected is taken for half as bad a risk.
#
# Packages: insurance-experience 0.1.1, numpy 2.4.6, scipy 1.17.1, polars 2.1.0.
#
# Expected: `DynamicPoissonGammaModel` has the state alpha, beta of a gamma distribution and, so its
# description, beta' = q (beta + mu e), alpha' = p q (alpha + y) + (1 - p) beta'. With p = q = 1
# that is the usual Bayesian estimate, (alpha + all claims) / (beta + all that was expected).
#
# Happens: mu e is added before the step, and once more in it: beta' = q (beta + 2 mu e). The
# likelihood by which p and q are fitted takes the same step.
#
# Seen, alpha = beta = 1, ten years with 1 claim each where 1 is expected:
#   factor on the premium      right 1.00    found .52
# Fitted, 400 policies of 20 years, gamma rates of mean 1 and variance .5 that never change:
#                         right       found
#   p, at most .99        .99         .84
#   q, at most .99        .99         .81
#   log-likelihood        -9730       -10325
#   mean factor           .96         .73       claims in a year, on average: .96
#
# Matters for: premiums by experience, and the model as a predictor of counts.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 polars==2.1.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps insurance-experience==0.1.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from insurance_experience.dynamic import DynamicPoissonGammaModel
from insurance_experience._types import ClaimsHistory
from scipy.optimize import minimize
from scipy.stats import nbinom

POLICIES, YEARS = 400, 20


def described(counts, p, q, mu=1.0):
    """The state after the counts, and their log-likelihood, as the description has it."""
    alpha = beta = 1.0
    total = 0.0
    for y in counts:
        total += nbinom.logpmf(y, alpha, beta / (beta + mu))
        later = q * (beta + mu)
        alpha, beta = p * q * (alpha + y) + (1 - p) * later, later
    return alpha / beta, total


model = DynamicPoissonGammaModel()
model.p_ = model.q_ = 1.0
model.is_fitted_ = True
steady = [1] * 10
found, right = model.predict(ClaimsHistory("steady", list(range(10)), steady)), described(steady, 1.0, 1.0)[0]
print(f"always as expected, p = q = 1: right {right:.2f}, found {found:.2f}")
assert np.isclose(right, (1 + 10) / (1 + 10)) and np.isclose(found, (1 + 10) / (1 + 20))

rng = np.random.default_rng(0)
rates = rng.gamma(2.0, 0.5, POLICIES)
data = rng.poisson(rates[:, None], (POLICIES, YEARS))
histories = [ClaimsHistory(str(i), list(range(YEARS)), [int(y) for y in row]) for i, row in enumerate(data)]
fitted = DynamicPoissonGammaModel().fit(histories)


def all_of(p, q):
    """The log-likelihood of all policies at once, as described."""
    alpha, beta, total = np.ones(POLICIES), 1.0, 0.0
    for y in data.T:
        total += nbinom.logpmf(y, alpha, beta / (beta + 1)).sum()
        later = q * (beta + 1)
        alpha, beta = p * q * (alpha + y) + (1 - p) * later, later
    return total


assert np.isclose(all_of(0.9, 0.9), sum(described(row, 0.9, 0.9)[1] for row in data[:]), rtol=1e-6)
best = minimize(lambda pq: -all_of(*pq), [0.5, 0.8], bounds=[(0.01, 0.99)] * 2, method="L-BFGS-B")
mean = np.mean([fitted.predict(history) for history in histories])
wanted = np.mean([described(row, *best.x)[0] for row in data])
print(f"fitted: right p {best.x[0]:.2f}, q {best.x[1]:.2f}, log-likelihood {-best.fun:.0f}, mean factor {wanted:.2f}")
print(f"        found p {fitted.p_:.2f}, q {fitted.q_:.2f}, log-likelihood {fitted.loglik_:.0f}, mean factor {mean:.2f}; mean rate {data.mean():.2f}")
assert best.x.min() > 0.95 and fitted.q_ < 0.9 and -best.fun > fitted.loglik_ + 20
PY
