#!/usr/bin/env bash
# smartclip 0.1.1: a percentile by moving average only ever rises: of norms around 1 the 95 %
# threshold is 5,700 after 20,000 steps, and nothing is clipped.
#
# Packages: smartclip 0.1.1.
#
# Expected: `AutoClip(mode="percentile", percentile=95.0)` clips at a "target percentile of recent
# gradient norms using either EMA quantile estimator (`history="ema"`)", the default, "or rolling
# window". Of norms of one distribution one in twenty is above it.
#
# Happens: the estimate q is changed by alpha (x - q) (p - 1[x < q]), and both factors change their sign
# where x passes q: it goes up by p (x - q) for what is above and by (1 - p) (q - x) for what is below.
# As soon as it is above all norms, its distance from them grows by 1 + alpha (1 - p) at every step.
# Quantile regression goes by the sign of x - q, without its size.
#
# Seen, norms of 1 +- 0.2, threshold for 95 % (exact: 1.33) after
#   steps                             100    1,000   5,000   20,000   above it in the last 5,000
#   history="window"                  1.36   1.35    1.33    1.30     4.8 %
#   history="ema"                     1.22   1.42    4.2     5,698    none
#   the same, 50 % (exact: 1)         1.57   4,394   8e20    6e85     none (ema_decay 0.98)
#
# Matters for: whoever chooses a percentile: after the first thousand steps there is no clipping. The
# mode "auto" and a window are right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps smartclip==0.1.1
venv/bin/python - <<'PY'
import random
from statistics import NormalDist

from smartclip import AutoClip

STEPS, LAST, SHOWN = 20_000, 5_000, (100, 1_000, 5_000, 20_000)
norms = NormalDist(1, 0.2)


def thresholds(**settings):
    """Threshold after each step, and how many of the last norms were above the one before them."""
    draw, clipper = random.Random(0), AutoClip(mode="percentile", **settings)
    found, above, draws = [], 0, []
    for step in range(1, STEPS + 1):
        norm = draw.gauss(norms.mean, norms.stdev)
        above += step > STEPS - LAST and norm > found[-1]
        clipper.observe(norm)
        draws.append(norm)
        found.append(clipper.threshold())
    return found, above, draws


def rule(draws, p, alpha):
    """The update that the docstring gives."""
    q, found = draws[0], [draws[0]]
    for x in draws[1:]:
        q += alpha * (x - q) * (p - (x < q))
        found.append(q)
    return found


def regression(draws, p, alpha):
    """The quantile by stochastic approximation: the sign without the size."""
    q = draws[0]
    for x in draws[1:]:
        q += alpha * (p - (x < q))
    return q


exact = {p: norms.inv_cdf(p) for p in (0.95, 0.5)}
for name, p, settings in (
    ("window, 95 %", 0.95, {"history": "window", "percentile": 95.0}),
    ("ema, 95 %", 0.95, {"percentile": 95.0}),
    ("ema, 50 %", 0.5, {"percentile": 50.0, "ema_decay": 0.98}),
):
    found, above, draws = thresholds(**settings)
    print(f"{name:13} exact {exact[p]:.2f}:", *(f"{found[step - 1]:.4g}" for step in SHOWN), f"above: {above / LAST:.3f}")
    if "window" in name:
        assert abs(found[-1] - exact[p]) < 0.05 and abs(above / LAST - (1 - p)) < 0.012
        continue
    alpha = 1 - settings.get("ema_decay", 0.99)
    assert all(abs(a - b) < 1e-9 * b for a, b in zip(found, rule(draws, p, alpha), strict=True))
    assert all(after >= before for before, after in zip(found, found[1:])) and above == 0
    growth = found[-1] / found[-1001]
    assert abs(growth / (1 + alpha * (1 - p)) ** 1000 - 1) < 0.01  # per step, once above everything
    assert found[-1] > 1000 * exact[p] and abs(regression(draws, p, 0.001) - exact[p]) < 0.03
PY
