#!/usr/bin/env bash
# CSMHP 0.1.5: training on several sequences makes them as unlikely as it can: events at a rate of 1 are
# fitted by a rate of 0.00002, and the log-likelihood falls from -533 to -4,268.
#
# Packages: CSMHP 0.1.5, torch 2.13.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.10.7.
#
# Expected: `log_likelihood` returns the negative log-likelihood, as its docstring says: of one sequence, or with
# `batch_input` the sum over sequences. `fit_param` minimises it.
#
# Happens: with `batch_input` the log-likelihood itself comes back, and the integral in it is divided by the number
# of events. Minimising that lets all rates go to 0.
#
# Seen, 20 sequences of 25 events of a Poisson process with rate 1, one cluster, from a baseline of 0.8 and an
# excitation of 0.1:
#                                               by the formula    each alone    as a batch
#   negative log-likelihood at the start        532.7             532.7         -83.9
#   baseline after 10 rounds of training        0.91 (best rate)                0.000025
#   log-likelihood there                        -525.8                          -4,268
#
# Matters for: whoever has many users, patients or days instead of one long record.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.10.7
venv/bin/pip install --quiet --disable-pip-version-check --no-deps CSMHP==0.1.5
venv/bin/python -W ignore - <<'PY'
import contextlib
import io

import numpy as np
import torch
from CSMHP.CSMHP_class import CSMHP

COUNT, EVENTS, END = 20, 25, 100.0
START = {"mu": 0.8, "gamma": 0.0, "alpha_kernel": 0.1, "beta_kernel": 1.0}
sequences = np.cumsum(np.random.default_rng(0).exponential(1, (COUNT, EVENTS)), axis=1)


def log_likelihood(mu, slope, alpha, beta):
    """All sequences, each from its first to its last event, by the formula."""
    total = 0.0
    for times in sequences:
        for place, time in enumerate(times):
            total += np.log(mu + slope * time / END + alpha * np.exp(-beta * (time - times[:place])).sum())
        total -= mu * (times[-1] - times[0]) + slope / 2 / END * (times[-1] ** 2 - times[0] ** 2)
        total -= (alpha / beta * (1 - np.exp(-beta * (times[-1] - times[:-1])))).sum()
    return total


def model(rows, batch):
    return CSMHP(END, 1, {key: np.array([value]) for key, value in START.items()}, None, rows, batch_input=batch)


def one(count):
    """Probabilities of the only cluster."""
    return torch.ones(count, 1).double()


with contextlib.redirect_stdout(io.StringIO()):
    alone, batch = model(np.zeros((EVENTS, 1)), False), model([np.zeros((EVENTS, 1))] * COUNT, True)
    each = sum(alone.log_likelihood(one(EVENTS), torch.tensor(times)).item() for times in sequences)
    together = batch.log_likelihood(one(COUNT * EVENTS), torch.tensor(sequences)).item()
    batch.fit_param(torch.tensor(sequences), [one(EVENTS)] * COUNT, epoch=10)
fitted = [value.item() for value in (batch.mu, batch.gamma, batch.alpha_kernel, batch.beta_kernel)]
before, after = log_likelihood(*START.values()), log_likelihood(*fitted)
poisson = (EVENTS - 1) * COUNT / (sequences[:, -1] - sequences[:, 0]).sum()
print(f"negative log-likelihood at the start: formula {-before:.1f}, each alone {each:.1f}, as a batch {together:.1f}")
print(f"log-likelihood {before:.1f} before training, {after:.1f} after; baseline {fitted[0]:.2g}, best constant rate {poisson:.2f} with {log_likelihood(poisson, 0, 0, 1):.1f}")
assert np.isclose(each, -before) and abs(together - each) > 300
assert after < before - 1000 and fitted[0] < 0.01 and log_likelihood(poisson, 0, 0, 1) > before
PY
