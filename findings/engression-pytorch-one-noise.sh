#!/usr/bin/env bash
# engression-pytorch 0.1.3: rows of features get one number of noise, added to all features alike: ten vary as one.
#
# Packages: engression-pytorch 0.1.3, torch 2.13.0, einops 0.8.2, numpy 2.4.6.
#
# Expected: `gAdd(model, m_train)` adds noise to the input of a model; `noise_dim`: "If None, it is set to the input
# dimension". Inputs of shape (batch_size, d) get d independent numbers for each of the m draws.
#
# Happens: without `noise_dim`, noise has the input's dimension only for inputs of three dimensions and more. For those
# of two it is 1, and one number is spread over all features.
#
# Seen, 10 features, model the identity, 2,000 draws of each input
#                                          default    noise_dim=10    (batch, 10, 1)
#   correlation of noise, two features     1.00       0 within .1     0 within .1
#   deviation of the mean of features      1.00       .32             .32
#   difference of two equal features       0          1.4             1.4
#
# Matters for: distributional regression on tables or series as rows: what a difference or a contrast of features does
# to the target is never perturbed, and its spread is not learned.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 einops==0.8.2 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps engression-pytorch==0.1.3
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
import torch
from engression_pytorch import gAdd

FEATURES, DRAWS = 10, 2_000
print("engression-pytorch", version("engression-pytorch"), "torch", torch.__version__)
torch.manual_seed(0)
inputs = torch.randn(3, 1).expand(3, FEATURES)


def noise(shape, **options):
    """What is added to inputs of that shape, with one row for each draw."""
    drawn = gAdd(torch.nn.Identity(), DRAWS, **options).train()(inputs.reshape(shape))
    assert drawn.shape == (shape[0], DRAWS, *shape[1:])
    return (drawn - inputs.reshape(shape)[:, None]).reshape(-1, FEATURES).numpy()


found = {}
for title, shape, options in (
    ("default", (3, FEATURES), {}),
    ("noise_dim=10", (3, FEATURES), {"noise_dim": FEATURES}),
    ("three dimensions", (3, FEATURES, 1), {}),
):
    added = noise(shape, **options)
    related = np.corrcoef(added.T)[~np.eye(FEATURES, dtype=bool)]
    mean, contrast = added.mean(1).std(), (added[:, 0] - added[:, 1]).std()
    print(f"{title}: deviation of one feature {added[:, 0].std():.2f}, correlations {related.min():.2f} to "
          f"{related.max():.2f}, deviation of the mean {mean:.2f}, of a difference {contrast:.2e}")
    assert abs(added.std() - 1) < 0.05
    found[title] = related, mean, contrast
related, mean, contrast = found.pop("default")
assert related.min() > 0.999 and mean > 0.95 and contrast < 1e-5
for related, mean, contrast in found.values():
    assert np.abs(related).max() < 0.1 and abs(mean - FEATURES**-0.5) < 0.05 and abs(contrast - 2**0.5) < 0.1
PY
