#!/usr/bin/env bash
# segeval 2.0.11: segments whose labels are above 256 or NumPy numbers: P_k and WindowDiff are 0, perfect, whatever is
# compared.
#
# Packages: segeval 2.0.11, numpy 2.4.6.
#
# Expected: `pk` and `window_diff` with `boundary_format="position"`, a label for each unit that says which segment it
# belongs to (Beeferman et al. 1999; Pevzner and Hearst 2002): any numbers, and what they are does not matter.
#
# Happens: labels are compared by `is` and `is not`, as objects. Python keeps one object for each whole number up to 256;
# larger ones read from a file, and all NumPy numbers, are objects of their own. All units then seem to lie in
# segments of their own, in both texts alike.
#
# Seen, 20 units in four segments of 5 against one segment, windows of 2; labels count up from the number given
#   first label          0       250     254     300     0, NumPy
#   P_k                  0.333   0.333   0.5     0       0
#   WindowDiff           0.333   0.333   0.5     0       0
#   given as masses      0.333 for all
#
# Matters for: labels that are sentence numbers or offsets into a text, and texts of more than 256 segments: the later part
# counts as right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps segeval==2.0.11
venv/bin/python -W ignore - <<'PY'
import numpy
import segeval

WINDOW = 2
SEGMENTS, ONE = (5, 5, 5, 5), (20,)


def labels(masses, first):
    """Labels as they are read from a line of text: each is a number of its own."""
    line = " ".join(str(first + i) for i, mass in enumerate(masses) for _ in range(mass))
    return tuple(int(word) for word in line.split())


def right(reference, hypothesis):
    """The share of windows whose ends are in one segment for only one of the two, and in which the counts of borders differ."""
    ends = counts = 0
    starts = range(len(reference) - WINDOW)
    for i in starts:
        borders = [sum(x[j] != x[j + 1] for j in range(i, i + WINDOW)) for x in (reference, hypothesis)]
        ends += (reference[i] == reference[i + WINDOW]) != (hypothesis[i] == hypothesis[i + WINDOW])
        counts += borders[0] != borders[1]
    return ends / len(starts), counts / len(starts)


def found(reference, hypothesis, form="position"):
    settings = {"boundary_format": form, "window_size": WINDOW}
    return tuple(float(f(hypothesis, reference, **settings)) for f in (segeval.pk, segeval.window_diff))


seen = {0: 6 / 18, 250: 6 / 18, 254: 9 / 18, 300: 0.0, 10_000: 0.0}
for first, wanted in seen.items():
    pair = labels(SEGMENTS, first), labels(ONE, first)
    print(f"labels from {first}: right {right(*pair)[0]:.3f} {right(*pair)[1]:.3f}, found", *(f"{x:.3f}" for x in found(*pair)))
    assert right(*pair) == (6 / 18, 6 / 18) and all(abs(x - wanted) < 1e-9 for x in found(*pair))
arrays = tuple(tuple(numpy.array(x)) for x in (labels(SEGMENTS, 0), labels(ONE, 0)))
print("NumPy labels from 0:", found(*arrays), "masses:", found(SEGMENTS, ONE, "mass"))
assert found(*arrays) == (0.0, 0.0) and right(*arrays) == (6 / 18, 6 / 18)
assert all(abs(x - 6 / 18) < 1e-9 for x in found(SEGMENTS, ONE, "mass"))
PY
