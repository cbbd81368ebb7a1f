#!/usr/bin/env bash
# sequentia 2.6.0: a warping window of 0, by its page the Euclidean distance, makes every distance infinite, and
# with `use_c=True` warps without a limit; so does any window that is less than one step.
#
# Packages: sequentia 2.6.0, hmmlearn 0.3.3, dtaidistance 2.5.1, scikit-learn 1.6.1, numba 0.68.1, numpy 2.4.6,
# scipy 1.17.1, pydantic 2.14.4.
#
# Expected: `window` of `KNNClassifier` is the Sakoe-Chiba band as a fraction of the shorter sequence; "a window
# of 0 is equivalent to Euclidean distance". Two functions, compiled or not, compute the same.
#
# Happens: the fraction becomes a whole number of steps, rounded down, and goes to dtaidistance. There 1 is
# the Euclidean distance. At 0 its Python code has no place left, so that all distances are infinite and
# the first training sequence is the nearest; its C code takes 0 for no window.
#
# Seen, two sequences of 6 steps, one peak each, at step 3 and at step 5; and 40 sequences of two classes, a peak
# early or late, the nearest of 2, share of right classes:
#   window        0, right       0, found       .1 found      .2 found
#   Python        1.414          infinite       infinite      1.414
#   C             1.414          0              0             1.414
#   classes       1.00           .50            .50           1.00       (Python)
#
# Matters for: searches for the best window, which begin at 0, and short sequences.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.6.1 numba==0.68.1 pydantic==2.14.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps hmmlearn==0.3.3 dtaidistance==2.5.1 sequentia==2.6.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from sequentia.models import KNNClassifier

STEPS, TESTS = 6, 40
early, late = np.eye(STEPS)[2][:, None], np.eye(STEPS)[4][:, None]
rng = np.random.default_rng(0)
classes = np.arange(TESTS) % 2
tests = np.vstack([(late if label else early) + rng.normal(scale=0.1, size=(STEPS, 1)) for label in classes])
euclid = np.linalg.norm(early - late)


def nearest(window, use_c):
    return KNNClassifier(k=1, window=window, use_c=use_c, random_state=0).fit(np.vstack([early, late]), [0, 1], lengths=[STEPS] * 2)


def right_classes(window, use_c):
    return (nearest(window, use_c).predict(tests, lengths=[STEPS] * TESTS) == classes).mean()


by_hand = [int(np.linalg.norm(test - late) < np.linalg.norm(test - early)) for test in tests.reshape(TESTS, STEPS, 1)]
print(f"right: distance {euclid:.3f}, share {(by_hand == classes).mean():.2f}")
assert (by_hand == classes).all()
for use_c in (False, True):
    for window in (0.0, 0.1, 0.2, 1.0):
        distance, share = nearest(window, use_c).dtw(early, late), right_classes(window, use_c)
        print(f"use_c {use_c}, window {window}: distance {distance:.3f}, share {share:.2f}")
        if window == 0.2:
            assert np.isclose(distance, euclid) and share == 1
        elif window < 0.2:
            assert distance == (0 if use_c else np.inf)
            assert use_c or share == 0.5
PY
