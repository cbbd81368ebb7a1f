#!/usr/bin/env bash
# insurance-monitoring 1.2.2: the evidence of a sequential test is bounded: a difference of 5 % is
# not found in ten million claims.
#
# Packages: insurance-monitoring 1.2.2, numpy 2.4.6, scipy 1.17.1, polars 2.1.0, statsmodels 0.15.0,
# sortedcontainers 2.4.0, matplotlib 3.11.2, pandas 2.3.3.
#
# Expected: `SequentialTest` "integrates over a N(0, tau^2) prior on the log-rate-ratio": of an
# estimate x with variance s it is the density of N(0, s + tau^2) over that of N(0, s), at x.
# That is sqrt(s / (s + tau^2)) exp(x^2 tau^2 / (2 s (s + tau^2))), which grows without end
# when there is a difference.
#
# Happens: tau^2 and s have changed places: sqrt(tau^2 / (tau^2 + s)) exp(x^2 / (2 (s + tau^2))).
# With more and more data that goes to exp(x^2 / (2 tau^2)). With the default tau of .03 only
# ratios above 1.076 or below .93 can ever be found at a level of .05.
#
# Seen, a rate of .1 against one of .105, the counts that are expected; ln of the ratio, decision:
#   claims of each      right       found
#   10,000              4.15        .99    inconclusive
#   100,000             57.7        1.28   inconclusive
#   10,000,000          6091        1.32   inconclusive      its interval: 1.049 to 1.051
#   stops at            3.00
#
# Matters for: tests of a new model against an old one: they run until their longest time.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 polars==2.1.0 statsmodels==0.15.0 sortedcontainers==2.4.0 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps insurance-monitoring==1.2.2
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import math

from insurance_monitoring.sequential import SequentialTest
from scipy.integrate import quad
from scipy.stats import norm

TAU, RATE, RATIO = 0.03, 0.1, 1.05


def right(x, variance):
    """ln of the marginal density of x over that without a difference."""
    return norm.logpdf(x, 0, math.sqrt(variance + TAU**2)) - norm.logpdf(x, 0, math.sqrt(variance))


x, variance = 0.05, 0.02**2
mixed = quad(lambda theta: norm.pdf(x, theta, math.sqrt(variance)) * norm.pdf(theta, 0, TAU), -0.5, 0.5, points=[x, 0])[0]
assert math.isclose(math.exp(right(x, variance)), mixed / norm.pdf(x, 0, math.sqrt(variance)), rel_tol=1e-6)

bound = math.log(RATIO) ** 2 / (2 * TAU**2)
print(f"rejected from ln {math.log(20):.2f} on; no more than {bound:.2f} can be found")
for policies in (1e5, 1e6, 1e8):
    test = SequentialTest(tau=TAU)
    first, second = RATE * policies, RATE * RATIO * policies
    answer = test.update(champion_claims=first, champion_exposure=policies, challenger_claims=second, challenger_exposure=policies)
    wanted = right(math.log(RATIO), 1 / first + 1 / second)
    print(f"{first:12,.0f} claims: right {wanted:.2f}, found {answer.log_lambda_value:.2f}, {answer.decision}, interval {answer.rate_ratio_ci_lower:.3f} to {answer.rate_ratio_ci_upper:.3f}")
    assert answer.decision == "inconclusive" and answer.log_lambda_value < bound
    assert wanted > math.log(20)
PY
