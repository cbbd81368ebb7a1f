#!/usr/bin/env bash
# ncps 1.0.1: with as many sequences as units, each sequence's time spans are taken for a unit's.
#
# Packages: ncps 1.0.1, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: CfC and LTC are for observations at uneven times: `timespans` has, for each sequence of
# the batch and each step, the time since the step before. A sequence's outputs are the same alone
# and in a batch.
#
# Happens: a step's spans, one for each sequence, are squeezed to one axis, and then meet the units
# on the last axis: unit j of every sequence is given the span of sequence j. Where the batch has
# another size than the state, an error of shapes is raised (the same with a third axis of 1); where
# they are equal, nothing is.
#
# Seen, 8 units, random spans, largest difference of outputs up to 1 from each sequence by itself:
#                  batch of 1   batch of 8
#   CfC            0            0.39
#   LTC            0            0.36
#   equal spans    0            0.0000
#
# Matters for: whoever settles on batch = units since it runs, and for spans in general: only batches
# of one sequence, or of equal spans, are right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps ncps==1.0.1 packaging==26.4
venv/bin/python -W ignore - <<'PY'
import torch
from ncps.torch import LTC, CfC

UNITS, STEPS = 8, 6
for kind in (CfC, LTC):
    torch.manual_seed(0)
    model = kind(3, UNITS).eval()

    @torch.no_grad()
    def apart(batch, equal=False):
        x = torch.randn(batch, STEPS, 3)
        spans = torch.rand(1 if equal else batch, STEPS).expand(batch, STEPS) * 3 + 0.1
        together = model(x, timespans=spans)[0]
        alone = [model(x[i : i + 1], timespans=spans[i : i + 1])[0] for i in range(batch)]
        return float((together - torch.cat(alone)).abs().max())

    one, eight, equal = apart(1), apart(UNITS), apart(UNITS, equal=True)
    print(f"{kind.__name__}: batch of 1 {one:.4f}, of {UNITS} {eight:.4f}, equal spans {equal:.4f}")
    assert one == 0 and eight > 0.05 and equal < 1e-5
    try:
        apart(4)
    except RuntimeError as error:
        print(f"  batch of 4: {error}")
    else:
        raise AssertionError("a batch of 4 is taken")
PY
