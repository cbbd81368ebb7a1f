#!/usr/bin/env bash
# hidden-markov 0.3.2: training stops as soon as the likelihood rises: after two iterations.
#
# Packages: hidden-markov 0.3.2, numpy 1.26.4.
#
# Expected: `train_hmm(sequences, iterations, quantities)` runs Baum-Welch for that many
# iterations, or until it has converged. The documentation asks for 1000.
#
# Happens: it goes on only while the likelihood falls by more than 1e-7, and Baum-Welch
# makes it rise. Before the first iteration it counts as infinite, so that there is a second
# one, and the model of that is returned, with nothing to tell it from a converged one.
#
# Seen, two sequences of 50 letters, log-likelihood by a forward pass of our own:
#   1 iteration                 -66.241
#   2 iterations                -66.136
#   1000 iterations             -66.136
#   60 calls of 1 iteration     -59.186
#
# Matters for: every model trained with it: it is where it began, one step on. Call it for
# one iteration at a time, and look at `log_prob`.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 setuptools==80.9.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps hidden-markov==0.3.2
venv/bin/python -W ignore - <<'PY'
import numpy as np
from hidden_markov import hmm

rng = np.random.default_rng(0)


def draw(length):
    """Letters of a chain that stays in its state with .9 and shows it with .9."""
    state, letters = 0, []
    for _ in range(length):
        state = state if rng.random() < 0.9 else 1 - state
        letters.append("AB"[int(rng.random() < (0.9 if state else 0.1))])
    return tuple(letters)


sequences = [draw(50), draw(50)]


def likelihood(model):
    """Its logarithm for both sequences, by the forward pass."""
    start, moves, shows = (np.asarray(matrix) for matrix in (model.start_prob, model.trans_prob, model.em_prob))
    total = 0.0
    for letters in sequences:
        mass = start[0]
        for step, letter in enumerate(letters):
            mass = (mass @ moves if step else mass) * shows[:, "AB".index(letter)]
            total += np.log(mass.sum())
            mass = mass / mass.sum()
    return total


def trained(*calls):
    model = hmm(("s", "t"), ("A", "B"), np.matrix("0.5 0.5"), np.matrix("0.6 0.4; 0.3 0.7"), np.matrix("0.3 0.7; 0.4 0.6"))
    for iterations in calls:
        model.train_hmm(sequences, iterations, [1, 1])
    return likelihood(model)


one, two, many, single = trained(1), trained(2), trained(1000), trained(*[1] * 60)
for name, value in (("1 iteration", one), ("2 iterations", two), ("1000 iterations", many), ("60 calls of 1 iteration", single)):
    print(f"{name:25} {value:.3f}")
assert one < two == many and single > many + 5
PY
