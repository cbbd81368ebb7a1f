#!/usr/bin/env bash
# insurance-calibration 0.1.0: whether forecasts of amounts are calibrated is tested against counts:
# a perfect model is rejected, or passes, by the unit of money.
#
# Packages: insurance-calibration 0.1.0, numpy 2.4.6, scipy 1.17.1, polars 2.1.0, matplotlib 3.11.2.
#
# Expected: `check_auto_calibration(distribution="tweedie", tweedie_power=p)` compares the
# miscalibration with that of data simulated under the null hypothesis, "y ~ F(y_hat)", F being a
# Tweedie distribution. Of a model with the right means one in twenty tests rejects.
#
# Happens: the simulated data are Poisson counts with mean y_hat, for every power. Amounts of mean
# 500 with a deviation of 600 are compared with counts that have one of 22. In another unit,
# deviations of counts are larger than those of the amounts, and nothing is ever rejected.
#
# Seen, ten sets of 1,000 gamma amounts (deviation 1.2 of the mean), means of 100 to 1,000, "not
# calibrated" in
#                                          tweedie     gamma
#   right means, pounds                    10          2
#   right means, millions of pounds        0           2
#   means twice as high, millions          0           10
#
# Matters for: pure premiums, for which this distribution is meant.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 polars==2.1.0 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps insurance-calibration==0.1.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from insurance_calibration import check_auto_calibration

ROWS, DRAWS, SETS = 1000, 99, 10
rejected = {}
for seed in range(SETS):
    rng = np.random.default_rng(seed)
    means = rng.uniform(100, 1000, ROWS)
    amounts = rng.gamma(1 / 1.2**2, means * 1.2**2)
    for name, forecasts, unit, distribution in (
        ("pounds", means, 1.0, "tweedie"),
        ("millions", means, 1e6, "tweedie"),
        ("twice as high, millions", 2 * means, 1e6, "tweedie"),
        ("gamma, pounds", means, 1.0, "gamma"),
        ("gamma, millions", means, 1e6, "gamma"),
        ("gamma, twice as high, millions", 2 * means, 1e6, "gamma"),
    ):
        answer = check_auto_calibration(amounts / unit, forecasts / unit, distribution=distribution, bootstrap_n=DRAWS, seed=seed)
        rejected.setdefault(name, []).append(not answer.is_calibrated)
for name, answers in rejected.items():
    print(f"{name:30} not calibrated in {sum(answers)} of {SETS}")
assert all(rejected["pounds"]) and not any(rejected["millions"]) and not any(rejected["twice as high, millions"])
assert rejected["gamma, pounds"] == rejected["gamma, millions"]
PY
