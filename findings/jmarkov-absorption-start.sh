#!/usr/bin/env bash
# jmarkov 0.3.13: a gambler with 1 of 4 coins wins with probability 1/2: where a state is asked
# about, another one's answer is given.
#
# Packages: jmarkov 0.3.13, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `absorbtion_probabilities(target, start)` is the probability of ending in `target`
# from `start`, and `absorbtion_times(target, start)` the mean time in `target` before the
# end. With coins won and lost at even odds from 1 of 4 on, they are 1/4 and 3/2.
#
# Happens: the matrices have rows and columns for the transient states only, and are read at the
# numbers that the states have in the whole chain. With an absorbing state before them,
# state 1 is read at the second transient state, 2, and the last one not at all.
#
# Seen, states 0 to 4 with 0 and 4 absorbing:
#   start   ends in 4    found     mean time in 1    found
#     1       0.25        0.50          1.50          2.00
#     2       0.50        0.75          1.00          1.00
#     3       0.75      IndexError      0.50        IndexError
#   with the absorbing states numbered last: right
#
# Matters for: absorbing chains in their usual order, as of ruin, tests or games.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps jmarkov==0.3.13
venv/bin/python - <<'PY'
import numpy as np
from jmarkov.dtmc import dtmc

STATES = 5
chain = np.eye(STATES)
for coins in (1, 2, 3):
    chain[coins] = 0
    chain[coins, [coins - 1, coins + 1]] = 0.5


def exact(matrix, start, target):
    """The share of all ways that end in target, and the mean number of visits to state 1, step by step."""
    here, visits = np.eye(STATES)[start], 0.0
    for _ in range(2000):
        visits += here[1]
        here = here @ matrix
    return here[target], visits


def told(matrix, start, target, transient):
    """What the package says, or the name of its error."""
    answers = []
    for call in (lambda: dtmc(matrix).absorbtion_probabilities(target, start), lambda: dtmc(matrix).absorbtion_times(transient, start)):
        try:
            answers.append(round(np.asarray(call()).item(), 2))
        except IndexError as error:
            answers.append(type(error).__name__)
    return answers


for start, expected in ((1, [0.5, 2.0]), (2, [0.75, 1.0]), (3, ["IndexError", "IndexError"])):
    won, visits = exact(chain, start, 4)
    found = told(chain, start, 4, 1)
    print(f"start {start}: ends in 4 {won:.2f}, found {found[0]}; time in 1 {visits:.2f}, found {found[1]}")
    assert found == expected and abs(won - start / 4) < 1e-9

order = [1, 2, 3, 0, 4]
renumbered = chain[np.ix_(order, order)]
for start in range(3):
    found = told(renumbered, start, 4, 0)
    assert np.allclose(found, np.round(exact(chain, order[start], 4), 2)), found
print("with the absorbing states last: right")
PY
