#!/usr/bin/env bash
# CSMHP 0.1.5: simulated futures of a Hawkes process have the largest intensity of the past, or more, throughout:
# 207 events where 49 are right.
#
# Packages: CSMHP 0.1.5, torch 2.13.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.10.7.
#
# Expected: `thinning_algorithm` simulates the events after those of training. Thinning draws candidates at the
# largest rate and keeps each with intensity / largest rate; whether it is kept or not, time goes on to the
# candidate. The mean number of events is the integral of the intensity, for one exponential kernel in closed form.
#
# Happens: when a candidate is not kept, the next one is drawn from the same time again, until one is. Waits are
# then those of the largest rate, by whatever share candidates are kept.
#
# Seen, mean number of events in 50 units of time, 40 simulations:
#                                                        right    CSMHP
#   constant rate of 1                                   50.0     49.0
#   rate that falls from 1 to .36 in training, then on   10.0     47.7
#   Hawkes process, rate 0.5, half of events set off     49.1     206.6
# Plain thinning, with time moved on, has 49.5, 10.5 and 47.1.
#
# Matters for: predictions of counts, and histograms of simulated futures (`simulation_plot`).
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
import pandas as pd
import torch
from CSMHP.CSMHP_class import CSMHP

END, AHEAD, DRAWS = 100.0, 50.0, 40


class OneCluster:
    def predict_proba(self, rows):
        return np.ones((len(rows), 1))


def intensity(mu, slope, alpha, beta, time, events):
    return mu + slope * time / END + alpha * np.exp(-beta * (time - events)).sum()


def thinned(mu, slope, alpha, beta, events, begin, end, rng):
    """Events after begin, with time moved on by every candidate."""
    events, time = list(events), begin
    past = len(events)
    while True:
        top = intensity(max(mu, mu + slope), 0, alpha, beta, time, np.array(events))
        time += rng.exponential(1 / top)
        if time > end:
            return np.array(events[past:])
        if rng.uniform() * top < intensity(mu, slope, alpha, beta, time, np.array(events)):
            events.append(time)


def expected(mu, slope, alpha, beta, events):
    """The integral of the mean intensity over what is ahead, on a fine grid: it falls to or grows from the baseline."""
    steps, width = 20000, AHEAD / 20000
    excited, total = intensity(0, 0, alpha, beta, END, events), 0.0
    for step in range(steps):
        rate = mu + slope * (END + (step + 0.5) * width) / END + excited
        total += rate * width
        excited += (alpha * rate - beta * excited) * width
    return total


rng, found = np.random.default_rng(0), {}
np.random.seed(0)
for name, (mu, slope, alpha, beta) in {
    "constant rate": (1.0, 0.0, 1e-9, 1.0),
    "falling rate": (1.0, -0.64, 1e-9, 1.0),
    "Hawkes process": (0.5, 0.0, 0.5, 1.0),
}.items():
    events = thinned(mu, slope, alpha, beta, np.array([]), 0.0, END, rng)
    values = {"mu": mu, "gamma": slope, "alpha_kernel": alpha, "beta_kernel": beta}
    rows = pd.DataFrame({"feature": np.zeros(len(events))})
    with contextlib.redirect_stdout(io.StringIO()):
        model = CSMHP(END, 1, {key: np.array([value]) for key, value in values.items()}, OneCluster(), rows.to_numpy())
    model.train_events, model.probability, model.is_trained = torch.tensor(events), torch.ones(len(events), 1).double(), True
    counts = []
    with torch.no_grad():
        largest = model.intensity_function(model.probability, model.train_events, model.train_events).max().item()
        for _ in range(DRAWS):
            times = model.thinning_algorithm(rows, END + AHEAD, start_time=torch.tensor(END, dtype=torch.float64))
            counts.append(np.sum(np.array(times) <= END + AHEAD))
    own = np.mean([len(thinned(mu, slope, alpha, beta, events, END, END + AHEAD, rng)) for _ in range(DRAWS)])
    right = expected(mu, slope, alpha, beta, events)
    found[name] = np.mean(counts) / right
    print(f"{name}: largest intensity {largest:.2f}, right {right:.1f}, time moved on {own:.1f}, package {np.mean(counts):.1f} +- {np.std(counts) / DRAWS**0.5:.1f}")
    assert abs(own - right) < 0.2 * right + 1
assert abs(found["constant rate"] - 1) < 0.1 and found["falling rate"] > 3 and found["Hawkes process"] > 1.8
PY
