#!/usr/bin/env bash
# rovingbandit 0.1.0: top-two Thompson sampling looks for a challenger until it has found the leader:
# it is plain Thompson sampling, and hardly looks at the second arm.
#
# Packages: rovingbandit 0.1.0, numpy 2.4.6, scipy 1.17.1, matplotlib 3.9.4.
#
# Expected: `pick_arm(.., strategy="thompsonTopTwo", psi=.5)`, with which `sim_runner` and `arm_sequence`
# simulate, draws a leader from the posterior, plays it with probability psi, and otherwise draws
# again until another arm is best, and plays that one. Of two arms it plays each half of the time if
# psi is a half. The class `TopTwoThompson` does.
#
# Happens: it draws again until the best arm is the leader.
#
# Seen, two arms with 9 of 10 and 4 of 10 successes, psi = .5, 20,000 choices:
#   P(the second arm is better), by integration     .0119
#   second arm right                                .5000
#   TopTwoThompson                                  .5031
#   pick_arm, thompsonTopTwo                        .0112
#   pick_arm, thompson                              .0115
#
# Matters for: comparisons of strategies for finding the best arm with the functions: two of them are one.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.9.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps rovingbandit==0.1.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from rovingbandit import TopTwoThompson, pick_arm
from scipy import integrate, stats

CHOICES, PSI = 20_000, 0.5
success, failure = np.array([9.0, 4.0]), np.array([1.0, 6.0])
counts = success + failure
first, second = (stats.beta(s + 1, f + 1) for s, f in zip(success, failure))
better = integrate.quad(lambda p: second.pdf(p) * first.cdf(p), 0, 1)[0]
right = PSI * better + (1 - PSI) * (1 - better)

np.random.seed(0)
policy = TopTwoThompson(2, psi=PSI, seed=0)
policy.successes, policy.failures = success, failure
found = {"TopTwoThompson": np.mean([policy.select_arm() for _ in range(CHOICES)])}
for strategy in ("thompsonTopTwo", "thompson"):
    found[strategy] = np.mean([pick_arm(success / counts, counts, strategy, success, failure, None, 0.0, psi=PSI) for _ in range(CHOICES)])

print(f"P(second is better) {better:.4f}, second arm right {right:.4f}")
print({name: f"{share:.4f}" for name, share in found.items()})
noise = 4 * (0.25 / CHOICES) ** 0.5
assert abs(right - 0.5) < 1e-12 and abs(found["TopTwoThompson"] - right) < noise
assert abs(found["thompsonTopTwo"] - better) < 0.005 and abs(found["thompson"] - better) < 0.005
PY
