#!/usr/bin/env bash
# hmmbaumwelch 0.0.1: the log-likelihood is the mean of the states' logarithms: it falls from -22 to -37
# while the model learns and the right one rises from -19 to -15.
#
# Packages: hmmbaumwelch 0.0.1, numpy 1.26.0, scipy 1.13.1.
#
# Expected: `log_likelihood()` is the logarithm of the probability of the observations: of the sum, over
# the last state, of their joint probabilities alpha. Baum-Welch never makes it smaller.
#
# Happens: the logarithms of alpha at the last step are averaged over the states. (The help says
# "the sum of the log of alpha"; that is the logarithm of a product of probabilities of events that
# exclude each other.) A last state that is ruled out makes it as low as one likes. By the same
# number early stopping decides.
#
# Seen, three states, 30 symbols, the table of symbols known:
#   iteration                             1         2         5         10        20
#   by hand (scaled forward recursion)    -19.33    -15.37    -14.76    -14.74    -14.74
#   found                                 -22.39    -19.83    -24.54    -33.02    -36.61
#
# Matters for: comparing starts and numbers of states, and when training ends.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.0 scipy==1.13.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps hmmbaumwelch==0.0.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from hmmBaumWelch import BaumWelch

SYMBOLS, STATES = 3, 3
rng = np.random.default_rng(0)
seen = [0] * 10 + [1] * 10 + [2] * 10
seen = [symbol if rng.uniform() > 0.1 else int(rng.integers(SYMBOLS)) for symbol in seen]
show = 0.8 * np.eye(STATES) + 0.2 / 3
start, change = [0.4, 0.3, 0.3], np.full((STATES, STATES), 0.1) + 0.7 * np.eye(STATES)
table = np.stack([np.tile(np.arange(SYMBOLS), (STATES, 1)), show], axis=-1).astype(float)


def by_hand(start, change):
    state, total = np.array(start) * show[:, seen[0]], 0.0
    for symbol in seen[1:]:
        total += np.log(state.sum())
        state = state / state.sum() @ change * show[:, symbol]
    return total + np.log(state.sum())


model = BaumWelch(STATES, [seen], start, change.copy(), [table])
right, found = [], []
for _ in range(20):
    right.append(by_hand(model.pi, model.A))  # of the parameters that this iteration begins with
    model.baumwelch_expectationMaximisation(iter=1, early_stopping=False)
    found.append(float(model.log_likelihood()))
    assert np.isclose(np.logaddexp.reduce(model.alpha_log[:, -1, 0]), right[-1])
print("right", *(f"{right[i]:.2f}" for i in (0, 1, 4, 9, 19)))
print("found", *(f"{found[i]:.2f}" for i in (0, 1, 4, 9, 19)))
assert (np.diff(right) > -1e-9).all() and right[-1] > right[0] + 3
assert found[-1] < found[0] - 5
PY
