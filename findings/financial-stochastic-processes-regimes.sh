#!/usr/bin/env bash
# financial-stochastic-processes 0.1.6: the regime-switching model has one regime a path, and each of its returns is
# the whole walk so far: prices go to 10^20.
#
# Packages: financial-stochastic-processes 0.1.6, numpy 2.4.6.
#
# Expected: `simulate_regime_switching` draws a regime for each step by the transition matrix, and multiplies the
# price by exp((mu - sigma^2 / 2) dt + sigma dW) with the drift and volatility of that regime and an increment dW of
# variance dt.
#
# Happens: a regime is drawn once, before the first step, and kept. W is summed up beforehand, and sigma W stands
# where sigma dW should: the variance of a return grows with time, and that of the log price with its cube.
#
# Seen, S0 = 100, a year of 252 steps, the default regimes with volatilities .2 and .4, which stay with .95, 400 paths
#                                      package                  a regime and an increment each step
#   deviation of the log price, end    31.5                     .30
#   deviation of the last return       .22                      .019
#   nine of ten last prices between    2e-20 and 3e+22          64 and 163
#   all returns of a path are those of one regime with the summed walk: 400 of 400
#
# Matters for: tests of filters for regimes, guarantees and options on such paths. The geometric Brownian motion of
# the class raises, as it has a time more than increments.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps financial-stochastic-processes==0.1.6
venv/bin/python - <<'PY'
from importlib.metadata import version

import numpy as np
from financial_stochastic_processes import StochasticAssetPriceSimulator

STEPS, PATHS = 252, 400
DT = 1 / STEPS
STAY = np.array([[0.95, 0.05], [0.05, 0.95]])
MU, SIGMA = np.array([0.05, 0.07]), np.array([0.2, 0.4])
print("financial-stochastic-processes", version("financial-stochastic-processes"), "numpy", np.__version__)


def package(seed):
    simulator = StochasticAssetPriceSimulator(100, 1, DT, P_tran=STAY, seed=seed)
    assert (simulator.mu, simulator.mu_rs, simulator.sigma, simulator.sigma_rs) == (*MU, *SIGMA)
    return np.log(simulator.simulate_regime_switching())


def right(seed):
    rng, regime, log = np.random.default_rng(seed), 0, [np.log(100)]
    for _ in range(STEPS - 1):
        regime = rng.choice(2, p=STAY[regime])
        log.append(log[-1] + (MU[regime] - SIGMA[regime] ** 2 / 2) * DT + SIGMA[regime] * rng.normal(0, DT**0.5))
    return np.array(log)


def walk(seed):
    """The package's own draws again, and which one of the regimes explains every return."""
    np.random.seed(seed)
    increments = np.random.normal(0, 1, STEPS) * DT**0.5
    returns = np.diff(package(seed))
    fits = [np.allclose(returns, (m - s**2 / 2) * DT + s * np.cumsum(increments)[1:]) for m, s in zip(MU, SIGMA)]
    return sum(fits) == 1


logs = [np.array([make(seed) for seed in range(PATHS)]) for make in (package, right)]
for name, paths in zip(("package", "each step"), logs):
    low, high = np.exp(np.clip(np.quantile(paths[:, -1], [0.05, 0.95]), -700, 700))
    print(f"{name:9s} deviation of the log price {paths[:, -1].std():.3g}, of the last return {np.diff(paths)[:, -1].std():.3g}; nine of ten last prices between {low:.3g} and {high:.3g}")
explained = sum(walk(seed) for seed in range(PATHS))
print(f"paths of the package that one regime and the summed walk explain: {explained} of {PATHS}")
assert logs[0][:, -1].std() > 20 and logs[1][:, -1].std() < 0.6 and explained == PATHS
PY
