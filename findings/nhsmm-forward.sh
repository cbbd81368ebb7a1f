#!/usr/bin/env bash
# nhsmm 0.0.4a0: the forward pass of a hidden semi-Markov model begins a second time after the first
# observation, which is counted twice.
#
# Packages: nhsmm 0.0.4a0, torch 2.13.0, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, matplotlib 3.11.2.
#
# Expected: `score` is the log-likelihood: the sum over all ways to cut the sequence into segments of a
# state and a duration. A first segment has the probability of its state at the start, one of its
# duration, and those of what is seen in it.
#
# Happens: at the first step segments of every duration are entered, as if all of them ended there
# with one observation. A segment that begins with the sequence and ends later takes them for
# what was before it, with a transition, and has the first observation again.
#
# Seen, two states, durations to 3, no context:
#   observations    1         2         3         4         5
#   enumeration     -2.491    -3.069    -3.742    -5.124    -6.444
#   score           -2.491    -3.686    -4.399    -5.604    -6.894
#
# Matters for: training, which climbs this number, and comparing models by it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps nhsmm==0.0.4a0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import math

import torch
from nhsmm import HSMM, HSMMConfig

LONGEST, SEEN = 3, [0.3, -0.2, 1.1, 0.8, 0.1]
START, CHANGE, LAST, MEANS = [0.9, 0.1], [[0.1, 0.9], [0.7, 0.3]], [[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]], [0.0, 1.0]
model = HSMM(HSMMConfig(n_states=2, n_features=1, max_duration=LONGEST, seed=0))
model.init_dist()
model.eval()
parts = model.dist
with torch.no_grad():
    for part in (parts.initial, parts.duration, parts.transition, parts.emission):
        part.delta_scale.zero_()  # the context has no effect
    parts.initial.logits.copy_(torch.tensor(START).log())
    parts.duration.logits.copy_(torch.tensor(LAST).log())
    parts.transition.logits.copy_(torch.tensor(CHANGE).log()[:, None, :].expand(2, LONGEST, 2))
    parts.emission.mu.copy_(torch.tensor(MEANS)[:, None])
variances = torch.nn.functional.softplus(parts.emission.log_var)[:, 0].tolist()
show = [[math.exp(-((x - m) ** 2) / (2 * v)) / math.sqrt(2 * math.pi * v) for m, v in zip(MEANS, variances)] for x in SEEN]


def segment(begin, state, duration):
    return LAST[state][duration - 1] * math.prod(show[t][state] for t in range(begin, begin + duration))


def rest(begin, before, length):
    """Probability of what is seen from `begin` on, over all ways to cut it."""
    if begin == length:
        return 1.0
    choose = START if before is None else CHANGE[before]
    cuts = [(state, duration) for state in (0, 1) for duration in range(1, min(LONGEST, length - begin) + 1)]
    return sum(choose[state] * segment(begin, state, duration) * rest(begin + duration, state, length) for state, duration in cuts)


def twice(length):
    """What the package computes for one or two observations, by hand."""
    first = {(s, d): START[s] * LAST[s][d - 1] * show[0][s] for s in (0, 1) for d in range(1, min(LONGEST, length) + 1)}
    if length == 1:
        return sum(first.values())
    return sum(value * CHANGE[s][now] * (segment(1, now, 1) + segment(0, now, 2)) for (s, d), value in first.items() if d <= 2 for now in (0, 1))


for length in range(1, len(SEEN) + 1):
    right = math.log(rest(0, None, length))
    found = model.score(torch.tensor(SEEN[:length])[:, None]).item()
    print(f"{length} observations: enumeration {right:.3f}, score {found:.3f}")
    if length <= 2:
        print(f"  by hand, with the first one twice {math.log(twice(length)):.3f}")
        assert abs(found - math.log(twice(length))) < 1e-4
    assert abs(found - right) < 1e-4 if length == 1 else abs(found - right) > 0.3
PY
