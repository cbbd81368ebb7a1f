#!/usr/bin/env bash
# rouge-torch 0.1.0: the differentiable loss has no gradient: added to a cross entropy it changes nothing, at any weight.
#
# Packages: rouge-torch 0.1.0, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: "Differentiable: can be used as a loss function for training", "operates directly on logits", "loss.backward()
# # Ready for training!".
#
# Happens: the first thing done with logits is argmax, and everything after it counts whole numbers. `loss.requires_grad` is
# False. Alone, `backward()` raises; as one term of several, which is how such a loss is used, nothing is said.
#
# Seen, the largest difference of the gradient of cross entropy + w * ROUGE loss from that of the cross entropy alone
#   w                        1     1,000
#   rouge_1, rouge_2, _l     0     0
# The loss itself is a step function of the logits: it stays at 1.25 in all 50 directions tried, at steps of 0.0001.
#
# Matters for: whoever trains for ROUGE with it: the ablation shows that it does neither good nor harm.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps rouge-torch==0.1.0
venv/bin/python -W ignore - <<'PY'
import torch
from rouge_torch import ROUGEScoreTorch

KINDS, LENGTH = 12, 8
torch.manual_seed(0)
scorer = ROUGEScoreTorch(KINDS)
logits = torch.randn(1, LENGTH, KINDS, requires_grad=True)
answer = torch.randint(1, KINDS, (1, LENGTH))
reference = [torch.nn.functional.one_hot(answer, KINDS).float()]


def entropy():
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), answer.flatten())


def gradient(loss):
    return torch.autograd.grad(loss, logits)[0]


plain = gradient(entropy())
for kind in ("rouge_1", "rouge_2", "rouge_l"):
    loss = scorer.compute_rouge_loss(logits, reference, rouge_types=[kind])
    for weight in (1.0, 1000.0):
        both = gradient(entropy() + weight * scorer.compute_rouge_loss(logits, reference, rouge_types=[kind]))
        print(f"{kind}: loss {float(loss):.3f}, needs gradient {loss.requires_grad}, weight {weight:g}: the sum's gradient differs by",
              float((both - plain).abs().max()))
        assert not loss.requires_grad and both.equal(plain) and plain.abs().max() > 0.01
try:
    scorer.compute_rouge_loss(logits, reference).backward()
except RuntimeError as error:
    print("alone:", error)
else:
    raise SystemExit("the loss alone has a gradient")
with torch.no_grad():
    near = {float(scorer.compute_rouge_loss(logits + 1e-4 * torch.randn_like(logits), reference)) for _ in range(50)}
print("values nearby:", near)
assert len(near) == 1
PY
