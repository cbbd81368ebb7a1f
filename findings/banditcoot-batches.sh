#!/usr/bin/env bash
# banditcoot 0.2.0: the reward of a success is averaged over pulls: an arm that paid 0.75 a pull is worth 12.9.
#
# Packages: banditcoot 0.2.0 (no others).
#
# Expected: `rewards` are the "average units of reward observed for each successful arm pull", and `batch_update` with
# the pulls, the successes and the mean reward of a success of a batch brings them up to date; the value of an arm,
# its rate of success times that mean, is then what it has paid a pull.
#
# Happens: the mean that successes have paid is weighted by the numbers of pulls of the batches, not by those of their
# successes: the right numerator is worked out in the line before, and overwritten. What a rare success of one batch
# paid counts as if all successes had paid it. Single results that were given to `update`, besides, are in the values
# alone, and lost with the next batch, whose rates know of none.
#
# Seen
#   arm       batch 1: pulls, successes, reward   batch 2             value    paid a pull
#   A         100,  1, 100                        100, 50,   1        12.9      .75
#   B         100, 50,   2                        100, 50,   2         1.0     1.00
#   The arm that is chosen without exploration is A.
#   100 single successes of 1 for A, then a batch of 100 pulls without any: 0 instead of .50
#
# Matters for: tests in which the value of a success varies, for which there are batches: the poorer arm is shown.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps banditcoot==0.2.0
venv/bin/python - <<'PY'
from importlib.metadata import version

from banditcoot.algorithms import EpsilonGreedy

print("banditcoot", version("banditcoot"))

batches = [(0, 100, 1, 100.0), (0, 100, 50, 1.0), (1, 100, 50, 2.0), (1, 100, 50, 2.0)]
bandit = EpsilonGreedy(epsilon=0.0, n_arms=2, rewards=[1.0, 1.0])
for arm, pulls, successes, reward in batches:
    bandit.batch_update(arm, pulls, successes, reward)
for arm in range(2):
    own = [b[1:] for b in batches if b[0] == arm]
    pulls, hits = sum(b[0] for b in own), sum(b[1] for b in own)
    total = sum(b[1] * b[2] for b in own)
    by_pulls = sum(b[0] * b[2] for b in own) / pulls
    print(f"arm {'AB'[arm]}: value {bandit.values[arm]:.3f}, paid a pull {total / pulls:.3f}; reward of a success {bandit.rewards[arm]:.3f}, right {total / hits:.3f}, weighted by pulls {by_pulls:.3f}")
    assert abs(bandit.rewards[arm] - by_pulls) < 1e-9 and abs(bandit.values[arm] - hits / pulls * by_pulls) < 1e-9
    assert (abs(bandit.values[arm] - total / pulls) < 1e-9) == (arm == 1)
chosen = {bandit.select_arm() for _ in range(100)}
print("chosen without exploration:", *("AB"[arm] for arm in chosen))
assert chosen == {0} and bandit.values[0] > 10 * bandit.values[1]

bandit = EpsilonGreedy(epsilon=0.0, n_arms=1, rewards=[1.0])
for _ in range(100):
    bandit.update(0, 1)
single = bandit.values[0]
bandit.batch_update(0, 100, 0, 1.0)
print(f"100 single successes: value {single}; then a batch of 100 failures: {bandit.values[0]}, right 0.5, pulls {bandit.counts[0]}")
assert single == 1.0 and bandit.values[0] == 0.0 and bandit.counts[0] == 200
PY
