#!/usr/bin/env bash
# dracp 0.2.0: a hedge follows the leader: two experts that are right in turn cost it 16.0 a step, the best one 8.5.
#
# Packages: dracp 0.2.0, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, pandas 2.3.3.
#
# Expected: `AggregatedRegressor` chooses between experts with weights of their past losses. "Either way the cumulative
# interval score is within O(sqrt(T log J)) of the best expert", on any series: the surplus per step goes to 0.
#
# Happens: by 'select', the default, the expert with the largest weight is taken, which is the one with the smallest sum
# of losses whatever the rate: to follow the leader. With 'average' the rate is three divided by the losses of the first
# step, fixed for ever: where later losses are larger or T grows the weights are 0 and 1, too. The bound needs experts
# drawn by their weights, or averaged, and a rate of about sqrt(log J / T).
#
# Seen, intervals of width 1 around 0 and around 1, outcomes -.25 and 1.25 in turn after a first one of .4, level .1;
# costs per step
#   T                            100     1,000
#   select                      15.9    16.0    (99 % and 99.9 % of outcomes missed)
#   average                     15.4    15.5    (the same)
#   best expert                  8.4     8.5    (half of them missed)
#   average, with a right rate   6.5     6.2    (sqrt(8 log(J) / T), divided by 16, more than the losses' range)
#
# Matters for: whoever relies on being "no worse than the best of its components": series with a season of two steps.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 \
    pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps dracp==0.2.0
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from dracp.aggregate import AggregatedRegressor

ALPHA = 0.1
print("dracp", version("dracp"), "numpy", np.__version__)


class Fixed:
    """An expert whose interval is always the same."""

    def __init__(self, middle):
        self.middle = middle

    def fit(self, *data):
        return self

    def predict_one(self, x):
        return {"prediction": self.middle, "lower": self.middle - 0.5, "upper": self.middle + 0.5}

    def update_one(self, x, y, result):
        return int(not result["lower"] <= y <= result["upper"])


def score(y, lower, upper):
    """Interval score: the width and 2 / alpha times the distance of an outcome outside."""
    return upper - lower + 2 / ALPHA * max(lower - y, y - upper, 0)


def run(steps, **options):
    hedge = AggregatedRegressor({"low": Fixed(0.0), "high": Fixed(1.0)}, alpha=ALPHA, **options)
    hedge.fit(np.zeros((1, 1)), np.zeros(1), np.zeros((1, 1)), np.zeros(1))
    total, alone, missed = 0.0, np.zeros(2), 0
    for step in range(steps):
        y = (-0.25, 1.25)[step % 2] if step else 0.4
        result = hedge.predict_one(np.zeros(1))
        total += score(y, result["lower"], result["upper"])
        alone += [score(y, middle - 0.5, middle + 0.5) for middle in (0.0, 1.0)]
        missed += hedge.update_one(np.zeros(1), y, result)
    return total / steps, alone.min() / steps, missed / steps


for steps in (100, 1_000):
    bound = 16 * np.sqrt(np.log(2) / 2 / steps)  # surplus per step of the weighted average, losses within 16
    for name, options in (("select", {}), ("average", {"mode": "average"}),
                          ("right rate", {"mode": "average", "eta": np.sqrt(8 * np.log(2) / steps) / 16})):
        cost, best, missed = run(steps, **options)
        print(f"{steps}, {name}: {cost:.2f} a step, {missed:.3f} missed; best {best:.2f}, bound {bound:.2f} more")
        assert (cost - best < bound) == (name == "right rate")
        assert (cost - best > 6.5) == (name != "right rate") and (name == "right rate" or missed > 0.98)
PY
