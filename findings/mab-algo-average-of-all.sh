#!/usr/bin/env bash
# mab-algo 1.0.0: the simple average of an arm divides by the steps of all arms.
#
# Packages: mab-algo 1.0.0.
#
# Expected: `SimpleAverage` holds the mean of the rewards of each action ("a simple average is the same as a running
# average"), the estimate that the algorithms compare.
#
# Happens: one counter serves all actions. An action's first reward at step 100 moves its estimate by a hundredth of the
# way from 0; what is tried early keeps its value, and what is tried late hardly gets one.
#
# Seen:
#   100 times 0.5 for the first arm, then 100 times 1 for the second   means .5, 1    package .5, .5
#   1,000 steps of an arm that pays in 9 of 10, then 10 of one that
#   pays always                                                        means .9, 1    package .9, .01
# While there is one arm it is right.
#
# Matters for: all three algorithms, which take this average in the README's first example.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps mab-algo==1.0.0
venv/bin/python - <<'PY'
from importlib.metadata import version

from mab_algo import SimpleAverage

print("mab-algo", version("mab-algo"))


def averages(rewards):
    """Means of two arms by the package, and right, from (arm, reward) pairs."""
    average, seen = SimpleAverage(), ([], [])
    average._set_q_values_count(2)
    for arm, reward in rewards:
        average.update(arm, reward)
        seen[arm].append(reward)
    return average.estimated_Qvalues, [sum(all_) / len(all_) for all_ in seen]


for name, rewards in (
    ("one after the other", [(0, 0.5)] * 100 + [(1, 1.0)] * 100),
    ("late", [(0, float(step % 10 > 0)) for step in range(1000)] + [(1, 1.0)] * 10),
):
    found, right = averages(rewards)
    print(name, "package", [round(q, 3) for q in found], "means", right)
    assert abs(found[1] - right[1]) > 0.3
only, right = averages([(0, reward) for reward in (1, 4, 2, 9)] + [(1, 0)])
assert abs(only[0] - right[0]) < 1e-12
PY
