#!/usr/bin/env bash
# pyspikes 0.2.9: Ben's spiker algorithm compares one value with all taps of its filter: it is a threshold, and what is
# decoded is further off than the mean.
#
# Packages: pyspikes 0.2.9, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0.
#
# Expected: `BSA` is the algorithm of Schrauwen and Van Campenhout (2003), a "reverse convolution": at each time the next
# values are compared with the filter, value k with tap k, and if a spike explains them the filter is taken off them,
# so that spikes convolved with the filter give the signal.
#
# Happens: all taps are compared with the one value at the time of the spike, and all are taken off it. No
# other value is looked at: values in another order have the same spikes in that order.
#
# Seen, a slow wave of 400 values between 0 and 1, 12 taps, the best of 60 thresholds each; root mean square error of
# what spikes and filter give
#   found                 0.448
#   right                 0.030
#   the mean instead      0.281
#   threshold 0.5: a spike for every value from 0.101 on, and for none up to 0.098
#
# Matters for: networks that are fed these spikes: a rate of 0 or 1 by a threshold, in place of the signal.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pyspikes==0.2.9
venv/bin/python -W ignore - <<'PY'
import numpy as np
from scipy.signal import firwin
from spikes.encoder import BSA

STEPS, TAPS, CUTOFF = 400, 12, 0.1
time = np.arange(STEPS)
wave = np.sin(time / 15) + 0.5 * np.sin(time / 37 + 1)
wave = (wave - wave.min()) / (wave.max() - wave.min())
taps = firwin(TAPS, cutoff=CUTOFF)


def told(values, threshold):
    return BSA(values[None, :, None], threshold=threshold, filter_length=TAPS, cutoff=CUTOFF).get_spikes()[0, :, 0]


def right(values, threshold):
    """The paper: value t + k against tap k."""
    left, spikes = values.copy(), np.zeros(len(values), int)
    for t in range(len(values) - TAPS):
        part = left[t : t + TAPS]
        if np.abs(part - taps).sum() <= np.abs(part).sum() - threshold:
            spikes[t] = 1
            part -= taps
    return spikes


def error(spikes):
    back = np.convolve(spikes, taps)[:STEPS]
    return float(np.sqrt(np.mean((back - wave)[TAPS:-TAPS] ** 2)))


thresholds = np.linspace(0, 1.5, 60)
best = {name: min(error(encode(wave, float(h))) for h in thresholds) for name, encode in (("found", told), ("right", right))}
print("error of what is decoded:", {name: round(value, 3) for name, value in best.items()})
print("a constant, the mean:", round(float(wave.std()), 3))
assert best["right"] < 0.1 and best["found"] > 2.5 * best["right"]

order = np.random.default_rng(0).permutation(STEPS - TAPS)
mixed = np.concatenate([wave[: STEPS - TAPS][order], wave[STEPS - TAPS :]])
for threshold in (0.1, 0.5):
    assert (told(wave, threshold)[: STEPS - TAPS][order] == told(mixed, threshold)[: STEPS - TAPS]).all()
    assert not (right(wave, threshold)[: STEPS - TAPS][order] == right(mixed, threshold)[: STEPS - TAPS]).all()
    kept = told(wave, threshold)[: STEPS - TAPS] == 1
    print(f"threshold {threshold}: spikes for values from {wave[: STEPS - TAPS][kept].min():.3f}, none up to {wave[: STEPS - TAPS][~kept].max():.3f}")
    assert wave[: STEPS - TAPS][kept].min() > wave[: STEPS - TAPS][~kept].max()
PY
