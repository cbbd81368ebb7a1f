#!/usr/bin/env bash
# carrylessrangecoder 1.0.2: the decoder takes every alphabet for one of 256 letters.
#
# Package: carrylessrangecoder 1.0.2.
#
# Expected: encoder and decoder take counts and cumulated counts, with nothing in
# the documentation about their length, so what was encoded is decoded. The
# documented example happens to have 256 letters.
#
# Happens: the encoder works for any alphabet. The decoder searches the letters 0
# to 255 whatever the counts are (its bound comes from the size of the output
# unit, a byte). With fewer letters the search looks past the end of the list and
# raises IndexError, or not, depending on the letter. With more than 256 letters
# it returns wrong letters and says nothing.
#
# Seen (uniform counts, the letters k-1, 0, k/2):
#      2 letters: IndexError
#    256 letters: [255, 0, 128] as encoded
#    257 letters: [255, 255, 255] instead of [256, 0, 128]
#   1000 letters: [255, 255, 255] instead of [999, 0, 500]
#   4 letters padded with zero counts to 256: 3000 symbols as encoded
#
# Matters for: coding bits or tokens with a model's probabilities. Pad the counts
# with zeros to 256; a vocabulary above that cannot be decoded.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check carrylessrangecoder==1.0.2
venv/bin/python - <<'PY'
import random
from io import BytesIO
from itertools import accumulate

from carryless_rangecoder import Decoder, Encoder


def round_trip(counts, letters):
    stream = BytesIO()
    encoder = Encoder(stream)
    for letter in letters:
        encoder.encode(counts, list(accumulate(counts)), letter)
    encoder.finish()
    decoder = Decoder(stream)
    decoder.start()
    return [decoder.decode(counts, list(accumulate(counts))) for _ in letters]


for k in (2, 256, 257, 1000):
    letters = [k - 1, 0, k // 2]
    try:
        decoded = round_trip([1] * k, letters)
    except IndexError:
        decoded = None
    said = "IndexError" if decoded is None else f"{decoded} as encoded" if decoded == letters else f"{decoded} instead of {letters}"
    print(f"{k:5d} letters: {said}")
    assert decoded == {2: None, 256: letters}.get(k, [255, 255, 255])

counts = [7, 2, 5, 1] + [0] * 252
letters = random.Random(0).choices(range(256), counts, k=3000)
assert round_trip(counts, letters) == letters
print("4 letters padded with zero counts to 256: 3000 symbols as encoded")
PY
