#!/usr/bin/env bash
# glhmm 1.1.2: a threshold for the length of visits leaves short ones out of the lengths and not out of
# the onsets: a state without a visit has two onsets.
#
# Packages: glhmm 1.1.2, numpy 1.26.4, scipy 1.11.4, scikit-learn 1.3.2, numba 0.59.1, h5py 3.11.0.
#
# Expected: `get_state_onsets(vpath, indices, threshold)` returns when each state activates, where
# `get_visits` is used "to compute the visits and exclude those below the threshold". `get_visits`
# returns their lengths and the "onset time points for each visit".
#
# Happens: an onset is noted before it is known how long the visit lasts.
#
# Seen, 20 steps of state 0, 2 of state 1, 30 of 0, 3 of 1, 15 of 0, threshold 5:
#             visits longer than 5     lengths      onsets
#   state 0   at 0, 22, 55             20 30 15     0 22 55
#   state 1   none                     none         20 52
# 4,000 visits whose lengths are geometric with mean 4, threshold 5: 955 longer ones, 4,000 onsets.
#
# Matters for: responses to the onsets of states; lengths and onsets of `get_visits` do not go together.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 scipy==1.11.4 scikit-learn==1.3.2 numba==0.59.1 h5py==3.11.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps glhmm==1.1.2
venv/bin/python -W ignore - <<'PY'
import numpy as np
from glhmm.utils import get_state_onsets, get_visits

THRESHOLD = 5


def path(lengths):
    """A path whose visits of states 0, 1, 0, ... have these lengths, and where they begin."""
    states = np.repeat(np.arange(len(lengths)) % 2, lengths)
    return np.eye(2)[states], np.concatenate([[0], np.cumsum(lengths)[:-1]])


def compare(lengths):
    lengths = np.array(lengths)
    viterbi, begins = path(lengths)
    onsets = get_state_onsets(viterbi, np.array([[0, len(viterbi)]]), threshold=THRESHOLD)[0]
    for state in (0, 1):
        long = (lengths > THRESHOLD) & (np.arange(len(lengths)) % 2 == state)
        found, same = get_visits(viterbi, state, THRESHOLD)
        assert np.array_equal(found, lengths[long]) and same == onsets[state]
        assert np.array_equal(onsets[state], begins[state::2])  # all of them
        yield begins[long], found, onsets[state]


for state, (right, found, onsets) in enumerate(compare([20, 2, 30, 3, 15])):
    print(f"state {state}: long visits begin at {right.tolist()}, lengths {found}, onsets {[int(onset) for onset in onsets]}")
assert len(right) == 0 and len(onsets) == 2

rows = list(compare(np.random.default_rng(0).geometric(1 / 4, 4000)))
long, onsets = (sum(len(row[i]) for row in rows) for i in (0, 2))
print(f"4,000 visits: {long} longer than {THRESHOLD}, {onsets} onsets")
assert onsets == 4000 and long < 1200
PY
