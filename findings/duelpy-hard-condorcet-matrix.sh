#!/usr/bin/env bash
# duelpy 1.0.0: in the hard environment of the SAVAGE paper the best arm beats the worst one with
# 0.500000000001 and the second best with 0.99, where 1 and 0.51 are right.
#
# Packages: duelpy 1.0.0, numpy 2.4.6, scipy 1.17.1, tqdm 4.70.1.
#
# Expected: `HardCondorcetMatrix(num_arms, random_state)` is mu(i, j) = 1/2 + j / 2K for i before j,
# shuffled: "mu(1, 2) = 0.51 is a hard decision, mu(1, 100) = 1 is an easy one". How sure a duel is grows
# with the rank of the worse arm.
#
# Happens: numbers run from 0 and the better arm is the one with the larger number; the number of the
# worse one is put in. It is 0 for the last arm, which nobody beats but for 1e-12, and largest for the
# second best. That the best arm beats the worst one cannot be found out: it takes 10^24 duels.
#
# Seen, 100 arms, the best one's chances against
#               the second    the middle (51st)    the last
#   right       .51           .755                 1
#   found       .99           .745                 .500000000001
#
# Matters for: experiments in this environment; an algorithm that wants each pair decided never ends, and
# always playing the last arm has no weak regret against the best one.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 tqdm==4.70.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps duelpy==1.0.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from duelpy.experiments.environments import HardCondorcetMatrix

ARMS = 100
for seed in range(5):
    table = HardCondorcetMatrix(ARMS, np.random.RandomState(seed)).preference_matrix.preferences
    ranking = np.argsort(-(table > 0.5).sum(axis=1))  # by how many each arm beats
    assert sorted((table > 0.5).sum(axis=1)) == list(range(ARMS))
    ordered = table[np.ix_(ranking, ranking)]
    found = ordered[0, 1:]
    right = np.array([0.5 + rank / (2 * ARMS) for rank in range(2, ARMS + 1)])
    if seed == 0:
        for name, place in (("second", 0), ("51st", 49), ("last", 98)):
            print(f"best arm against the {name}: right {right[place]:.3f}, found {found[place]:.12f}")
    assert np.isclose(right[0], 0.51) and np.isclose(right[-1], 1)  # the two of the documentation
    assert np.isclose(found[0], 0.99) and 0 < found[-1] - 0.5 < 1e-11
    assert (np.diff(right) > 0).all() and (np.diff(found) < 0).all()
    last = ordered[:-1, -1]  # everybody against the last arm
    assert (last > 0.5).all() and (last - 0.5 < 1e-11).all()
print(f"duels needed to tell the best arm from the last: about {1 / (found[-1] - 0.5) ** 2:.0e}")
PY
