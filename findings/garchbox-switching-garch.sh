#!/usr/bin/env bash
# garchbox 0.1.0: a Markov-switching GARCH model does not learn how variance follows from what was
# seen: alpha is .05 and .10 for every series, the values that it starts with.
#
# Packages: garchbox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.11.2.
#
# Expected: `MarkovSwitchingGARCH(y).fit()` estimates omega, alpha and beta of each regime by
# expectation-maximisation, after Gray (1996).
#
# Happens: each step regresses a regime's variances on squared returns and past variances to find
# new parameters. The variances are the model's own, made of just these with the parameters
# that it has: the regression gives them back. No return is fitted. (What changes is beta,
# since past variances are exchanged for others between the two.)
#
# Seen, 800 returns, right values and found ones of the two regimes:
#                                   alpha          found
#   independent returns             0              .0500, .1000
#   GARCH, alpha .1, beta .8        .1             .0500, .1000
#   GARCH, alpha .7, beta .1        .7             .0500, .1000
#   log-likelihood of the last      -876 with the right ones in both regimes, found -985
#
# Matters for: regimes, persistence and risk read off from these fits.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps garchbox==0.1.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from archbox.regime.ms_garch import MarkovSwitchingGARCH

LENGTH = 800


def drawn(omega, alpha, beta):
    rng = np.random.default_rng(0)
    returns, variance = np.zeros(LENGTH), omega / (1 - alpha - beta)
    for t in range(LENGTH):
        returns[t] = np.sqrt(variance) * rng.normal()
        variance = omega + alpha * returns[t] ** 2 + beta * variance
    return returns


def likelihood(returns, omega, alpha, beta):
    """Log-likelihood of a GARCH model, which both regimes could be."""
    variance, total = float(np.var(returns)), 0.0
    for t, y in enumerate(returns):
        if t:
            variance = omega + alpha * returns[t - 1] ** 2 + beta * variance
        total -= 0.5 * (np.log(2 * np.pi * variance) + y**2 / variance)
    return total


for right in ((1.0, 0.0, 0.0), (0.1, 0.1, 0.8), (0.2, 0.7, 0.1)):
    returns = drawn(*right)
    model = MarkovSwitchingGARCH(returns)
    start = model.start_params
    result = model.fit(verbose=False, maxiter=50)
    alphas = [result.regime_params[regime]["alpha"] for regime in (0, 1)]
    single = likelihood(returns, *right)
    print(f"alpha {right[1]}: started with {start[1]:.4f}, {start[4]:.4f}, found {alphas[0]:.4f}, {alphas[1]:.4f}; log-likelihood {result.loglike:.1f}, with the right values {single:.1f}")
    assert np.allclose(alphas, [start[1], start[4]], atol=1e-5)
assert single > result.loglike + 20
PY
