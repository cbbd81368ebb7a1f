#!/usr/bin/env bash
# msprt 0.1.2: a test that is stopped when its ratio has passed 1 / alpha decides for the null
# hypothesis, every time.
#
# Packages: msprt 0.1.2, numpy 1.26.4, scipy 1.15.3, matplotlib 3.10.8.
#
# Expected: the mixture sequential probability ratio test rejects as soon as the ratio is above
# 1 / alpha; that it may be looked at after each observation and stopped then is what it is for
# ("Always Valid Inference", the paper it follows). `decision` for the data up to there is
# "Accept H1": the ratio at their end is above 20, and is given with it.
#
# Happens: where nothing is rejected `n_rejection` is set to the number of observations, and
# `n_rejection >= len(x)` is read as acceptance: a rejection at the last observation, which is
# where whoever stops at the rejection has it, is the same number. `plot` writes "Null
# Hypothesis Accepted" for the same reason. With one more observation it is "Accept H1".
#
# Seen, means 0.5 apart, sigma 1, alpha 0.05, 200 experiments, looked at after each pair:
#   ratio above 20 at the stop, by formula and as given with the result    200    200
#   decisions at the stop                       Accept H1   0   Accept H0   200
#   the same with one more pair of observations Accept H1 200   Accept H0     0
#   no effect at all, 300 pairs and the ratio below 20: also Accept H0
#
# Matters for: monitoring: `decision` never turns at the observation that decides, and what was
# stopped by the ratio is recorded as without effect.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 scipy==1.15.3 matplotlib==3.10.8
venv/bin/pip install --quiet --disable-pip-version-check --no-deps msprt==0.1.2
MPLBACKEND=agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from msprt import msprt

SIGMA, ALPHA, EXPERIMENTS = 1.0, 0.05, 200
rng = np.random.default_rng(1)


def ratios(x, y, tau):
    """The ratio after each pair, by the formula, for a given standard deviation of effects."""
    n = np.arange(1, len(x) + 1)
    gap = np.cumsum(x - y) / n
    spread = 2 * SIGMA**2 + n * tau**2
    power = n**2 * tau**2 * gap**2 / (4 * SIGMA**2 * spread)
    return np.sqrt(2 * SIGMA**2 / spread) * np.exp(power)


def test(x, y):
    return msprt(x=x, y=y, sigma=SIGMA, alpha=ALPHA, warmup_observations=0)


tau = msprt.calculate_mixture_variance(ALPHA, SIGMA, 200)
formula = given = 0
at_stop, one_more = [], []
for _ in range(EXPERIMENTS):
    x, y = rng.normal(0.5, SIGMA, 1000), rng.normal(0, SIGMA, 1000)
    stop = int(np.argmax(ratios(x, y, tau) > 1 / ALPHA)) + 1
    found = test(x[:stop], y[:stop])
    formula += ratios(x[:stop], y[:stop], tau)[-1] > 1 / ALPHA
    given += found.sequential_probability_ratio[-1] > 1 / ALPHA
    at_stop.append(found.decision)
    one_more.append(test(x[: stop + 1], y[: stop + 1]).decision)
idle = test(rng.normal(0, SIGMA, 300), rng.normal(0, SIGMA, 300))
print("ratio above", 1 / ALPHA, "at the stop:", formula, given)
for name, told in ("at the stop", at_stop), ("one more", one_more):
    print(name, {d: told.count(d) for d in ("Accept H1", "Accept H0")})
print("no effect:", idle.decision, f"{max(idle.sequential_probability_ratio):.2f}")
assert formula == given == EXPERIMENTS
assert set(at_stop) == {"Accept H0"} and set(one_more) == {"Accept H1"}
assert idle.decision == "Accept H0" and max(idle.sequential_probability_ratio) < 1 / ALPHA
PY
