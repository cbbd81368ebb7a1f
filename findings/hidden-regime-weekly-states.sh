#!/usr/bin/env bash
# hidden-regime 2.0.2: a year's 52 weekly states are laid on its last 52 days, and a week's return is that of
# its last day.
#
# Packages: hidden-regime 2.0.2, numpy 2.4.6, pandas 2.3.3, scipy 1.17.1, matplotlib 3.9.4, scikit-learn
# 1.8.0; what else it asks for as the index has it.
#
# Expected: `MultiTimeframeRegime` fits a hidden Markov model to "daily, weekly, and monthly aggregations of the
# same underlying data", log returns, and maps weekly states "back to daily index using forward fill": each
# day has the state of its week, or of the last one that has ended. A log return of a week is a sum.
#
# Happens: the weekly states get the dates of as many days at the end. Days before have the state of the
# first week. A week's return is `last()`, one day in five; monthly, one in 21.
#
# Seen, 260 days, of which the first half is wild and the second quiet; weekly states:
#   of the weekly model, week by week      26 times 0, 26 times 1
#   given to every fifth day               47 times 0, 5 times 1
#   days with another state than that of their week, 40 %; than that of the week before, 38 %
#   weekly returns                         -.016  -.038  -.037   where .006  .019  -.131 are right
#
# Matters for: the alignment of daily, weekly and monthly states, by which signals are to be filtered.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 pandas==2.3.3 scipy==1.17.1 matplotlib==3.9.4 scikit-learn==1.8.0 hidden-regime==2.0.2
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import contextlib
import io

import numpy as np
import pandas as pd
from hidden_regime.config.model import HMMConfig
from hidden_regime.models.multitimeframe import MultiTimeframeRegime

DAYS = 260  # 52 weeks from Monday to Friday
days = pd.date_range("2024-01-01", periods=DAYS, freq="B")
rng = np.random.default_rng(0)
returns = np.where(np.arange(DAYS) < DAYS // 2, rng.normal(0, 0.03, DAYS), rng.normal(0, 0.003, DAYS))
frame = pd.DataFrame({"observation": returns}, index=days)

config = HMMConfig(n_states=2, random_seed=0, max_iterations=40, observed_signal="observation")
model = MultiTimeframeRegime(config, n_states=2)
with contextlib.redirect_stdout(io.StringIO()):
    result, _ = model.update(frame)
    weeks = model.timeframe_data["weekly"]
    states = model.models["weekly"].predict(weeks)["predicted_state"]

sums = returns.reshape(-1, 5).sum(axis=1)
print("weekly returns:", weeks["observation"].head(4).round(3).tolist(), "right", sums[:4].round(3).tolist())
assert np.array_equal(weeks["observation"], returns[4::5]) and not np.allclose(weeks["observation"], sums)

own_week = np.repeat(states.to_numpy(), 5)  # what each day should have
week_before = np.concatenate([own_week[:5], own_week[:-5]])  # or that of the last whole week
found = result["weekly_predicted_state"].to_numpy().astype(int)
print("of the weekly model, week by week:", "".join(map(str, states)))
print("given to every fifth day:         ", "".join(map(str, found[::5])))
print(f"days with another state than that of their week: {(found != own_week).mean():.0%}, than that of the week before: {(found != week_before).mean():.0%}")
assert len(states) == 52 and states.nunique() == 2
assert np.array_equal(found[-52:], states) and (found[:-52] == states.iloc[0]).all()
assert (found != own_week).mean() > 0.25 and (found != week_before).mean() > 0.25
PY
