#!/usr/bin/env bash
# PyOL 0.0.3: the KT bettor counts as won what it would have bet after it saw the outcome:
# with a fair coin it says that one coin became 59, and it has lost 15.
#
# Packages: PyOL 0.0.3, numpy 2.4.6.
#
# Expected: `KT` bets the fraction (sum of outcomes) / t of its wealth, and its wealth changes
# by outcome times bet. So it is never in debt, and after n outcomes of 1 and -1 it has 2^n
# times the probability that the KT mixture gives them.
#
# Happens: `update` adds the gradient to the sum first and then asks `get_x` for the bet, which
# has the new sum in it, still divided by the old t. Each outcome is thus bet on after it has
# been seen, the wealth grows by a share of 1/t too much, and the next bets are shares of that.
#
# Seen, wealth beginning with 1:
#   outcomes                     right      the package says   its bets have brought
#   -1 1 -1 1 ... (200)          0.0563     17.7               -15.7
#   200 of a fair coin           0.189      59.3               -15.1
#   200, four in five 1          1.5e9      4.2e11             3.9e11
#
# Matters for: parameter-free learning with `KT` or `CoordinateWise` of it, whose promise is
# that no more than the first wealth is lost.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps PyOL==0.0.3
venv/bin/python - <<'PY'
from math import isclose, lgamma, exp, log, pi

import numpy as np
from pyol import KT


def mixture(outcomes):
    """2^n times the probability that the KT estimator gives a sequence of so many 1 and -1."""
    ones, others = (outcomes > 0).sum(), (outcomes < 0).sum()
    return exp(len(outcomes) * log(2) + lgamma(ones + 0.5) + lgamma(others + 0.5) - log(pi) - lgamma(len(outcomes) + 1))


def by_hand(outcomes):
    """The wealth of one who bets the mean of the outcomes, counted with one step more."""
    wealth, total = 1.0, 0.0
    for step, outcome in enumerate(outcomes, start=1):
        wealth += outcome * total / step * wealth
        total += outcome
    return wealth


rng = np.random.default_rng(0)
cases = {
    "-1 1 -1 1 ...": np.tile([-1.0, 1.0], 100),
    "a fair coin": -rng.choice([-1.0, 1.0], 200),
    "four in five 1": -rng.choice([-1.0, 1.0], 200, p=[0.8, 0.2]),
}
for name, outcomes in cases.items():
    bettor, brought = KT(1), 1.0
    for outcome in outcomes:
        brought += float(outcome * bettor.get_x()[0])  # the loss of a bet x is -outcome x
        bettor.update(np.array([-outcome]))
    right, says = by_hand(outcomes), float(np.ravel(bettor.wealth)[0])
    print(f"{name:15} right {right:.3g}  the package says {says:.3g}  its bets have brought {brought:.3g}")
    assert isclose(right, mixture(outcomes), rel_tol=1e-9)
    assert says > 100 * right and abs(says - brought) > 10
    if name != "four in five 1":
        assert brought < -10, "in debt"
PY
