#!/usr/bin/env bash
# chainopy 1.0.3: a chain that never moves is ergodic, and a walk on a triangle is not.
#
# Packages: chainopy 1.0.3, numpy 2.4.6, scipy 1.17.1.
#
# Expected: a chain is irreducible if each state reaches each other one, and aperiodic if
# the numbers of steps in which a state can return have no common divisor; ergodic is both.
#
# Happens: `is_irreducible` asks for each state whether there is any state that it
# communicates with. It always communicates with itself, so that every chain is
# irreducible. `period` takes the greatest common divisor of the first return of each
# state and no later one: 2 steps on a triangle, where 3 are possible as well.
#
# Seen:                          irreducible   period   ergodic   right
#   two states, never left       True          1        True      not irreducible
#   two pairs without a way      True          1        True      not irreducible
#   walk on a triangle           True          2        False     ergodic, period 1
#   walk on a square             True          2        False     period 2
#
# Matters for: deciding whether a chain forgets where it began, by these functions.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps chainopy==1.0.3
venv/bin/python - <<'PY'
import sys
from math import gcd
from unittest.mock import MagicMock

import numpy as np

# loaded for drawing and for other models of the package
for name in (
    "torch torch.nn torch.nn.functional torch.optim xarray seaborn networkx matplotlib matplotlib.pyplot"
    " statsmodels statsmodels.tsa statsmodels.tsa.ar_model"
).split():
    sys.modules[name] = MagicMock()
from chainopy import MarkovChain

HALF = np.full((2, 2), 0.5)
CHAINS = {
    "two states, never left": np.eye(2),
    "two pairs without a way": np.kron(np.eye(2), HALF),
    "walk on a triangle": (np.ones((3, 3)) - np.eye(3)) / 2,
    "walk on a square": np.kron(HALF, 1 - np.eye(2)),
}


def right(moves):
    """Irreducible or not, and the period of state 0, from the powers up to 24."""
    powers = [np.linalg.matrix_power(moves, steps) for steps in range(1, 25)]
    return bool((sum(powers) > 0).all()), gcd(*(n for n, power in enumerate(powers, 1) if power[0, 0] > 0))


seen = {}
for name, moves in CHAINS.items():
    chain = MarkovChain(moves)
    seen[name] = chain.is_irreducible(), chain.period(), chain.is_ergodic()
    irreducible, period = right(moves)
    print(f"{name:24} chainopy", *seen[name], "  right", irreducible, period, irreducible and period == 1)
assert all(irreducible for irreducible, _, _ in seen.values())
assert [right(moves) for moves in CHAINS.values()] == [(False, 1), (False, 1), (True, 1), (True, 2)]
assert [ergodic for _, _, ergodic in seen.values()] == [True, True, False, False]
PY
