#!/usr/bin/env bash
# multi-armed-thompson 0.2.2: the uniform prior is one with a success and a failure in it.
#
# Packages: multi-armed-thompson 0.2.2, numpy 2.4.6.
#
# Expected: `alpha_init` and `beta_init` "default to 0, uniform priors": arms are drawn from Beta(1, 1) at first, and
# then from Beta(1 + successes, 1 + failures).
#
# Happens: they default to 1, and another 1 is added as for 0: Beta(2, 2), with its peak at a half.
#
# Seen, what arms are drawn with:
#   at first, by default                            2, 2
#   at first, with arrays of zeros                  1, 1
#   an arm of probability 0 after 50 trials         2, 52: .037 in the mean, of 1, 51: .019
# An arm that has failed 50 times beats one of .05, known well, in 25 % of the draws instead of 7 %.
#
# Matters for: comparisons of strategies, the package's use; rates far from a half.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation multi-armed-thompson==0.2.2
venv/bin/python - <<'PY'
from importlib.metadata import version

import numpy as np
from thompson_sampling.thompson_sampling import Thompson

TRIALS = 50
print("multi-armed-thompson", version("multi-armed-thompson"), "numpy", np.__version__)
draw, asked = np.random.beta, []


def noted(successes, failures):
    asked.append((float(successes), float(failures)))
    return draw(successes, failures)


def first(steps, **options):
    """What the one arm, of probability 0, is drawn with at each step."""
    asked.clear()
    Thompson([0.0], steps=steps, **options).run_experiment()
    return list(asked)


np.random.seed(0)
np.random.beta = noted
default, zeros = first(TRIALS + 1), first(TRIALS + 1, alpha_init=np.zeros(1), beta_init=np.zeros(1))
np.random.beta = draw
for name, parameters in (("default", default), ("zeros", zeros)):
    after = parameters[-1]
    print(name, "first", parameters[0], f"after {TRIALS} failures", after, f"mean {after[0] / sum(after):.3f}")
assert default == [(2, 2 + n) for n in range(TRIALS + 1)]
assert zeros == [(1, 1 + n) for n in range(TRIALS + 1)]
# P(Beta(2, b) > x) = (1 - x)^b (1 + b x), P(Beta(1, b) > x) = (1 - x)^b
twice, once = 0.95 ** 52 * (1 + 52 * 0.05), 0.95 ** 51
print(f"above .05: {twice:.2f} by default, {once:.2f} with a uniform prior")
assert abs(twice - 0.25) < 0.01 and abs(once - 0.073) < 0.001
PY
