#!/usr/bin/env bash
# distribution-coder 0.1.1: the same numbers in a list are another distribution.
#
# Packages: distribution-coder 0.1.1, numpy 2.4.6, ml-dtypes 0.6.0.
#
# Expected: the documentation asks for the exact same probabilities on both sides,
# promises bit-exact reconstruction, and says of Python lists only that they are a
# little slower. A Python float and a float64 hold the same number, so an array on
# one side and its `tolist()` on the other decode.
#
# Happens: an array is read in its own type, a list is rounded to single precision.
# The two sides then have different distributions, and the decoder returns wrong
# symbols without an error.
#
# Seen (2,000 symbols of 5 letters, 3,112.5 bits by the model):
#   array, array: 3120 bits, all right
#   list, list:   3120 bits, all right
#   array, list:  3120 bits, wrong from symbol 14
#   float32 array, list: 3120 bits, all right
#
# Matters for: a model that predicts in float64 on one side and a service that
# passes the same numbers through JSON on the other. Convert both sides to float32.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check distribution-coder==0.1.1 numpy==2.4.6 ml-dtypes==0.6.0
venv/bin/python - <<'PY'
import ml_dtypes  # the coder asks numpy for bfloat16, which this package brings
import numpy as np
from distribution_coder import DistributionCoder

rng = np.random.default_rng(0)
model = rng.dirichlet(np.full(5, 0.5), 2000)
symbols = [int(rng.choice(5, p=p)) for p in model]
bits = -np.log2(model[np.arange(2000), symbols]).sum()


def round_trip(sender, receiver):
    encoder, decoder = DistributionCoder(), DistributionCoder()
    for p, symbol in zip(model, symbols):
        encoder.encode_step(sender(p), symbol)
    code = encoder.finish_encoding()
    decoder.start_decoding(code)
    decoded = [decoder.decode_step(receiver(p)) for p in model]
    first = next((t for t, (a, b) in enumerate(zip(decoded, symbols)) if a != b), None)
    return 8 * len(code), first


as_array, as_list, single = lambda p: p, lambda p: p.tolist(), lambda p: p.astype(np.float32)
print(f"by the model {bits:.1f} bits")
for name, sender, receiver, works in (("array, array", as_array, as_array, True), ("list, list", as_list, as_list, True),
                                      ("array, list", as_array, as_list, False), ("float32 array, list", single, as_list, True)):
    assert all((np.array(as_list(p)) == p).all() for p in model)
    size, first = round_trip(sender, receiver)
    print(f"{name}: {size} bits,", "all right" if first is None else f"wrong from symbol {first}")
    assert (first is None) == works and bits <= size < bits + 32
PY
