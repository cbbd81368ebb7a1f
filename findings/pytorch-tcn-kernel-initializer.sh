#!/usr/bin/env bash
# pytorch-tcn 1.2.3: the initialiser of the kernels is applied to a temporary tensor: with
# weight normalisation, the default, `kernel_initializer` has no effect on a convolution.
#
# Packages: pytorch-tcn 1.2.3, torch 2.13.0, numpy 2.4.6.
#
# Expected: `kernel_initializer` says how the kernels of the temporal convolutions begin:
# Xavier's or Kaiming's, uniform or normal. Networks with another one begin elsewhere.
#
# Happens: the weights are normalised first. From then on `weight` is worked out anew from
# a length and a direction at each use, and the initialiser fills that product, which is
# thrown away. The kernels keep the start that PyTorch's convolution gives itself. Only the
# convolutions of width 1 beside them are initialised as asked for.
#
# Seen, 8 inputs, 16 channels, width 4, standard deviation of the first kernel:
#   kernel_initializer   weight_norm   layer_norm
#   normal               0.103         0.959
#   uniform              0.103         0.280
#   xavier_uniform       0.103         0.198
#   xavier_normal        0.103         0.196
#   kaiming_uniform      0.103         0.243
#   kaiming_normal       0.103         0.240
#
# Matters for: sweeps over initialisers, where all curves of the default are one network,
# and comparisons of normalisations, which differ in their start as well.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pytorch-tcn==1.2.3
venv/bin/python - <<'PY'
import torch
from pytorch_tcn import TCN

NAMES = ("normal", "uniform", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal")


def kernel(name, norm):
    """The first kernel of a network that begins from one seed."""
    torch.manual_seed(0)
    return TCN(8, [16], kernel_size=4, use_norm=norm, kernel_initializer=name).network[0].conv1.weight.detach()


torch.manual_seed(0)
plain = torch.nn.Conv1d(8, 16, 4).weight.detach()
for name in NAMES:
    default, layer = kernel(name, "weight_norm"), kernel(name, "layer_norm")
    print(f"{name:20} {default.std():.3f} {layer.std():.3f}")
    assert torch.allclose(default, plain, atol=1e-6)
    assert not torch.allclose(layer, plain, atol=1e-2)
assert len({round(kernel(name, "layer_norm").std().item(), 3) for name in NAMES}) == len(NAMES)
PY
