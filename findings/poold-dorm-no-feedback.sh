#!/usr/bin/env bash
# poold 0.0.5: a learner for delayed feedback (DORM) forgets all that it has learned in every
# round in which no feedback arrives.
#
# Packages: poold 0.0.5, numpy 2.4.6, scipy 1.17.1, pandas 3.1.1, matplotlib 3.11.2,
# seaborn 0.13.2.
#
# Expected: DORM plays weights in proportion to the positive part of the regret of all feedback
# so far plus the hint. A round without feedback adds nothing to the regret; with a hint of 0
# the weights stay.
#
# Happens: in a round without feedback the weights are those of the positive part of the hint
# alone, without the regret. With no hint they are equal. Its sister DORM+ and AdaHedgeD keep
# what they know.
#
# Seen, two experts, the first of which always loses 0 and the second 1, feedback of three
# rounds at once after every third, weight of the first expert from the fourth round on:
#   right      1 1 1 1 1 1 1 1 1
#   DORM       1 .5 .5 1 .5 .5 1 .5 .5
#   DORM+      1 1 1 1 1 1 1 1 1
#   loss in 60 rounds: right 1.5, DORM 20.5
#
# Matters for: what the package is for, feedback that comes late or at irregular times.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 matplotlib==3.11.2 seaborn==0.13.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps poold==0.0.5
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
import poold

LOSSES, ROUNDS, EVERY = np.array([0.0, 1.0]), 60, 3
FEEDBACK = {"fun": lambda w: w @ LOSSES, "grad": lambda w: LOSSES}


def arrived(now):
    """The rounds whose losses are told before round `now` is played."""
    return range(now - EVERY, now) if now and now % EVERY == 0 else range(0)


def by_hand():
    regret, plays = np.zeros(2), []
    for now in range(ROUNDS):
        for then in arrived(now):
            regret += plays[then] @ LOSSES - LOSSES
        positive = np.maximum(regret, 0)
        plays.append(positive / positive.sum() if positive.any() else np.full(2, 0.5))
    return np.array(plays)


def package(name):
    learner = poold.create(name, model_list=["good", "bad"], T=ROUNDS)
    plays = [learner.update_and_play([(then, FEEDBACK) for then in arrived(now)], None).copy() for now in range(ROUNDS)]
    return np.array(plays)


right = by_hand()
print("right ", right[3:12, 0], " loss", (right @ LOSSES).sum())
plays = {name: package(name) for name in ("dorm", "dormplus")}
for name, found in plays.items():
    print(f"{name:9}", found[3:12, 0], " loss", (found @ LOSSES).sum())
assert np.allclose(plays["dormplus"], right)
assert np.allclose(plays["dorm"][3::3], right[3::3])
assert np.allclose(plays["dorm"][4::3], 0.5) and np.allclose(plays["dorm"][5::3], 0.5)
PY
