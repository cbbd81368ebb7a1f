#!/usr/bin/env bash
# turbESN 0.0.1.9.5.0: a Wasserstein distance is that of the heights of two histograms: a prediction
# that is the mirror image of the truth has a distance of 0.
#
# Packages: turbESN 0.0.1.9.5.0, torch 2.13.0 (CPU), numpy 2.4.6, scipy 1.17.1, h5py 3.16.0, PyYAML 6.0.4,
# matplotlib 3.11.2.
#
# Expected: `compute_wasserstein_distance(y_true, y_pred)` is "the Wasserstein distance between
# target data y_true and prediction data y_pred": how far values have to be moved. For two
# samples of one size it is the mean difference of the sorted values.
#
# Happens: both are made into histograms, and the 40 heights of each are given to a function that
# takes samples. Where a bar stands does not matter, only which heights there are.
#
# Seen, 100,000 numbers:
#   truth and prediction                          right    found
#   exponential, and its mirror image in 0 to 8   6.00     0.000
#   sine, and the same moved by half its width    1.00     0.018
#   exponential, and uniform                      2.99     0.030
#   exponential, and itself                       0        0
#
# Matters for: networks that are chosen by the statistics of long runs; "wasserstein" is one of the
# losses of a study.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 h5py==3.16.0 PyYAML==6.0.4 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps turbESN==0.0.1.9.5.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
import torch
from turbESN.util import compute_wasserstein_distance

N, TOP = 100_000, 8.0
torch.manual_seed(0)
exponential = torch.distributions.Exponential(1.0).sample((N,)).double().clamp(max=TOP)
exponential[0], exponential[1] = 0.0, TOP
sine = torch.sin(torch.arange(N, dtype=torch.float64) / 10)
pairs = {
    "mirrored": (exponential, TOP - exponential),
    "moved": (sine, sine + 1),
    "uniform": (exponential, TOP * torch.rand(N).double()),
    "itself": (exponential, exponential.clone()),
}
found = {}
for name, (truth, prediction) in pairs.items():
    right = float((truth.sort().values - prediction.sort().values).abs().mean())
    found[name] = right, float(compute_wasserstein_distance(truth, prediction))
    print(f"{name}: right {right:.3f}, found {found[name][1]:.4f}")
assert found["mirrored"][0] > 5 and found["mirrored"][1] < 1e-9
assert np.isclose(found["moved"][0], 1) and found["moved"][1] < 0.1
assert found["uniform"][0] > 2.5 and found["uniform"][1] < 0.1
PY
