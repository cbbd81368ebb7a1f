#!/usr/bin/env bash
# timescoring 0.0.7: the least overlap of a detection is measured against the event and its tolerances together: with a half
# asked for, annotations that are the same in every sample have a sensitivity of 0.
#
# Packages: timescoring 0.0.7, numpy 2.4.6.
#
# Expected: `minOverlap` is the "minimum relative overlap between ref and hyp for a detection"; `toleranceStart`
# and `toleranceEnd` "allow some tolerance" of 30 and 60 seconds "without counting a false detection" (its
# documentation). What is found exactly has an overlap of 1, and more tolerance makes no detection worse.
#
# Happens: the event is lengthened by both tolerances first, and what is found of it is divided by the longer
# duration: an event of 10 seconds that is found exactly has an overlap of 10 / 100.
#
# Seen, events of 10 and 40 seconds, hypothesis and reference the same
#   least overlap   tolerances 30 and 60          no tolerance
#   0               sensitivity 1, precision 1    1, 1
#   0.2             0.5, 0.5                      1, 1
#   0.5             0, 0 (two false alarms)       1, 1
#
# Matters for: comparing detectors of events (seizures, for which it is made) with any overlap but the default 0:
# short events cannot be found.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check timescoring==0.0.7 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
from timescoring.annotations import Annotation
from timescoring.scoring import EventScoring

EVENTS, RATE, SECONDS = [(100, 110), (500, 540)], 10, 1000
same = Annotation(EVENTS, RATE, RATE * SECONDS)


def told(overlap, **tolerances):
    score = EventScoring(same, same, EventScoring.Parameters(minOverlap=overlap, **tolerances))
    return score.sensitivity, score.precision


def right(overlap):
    """Part of each event that the hypothesis has."""
    found = [same.mask[RATE * a : RATE * b].mean() > overlap for a, b in EVENTS]
    return sum(found) / len(found)


def as_found(overlap, start=30, end=60):
    found = [(b - a) / (b - a + start + end) > overlap for a, b in EVENTS]
    return sum(found) / len(found)


for overlap, expected in ((0.0, 1.0), (0.2, 0.5), (0.5, 0.0)):
    found, strict = told(overlap), told(overlap, toleranceStart=0, toleranceEnd=0)
    print(f"least overlap {overlap}: sensitivity and precision {found}, without tolerance {strict}, right {right(overlap)}")
    assert right(overlap) == 1 and strict == (1.0, 1.0)
    assert found == (expected, expected) and as_found(overlap) == expected
PY
