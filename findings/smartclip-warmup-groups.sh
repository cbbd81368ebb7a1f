#!/usr/bin/env bash
# smartclip 0.1.1: a warm-up is counted in groups, not in steps: with one threshold for each parameter
# a warm-up of 100 steps and a history of 50 are over after 3 steps in a model with 48 parameters.
#
# Packages: smartclip 0.1.1, torch 2.13.0, numpy 2.4.6.
#
# Expected: "Clipping is disabled while either warmup_steps is not exhausted or the observed history count
# is below min_history." By default these are 100 steps and 50 norms. Each group (parameter or layer) has
# its own history; for none of them anything is clipped before its 100th step.
#
# Happens: one counter for all groups, of steps too, goes up with each norm that is seen. The larger the
# model, the sooner thresholds are used that stand on a few norms.
#
# Seen, gradients with norms drawn around 1, warmup_steps = 100, min_history = 50
#                           AutoClip                          ZScoreClip
#                           first clipped   before step 100   first clipped   before step 100
#   global, 48 parameters   not in 130      0                 not in 130      0
#   per_param, 1            not in 130      0                 not in 130      0
#   per_param, 12           step 18         21 gradients      step 10         79 gradients
#   per_param, 48           step 3          158               step 3          391
#
# Matters for: the first steps of training, which a warm-up is to leave alone.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps smartclip==0.1.1
venv/bin/python -W ignore - <<'PY'
import torch
from smartclip import AutoClip, ZScoreClip
from smartclip.backends.torch import apply

WARMUP, HISTORY, STEPS = 100, 50, 130


class Model(torch.nn.Module):
    def __init__(self, count):
        super().__init__()
        self.weights = torch.nn.ParameterList(torch.nn.Parameter(torch.ones(10)) for _ in range(count))


def first_clip(kind, scope, count):
    """The first step at which a gradient is changed, and how many of the first 99 x count gradients are."""
    torch.manual_seed(0)
    model, clipper = Model(count), kind(scope=scope, warmup_steps=WARMUP, min_history=HISTORY)
    first, changed = None, 0
    for step in range(1, STEPS + 1):
        before = []
        for weight in model.weights:
            direction = torch.randn(10)
            weight.grad = direction / direction.norm() * torch.empty(()).log_normal_(0, 0.5)
            before.append(weight.grad.clone())
        apply(model, clipper)
        now = sum(not torch.equal(old, weight.grad) for old, weight in zip(before, model.weights))
        first = step if first is None and now else first
        changed += now if step < WARMUP else 0
    return first, changed


found = {}
for kind in (AutoClip, ZScoreClip):
    for scope, count in (("global", 48), ("per_param", 1), ("per_param", 12), ("per_param", 48)):
        found[kind.__name__, scope, count] = first_clip(kind, scope, count)
        print(kind.__name__, scope, f"{count} parameters: first clipped at step {found[kind.__name__, scope, count][0]},", f"{found[kind.__name__, scope, count][1]} gradients before step 100")
for name in ("AutoClip", "ZScoreClip"):
    for scope, count in (("global", 48), ("per_param", 1)):
        first, changed = found[name, scope, count]
        assert (first is None or first >= WARMUP) and changed == 0
    for count in (12, 48):
        first, changed = found[name, "per_param", count]
        assert first < 20 and changed > 0
assert found["ZScoreClip", "per_param", 48][0] <= 4
PY
