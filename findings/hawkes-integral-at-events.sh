#!/usr/bin/env bash
# hawkes 1.0.0: the integral of a rate that is given as a function is taken from its values at the events:
# the right model has a log-likelihood of -409 instead of -32, and a worse one wins.
#
# Packages: hawkes 1.0.0, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2; without Cython, which it does not need.
#
# Expected: the log-likelihood of events is the sum of log rates at the events less the integral of the rate
# over the interval; `t_trans` gives the integral up to each event, which for the right model is a Poisson
# process of rate 1 and is what the Kolmogorov-Smirnov plot shows.
#
# Happens: for a "custom" baseline the integral is a trapezium from each event to the next. Events come
# where the rate is high, so nights between two busy days count as day. A "plinear" or "loglinear" baseline
# is integrated as a sum over the events, in the same way, while it is fitted.
#
# Seen, 100 draws over 200 units of time, rate 2.94 in a seventh of the time and .06 else
#                                               package       exact
#   integral of the rate                        471           95
#   log-likelihood of the right model           -409          -32
#     of a third of all rates                   -199          -73      (better than the right one)
#   right model rejected at 5 %                 34 %          5 %
#   piecewise linear rate with 11 knots, fitted to 65 events
#     its integral                              13.0          19.5
#
# Matters for: likelihoods and tests of models with a course of the day.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps hawkes==1.0.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from Hawkes import estimator
from scipy.stats import kstest

LENGTH, RUNS = 200.0, 100


def rates(scale):
    return lambda t: scale * np.where(np.sin(2 * np.pi * np.asarray(t) / 10) > 0.9, 2.94, 0.06)


GRID = (np.arange(400000) + 0.5) * LENGTH / 400000
CUMULATIVE = np.r_[0, np.cumsum(rates(1.0)(GRID)) * LENGTH / 400000]


def draw(rng):
    times = np.sort(rng.uniform(0, LENGTH, rng.poisson(2.94 * LENGTH)))
    return times[rng.uniform(0, 2.94, len(times)) < rates(1.0)(times)]


def exact(times, scale):
    return np.log(rates(scale)(times)).sum() - scale * CUMULATIVE[-1]


def package(times, scale):
    """Integral of the rate, log-likelihood and p-value; the kernel is nothing (a ratio of 1e-12)."""
    model = estimator().set_kernel("exp", num_exp=1).set_baseline("custom", l_custom=rates(scale))
    model.set_data({"T": times}, [0, LENGTH])
    likelihood = model.LG({"alpha": 1e-12, "beta": 1.0})[0]
    moved, (_, end) = model.t_trans()
    return model.baseline.LG_INT()[0], likelihood, kstest(moved / end, "uniform").pvalue


rng, rows = np.random.default_rng(0), []
for _ in range(RUNS):
    times = draw(rng)
    integral, likelihood, p_value = package(times, 1.0)
    moved = np.interp(times, np.linspace(0, LENGTH, 400001), CUMULATIVE)
    rows.append([integral, likelihood, exact(times, 1.0), package(times, 1 / 3)[1], exact(times, 1 / 3), p_value < 0.05, kstest(moved / CUMULATIVE[-1], "uniform").pvalue < 0.05])
integral, likelihood, right, third, third_right, rejected, rejected_right = np.mean(rows, axis=0)
print(f"integral: package {integral:.0f}, exact {CUMULATIVE[-1]:.1f}")
print(f"log-likelihood of the right model: package {likelihood:.0f}, exact {right:.0f}; of a third of all rates: package {third:.0f}, exact {third_right:.0f}")
print(f"right model rejected at 5 %: package {rejected:.0%}, exact {rejected_right:.0%}")
assert integral > 3 * CUMULATIVE[-1] and likelihood < right - 200 and third > likelihood and third_right < right
assert rejected > 0.2 and rejected_right < 0.15

times = np.sort(np.r_[rng.uniform(0, 100, 5), rng.uniform(80, 100, 60)])
fit = estimator().set_kernel("exp", num_exp=1).set_baseline("plinear", num_basis=11).fit(times, [0, 100])
true = ((fit.para["mu"][1:] + fit.para["mu"][:-1]) / 2 * 10).sum()
print(f"piecewise linear: {len(times)} events, integral of the fitted rate, package {fit.baseline.LG_INT()[0]:.1f}, exact {true:.1f}")
assert abs(true - fit.baseline.LG_INT()[0]) > 1
PY
