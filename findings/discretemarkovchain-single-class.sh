#!/usr/bin/env bash
# discreteMarkovChain 0.22: a chain with two absorbing ends passes the check that it has one class: its
# stationary probabilities are 0, .67 or 1 by how the states are listed, or far from any probability.
#
# Packages: discreteMarkovChain 0.22, numpy 2.4.6, scipy 1.17.1.
#
# Expected: before it solves, the class checks "whether the rate/probability matrix consists of a single
# connected class. If this is not the case, the steady state distribution is not well defined", and
# raises "The Markov chain has .. communicating classes. Make sure there is a single communicating
# class."
#
# Happens: the classes are components of the graph without directions ("weak"), so that one-way streets
# connect. Whatever is not in two separate pieces passes.
#
# Seen, a gambler with 0 to 3 coins, who stops at 0 and 3; three communicating classes, and every mixture
#   of staying at 0 and at 3 is stationary; probabilities of 0, 1, 2, 3 coins:
#   powerMethod, states listed 0 1 2 3    1     0  0  0
#   powerMethod, states listed 3 1 2 0    0     0  0  1
#   powerMethod, states listed 1 0 2 3    .667  0  0  .333
#   eigenMethod, of 0 coins, another one each time: .5, 2.802, -196900, 6482000, infinite
# Two chains without any connection raise, as they should.
#
# Matters for: chains with absorbing states or a state left out by mistake, where the check is for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps discreteMarkovChain==0.22
venv/bin/python -W ignore - <<'PY'
import numpy as np
from discreteMarkovChain import markovChain
from scipy.sparse.csgraph import connected_components

GAMBLER = np.array([[1, 0, 0, 0], [0.5, 0, 0.5, 0], [0, 0.5, 0, 0.5], [0, 0, 0, 1]])


def solved(order, method):
    """Probabilities by number of coins, with the states listed in this order."""
    chain = markovChain(GAMBLER[np.ix_(order, order)])
    getattr(chain, method)()
    return np.asarray(chain.pi)[np.argsort(order)]


classes = connected_components(GAMBLER, directed=True, connection="strong")[0]
print(f"{classes} communicating classes")
for end in (0, 3):  # both ends are stationary
    stay = np.eye(4)[end]
    assert np.array_equal(stay @ GAMBLER, stay)

power = {order: solved(list(order), "powerMethod") for order in ((0, 1, 2, 3), (3, 1, 2, 0), (1, 0, 2, 3))}
for order, found in power.items():
    print("powerMethod, listed", order, found.round(3))
eigen = [solved([0, 1, 2, 3], "eigenMethod")[0] for _ in range(40)]
print("eigenMethod, 0 coins, 40 times", *(f"{value:.4g}" for value in eigen))
assert classes == 3
assert np.allclose(power[0, 1, 2, 3], [1, 0, 0, 0]) and np.allclose(power[3, 1, 2, 0], [0, 0, 0, 1])
assert np.allclose(power[1, 0, 2, 3], [2 / 3, 0, 0, 1 / 3], atol=1e-6)  # of a gambler who begins with one coin
assert sum(not 0 <= value <= 1 for value in eigen) > 5

try:
    markovChain(np.kron(np.eye(2), np.full((2, 2), 0.5))).powerMethod()
except AssertionError as error:
    print("two separate chains:", error)
else:
    raise SystemExit("two separate chains pass as well")
PY
