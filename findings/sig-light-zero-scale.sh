#!/usr/bin/env bash
# sig-light 0.2.5: the gradient of a signature with respect to a scale that is zero is zero: a channel that is
# switched off is never switched on again.
#
# Packages: sig-light 0.2.5, numpy 2.4.6.
#
# Expected: `sigscalebackprop` gives the gradients "w.r.t. the inputs of sigscale", which multiplies the entry of
# each word by the scales of its letters: a polynomial, whose slope at zero is the part that is linear.
# For the first level it is the signature itself, whatever the scale is.
#
# Happens: each part of the gradient is the scaled entry divided by the scale, and where the scale is zero 0 is
# taken for 0 / 0.
#
# Seen, a path of 5 points in two dimensions, depth 3, a random loss; gradient with respect to the two scales
#   scales       found               right (central differences, and the sum over words)
#   1.5, -0.5    -1.8868, 1.2422     -1.8868, 1.2422
#   0, 1         0, -1.2432          -2.0774, -1.2432
#   0, 0         0, 0                0.5170, -0.0468
#
# Matters for: learned scales that begin at zero or are kept at or above zero, and for choosing channels.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check sig-light==0.2.5 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
import itertools
import math

import numpy as np
from sig_light import sig, sigscale, sigscalebackprop

DIMENSIONS, DEPTH = 2, 3
rng = np.random.default_rng(0)
signature = sig(rng.standard_normal((5, DIMENSIONS)), DEPTH)
loss = rng.standard_normal(signature.shape)
words = [word for level in range(1, DEPTH + 1) for word in itertools.product(range(DIMENSIONS), repeat=level)]


def by_words(scales):
    """Sum over words and places of a letter: all other letters' scales times the entry."""
    found = np.zeros(DIMENSIONS)
    for word, entry, weight in zip(words, signature, loss, strict=True):
        for place, letter in enumerate(word):
            found[letter] += weight * entry * math.prod(scales[other] for k, other in enumerate(word) if k != place)
    return found


def by_differences(scales, step=1e-6):
    found = []
    for letter in range(DIMENSIONS):
        move = step * np.eye(DIMENSIONS)[letter]
        up, down = (loss @ sigscale(signature, scales + sign * move, DIMENSIONS, DEPTH) for sign in (1, -1))
        found.append((up - down) / (2 * step))
    return np.array(found)


for scales in np.array([[1.5, -0.5], [0.0, 1.0], [0.0, 0.0]]):
    of_signature, found = sigscalebackprop(loss, signature, scales, DIMENSIONS, DEPTH)
    right = by_words(scales)
    print("scales", scales, "found", found.round(4), "right", right.round(4))
    assert np.allclose(right, by_differences(scales), atol=1e-6)
    assert np.allclose(found[scales != 0], right[scales != 0])
    assert (found[scales == 0] == 0).all() and (abs(right[scales == 0]) > 0.04).all()
PY
