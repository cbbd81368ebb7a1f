#!/usr/bin/env bash
# bocd 0.1.2: the hazard of all run lengths is that of the most probable one.
#
# Packages: bocd 0.1.2, numpy 2.4.6, scipy 1.17.1.
#
# Expected: as in Adams and MacKay (2007), Algorithm 1, every run length is weighed with its own hazard H(r). The
# class `Hazard` is there for that: "r: the length of the current run (ndarray or scalar); returns changepoint
# probabilities with the shape of r".
#
# Happens: the hazard is asked for the most probable run length alone, and the number weighs all of them. With a
# constant hazard nothing is seen.
#
# Seen, runs of 1 to 6 steps (a die), 12 numbers with noise 1 about levels of variance 9:
#   largest difference to the sum over all 2^11 divisions of the numbers into runs   .83
#   largest probability of a run that goes on after its sixth step                   .48   (0)
# With the hazard of every run length the same update agrees with that sum to 1e-12.
#
# Matters for: any hazard that is not constant.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation bocd==0.1.2
venv/bin/python - <<'PY'
from functools import cache
from importlib.metadata import version
from itertools import product

import numpy as np
from bocd import BayesianOnlineChangePointDetection, Distribution, Hazard
from scipy.stats import multivariate_normal, norm

LEVEL, STEPS, LONGEST = 9.0, 12, 6
print("bocd", version("bocd"), "numpy", np.__version__)


class Die(Hazard):
    """Runs of one to six steps, each as likely: after r steps the run ends at the next with 1 / (6 - r)."""

    def __call__(self, r):
        return 1 / np.maximum(LONGEST - np.asarray(r), 1)


class Level(Distribution):
    """A level of variance LEVEL seen with noise of variance 1."""

    def __init__(self):
        self.sums = np.zeros(1)

    def pdf(self, x):
        n = np.arange(len(self.sums))
        return norm.pdf(x, self.sums * LEVEL / (1 + n * LEVEL), np.sqrt(1 + LEVEL / (1 + n * LEVEL)))

    def update_params(self, x):
        self.sums = np.append(0.0, self.sums + x)


class EveryLength(BayesianOnlineChangePointDetection):
    """The package's update with the hazard of every run length."""

    @property
    def rt(self):
        return np.arange(self.T + 1)


@cache
def evidence(piece):
    """Density of one run."""
    return multivariate_normal.pdf(piece, np.zeros(len(piece)), np.eye(len(piece)) + LEVEL)


def exact(seen):
    """Posterior of the run length after the last number, summed over all divisions into runs."""
    total = np.zeros(STEPS + 1)
    for cuts in product((0, 1), repeat=len(seen) - 1):
        ends = [i + 1 for i, cut in enumerate(cuts) if cut] + [len(seen)]
        pieces = [(a, b) for a, b in zip([0, *ends], ends)]
        if max(b - a for a, b in pieces) > LONGEST:
            continue
        p = 1.0
        for a, b in pieces:
            p *= evidence(tuple(seen[a:b]))
        last = pieces[-1][1] - pieces[-1][0]
        p *= (1 / LONGEST) ** (len(pieces) - 1)
        total[0] += p / LONGEST
        total[last] += p * (LONGEST - last) / LONGEST
    return total / total.sum()


rng = np.random.default_rng(8)
seen = np.repeat(rng.normal(0, 3, 4), 3) + rng.normal(size=STEPS)
models = BayesianOnlineChangePointDetection(Die(), Level()), EveryLength(Die(), Level())
worst, beyond = [0.0, 0.0], 0.0
for step, x in enumerate(seen):
    right = exact(seen[: step + 1])[: step + 2]
    for number, model in enumerate(models):
        model.update(x)
        worst[number] = max(worst[number], np.abs(model.belief[: step + 2] - right).max())
    beyond = max(beyond, models[0].belief[LONGEST:].sum())
package, every = worst
print(f"largest difference to all divisions: package {package:.2f}, hazard of every length {every:.1e}")
print(f"largest probability of a run that goes on after its sixth step: {beyond:.2f}")
assert every < 1e-10 and package > 0.5 and beyond > 0.3
PY
