#!/usr/bin/env bash
# emic 0.5.4: bit-flip noise flips half as many bits as it says.
#
# Package: emic 0.5.4.
#
# Expected: `BitFlipNoise(flip_prob=f)` calls itself a binary symmetric channel
# with flip probability f, and notes that f = 0.5 gives noise that does not depend
# on the input. So a share f of the symbols comes out changed.
#
# Happens: with probability f a symbol is replaced by a random letter, the old
# one included. On two letters the crossover is f / 2, so f = 0.5 leaves three
# symbols in four as they were. Both readings stand in the docstring, and they
# contradict each other; the code does the second one.
#
# Seen (200,000 symbols of a fair coin):
#   flip_prob 0.1: changed 0.0496
#   flip_prob 0.5: changed 0.2497
#   information through the channel at 0.5: 0.189 bits a symbol, not 0
#
# Matters for: a source with known noise as ground truth. The entropy rate of the
# noisy process is that of a channel with f / 2.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check emic==0.5.4
venv/bin/python - <<'PY'
from math import log2

from emic.sources.synthetic.biased_coin import BiasedCoinSource
from emic.sources.transforms import BitFlipNoise

SYMBOLS = 200_000
for flip in (0.1, 0.5):
    clean = iter(BiasedCoinSource(p=0.5, _seed=1))
    noisy = iter(BitFlipNoise(flip_prob=flip, seed=2)(BiasedCoinSource(p=0.5, _seed=1)))
    changed = sum(next(clean) != next(noisy) for _ in range(SYMBOLS)) / SYMBOLS
    print(f"flip_prob {flip}: changed {changed:.4f}")
    assert abs(changed - flip / 2) < 0.005 and abs(changed - flip) > 0.04
through = 1 + changed * log2(changed) + (1 - changed) * log2(1 - changed)
print(f"information through the channel at 0.5: {through:.3f} bits a symbol, not 0")
assert 0.17 < through < 0.21
PY
