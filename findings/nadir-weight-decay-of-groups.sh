#!/usr/bin/env bash
# nadir 0.1.1: all groups of parameters decay alike: a group with a weight decay of 0 shrinks.
#
# Packages: nadir 0.1.1, torch 2.13.0, numpy 2.4.6.
#
# Expected: nadir's classes are `torch.optim.Optimizer`s, which take groups of parameters with
# options of their own. The usual split is weights that decay and biases that do not.
#
# Happens: only the rate is read from the group. Weight decay and the decays of the moments
# come from the configuration, in all optimisers. The group keeps the option that is set and
# shows it; changing it during training, as schedules do, has no effect either.
#
# Seen, Adam with a decoupled decay of 0.1 and rate 0.1, a group with `weight_decay` 0, gradients 0,
# weights of 1 after 50 steps:
#   torch.optim.AdamW  decaying 0.605   not decaying 1.000
#   nadir.Adam         decaying 0.605   not decaying 0.605
#   nadir's SGD and Lion the same
#
# Matters for: biases, gains of normalisations, embeddings: whatever was to be spared.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps nadir==0.1.1
OMP_NUM_THREADS=1 venv/bin/python - <<'PY'
import nadir
import torch

RATE, DECAY, STEPS = 0.1, 0.1, 50
SPARED = {"weight_decay": 0.0}


def after(make):
    """The weights of a group that decays and of one that does not, from 1."""
    weights = [torch.nn.Parameter(torch.ones(1)) for _ in range(2)]
    optimizer = make([{"params": weights[:1]}, {"params": weights[1:], **SPARED}])
    assert [group["weight_decay"] for group in optimizer.param_groups] == [DECAY, 0.0]
    for _ in range(STEPS):
        for weight in weights:
            weight.grad = torch.zeros(1)
        optimizer.step()
    return [weight.item() for weight in weights]


decayed = (1 - RATE * DECAY) ** STEPS
right = after(lambda groups: torch.optim.AdamW(groups, lr=RATE, weight_decay=DECAY))
print(f"torch.optim.AdamW  decaying {right[0]:.3f}  spared {right[1]:.3f}")
assert abs(right[0] - decayed) < 1e-3 and right[1] == 1
for optimizer, config in ((nadir.Adam, nadir.AdamConfig), (nadir.SGD, nadir.SGDConfig), (nadir.Lion, nadir.LionConfig)):
    found = after(lambda groups, make=optimizer, options=config: make(groups, options(lr=RATE, weight_decay=DECAY)))
    print(f"nadir.{optimizer.__name__:12} decaying {found[0]:.3f}  spared {found[1]:.3f}")
    assert abs(found[0] - decayed) < 1e-3 and abs(found[1] - decayed) < 1e-3
PY
