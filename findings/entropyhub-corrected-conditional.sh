#!/usr/bin/env bash
# EntropyHub 2.0: the correction of the corrected conditional entropy is that of one
# dimension less, so that noise looks regular after all.
#
# Packages: EntropyHub 2.0, numpy 1.26.4, scipy 1.14.1, matplotlib 3.9.4, EMD-signal 1.9.0,
# requests 2.32.5.
#
# Expected: `CondEn(Sig, m, c)` is documented as Porta's corrected conditional entropy:
# E(L) - E(L-1) + perc(L) E(1), where E(L) is the entropy of patterns of L symbols and
# perc(L) the fraction of patterns of L symbols that are seen once. A pattern seen once
# always predicts itself, and the correction takes that for no prediction at
# all: for white noise the measure stays at E(1) or above, however long the patterns.
#
# Happens: perc(L-1) is taken, from the shorter patterns, which are seen more than once when
# the longer ones are not any more. In between the measure drops as the uncorrected one
# does. (Besides, counts are divided by the length of the series instead of the number
# of patterns, so that probabilities do not sum to 1.)
#
# Seen, white noise, 300 values, 6 symbols, L = 1 to 6:
#   EntropyHub     1.442 1.400 1.297 1.091 1.008 1.206
#   by definition  1.442 1.440 1.454 1.468 1.510 1.488
#   with perc(L-1) 1.442 1.406 1.304 1.098 1.006 1.206
#
# Matters for: the minimum over L, which is what the measure is used for: 30 % below
# that of noise for noise, and so for every signal with a short record.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 scipy==1.14.1 matplotlib==3.9.4 requests==2.32.5 EMD-signal==1.9.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps EntropyHub==2.0
venv/bin/python -W ignore - <<'PY'
from collections import Counter

import numpy as np
from EntropyHub import CondEn

LONGEST, SYMBOLS = 6, 6
signal = np.random.default_rng(0).normal(size=300)
letters = np.digitize(signal, np.linspace(signal.min(), signal.max(), SYMBOLS + 1)[1:-1]).tolist()


def entropy(length):
    """Entropy of the patterns of this length, and the fraction of them that is seen once."""
    counts = np.array(list(Counter(tuple(letters[t : t + length]) for t in range(len(letters) - length + 1)).values()))
    p = counts / counts.sum()
    return -(p * np.log(p)).sum(), (counts == 1).sum() / counts.sum()


entropies, once = np.array([entropy(length) for length in range(1, LONGEST + 1)]).T
right = np.append(entropies[0], np.diff(entropies) + once[1:] * entropies[0])
shorter = np.append(entropies[0], np.diff(entropies) + once[:-1] * entropies[0])
found = CondEn(signal, m=LONGEST, c=SYMBOLS)[0]
for name, values in (("EntropyHub", found), ("by definition", right), ("with perc(L-1)", shorter)):
    print(f"{name:15}", *(f"{value:.3f}" for value in values))
assert np.abs(found - shorter).max() < 0.01
assert right.min() > 0.99 * right[0] and found.min() < 0.75 * right[0]
PY
