#!/usr/bin/env bash
# npeet-plus 0.2.0: the entropy of a discrete given a continuous variable is that of the
# continuous given the discrete: minus one bit for a coin that is known.
#
# Packages: npeet-plus 0.2.0, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0.
#
# Expected: of the conditional entropies, `centropycd(x, y)` is of a continuous x given a
# discrete y and `centropydc(x, y)` of a discrete x given a continuous y: H(X) - I(X; Y),
# from 0 to H(X). `base` is the base of the logarithm.
#
# Happens: `centropydc(x, y)` returns `centropycd(y, x)`: the arguments change places, and
# with them what is conditioned on what. And `base` is handed on as the number of neighbours,
# so that one of two terms stays in bits whatever the base.
#
# Seen, 2,000 points:
#   coin = whether a uniform number is above 1/2    right  0.000   -1.006 bits
#   coin, and a normal number without regard to it  right  1.000    2.009 bits
#   normal number given a fair coin, base 10        right  0.616    2.026 (in bits: 2.009)
#
# Matters for: what is left to know of a symbol when a hidden state is seen, and total
# correlations given a variable (`ctcdc`, `corexdc`), which add such entropies.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps npeet-plus==0.2.0
venv/bin/python - <<'PY'
import numpy as np
from npeet_plus import centropycd, centropydc, entropyd, micd

POINTS = 2_000
rng = np.random.default_rng(0)
np.random.seed(0)
normal_bits = 0.5 * np.log2(2 * np.pi * np.e)
uniform, normal = rng.random((POINTS, 1)), rng.normal(size=(POINTS, 1))
half, coin = (uniform > 0.5).astype(int), rng.integers(0, 2, (POINTS, 1))
for name, symbol, number, right, swapped in (
    ("whether a uniform number is above 1/2", half, uniform, 0.0, -1.0),
    ("a coin and a normal number", coin, normal, 1.0, normal_bits),
):
    found, through = centropydc(symbol, number), entropyd(symbol) - micd(number, symbol)
    print(f"{name:38} right {right:.3f}  centropydc {found:.3f}  entropyd - micd {through:.3f}")
    assert abs(through - right) < 0.1, "the parts are right"
    assert abs(found - swapped) < 0.1, "the number given the symbol"
bits, base_10 = centropycd(normal, coin), centropycd(normal, coin, base=10)
print(f"normal given a coin: {bits:.3f} bits (right {normal_bits:.3f}), base 10 {base_10:.3f} (right {normal_bits * np.log10(2):.3f})")
assert abs(bits - normal_bits) < 0.1
assert abs(base_10 - normal_bits) < 0.1 and normal_bits * np.log10(2) < 0.7
PY
