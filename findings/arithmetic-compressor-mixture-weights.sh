#!/usr/bin/env bash
# arithmetic-compressor 0.2: a mixture of models is weighted by how well each predicts that
# the last symbol comes once more.
#
# Packages: arithmetic-compressor 0.2.
#
# Expected: `MultiPPM` mixes models of orders 0 to N with weights that are multiplied by the
# probability each gave to the symbol that came ("based on their prediction accuracy"). The
# mixture costs at most log2(N + 1) bits more than its best model.
#
# Happens: models are updated with the symbol first, and asked for the symbol's probability
# afterwards: what they answer is how probable the *same symbol again* is, next. Where
# symbols alternate, those models lose that know it, and the weight goes to order 0.
#
# Seen, "ab" 1000 times, bits:
#   orders 0 to 3 alone   2001 1136 1137 1138
#   mixed as defined      1137, weights 0.000 0.501 0.309 0.190
#   MultiPPM              1999, weights 0.99994 0.00002 0.00002 0.00002
#
# Matters for: a baseline that is meant to be at least as good as its parts.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check arithmetic-compressor==0.2
venv/bin/python - <<'PY'
from math import log2

from arithmetic_compressor import AECompressor
from arithmetic_compressor.models import MultiPPM, PPMModel

ORDERS, TEXT = 4, "ab" * 1000


class Mixture:
    """Weights times the probability that each model gave the symbol before it saw it."""

    def __init__(self):
        self.models = [PPMModel("ab", k, False) for k in range(ORDERS)]
        self.weights = [1 / ORDERS] * ORDERS

    def probability(self):
        return {s: sum(w * m.predict(s) for w, m in zip(self.weights, self.models)) for s in "ab"}

    def update(self, symbol):
        given = [w * m.predict(symbol) for w, m in zip(self.weights, self.models)]
        self.weights = [g / sum(given) for g in given]
        for model in self.models:
            model.update(symbol)


def cost(model):
    bits = 0.0
    for symbol in TEXT:
        bits -= log2(model.probability()[symbol])
        model.update(symbol)
    return bits, model


alone = [cost(PPMModel("ab", k, False))[0] for k in range(ORDERS)]
print("orders 0 to 3 alone:  ", *(f"{bits:.0f}" for bits in alone), "bits of", len(TEXT))
right, mixture = cost(Mixture())
print(f"mixed as defined:      {right:.0f} bits, weights", *(f"{w:.3f}" for w in mixture.weights))
found, package = cost(MultiPPM("ab", ORDERS - 1))
coded = AECompressor(MultiPPM("ab", ORDERS - 1)).compress(TEXT)
print(f"MultiPPM:              {found:.0f} bits, weights", *(f"{w:.5f}" for w in package.weights), f"- compressed to {len(coded)}")
assert right < min(alone) + log2(ORDERS), "the bound of a Bayesian mixture"
assert found > max(alone) - 2 and package.weights[0] > 0.999
PY
