#!/usr/bin/env bash
# pulpo 0.0.1: Gaussian Thompson sampling draws the next reward of an arm, not its mean: it never gets surer.
#
# Packages: pulpo 0.0.1, numpy 2.4.6.
#
# Expected: Thompson sampling draws each arm's mean from what is known of it, which after n rewards has a deviation
# of about s / sqrt(n), so that the worse arms are tried less and less. The class beside it, for rewards of 0 and 1,
# does so: its Beta distribution narrows.
#
# Happens: draws have the deviation of the rewards, s, however many there were. The worse arm is taken with the
# probability that one of its rewards is larger than one of the better arm's, for ever.
#
# Seen, arms with means 0 and 1 and deviation 2, 40 runs, share of the worse arm in steps
#                          package    from the deviation of the mean
#   101 to 1,000           .36        .01
#   9,001 to 10,000        .36        .00
#   a reward is larger     .362       (what the package tends to)
#
# Matters for: rewards that are amounts. Regret grows with time as under a fixed share of exploration.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation pulpo==0.0.1
venv/bin/python - <<'PY'
import json
from importlib.metadata import version
from statistics import NormalDist

import numpy as np
from pulpo.bandits.guassian_thompson import GaussianThompsonBandit
from pulpo.pulpo import Pulpo

MEANS, DEVIATION, STEPS, RUNS = {"worse": 0.0, "better": 1.0}, 2.0, 10_000, 40
CONFIG = json.dumps([{"bandit_id": "b", "bandit_type": "gaussian_thompson", "arm_ids": list(MEANS)}])
print("pulpo", version("pulpo"), "numpy", np.__version__)
sampled = GaussianThompsonBandit._sample_score


def of_mean(arm):
    mean = arm.reward_sum / arm.n
    return np.random.normal(mean, (max(arm.squared_reward_sum / arm.n - mean**2, 1.0) / arm.n) ** 0.5)


def worse():
    """For each step, whether the worse arm was taken, as a mean over runs."""
    taken = np.zeros(STEPS)
    for seed in range(RUNS):
        np.random.seed(seed)
        rng, pulpo = np.random.default_rng(seed), Pulpo.make_from_json(CONFIG)
        for name, mean in MEANS.items():  # each arm twice, so that both have a deviation
            for _ in range(2):
                pulpo.update("b", name, rng.normal(mean, DEVIATION))
        for step in range(STEPS):
            name = pulpo.choose("b")
            taken[step] += name == "worse"
            pulpo.update("b", name, rng.normal(MEANS[name], DEVIATION))
    return taken / RUNS


larger = NormalDist().cdf(-1 / (DEVIATION * 2**0.5))
package = worse()
GaussianThompsonBandit._sample_score = staticmethod(of_mean)
right = worse()
for low, high in ((100, 1_000), (9_000, 10_000)):
    print(f"steps {low + 1:,} to {high:,}: worse arm, package {package[low:high].mean():.3f}, by the mean {right[low:high].mean():.3f}; a reward is larger {larger:.3f}")
    assert abs(package[low:high].mean() - larger) < 0.03 and right[low:high].mean() < 0.15
assert right[9_000:].mean() < 0.02
PY
