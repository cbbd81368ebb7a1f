"""Machines made by hand: what they read, write and add is known at every step."""

import numpy as np

from ntmlab.optimal.contexts import contexts, counts, previous_visits, visits
from ntmlab.studies.inside.usage import Usage
from ntmlab.studies.traces import LAGS

BITS = 3  # of context
SLOTS, WIDTH = 12, 4


def drawn_bits(sequences=6, length=80, seed=0):
    return np.random.default_rng(seed).integers(0, 2, (sequences, length))


def one_hot(places):
    """Weightings (B, T, N) on one slot each; none where the place is negative."""
    return (np.arange(SLOTS) == places[..., None]).astype(np.float64)


def after(values, lag, fill=0):
    """Values of ``lag`` steps before each step."""
    moved = np.full_like(values, fill)
    moved[:, lag:] = values[:, : values.shape[1] - lag]
    return moved


def perfect(bits=None, lag=1, place=None):
    """A machine that reads slot c in context c and writes it ``lag`` steps later.

    It adds (1, 0, 0, 0) after a 1 and (-1, 0, 0, 0) after a 0; what it reads starts with the
    optimal logit; its write at visit v has a weight of 1 / (v + 1) on the slot, the rest on the
    last slot. ``place`` maps contexts to slots.
    """
    bits = drawn_bits() if bits is None else bits
    context, visit = contexts(bits, BITS), visits(bits, BITS)
    ones, zeros = counts(bits, BITS)
    where = np.arange(2**BITS) if place is None else np.asarray(place)
    slot = np.where(context >= 0, where[context], SLOTS - 1)
    weight = after(1 / (1.0 + np.maximum(visit, 0)), lag, 1.0)[..., None]
    write = weight * one_hot(after(slot, lag, SLOTS - 1))
    write[..., -1] += 1 - write.sum(-1)
    adds = np.zeros((*bits.shape, WIDTH))
    adds[..., 0] = after(2.0 * bits - 1, lag)
    own = np.maximum(context, 0)[..., None]
    n1, n0 = (np.take_along_axis(part, own, -1)[..., 0] for part in (ones, zeros))
    reads = np.zeros((*bits.shape, WIDTH))
    reads[..., 0] = np.log((n1 + 0.5) / (n0 + 0.5))
    change = np.zeros((*bits.shape, LAGS))
    change[..., lag] = 1.0
    return Usage(
        bits, context, visit, previous_visits(bits, BITS), ones, zeros,
        one_hot(slot), write, reads, adds, change, np.zeros(bits.shape),
    )  # fmt: skip
