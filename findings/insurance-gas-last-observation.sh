#!/usr/bin/env bash
# insurance-gas 0.1.1: a forecast does not know the last observation.
#
# Packages: insurance-gas 0.1.1, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3.
#
# Expected: the parameter after the last observation is omega + alpha s + phi f, where f is
# the parameter that was predicted for that observation and s its score, by the
# recursion in the documentation. It is what the filter uses when one more observation comes.
#
# Happens: `forecast` begins with f and leaves out alpha s, for the mean and for simulated
# paths alike. Steps after the first follow from the wrong one.
#
# Seen, log-normal numbers around 0 of scale 0.5 whose last one is e^3, with the fitted parameters:
#   predicted for the last observation 0.042, its score 2.958, alpha 0.397
#   after it: by the recursion and the filter 1.200, `forecast` 0.025
#
# Matters for: forecasts right after something happened, when they are asked for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps insurance-gas==0.1.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from insurance_gas import GASModel

rng = np.random.default_rng(0)
level, y = 0.0, []
for _ in range(400):
    noise = 0.5 * rng.normal()
    y.append(np.exp(level + noise))
    level = 0.8 * level + 0.4 * noise
y[-1] = np.exp(3.0)
model = GASModel("lognormal")
fit = model.fit(np.array(y))
(name,), last = model.time_varying, fit.filter_path.iloc[-1, 0]
omega, alpha, phi = (fit.params[key] for key in (f"omega_{name}", f"alpha_{name}_1", f"phi_{name}_1"))
score = fit.score_residuals.iloc[-1, 0]

static = {key: fit.params[key] for key in model._build_static_param_names()}
filtered = model._filter.run(np.array([*y, 1.0]), fit.params, static).filter_paths[name][-1]
found = fit.forecast(h=1).mean_path[name][0]
simulated = fit.forecast(h=1, method="simulate", n_sim=1000).quantiles[0.5][name][0]
print(f"{name} predicted for the last observation {last:.3f}; score {score:.3f}, alpha {alpha:.3f}")
print(f"after it: by the recursion {omega + alpha * score + phi * last:.3f}, by the filter {filtered:.3f}; forecast {found:.3f}, omega + phi f {omega + phi * last:.3f}")
assert abs(omega + alpha * score + phi * last - filtered) < 1e-9
assert abs(found - (omega + phi * last)) < 1e-9 and abs(found - filtered) > 0.3
PY
