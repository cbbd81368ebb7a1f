#!/usr/bin/env bash
# kronfluence 1.0.1: influence scores of pairs count only the last use of a shared layer: of a recurrent network
# over four steps, three steps of the cell are left out.
#
# Packages: kronfluence 1.0.1, torch 2.13.0 (CPU), accelerate 1.15.0, einops 0.8.2, einconv 0.1.0, opt_einsum
# 3.4.0, safetensors 0.8.0, tqdm 4.70.1, numpy 2.4.6, and what accelerate takes.
#
# Expected: `has_shared_parameters=True` is for layers that are used several times in a forward pass: gradients are
# summed over all uses. With the strategy "identity" the score of a pair is the scalar product of
# two gradients, and is symmetric where the measurement is the loss.
#
# Happens: for the gradients of the queries and for self-influence all uses are summed. For pairs, the backward hook of
# the last use stores its score and clears the cache, and with it the hooks of all earlier uses: they are
# not called any more. The message for the other case, without the option, is an error that names it.
#
# Seen, a network of 3 units over 4 steps, 6 sequences, strategy "identity", largest difference to autograd
#                                                    cell in a loop    cell used once
#   compute_pairwise_scores                          0.19              0
#   compute_self_scores                              0                 0
#   the same, use_measurement_for_self_influence     0.19              0
#   asymmetry of the pairs' scores                   0.21              0
#
# Matters for: recurrent cells, weights tied between layers, or between embedding and output.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check accelerate==1.15.0 einops==0.8.2 opt_einsum==3.4.0 safetensors==0.8.0 tqdm==4.70.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps kronfluence==1.0.1 einconv==0.1.0
venv/bin/python -W ignore - <<'PY'
import logging
import tempfile

import torch
from kronfluence.analyzer import Analyzer, prepare_model
from kronfluence.arguments import FactorArguments, ScoreArguments
from kronfluence.task import Task
from torch import nn

ROWS, STEPS, UNITS, INPUTS = 6, 4, 3, 2
logging.disable(logging.CRITICAL)


class Network(nn.Module):
    """A cell that runs over the steps, or is used once on all of them, and a readout of the last state."""

    def __init__(self, loop):
        super().__init__()
        self.loop = loop
        self.cell = nn.Linear(INPUTS + UNITS if loop else INPUTS * STEPS, UNITS)
        self.readout = nn.Linear(UNITS, 1)

    def forward(self, x):
        if not self.loop:
            return self.readout(torch.tanh(self.cell(x.flatten(1))))
        state = x.new_zeros(len(x), UNITS)
        for step in x.unbind(1):
            state = torch.tanh(self.cell(torch.cat([step, state], 1)))
        return self.readout(state)


class Squares(Task):
    def compute_train_loss(self, batch, model, sample=False):
        return (model(batch[0]) - batch[1]).square().sum()

    def compute_measurement(self, batch, model):
        return self.compute_train_loss(batch, model)


def scores(network, x, y):
    """What the package says of pairs, of each row itself, and the latter by way of the measurement."""
    data, task = torch.utils.data.TensorDataset(x, y), Squares()
    with tempfile.TemporaryDirectory() as folder:
        model = prepare_model(network, task)
        analyzer = Analyzer("a", model, task, cpu=True, output_dir=folder, disable_tqdm=True)
        factors = FactorArguments(strategy="identity", has_shared_parameters=network.loop)
        analyzer.fit_all_factors("f", data, factor_args=factors, per_device_batch_size=2)
        analyzer.compute_pairwise_scores("p", "f", data, data, 2, per_device_train_batch_size=2)
        analyzer.compute_self_scores("s", "f", data, per_device_train_batch_size=2)
        measured = ScoreArguments(use_measurement_for_self_influence=True)
        analyzer.compute_self_scores("m", "f", data, per_device_train_batch_size=2, score_args=measured)
        pairs = analyzer.load_pairwise_scores("p")["all_modules"]
        return pairs, *(analyzer.load_self_scores(name)["all_modules"] for name in "sm")


for loop in (True, False):
    torch.manual_seed(0)
    network = Network(loop)
    x, y = torch.randn(ROWS, STEPS, INPUTS), torch.randn(ROWS, 1)
    losses = [(network(x[i : i + 1]) - y[i : i + 1]).square().sum() for i in range(ROWS)]
    rows = [torch.autograd.grad(loss, list(network.parameters())) for loss in losses]
    gradients = torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])
    right = gradients @ gradients.T
    pairs, own, measured = scores(network, x, y)
    told = ((pairs, right), (own, right.diag()), (measured, right.diag()))
    off = [float((found - exact).abs().max()) for found, exact in told]
    skew = float((pairs - pairs.T).abs().max())
    print(f"in a loop: {loop}. Off by: pairs {off[0]:.2g}, self {off[1]:.2g}, measured {off[2]:.2g}; asymmetry {skew:.2g}")
    if loop:
        worst = (pairs - right).abs().argmax()
        print(f"  a pair: found {pairs.flatten()[worst]:.3f}, right {right.flatten()[worst]:.3f}")
        assert off[0] > 0.1 and off[1] < 1e-4 and off[2] > 0.1 and skew > 0.05
    else:
        assert max(off) < 1e-4 and skew < 1e-4
PY
