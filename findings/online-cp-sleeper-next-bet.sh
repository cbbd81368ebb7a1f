#!/usr/bin/env bash
# online-cp 0.4.0: the bet that a sleeper says it will make next is that of the thousandth part of its
# capital that is awake: 1.58 is announced, and the capital grows by 1.001.
#
# Packages: online-cp 0.4.0, numpy 2.2.6, scipy 1.15.3, matplotlib 3.9.4, joblib 1.5.2.
#
# Expected: `b_n` is the "betting function for the next step" of every test martingale, by which
# `update(p)` multiplies it, and `B_n` its distribution function, with which p-values are corrected.
#
# Happens: `SleeperStayer` and `SleeperDrifter` make `b_n` the mean of their active experts' bets,
# weighted by these experts' capital. The sleeping capital, which is nearly all of it until a change
# has been found, bets 1 and is left out.
#
# Seen, default settings, five p-values:
#   p                        .5       .3       .02      .9       .05
#   announced                1        .869     1.575    .724     1.571
#   the capital grows by     1        .99987   1.00107  .99891   1.00220
# Of a drifter one step after it woke a tenth: 1.535 announced, 1.054 done.
#
# Matters for: protected p-values and forecasts, which are corrected by bets that nobody has made.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.2.6 scipy==1.15.3 matplotlib==3.9.4 joblib==1.5.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps online-cp==0.4.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from online_cp.martingale import SimpleJumper, SleeperDrifter, SleeperStayer


def compare(martingale, p_values):
    """Pairs of what is announced and what is done."""
    pairs = []
    for p in p_values:
        announced, before = martingale.b_n(p), martingale.M
        martingale.update(p)
        pairs.append((float(announced), float(martingale.M / before)))
    return np.array(pairs)


p_values = [0.5, 0.3, 0.02, 0.9, 0.05]
sleeper = SleeperStayer()
found = compare(sleeper, p_values)
print("sleeper", *(f"{p}: announced {a:.3f}, done {b:.5f}" for p, (a, b) in zip(p_values, found)), sep="\n   ")
assert abs(found[2, 0] - found[2, 1]) > 0.5 and np.abs(found[:, 1] - 1).max() < 0.003

# With the sleeping capital, which bets 1, it is what is done.
sleeper = SleeperStayer()
for p in p_values:
    awake, asleep = np.exp(np.logaddexp.reduce(sleeper._log_S_active)), np.exp(sleeper._log_S_sleep)
    right = (awake * sleeper.b_n(p) + asleep) / (awake + asleep)
    before = sleeper.M
    sleeper.update(p)
    assert np.isclose(sleeper.M / before, right)

drifter = SleeperDrifter()
for p in np.random.default_rng(0).uniform(size=100):
    drifter.update(p)
(announced, done), = compare(drifter, [0.02])
print(f"drifter: announced {announced:.3f}, done {done:.3f}")
assert announced > 1.5 > 1.1 > done
assert np.allclose(*compare(SimpleJumper(), p_values).T)  # another martingale keeps its word
PY
