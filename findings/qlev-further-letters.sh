#!/usr/bin/env bash
# QLev 1.9.1: by the keyboard, letters that one word has more than the other cost nothing: "q" is "qwerty".
#
# Packages: QLev 1.9.1, numpy 2.4.6.
#
# Expected: `qwertyN` is a similarity "between strings" by the places of their keys, 1 for the same string and, since it
# is called normalized, between 0 and 1. Letters that are left over are to cost the distance to the nearest key.
#
# Happens: the nearest key to a letter is looked for among all keys, the letter's own among them, at distance 0. And the
# largest distance is taken to be 6 keys, where the keyboard is 9 wide: the similarity goes down to -.58.
#
# Seen:                    qwertyN    QLev (mean with the Levenshtein similarity)
#   q, qwerty                1.00       0.64
#   cat, catsandmice         1.00       0.71
#   cat, bat                 0.89       0.78
#   q, p                    -0.50      -0.25
#   0, z                    -0.58      -0.29
#
# Matters for: looking up a misspelt word: every word that begins like it is as good as itself.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation QLev==1.9.1
venv/bin/python - <<'PY'
from importlib.metadata import version
from math import isclose

from QLev import QLev, qwertyDistance, qwertyN

KEYS = "1234567890qwertyuiopasdfghjklzxcvbnm"
print("QLev", version("QLev"), "numpy", version("numpy"))
for a, b in (("q", "qwerty"), ("cat", "catsandmice"), ("cat", "bat"), ("q", "p"), ("0", "z")):
    print(a, b, f"qwertyN {qwertyN(a, b):.2f} QLev {QLev(a, b):.2f}")
widest = max(qwertyDistance(a, b) for a in KEYS for b in KEYS)
nearest = min(qwertyDistance("w", key) for key in KEYS if key != "w")
print(f"widest distance {widest:.2f}, nearest other key {nearest:.0f}")
assert qwertyN("q", "qwerty") == qwertyN("cat", "catsandmice") == qwertyN("cat", "cat") == 1 > qwertyN("cat", "bat")
assert widest > 9 and nearest == 1
assert isclose(qwertyN("0", "z"), 1 - widest / 6) and QLev("q", "p") < 0
PY
