#!/usr/bin/env bash
# pytorch-adaptive-computation-time 0.1.3: the gradient for the halting probabilities is not
# that of the state: what a step gains is not taken from the last one.
#
# Packages: pytorch-adaptive-computation-time 0.1.3, torch 2.13.0, numpy 2.4.6.
#
# Expected: the state of a cell is the mean of its inner states, weighted with the halting
# probabilities and, for the last one, with what is left of 1 (Graves 2016). More weight for
# an early step is as much less for the last: the gradient is the difference of two states.
# The last probability is in neither the state nor the cost of pondering.
#
# Happens: what is left of 1 is worked out without a gradient, from a sum that has the last
# probability in it, which is then added with its gradient. The state is right. Its gradient
# is a state instead of a difference of states, and the last probability has one, too.
#
# Seen, three inner steps, probabilities 0.2, 0.3, 0.25, inner states 0.90, 0.50, 0.80:
#                      state              cost of pondering
#   right              0.10 -0.30 0.00    -1 -1  0
#   from backward()    0.90  0.50 0.80    -1 -1 -1
#
# Matters for: training. The halting unit is told to stop where states are large, not where
# they are better than the last one; for the second step the sign is the wrong one.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pytorch-adaptive-computation-time==0.1.3
venv/bin/python - <<'PY'
import torch
from pytorch_adaptive_computation_time.models import AdaptiveCellWrapper

STATES, PROBABILITIES = [0.9, 0.5, 0.8], [0.2, 0.3, 0.25]


class Listed(torch.nn.Module):
    """A cell, or a halting unit, that answers with the next number of a list."""

    hidden_size = 1

    def __init__(self, numbers):
        super().__init__()
        self.numbers, self.calls = numbers, 0

    def forward(self, *_):
        self.calls += 1
        return self.numbers[self.calls - 1].reshape(1, 1)


def gradients(value, probabilities):
    grad = torch.autograd.grad(value, probabilities, allow_unused=True, retain_graph=True)[0]
    return [round(number, 4) + 0.0 for number in grad.tolist()]


p = torch.tensor(PROBABILITIES, requires_grad=True)
wrapper = AdaptiveCellWrapper(Listed(torch.tensor(STATES)), time_penalty=1.0)
wrapper._halting_unit = Listed(p)
state, cost, steps = wrapper(torch.zeros(1, 1))
assert steps.item() == 3

left = 1 - p[0] - p[1]
right_state = p[0] * STATES[0] + p[1] * STATES[1] + left * STATES[2]
right_cost = 3 + left
assert abs(state.item() - right_state.item()) < 1e-6
right, seen = gradients(right_state, p), gradients(state, p)
print("state  right", *right, " from backward()", *seen)
assert right == [0.1, -0.3, 0.0] and seen == STATES
right, seen = gradients(right_cost, p), gradients(cost, p)
print("cost   right", *right, " from backward()", *seen)
assert right == [-1, -1, 0] and seen == [-1, -1, -1]
PY
