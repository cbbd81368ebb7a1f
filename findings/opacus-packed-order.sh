#!/usr/bin/env bash
# opacus 1.6.0: per-sample gradients of packed sequences come in the order of their lengths for
# recurrent layers and in the batch's for all others: row i is of two samples.
#
# Packages: opacus 1.6.0, torch 2.13.0, numpy 2.4.6, scipy 1.17.1, opt-einsum 3.4.0.
#
# Expected: `GradSampleModule` gives every parameter a `grad_sample` whose first dimension is
# the batch: row i is the gradient of sample i alone. DPLSTM, DPGRU and DPRNN take packed
# sequences, `enforce_sorted=False` among them, and return the same outputs as torch's.
#
# Happens: inside a packed batch sequences are sorted, longest first. Outputs are put back into
# the batch's order; per-sample gradients are not. A linear layer behind has them in the
# batch's order. The norm of a row, by which it is clipped, is then of parts of two samples.
#
# Seen, DPLSTM and a linear layer, sample i with weight 2^i; norms of the rows of `grad_sample`:
#   lengths                     7      3      5      1      7      2
#   LSTM, each alone         0.57   0.86   1.86   3.79   8.37  18.59
#   LSTM, rows               0.57   8.37   1.86   0.86  18.59   3.79
#   linear, each alone       1.04   2.03   4.09   8.10  16.46  34.54
#   linear, rows             1.04   2.03   4.09   8.10  16.46  34.54
#   lengths 7 7 5 3 2 1, sorted already: all rows as alone; DPGRU and DPRNN alike
#
# Matters for: gradient norms, influences and clipping by sample wherever sequences differ in
# length. Sort the batch by length first, and pack with `enforce_sorted=True`.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 opt-einsum==3.4.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps opacus==1.6.0
venv/bin/python -W ignore - <<'PY'
import torch
from opacus import GradSampleModule
from opacus.layers import DPGRU, DPLSTM, DPRNN
from torch.nn.utils.rnn import pack_padded_sequence

LENGTHS = {"sorted": [7, 7, 5, 3, 2, 1], "as they come": [7, 3, 5, 1, 7, 2]}


class Reader(torch.nn.Module):
    """The sum of a linear layer of the last hidden state of each sequence: [batch]."""

    def __init__(self, layer):
        super().__init__()
        self.recurrent, self.head = layer(4, 5, batch_first=True), torch.nn.Linear(5, 1)

    def forward(self, sequences, lengths):
        packed = pack_padded_sequence(sequences, lengths, batch_first=True, enforce_sorted=False)
        last = self.recurrent(packed)[1]
        return self.head((last[0] if isinstance(last, tuple) else last)[-1])[:, 0]


for layer, plain in ((DPLSTM, torch.nn.LSTM), (DPGRU, torch.nn.GRU), (DPRNN, torch.nn.RNN)):
    for name, lengths in LENGTHS.items():
        torch.manual_seed(0)
        model, reference = Reader(layer), Reader(plain)
        reference.recurrent.load_state_dict(model.recurrent.state_dict())
        reference.head.load_state_dict(model.head.state_dict())
        sequences, weights = torch.randn(6, 7, 4), 2.0 ** torch.arange(6)
        per_sample = GradSampleModule(model, loss_reduction="sum")
        outputs = per_sample(sequences, torch.tensor(lengths))
        (outputs * weights).sum().backward()
        found = {part: [p.grad_sample.flatten(1) for p in getattr(model, part).parameters()] for part in ("recurrent", "head")}

        alone = {"recurrent": [], "head": []}
        for i, length in enumerate(lengths):
            reference.zero_grad()
            output = reference(sequences[i : i + 1], torch.tensor([length]))
            assert torch.allclose(output, outputs[i], atol=1e-6)
            (output * weights[i]).sum().backward()
            for part, norms in alone.items():
                norms.append(torch.cat([p.grad.flatten() for p in getattr(reference, part).parameters()]).norm())
        order = torch.sort(torch.tensor(lengths), descending=True)[1]
        for part, gradients in found.items():
            norms, right = torch.cat(gradients, 1).norm(dim=1), torch.stack(alone[part])
            print(f"{layer.__name__} {part:9} lengths {lengths}: alone", *(f"{x:6.2f}" for x in right), "  rows", *(f"{x:6.2f}" for x in norms))
            assert torch.allclose(norms, right[order] if part == "recurrent" else right, rtol=1e-4)
            assert torch.allclose(norms, right, rtol=1e-4) == (part == "head" or name == "sorted")
PY
