#!/usr/bin/env bash
# pespila 0.1.1: an Elo model that is fitted again goes on from the ratings that it has: in a backtest
# the first matches are played thirty times.
#
# Packages: pespila 0.1.1, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, polars 2.1.0, httpx 0.28.1,
# scikit-learn 1.8.0.
#
# Expected: "All models follow the scikit-learn estimator contract": `fit` forgets what was fitted
# before. `walk_forward_backtest` relies on it: with `refit=True`, the default, it calls `fit` on the
# same model with all matches so far, window after window. The other models begin anew.
#
# Happens: `EloModel.fit` never empties `ratings_`. Each window adds all matches so far to ratings that
# have most of them already, in the order 1 2 1 2 3 1 2 3 4.
#
# Seen, 700 matches of 20 teams, windows of 20 after the first 100:
#   deviation of the ratings: one fit 86.5, two fits 103.0, after the backtest 114.3
#   log-loss of the backtest: 1.1273, of the same model made anew for each window 1.1168; the first
#   window, where there is nothing to forget, is the same
#
# Matters for: comparisons of models by this backtest, and for updating a model by fitting it to the
# season so far.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 polars==2.1.0 httpx==0.28.1 scikit-learn==1.8.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pespila==0.1.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from pespila.evaluation.backtest import walk_forward_backtest
from pespila.models import EloModel

FIRST, STEP, MATCHES, TEAMS = 100, 20, 700, 20
rng = np.random.default_rng(0)
strength = rng.normal(0, 0.2, TEAMS)
pairs = np.array([rng.choice(TEAMS, 2, replace=False) for _ in range(MATCHES)])
goals = np.column_stack([rng.poisson(np.exp(0.4 + strength[a] - strength[b])) for a, b in (pairs.T, pairs.T[::-1])])
results = np.where(goals[:, 0] > goals[:, 1], 0, np.where(goals[:, 0] == goals[:, 1], 1, 2))


def loss(chances, seen):
    return float(-np.log(np.clip(chances[np.arange(len(seen)), seen], 1e-15, 1)).mean())


model = EloModel()
found = walk_forward_backtest(model, pairs, goals, initial_train_size=FIRST, step_size=STEP)
fresh = [loss(EloModel().fit(pairs[:end], goals[:end]).predict_proba(pairs[end : end + STEP]), results[end : end + STEP]) for end in range(FIRST, MATCHES, STEP)]
repeated, by_hand = EloModel(), []
for end in range(FIRST, MATCHES, STEP):
    repeated.fit(pairs[:end], goals[:end])
    by_hand.append(loss(repeated.predict_proba(pairs[end : end + STEP]), results[end : end + STEP]))
once, twice = EloModel().fit(pairs, goals), EloModel().fit(pairs, goals).fit(pairs, goals)
spread = {name: float(np.std(list(each.ratings_.values()))) for name, each in {"once": once, "twice": twice, "backtest": model}.items()}
print("deviation of ratings:", {name: round(value, 1) for name, value in spread.items()})
print(f"log-loss of the backtest {found['log_loss'].mean():.4f}, by the same model fitted anew each time {np.mean(fresh):.4f}; first window {found['log_loss'][0]:.4f}, {fresh[0]:.4f}; times that the first matches were fitted: {len(fresh)}")
assert np.isclose(found["log_loss"][0], fresh[0]) and np.allclose(found["log_loss"], by_hand)
assert spread["backtest"] > 1.25 * spread["once"] and spread["twice"] > 1.15 * spread["once"] and found["log_loss"].mean() > np.mean(fresh) + 0.005
PY
