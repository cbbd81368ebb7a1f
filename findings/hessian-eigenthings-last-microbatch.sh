#!/usr/bin/env bash
# hessian-eigenthings 1.0.0a5: a batch that is cut up to save memory has another Hessian: its last,
# shorter piece counts as much as a full one, and so does the last batch of an epoch.
#
# Packages: hessian-eigenthings 1.0.0a5, torch 2.13.0 (CPU), numpy 2.4.6, scipy 1.17.1, tqdm 4.67.1.
#
# Expected: `microbatch_size` splits a batch "into smaller chunks" for less memory. A guard refuses
# models with batch normalisation, which would give "the Hessian of a different loss"; for all
# others it is the same Hessian. `EmpiricalFisherOperator` is "(1/N) sum of g g'" over samples.
#
# Happens: the mean over chunks is taken without their sizes: of 9 samples in chunks of 4 the ninth
# has a weight of 1/3 instead of 1/9. The mean over the batches of a loader is taken alike, which
# the Hessian's page says ("averaged over batches") and the Fisher matrix's does not.
#
# Seen, linear regression on three inputs, 9 samples, the ninth ten times as long, top eigenvalue
# of the Hessian (microbatches) and of the empirical Fisher matrix (batches):
#   definition                       82.4    13,575
#   in one piece, or pieces of 3     82.4    13,575
#   in pieces of 4, the last of 1   244.9    40,720
#   in pieces of 8, the last of 1   366.7    61,079
#
# Matters for: sharpness, traces and spectra wherever the batch is no multiple of the chunk, or the
# data none of the batch: a few samples at the end can make the top eigenvalue.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 tqdm==4.67.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps hessian-eigenthings==1.0.0a5
venv/bin/python -W ignore - <<'PY'
import torch
from hessian_eigenthings import EmpiricalFisherOperator, HessianOperator

SAMPLES, INPUTS = 9, 3
torch.set_default_dtype(torch.float64)
torch.manual_seed(0)
model = torch.nn.Linear(INPUTS, 1, bias=False)
x, y = torch.randn(SAMPLES, INPUTS), torch.randn(SAMPLES, 1)
x[-1] *= 10


def loss(model, batch):
    return ((model(batch[0]) - batch[1]) ** 2).mean()


def top(matrix):
    return float(torch.linalg.eigvalsh(matrix)[-1])


def dense(operator):
    return torch.stack([operator.matvec(unit) for unit in torch.eye(INPUTS)])


with torch.no_grad():
    gradients = 2 * (model(x) - y) * x
hessian, fisher = 2 * x.T @ x / SAMPLES, gradients.T @ gradients / SAMPLES
print(f"definition: Hessian {top(hessian):.1f}, Fisher {top(fisher):.0f}")
for size in (SAMPLES, 3, 1, 4, 8):
    pieces = list(zip(x.split(size), y.split(size)))
    cut = dense(HessianOperator(model, [(x, y)], loss, microbatch_size=size))
    batches = dense(HessianOperator(model, pieces, loss))
    squares = dense(EmpiricalFisherOperator(model, pieces, loss))
    print(f"pieces of {size}: Hessian {top(cut):.1f}, over batches {top(batches):.1f}, Fisher {top(squares):.0f}")
    weights = torch.cat([torch.full((len(part),), 1 / len(part) / len(pieces)) for part, _ in pieces])
    assert torch.allclose(cut, 2 * (weights[:, None] * x).T @ x) and torch.allclose(batches, cut)
    assert torch.allclose(squares, (weights[:, None] * gradients).T @ gradients)
    even = SAMPLES % size == 0
    assert torch.allclose(cut, hessian) == even and torch.allclose(squares, fisher) == even
    assert even or min(top(cut) / top(hessian), top(squares) / top(fisher)) > 2.9
PY
