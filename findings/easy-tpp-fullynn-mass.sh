#!/usr/bin/env bash
# easy-tpp 0.3.0: the density of the next event under a fully neural network sums to far less
# than 1: its log-likelihood lacks what every other model of the package has.
#
# Packages: easy-tpp 0.3.0, torch 2.13.0, numpy 2.4.6, omegaconf 2.4.0,
# antlr4-python3-runtime 4.9.3, PyYAML 6.0.4.
#
# Expected: `loglike_loss` is minus the log-likelihood of times and types. exp of what one more
# event adds to it is the density of that event, and over all times and types it sums to 1,
# or less if there may be no further event, as with the package's other models.
#
# Happens: the network puts out the cumulative intensity, and nothing makes it 0 at time 0: a
# softplus for each type starts above ln 2. The same offset is subtracted for every event
# whatever its time (known of the model: Shchur et al. 2020 say that it does not integrate to
# 1). And since tanh layers are bounded, the rest cannot grow beyond a bound either.
#
# Seen, new models, three types, after five events; the sum of the density over 8 time units:
#   RMTPP 0.9990   THP 0.9996   SAHP 0.9994   FullyNN 0.0008
#   FullyNN: exp(-cumulative intensity at time 0) is 0.0026 before any time has passed
#
# Matters for: tables of log-likelihoods over these models: some nats an event of the fully
# neural one are an offset without meaning.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 omegaconf==2.4.0 antlr4-python3-runtime==4.9.3 PyYAML==6.0.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps easy-tpp==0.3.0
venv/bin/python -W ignore - <<'PY'
import math

import torch
from easy_tpp import model as models
from easy_tpp.config_factory import ModelConfig

TYPES, STEPS, END = 3, 160, 8.0
times = torch.tensor([[0, 0.5, 1.2, 1.7, 2.9]])
types = torch.tensor([[0, 1, 2, 0, 1]])
CONFIG = {
    "num_event_types": TYPES,
    "num_event_types_pad": TYPES + 1,
    "event_pad_index": TYPES,
    "hidden_size": 16,
    "use_mc_samples": False,
    "loss_integral_num_sample_per_step": 200,
    "model_specs": {"num_mlp_layers": 2, "proper_marked_intensities": True},
}


def likelihood(model, times, types):
    """Log-likelihood of all events but the first."""
    length = times.shape[1]
    later = torch.ones(length, length).triu(1).bool()[None]
    inputs = {
        "time_seqs": times,
        "time_delta_seqs": torch.cat([torch.zeros(1, 1), times.diff()], 1),
        "type_seqs": types,
        "seq_non_pad_mask": torch.ones(1, length, dtype=torch.bool),
        "attention_mask": later,
    }
    return -float(model.loglike_loss(**inputs)[0])


def mass(model):
    """The density of one more event, summed over types and times up to END."""
    base, values = likelihood(model, times, types), []
    waits = [END * (i + 0.5) / STEPS for i in range(STEPS)]
    for wait in waits:
        longer = torch.cat([times, times[:, -1:] + wait], 1)
        values.append(sum(math.exp(likelihood(model, longer, torch.cat([types, torch.tensor([[k]])], 1)) - base) for k in range(TYPES)))
    return sum(values) * END / STEPS


found = {}
for name in ("RMTPP", "THP", "SAHP", "FullyNN"):
    torch.manual_seed(0)
    model = getattr(models, name)(ModelConfig(**CONFIG)).eval()
    found[name] = mass(model)
    print(f"{name:8} {found[name]:.4f}")
    assert name == "FullyNN" or 0.9 < found[name] < 1.02
hidden = model(times, torch.cat([torch.zeros(1, 1), times.diff()], 1), types)
start = model.layer_intensity(hidden[:, -1:], torch.zeros(1, 1))[0].sum().item()
print(f"FullyNN: cumulative intensity at time 0 {start:.3f}, exp of minus it {math.exp(-start):.4f}")
assert start > TYPES * math.log(2) and found["FullyNN"] < math.exp(-start) < 0.13
PY
