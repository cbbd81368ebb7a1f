#!/usr/bin/env bash
# HuffmanCoder 0.0.32: encoding a text gives the code of the text that the coder was made from, whatever it is.
#
# Packages: HuffmanCoder 0.0.32 (no others).
#
# Expected: a coder is made from a text, whose letters it counts, and `encode(text)` "encodes the String passed by the
# user and returns it": codes of the letters of that text, one after another.
#
# Happens: the loop is over the text of the constructor. The argument is only asked for its type.
#
# Seen, a coder of "abracadabra" (codes a 0, b 110 or the like; 23 bits)
#   text           code that is returned     bits by the coder's own table
#   abracadabra    23 bits                   23
#   a              the same 23 bits           1
#   cad            the same 23 bits           7
#   (empty)        the same 23 bits           0
#   xyz            the same 23 bits          no codes for these letters
# `decode` raises for every string, so that no round trip shows it.
#
# Matters for: sizes of texts under the code of another one, for which the method is there: all are the first one's.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps HuffmanCoder==0.0.32
venv/bin/python - <<'PY'
import heapq
from collections import Counter
from importlib.metadata import version

from HuffmanCoder import HuffmanCoder

print("HuffmanCoder", version("HuffmanCoder"))
OWN = "abracadabra"


def fewest_bits(text):
    """Length of the text under a Huffman code of its own: the sum of all weights that are joined."""
    heap = list(Counter(text).values())
    heapq.heapify(heap)
    total = 0
    while len(heap) > 1:
        joined = heapq.heappop(heap) + heapq.heappop(heap)
        heapq.heappush(heap, joined)
        total += joined
    return total


coder = HuffmanCoder(OWN)
table, own = coder.getMappedTableAsciiToHuffman(), coder.getEncodedString()
print("codes", table)
assert len(own) == fewest_bits(OWN) and own == "".join(table[letter] for letter in OWN)
for text in (OWN, "a", "cad", ""):
    found, right = coder.encode(text), "".join(table[letter] for letter in text)
    print(f"{text!r}: {len(found)} bits returned, {len(right)} by the table")
    assert found == own and (found == right) == (text == OWN)
assert coder.encode("xyz") == own and not set("xyz") & set(table)
try:
    coder.decode(own)
except AttributeError as problem:
    print("decode:", problem)
else:
    raise SystemExit("decode works")
PY
