#!/usr/bin/env bash
# banditcoot 0.2.0: arms are drawn with probabilities .2, .4, .1 and .3, whatever probabilities are given.
#
# Packages: banditcoot 0.2.0 (no others).
#
# Expected: `categorical_draw(probs)`, whose only documentation is that it takes probabilities, draws an index with
# these.
#
# Happens: its first line puts four fixed probabilities into `probs`.
#
# Seen, 20,000 draws
#   probabilities     0      1      2      3
#   1, 0             .20    .40    .10    .30
#   .25 each         .20    .40    .10    .30
#   0, 0, 0, 0, 1    .20    .40    .10    .30
# With two arms, 40 % of the draws are indices that no arm has.
#
# Matters for: whoever draws arms from shares of their own. (`Softmax`, which is to draw with it, raises before that,
# as a module is not imported.)
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps banditcoot==0.2.0
venv/bin/python - <<'PY'
import random
from importlib.metadata import version

from banditcoot.algorithms import categorical_draw

DRAWS, ALWAYS = 20_000, (0.2, 0.4, 0.1, 0.3)
print("banditcoot", version("banditcoot"))
random.seed(0)
for probabilities in ([1.0, 0.0], [0.25] * 4, [0.0, 0.0, 0.0, 0.0, 1.0]):
    found = [0] * 5
    for _ in range(DRAWS):
        found[categorical_draw(list(probabilities))] += 1
    shares = [count / DRAWS for count in found]
    # The same numbers, drawn with the probabilities that were given.
    right = random.choices(range(len(probabilities)), probabilities, k=DRAWS)
    print("given", *probabilities, "drawn", *(f"{s:.3f}" for s in shares), "right", *(f"{right.count(i) / DRAWS:.3f}" for i in range(5)))
    assert all(abs(a - b) < 0.015 for a, b in zip(shares, ALWAYS)) and not found[4]
    assert all(abs(right.count(i) / DRAWS - p) < 0.015 for i, p in enumerate(probabilities))
PY
