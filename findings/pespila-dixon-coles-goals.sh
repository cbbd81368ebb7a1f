#!/usr/bin/env bash
# pespila 0.1.1: forecasts of win, draw and loss leave out all results with six goals or more: they
# sum to .67, and what is missing is missing from the stronger side.
#
# Packages: pespila 0.1.1, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, polars 2.1.0, httpx 0.28.1.
#
# Expected: `predict_proba` of a `DixonColesModel` is of (n, 3) with rows that sum to 1, "calibrated
# Home / Draw / Away probabilities". The other models divide by the sum.
#
# Happens: the three are sums over a table of 0 to 5 goals for each side, and nothing is done about
# the rest. `max_goals=6` is a number of columns.
#
# Seen, sides that score 4.5 and 1.5 in the mean, 200 matches, the stronger one at home:
#                                    home      draw      away      sum
#   found                            .535      .079      .053     .668
#   found, divided by the sum        .802      .118      .080
#   right, from the same rates       .864      .079      .056    1.000
#   observed                         .87       .09       .04
#
# Matters for: log-losses and odds. A model that is worse is better off with few goals.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 polars==2.1.0 httpx==0.28.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pespila==0.1.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from pespila.models import DixonColesModel
from scipy.stats import poisson

rng = np.random.default_rng(0)
pairs = np.array([(0, 1), (1, 0)] * 100)
goals = np.column_stack([rng.poisson([4.5, 1.5] * 100), rng.poisson([1.5, 4.5] * 100)])
model = DixonColesModel().fit(pairs, goals)
rates = model.attack_[0] * model.defense_[1] * model.home_adv_, model.attack_[1] * model.defense_[0]
rho = model.rho_


def right(columns):
    """Chances of more, as many and fewer goals at home, from a table of the model's own rates."""
    table = np.outer(poisson.pmf(range(columns), rates[0]), poisson.pmf(range(columns), rates[1]))
    table[0, 0] *= 1 - rates[0] * rates[1] * rho
    table[0, 1] *= 1 + rates[0] * rho
    table[1, 0] *= 1 + rates[1] * rho
    table[1, 1] *= 1 - rho
    return np.array([np.tril(table, -1).sum(), np.trace(table), np.triu(table, 1).sum()])


found = model.predict_proba(pairs[:1])[0]
print("fitted rates:", np.round(rates, 3), "rho", round(rho, 3))
for name, chances in (("found", found), ("found, divided by its sum", found / found.sum()), ("right", right(60)), ("observed", [(np.sign(goals[::2, 0] - goals[::2, 1]) == sign).mean() for sign in (1, 0, -1)])):
    print(f"{name:28}", np.round(chances, 3), f"sum {sum(chances):.3f}")
assert np.allclose(found, right(6)) and abs(right(60).sum() - 1) < 1e-9
assert found.sum() < 0.7 and right(60)[0] - found[0] > 0.3
more = DixonColesModel(max_goals=30).fit(pairs, goals).predict_proba(pairs[:1])[0]
assert np.allclose(more, right(60), atol=1e-4)
PY
