#!/usr/bin/env bash
# seq-alignment 1.0.0: with a path, costs that are no whole numbers are cut at every letter.
#
# Packages: seq-alignment 1.0.0, numpy 2.4.6.
#
# Expected: `backtrace=True` adds the path to the answer; the score is the same.
#
# Happens: with a path the scores are held in integers of 8 bits. What is behind the point is dropped at every step, and
# the path is the best one for the numbers that are left: a difference of .9 costs nothing. (Strings of more than 128
# letters raise an OverflowError.)
#
# Seen, score of kitten to sitting without a path, and with one:
#   all costs -1.5       -4.5    -3
#   all costs -.9        -2.7     0
#   all costs -1         -3      -3
#
# Matters for: costs by the likeness of letters or by their probability.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps seq-alignment==1.0.0
venv/bin/python - <<'PY'
from importlib.metadata import version
from math import isclose

from seq_alignment import global_similarity

DISTANCE = 3  # kitten, sitten, sittin, sitting
print("seq-alignment", version("seq-alignment"), "numpy", version("numpy"))


def package(cost, path):
    found = global_similarity("kitten", "sitting", path, {"Delete": cost, "Insert": cost, "Substitute": cost, "Exact": 0})
    found.run()
    return float(found.match_distance)


for cost, cut in ((-1.5, -1), (-0.9, 0), (-1, -1)):
    plain, path = package(cost, False), package(cost, True)
    print(f"cost {cost}: without a path {plain:.1f} with a path {path:.1f}")
    assert isclose(plain, DISTANCE * cost) and path == DISTANCE * cut
PY
