#!/usr/bin/env bash
# himap 1.4.0: a hidden Markov model that may go anywhere starts with equal states, which stay
# equal: training finds the frequencies of the symbols and nothing else.
#
# Packages: himap 1.4.0, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, pandas 2.3.3, numba
# 0.68.1, matplotlib 3.11.2, tqdm 4.70.1.
#
# Expected: `HMM(n_states, n_obs_symbols, left_to_right=False).fit(X)` trains "using the
# Baum-Welch algorithm": probabilities of transitions and symbols that make the sequences
# more probable, more so than independent symbols where they depend on each other.
#
# Happens: every row of both matrices starts uniform. Posteriors of the states are then equal
# at every step, and so are the re-estimated rows: it is a fixed point of the algorithm.
# One has to set `ini_tr` and `ini_emi` before, which `fit` keeps if they are there.
#
# Seen, 10 sequences of 60 symbols from two states that last 10 and 5 steps:
#   log-likelihood of independent symbols                   -590.40
#   himap with 2, 3 or 5 states                             -590.40
#   himap with 2 states and a start that is not uniform     -532.85
#   the model that drew them                                -525.28
#   symbols of every state: 0.562 0.185 0.253
#
# Matters for: choosing the number of states too: all have the same likelihood.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 pandas==2.3.3 numba==0.68.1 matplotlib==3.11.2 tqdm==4.70.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps himap==1.4.0
venv/bin/python -W ignore - 2> /dev/null <<'PY'
import contextlib
import io

import numpy as np
from himap.base import HMM

STAY, SYMBOLS = np.array([[0.9, 0.1], [0.2, 0.8]]), np.array([[0.8, 0.15, 0.05], [0.05, 0.25, 0.7]])
rng = np.random.default_rng(0)


def draw(count):
    state, symbols = 0, []
    for _ in range(count):
        state = rng.choice(2, p=STAY[state])
        symbols.append(int(rng.choice(3, p=SYMBOLS[state])) + 1)
    return symbols


def log_likelihood(transitions, emissions):
    """Of all sequences; the package starts before the first symbol, in the first state."""
    total = 0.0
    for symbols in sequences.values():
        ahead = np.eye(len(transitions))[0]
        for symbol in symbols:
            ahead = ahead @ transitions * emissions[:, symbol - 1]
            total += np.log(ahead.sum())
            ahead /= ahead.sum()
    return total


def trained(states, tolerance, **start):
    with contextlib.redirect_stdout(io.StringIO()):
        model = HMM(n_states=states, n_obs_symbols=3, n_iter=200, tol=tolerance, left_to_right=False)
        vars(model).update(start)
        return model.fit(sequences)


sequences = {f"traj_{i}": draw(60) for i in range(10)}
counts = np.bincount(np.concatenate(list(sequences.values())), minlength=4)[1:]
independent = float((counts * np.log(counts / counts.sum())).sum())
print(f"independent symbols {independent:.2f}, the model that drew them {log_likelihood(STAY, SYMBOLS):.2f}")
assert log_likelihood(STAY, SYMBOLS) > independent + 10
for states in (2, 3, 5):
    model = trained(states, 1e-6)
    found = log_likelihood(model.tr, model.emi)
    print(f"{states} states, as they start: {found:.2f}, rows of the symbols {model.emi.round(3).tolist()}")
    assert np.ptp(model.emi, axis=0).max() < 1e-9 and abs(found - independent) < 0.01

unequal = {"ini_tr": np.array([[0.6, 0.4], [0.4, 0.6]]), "ini_emi": np.array([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]])}
model = trained(2, 1e-3, **unequal)
found = log_likelihood(model.tr, model.emi)
print(f"2 states, unequal start: {found:.2f}")
assert found > independent + 10
PY
