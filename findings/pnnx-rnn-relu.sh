#!/usr/bin/env bash
# pnnx 20261020: an nn.RNN with rectified units is converted for ncnn as one with tanh.
#
# Packages: pnnx 20261020, ncnn 1.0.20261020, torch 2.13.0, numpy 2.4.6.
#
# Expected: pnnx reads the layer with its `nonlinearity`: the file between, x.pnnx.param,
# has nonlinearity=relu. ncnn's RNN layer has tanh alone, so the converter should stop or
# say so, as it does for operators that ncnn lacks.
#
# Happens: it writes an ncnn RNN without a word, which runs with tanh.
#
# Seen (largest difference of the outputs from the layer's in torch, and from the same
# weights with tanh):
#          as in torch   with tanh
#   tanh   0.0000        0.0000
#   relu   0.7490        0.0000
#
# Matters for: whoever carries a rectified recurrent network to a phone. Shapes are
# right, and small outputs look right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 pnnx==20261020 ncnn==1.0.20261020
venv/bin/python - <<'PY'
import subprocess

import ncnn
import numpy as np
import torch
from torch import nn

STEPS, INPUTS, HIDDEN = 6, 2, 4
x = torch.from_numpy(np.random.default_rng(0).normal(size=(STEPS, INPUTS)).astype(np.float32))


class Outputs(nn.Module):
    """The outputs of a recurrent layer alone."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, inputs):
        return self.layer(inputs)[0]


def converted(layer):
    """What ncnn makes of a layer, from its files."""
    torch.jit.trace(Outputs(layer), x[:, None]).save("x.pt")
    command = ["venv/bin/pnnx", "x.pt", f"inputshape=[{STEPS},1,{INPUTS}]f32", "fp16=0"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with ncnn.Net() as net:
        assert net.load_param("x.ncnn.param") == 0 and net.load_model("x.ncnn.bin") == 0
        with net.create_extractor() as run:
            run.input("in0", ncnn.Mat(x.numpy()).clone())
            return np.array(run.extract("out0")[1]).reshape(STEPS, HIDDEN)


torch.manual_seed(0)
plain = nn.RNN(INPUTS, HIDDEN)
rectified = nn.RNN(INPUTS, HIDDEN, nonlinearity="relu")
rectified.load_state_dict(plain.state_dict())
with torch.no_grad():
    usual = plain(x[:, None])[0][:, 0].numpy()
    print("       as in torch   with tanh")
    for name, layer in (("tanh", plain), ("relu", rectified)):
        found, right = converted(layer), layer(x[:, None])[0][:, 0].numpy()
        off, same = np.abs(found - right).max(), np.abs(found - usual).max()
        print(f"{name:5s}  {off:<11.4f}   {same:.4f}")
        assert same < 1e-4
        assert off < 1e-4 if name == "tanh" else off > 0.1
assert "nonlinearity=relu" in open("x.pnnx.param").read()
PY
