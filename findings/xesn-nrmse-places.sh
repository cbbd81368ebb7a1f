#!/usr/bin/env bash
# xesn 0.2.2: the normalised error of its cost function divides each place by its own deviation: one place that
# is constant makes every cost the same.
#
# Packages: xesn 0.2.2, xarray 2026.9.0, dask and distributed 2026.8.0, zarr 3.1.6, smt 2.15.0, scipy 1.17.1,
# pandas 3.1.1, matplotlib 3.11.2, numpy 2.4.6.
#
# Expected: the page of `CostFunction` gives the NRMSE with one standard deviation SD_j for a whole sample, a
# sum over all places i and times n; only for spectra "each mode is normalized separately".
#
# Happens: the deviation is taken over time alone, one for each place. A place that moves little counts as much
# as all others; one that does not move at all divides by 0. Costs that are infinite become
# `cost_upper_bound`, so that all candidates of a search are equal.
#
# Seen, 500 times, a forecast that is off by 0.01 at every place, truths
#                                                found     one SD, as described
#   sin (deviation 0.7)                          0.014     0.014
#   and one that moves by 0.001                  9.4       0.020
#   and one that is constant                     inf       0.021
#
# Matters for: macro training of the parameters, where fields have a border, land, or a quiet region.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 xarray==2026.9.0 \
  dask==2026.8.0 distributed==2026.8.0 zarr==3.1.6 smt==2.15.0 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps xesn==0.2.2
venv/bin/python -W ignore - <<'PY'
import math

import numpy as np
import xarray as xr
from xesn import ESN, CostFunction
from xesn.cost import nrmse

TIMES = 500
t = np.arange(TIMES)
rng = np.random.default_rng(0)
places = np.stack([np.sin(t / 10), 0.001 * np.cos(t / 7), np.full(TIMES, 0.5)])
forecast = places + 0.01 * rng.standard_normal(places.shape)
coords = {"time": t}


def array(values):
    return xr.DataArray(values, dims=("x", "time"), coords=coords)


for number, low, high in ((1, 0.013, 0.016), (2, 9.0, 10.0), (3, math.inf, math.inf)):
    truth, told = places[:number], forecast[:number]
    found = float(nrmse(xr.Dataset({"truth": array(truth), "prediction": array(told)})))
    deviation = math.sqrt(((truth - truth.mean()) ** 2).sum() / (TIMES - 1) / max(number - 1, 1))
    one = math.sqrt((((told - truth) / truth.std()) ** 2).mean())
    own = np.sqrt((((told - truth) / truth.std(1, keepdims=True)) ** 2).mean())
    print(f"{number} places: found {found:.4g}, with one deviation {one:.4f} ({deviation:.2f} as described), one a place {own:.4g}")
    assert low <= found <= high and one < 0.025 and (math.isinf(own) or abs(found - own) < 1e-9 * own)

rules = {"distribution": "uniform", "random_seed": 0}
esn = {
    "n_input": 3, "n_output": 3, "n_reservoir": 50, "leak_rate": 1.0, "tikhonov_parameter": 1e-6,
    "input_kwargs": {"factor": 0.5, **rules}, "bias_kwargs": {"factor": 0.1, **rules},
    "adjacency_kwargs": {"factor": 0.9, "normalization": "eig", "is_sparse": True, "connectedness": 5, **rules},
}  # fmt: skip
config = {
    "esn": esn, "training": {"n_spinup": 20},
    "macro_training": {
        "parameters": {"leak_rate": [0.1, 1.0]}, "transformations": {}, "cost_upper_bound": 1e9, "cost_terms": {"nrmse": 1.0},
        "forecast": {"n_samples": 1, "n_spinup": 20, "n_steps": 50},
    },
}  # fmt: skip
for number in (3, 1):
    esn["n_input"] = esn["n_output"] = number
    cost = CostFunction(ESN, array(places[:number]), [array(places[:number])[:, :200]], config)
    costs = cost(np.array([[0.1], [0.5], [1.0]]), is_transformed=False).ravel()
    print(f"{number} places, costs of three leak rates:", costs)
    assert len(set(costs)) == (1 if number == 3 else 3) and (number == 1 or costs[0] == 1e9)
PY
