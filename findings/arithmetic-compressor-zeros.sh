#!/usr/bin/env bash
# arithmetic-compressor 0.2: the binary models count every 0 as a 1.
#
# Packages: arithmetic-compressor 0.2.
#
# Expected: `BaseBinaryModel` and `BinaryPPM` are adaptive models "for binary symbols (0 and
# 1)". Fed with zeros, they come to expect zeros, and zeros cost few bits.
#
# Happens: the update asks whether the symbol is the *text* "0". The symbols of the models
# are the numbers 0 and 1 (others are refused by BinaryPPM), so that each of them moves the
# probability of a 1 up. `OrderN_PPM`, of the same file, converts first, and is right. The
# decoder makes the same mistake, so that everything decodes.
#
# Seen, 2000 bits all equal, bits that they cost:
#                     zeros   ones
#   BaseBinaryModel    5075    639
#   BinaryPPM          5069    641
#   OrderN_PPM          641    641
#
# Matters for: code lengths of bit strings, which are compared with other predictors.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check arithmetic-compressor==0.2
venv/bin/python - <<'PY'
from math import log2

from arithmetic_compressor import AECompressor
from arithmetic_compressor.models import BaseBinaryModel, BinaryPPM
from arithmetic_compressor.models.binary_ppm import OrderN_PPM

LENGTH = 2000
for bit in (0, 1):
    for kind in (BaseBinaryModel, BinaryPPM, OrderN_PPM):
        model, cost = kind(), 0.0
        for _ in range(LENGTH):
            cost -= log2(model.probability()[bit])
            model.update(bit)
        coded = AECompressor(kind()).compress([bit] * LENGTH)
        print(f"{LENGTH} times {bit}, {kind.__name__:15}: P({bit}) at the end {model.probability()[bit]:.3f},",
              f"cost {cost:.0f} bits, compressed to {len(coded)}")
        assert abs(len(coded) - cost) < 0.02 * cost
        assert AECompressor(kind()).decompress(coded, LENGTH) == [bit] * LENGTH
        if bit == 0 and kind is not OrderN_PPM:
            assert cost > 2 * LENGTH and model.probability()[0] < 0.2
        else:
            assert cost < LENGTH / 2 and model.probability()[bit] > 0.8
PY
