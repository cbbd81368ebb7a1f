#!/usr/bin/env bash
# titans-memory 0.3.0: the "memory as a context" never remembers: a segment knows nothing of
# the segments before.
#
# Packages: titans-memory 0.3.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: TitansMAC (Behrouz et al. 2024, equations 21 to 25) reads a sequence in segments.
# What is attended to in one is written into the long-term memory, "M_t = M_{t-1}.update(y_t)",
# and retrieved in the next. The package names it best for "Long Context".
#
# Happens: the update runs on a copy of the memory's weights and its result is thrown away;
# `retrieve` reads the weights as they were trained. No other way leads from one segment to
# the next.
#
# Seen, segments of 8 in a sequence of 64, three layers:
#   outputs of steps 8 to 63 with other symbols in steps 0 to 7: no difference (0.0)
#   outputs of each segment alone, with its positions: the same to the bit
# (An attention over all steps, for comparison, differs everywhere.)
#
# Matters for: whoever takes the model for long contexts: its context is one segment.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps titans-memory==0.3.0
OMP_NUM_THREADS=1 venv/bin/python - <<'PY'
import torch
from titans import TitansMAC

STEPS, SEGMENT, SYMBOLS = 64, 8, 11


def model(segment):
    torch.manual_seed(0)
    net = TitansMAC(vocab_size=SYMBOLS, d_model=16, n_layers=3, n_persistent=2, chunk_size=segment, max_seq_len=STEPS)
    return net.eval().requires_grad_(False)


generator = torch.Generator().manual_seed(0)
first, second = torch.randint(SYMBOLS, (2, 1, STEPS), generator=generator)
second[:, SEGMENT:] = first[:, SEGMENT:]  # only the first segment is another
net, whole = model(SEGMENT), model(STEPS)
later = {name: (m(first)["logits"] - m(second)["logits"])[:, SEGMENT:].abs().max().item() for name, m in (("segments", net), ("whole", whole))}
print(f"outputs after a first segment with other symbols: segments of {SEGMENT} {later['segments']}, one of {STEPS} {later['whole']:.3f}")
assert later["segments"] == 0.0 and later["whole"] > 0.01

x = net.tok_emb(first) + net.pos_emb(torch.arange(STEPS))
apart = []
for piece in x.split(SEGMENT, 1):
    for block in net.blocks:
        piece = block(piece)
    apart.append(net.lm_head(net.norm(piece)))
print("each segment alone:", (torch.cat(apart, 1) - net(first)["logits"]).abs().max().item(), "off")
assert torch.allclose(torch.cat(apart, 1), net(first)["logits"], atol=1e-6)
PY
