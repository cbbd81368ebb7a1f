#!/usr/bin/env bash
# samplings 0.1.7: drawing from the likeliest letters zeros the distribution that is passed
# in: what is drawn or scored with it next is another one.
#
# Packages: samplings 0.1.7, numpy 2.4.6.
#
# Expected: `top_k_sampling` and `top_p_sampling` return a letter, or with
# `return_probs=True` a modified distribution to go on with; an array that is passed in
# stays as it is, as a list does.
#
# Happens: the array is wrapped in a masked one that shares its memory, and subtracted from
# itself in place, so that the entries left out become 0 in the caller's array, which sums
# to less than 1 from then on. Nucleus sampling with p afterwards compares with p sums
# that never reach it.
#
# Seen, letters with .4 .3 .2 .1, an array and a list, in this order:
#   top-k of 2                        .571 .429 0 0          with both
#   the distribution afterwards       .4 .3 0 0              .4 .3 .2 .1
#   its entropy in bits               1.05                   1.85
#   probability of the letter .2      0 (infinitely many bits)   .2
#   nucleus of .75 afterwards         .571 .429 0 0          .444 .333 .222 0
#
# Matters for: comparing ways of sampling, or generating and scoring, from one array of a
# model's probabilities.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps samplings==0.1.7
venv/bin/python - <<'PY'
import numpy as np
from samplings import top_k_sampling, top_p_sampling

GIVEN = [0.4, 0.3, 0.2, 0.1]


def kept(number):
    """The first letters alone, normalised."""
    parts = np.where(np.arange(len(GIVEN)) < number, GIVEN, 0)
    return parts / parts.sum()


def bits(probabilities):
    positive = np.asarray(probabilities)[np.asarray(probabilities) > 0]
    return float(-(positive * np.log2(positive)).sum())


for kind in (np.array, list):
    letters = kind(GIVEN)
    first = top_k_sampling(letters, 2, return_probs=True)
    print(f"{kind.__name__:5}  top-k of 2", first.round(3), " the distribution afterwards", np.round(letters, 3), f" {bits(letters):.2f} bits")
    after = np.array(letters)
    second = top_p_sampling(letters, 0.75, return_probs=True)
    print(f"{kind.__name__:5}  nucleus of .75 afterwards", second.round(3))
    assert np.allclose(first, kept(2))
    assert np.allclose(after, GIVEN if kind is list else [0.4, 0.3, 0, 0])
    assert np.allclose(second, kept(3 if kind is list else 2))
letters = np.array(GIVEN)
top_p_sampling(letters, 0.5, seed=0)
print("after drawing one letter from a nucleus of .5:", letters)
assert np.allclose(letters, [0.4, 0.3, 0, 0])
PY
