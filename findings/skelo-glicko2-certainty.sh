#!/usr/bin/env bash
# skelo 0.1.5: predictions from Glicko-2 ratings are nearly the same whether a rating is known to 30
# points or to 350, and far too sure: .95 where .65 is right.
#
# Packages: skelo 0.1.5, numpy 2.4.6, scikit-learn 1.8.0, pandas 2.3.3, glicko2 2.1.0.
#
# Expected: the probability that the first player wins is that of the paper which the method's
# docstring names, with the deviations of both ratings: 1 / (1 + 10^(-g (r1 - r2) / 400)) where
# g = 1 / sqrt(1 + 3 q^2 (RD1^2 + RD2^2) / pi^2), q = ln(10) / 400. It says less the less is known.
#
# Happens: g is taken of the first player's deviation, in points where `glicko2` wants it divided by
# 173.7, and multiplied by the root of the sum of squares in place of being a function of it. What
# comes out is pi / sqrt(3) times the root of 1 + (RD2 / RD1)^2: equal deviations cancel, and
# unequal ones make chances of both players that do not sum to 1.
#
# Seen, ratings of 1600 and 1400:
#   deviations     found    right    found for both players, sum
#    30,  30       .950     .758              1.000
#   350, 350       .950     .650              1.000
#    30, 350      1.000     .683              1.110
#   350,  30       .891     .683               .890
# 2,000 matches of 100 players, each forecast from what was before: .966 bits a match, with the same
# ratings by the formula .674
#
# Matters for: forecasts and their log-loss, above all of new players, for whom Glicko was made.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scikit-learn==1.8.0 pandas==2.3.3 glicko2==2.1.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps skelo==0.1.5
venv/bin/python -W ignore - <<'PY'
import numpy as np
from skelo.model.glicko2 import Glicko2Estimator, Glicko2Model

Q = np.log(10) / 400


def right(one, two):
    """The chance that player one wins, from ratings and deviations of both."""
    g = 1 / np.sqrt(1 + 3 * Q**2 * (one[1] ** 2 + two[1] ** 2) / np.pi**2)
    return 1 / (1 + 10 ** (-g * (one[0] - two[0]) / 400))


def swapped_sum(one, two):
    return Glicko2Model.compute_prob(one, two) + Glicko2Model.compute_prob(two, one)


found = {}
for first, second in ((30, 30), (100, 100), (350, 350), (30, 350), (350, 30)):
    one, two = (1600.0, float(first), 0.06), (1400.0, float(second), 0.06)
    found[first, second] = Glicko2Model.compute_prob(one, two)
    print(f"deviations {first:3}, {second:3}: found {found[first, second]:.4f}, right {right(one, two):.4f}; both players' chances sum to {swapped_sum(one, two):.3f}")
assert abs(found[30, 30] - found[350, 350]) < 0.005
assert found[350, 350] > 0.94 and abs(right((1600, 350), (1400, 350)) - 0.65) < 0.005
assert found[30, 350] > 0.9999 and swapped_sum((1600.0, 30.0, 0.06), (1400.0, 350.0, 0.06)) > 1.05

# A hundred players of known strength, each match between two of them by the formula of the ratings.
rng = np.random.default_rng(0)
strength = rng.normal(1500, 350, 100)
pairs = np.array([rng.choice(100, 2, replace=False) for _ in range(2000)])
won = rng.random(2000) < 1 / (1 + 10 ** ((strength[pairs[:, 1]] - strength[pairs[:, 0]]) / 400))
x = np.column_stack([pairs, np.arange(1, 2001)])
estimator = Glicko2Estimator().fit(x, won.astype(int))
chances = estimator.predict_proba(x)[:, 0]
ratings = estimator.transform(x, output_type="rating")
by_hand = np.array([right(one, two) for one, two in ratings])
losses = {name: float(-np.log(np.where(won, p, 1 - p)).mean() / np.log(2)) for name, p in {"found": chances, "right": by_hand, "coin": np.full(2000, 0.5)}.items()}
print("bits a match, 2,000 matches:", {name: round(loss, 3) for name, loss in losses.items()})
assert losses["found"] > losses["right"] + 0.2
PY
