#!/usr/bin/env bash
# titans-memory 0.3.0: language models see the symbols that they predict: every output knows
# the next one, and with the long-term memory the rest of its chunk.
#
# Packages: titans-memory 0.3.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: the logits of step t, from which the loss predicts symbol t + 1, depend on symbols
# up to t. That is what "full causal attention" and the shifted labels of the loss promise.
#
# Happens: keys, values and queries go through convolutions of three steps that are padded on
# both sides, so that each sees the next symbol; a chunk is read from the memory after the
# whole of it was written; and in the MAC variant what is retrieved for a whole segment stands
# before its first symbol.
#
# Seen, chunks of 8, the steps whose outputs change with symbol 12 (right: 12 and later):
#   LMM, MAG, MAL  6 to 23
#   MAC            8 to 15
#   LMM in chunks of one step  11 to 23
# Trained for 300 steps on fair coins, of which nothing can be predicted (right: 1 bit):
#   LMM  0.000 bits a symbol
#
# Matters for: training losses and perplexities of all four variants; generation, where the
# next symbol is not there, gets another model.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps titans-memory==0.3.0
OMP_NUM_THREADS=1 venv/bin/python - <<'PY'
from math import log

import torch
from titans import TitansLMM, TitansMAC, TitansMAG, TitansMAL

STEPS, SYMBOLS, CHANGED = 24, 7, 12
symbols = torch.randint(SYMBOLS, (1, STEPS), generator=torch.Generator().manual_seed(0))
other = symbols.clone()
other[0, CHANGED] = (other[0, CHANGED] + 1) % SYMBOLS


def model(variant, count, chunk, **options):
    torch.manual_seed(0)
    return variant(vocab_size=count, d_model=16, n_layers=1, n_persistent=2, chunk_size=chunk, max_seq_len=64, **options)


@torch.no_grad()
def first_and_last(net):
    """The first and the last step whose outputs change with the symbol of step 12."""
    moved = (net.eval()(symbols)["logits"] - net(other)["logits"]).abs().amax((0, 2)) > 1e-6
    return moved.nonzero().min().item(), moved.nonzero().max().item()


window = {"window": STEPS}
for name, variant, options in (("LMM", TitansLMM, {}), ("MAG", TitansMAG, window), ("MAL", TitansMAL, window), ("MAC", TitansMAC, {})):
    first, last = first_and_last(model(variant, SYMBOLS, 8, **options))
    print(f"{name}: symbol {CHANGED} changes the outputs of steps {first} to {last}")
    assert first < CHANGED - 1, "not the next symbol alone"
first, last = first_and_last(model(TitansLMM, SYMBOLS, 1))
print(f"LMM, chunks of one step: {first} to {last}")
assert first == CHANGED - 1

net = model(TitansLMM, 2, 8).train()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for _ in range(300):
    coins = torch.randint(2, (32, STEPS))
    loss = net(coins, labels=coins)["loss"]
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    coins = torch.randint(2, (1_000, STEPS))
    bits = net.eval()(coins, labels=coins)["loss"].item() / log(2)
print(f"LMM, trained on fair coins: {bits:.3f} bits a symbol on new ones (right 1)")
assert bits < 0.5
PY
