#!/usr/bin/env bash
# ctmc 0.1.3: the correction of data drops all histories without a change: what changes once in
# ten years is estimated to change every three.
#
# Packages: ctmc 0.1.3, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1.
#
# Expected: the rate from one state to another is the number of such changes over all the time that
# was spent in the first one; a history that stays where it is has no change, and time. With
# `autocorrect=True` too short durations are taken out and equal neighbours put together.
#
# Happens: histories that have one state are skipped as well, and their time with them. (With
# `debug=True` they raise.) What is left is the faster ones: each has a change within the time
# that was looked at. Without the correction the estimate is right.
#
# Seen, 4,000 histories of 5 years, rates .1 and .3 a year, all from the first state:
#                                        first      second
#   right, from all                      .101       .312
#   autocorrect=False                    .101       .312
#   autocorrect=True, 40 % are left      .336       .312
#   5 years of staying in the first state, probability: right .60, with the correction .19
#
# Matters for: ratings, illnesses and clicks, most of which do not change while one looks; the
# package panelctmc always corrects.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps ctmc==0.1.3
venv/bin/python -W ignore - <<'PY'
import numpy as np
from ctmc import ctmc, datacorrection

RATES, YEARS, HISTORIES = (0.1, 0.3), 5.0, 4_000


def history(rng):
    """The states one after another and how long each lasts."""
    state, left, states, times = 0, YEARS, [], []
    while left > 0:
        stays = min(rng.exponential(1 / RATES[state]), left)
        states.append(state)
        times.append(stays)
        left -= stays
        state = 1 - state
    return states, times


rng = np.random.default_rng(0)
data = [history(rng) for _ in range(HISTORIES)]
changes, spent = np.zeros(2), np.zeros(2)
for states, times in data:
    for place, (state, time) in enumerate(zip(states, times)):
        spent[state] += time
        changes[state] += place + 1 < len(states)
right = changes / spent
found = {}
for correct in (False, True):
    _, generator, _, _ = ctmc(data, numstates=2, autocorrect=correct)
    found[correct] = -np.diag(generator)
    print(f"autocorrect={correct}: rates right {right.round(3)}, package {found[correct].round(3)}")
kept = len(datacorrection(data)) / HISTORIES
print(f"left by the correction: {kept:.2f}; staying all the time: {np.mean([len(states) == 1 for states, _ in data]):.2f}, exp(-rate times years): right {np.exp(-right[0] * YEARS):.2f}, with the correction {np.exp(-found[True][0] * YEARS):.2f}")
assert np.allclose(found[False], right) and np.allclose(right, RATES, rtol=0.06)
assert found[True][0] > 2.5 * right[0] and np.isclose(found[True][1], right[1])
PY
