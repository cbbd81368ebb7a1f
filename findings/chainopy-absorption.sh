#!/usr/bin/env bash
# chainopy 1.0.3: probabilities of absorption are numbers of visits, and above 1.
#
# Packages: chainopy 1.0.3, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `absorption_probabilities` says for each transient state in which absorbing
# state it ends, so that each row sums to 1; `expected_time_to_absorption` says after how
# many steps. Both come from the fundamental matrix N: N times the transitions into the
# absorbing states, and the sums of its rows.
#
# Happens: the probabilities are columns of N itself, those numbered as the absorbing
# states are numbered in the whole chain: expected visits, to whichever transient states
# have these numbers there. Where an absorbing state's number is too high for N it raises
# IndexError. The time is the sum over these columns, right where they are all there are.
#
# Seen, gambler's ruin between 0 and 4, won with .4, states in the order 0 4 1 2 3:
#   from 1   right .877 .123   chainopy 1.462 0.769
#   from 2   right .692 .308   chainopy 1.154 1.923
#   from 3   right .415 .585   chainopy 0.692 1.154
#   steps    right 2.54 3.85 3.31   chainopy 2.23 3.08 1.85
#   in the order 0 1 2 3 4   IndexError
#
# Matters for: chains that end: games, customers, sessions, words.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps chainopy==1.0.3
venv/bin/python - <<'PY'
import sys
from unittest.mock import MagicMock

import numpy as np

# loaded for drawing and for other models of the package
for name in (
    "torch torch.nn torch.nn.functional torch.optim xarray seaborn networkx matplotlib matplotlib.pyplot"
    " statsmodels statsmodels.tsa statsmodels.tsa.ar_model"
).split():
    sys.modules[name] = MagicMock()
from chainopy import MarkovChain

WON, RICH = 0.4, 4


def ruin(order):
    moves = np.zeros((RICH + 1, RICH + 1))
    moves[0, 0] = moves[RICH, RICH] = 1
    for money in range(1, RICH):
        moves[money, money + 1], moves[money, money - 1] = WON, 1 - WON
    return MarkovChain(moves[np.ix_(order, order)], [str(money) for money in order])


odds = (1 - WON) / WON
rich = [(1 - odds**money) / (1 - odds**RICH) for money in (1, 2, 3)]  # de Moivre's closed form
steps = [(money - RICH * chance) / (1 - 2 * WON) for money, chance in zip((1, 2, 3), rich)]
chain = ruin([0, 4, 1, 2, 3])
found, times = chain.absorption_probabilities(), chain.expected_time_to_absorption()
for money, chance, row in zip((1, 2, 3), rich, found):
    print(f"from {money}   right {1 - chance:.3f} {chance:.3f}   chainopy", *(f"{p:.3f}" for p in row))
print("steps    right", *(f"{time:.2f}" for time in steps), "  chainopy", *(f"{time:.2f}" for time in times))
assert np.allclose(chain.fundamental_matrix().sum(1), steps), "the fundamental matrix is right"
assert np.allclose(found, chain.fundamental_matrix()[:, :2]) and found.max() > 1.9
assert np.all(times < steps)
try:
    ruin([0, 1, 2, 3, 4]).absorption_probabilities()
except IndexError as error:
    print("in the order 0 1 2 3 4: IndexError:", error)
else:
    raise AssertionError("no IndexError")
PY
