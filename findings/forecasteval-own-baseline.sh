#!/usr/bin/env bash
# forecasteval 0.2.4: skill scores are those against the last value, also when another baseline is given: .93 where
# the errors beside them say -1.2.
#
# Packages: forecasteval 0.2.4, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `evaluate(..., y_baseline=...)` compares with the baseline that is given. Beside its errors, `baseline_mae`
# and `baseline_rmse`, stand the skill scores, which are 1 - error of the model / error of the baseline.
#
# Happens: the scores make a baseline of their own, the last value of the training series (or its last season), and
# never see the one that is given. Errors and Diebold-Mariano tests are those of the given one.
#
# Seen, a random walk of 300 steps, a model with errors of spread 1 and a baseline with .5
#   baseline given   absolute error: model, baseline   skill, package   right    Diebold-Mariano
#   none               .80    11.07                    .93              .93      -21
#   spread .5          .80      .36                    .93            -1.19       11
#   spread 2           .80     1.63                    .93              .51      -11
#
# Matters for: comparisons with a model in use: a worse one is reported as better, by a large margin.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps forecasteval==0.2.4
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from forecast_eval import ForecastEvaluator

print("forecasteval", version("forecasteval"), "numpy", np.__version__)
rng = np.random.default_rng(0)
walk = np.cumsum(rng.standard_normal(400))
train, truth = walk[:100], walk[100:]
model = truth + rng.standard_normal(300)
size = {"mae": lambda e: np.mean(np.abs(e)), "rmse": lambda e: np.sqrt(np.mean(e**2))}

for name, baseline in (
    ("none given", None),
    ("spread .5", truth + 0.5 * rng.standard_normal(300)),
    ("spread 2", truth + 2 * rng.standard_normal(300)),
):
    result = ForecastEvaluator().evaluate(truth, model, train, y_baseline=baseline, return_loss_series=True)
    part, tests = result["Guideline_1_Baseline"], result["Guideline_3_Statistical"]
    against = np.full(300, train[-1]) if baseline is None else baseline
    for metric, of in size.items():
        score, reported = part[f"{metric}_skill_score"], part[f"baseline_{metric}"]
        right, last = 1 - of(truth - model) / of(truth - against), 1 - of(truth - model) / of(truth - train[-1])
        tested = tests[f"diebold_mariano_{metric}"]["statistic"]
        print(f"{name}: {metric} of the model {part[f'model_{metric}']:.3f}, of the baseline {reported:.3f}; "
              f"skill {score:.3f}, right {right:.3f}; Diebold-Mariano {tested:.1f}")
        assert np.isclose(reported, of(truth - against)) and np.isclose(score, last)
        assert np.isclose(score, right) == (baseline is None)
        assert name != "spread .5" or (score > 0.5 and right < -0.8 and tested > 5)
PY
