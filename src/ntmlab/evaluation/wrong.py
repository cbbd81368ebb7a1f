"""Wrong bits: where the likelier value of a target bit is not the one asked for.

Legend: B batch, T time, O target bits a step.
"""

from typing import NamedTuple

import numpy as np

from ntmlab.evaluation.bits import Array, Floats, mean_and_error

THRESHOLD = 0.5


class WrongBits(NamedTuple):
    """Wrong bits of the vectors per sequence, and as a part of all scored; markers counted apart.

    A marker is the end marker's output at a scored step; both numbers are None without one.
    """

    wrong_bits: float
    wrong_bits_se: float
    wrong_rate: float
    wrong_markers: float | None
    wrong_marker_rate: float | None


def wrong_bits(probabilities: Array, targets: Floats, mask: Floats) -> np.ndarray:
    """Which scored bits are wrong at a threshold of one half, (B, T, O) of bool."""
    said = probabilities > THRESHOLD
    return np.asarray((said != (targets > THRESHOLD)) & (mask > 0)[..., None])


def count_wrong(probabilities: Array, targets: Floats, mask: Floats, markers: int) -> Array:
    """Wrong vector bits, scored ones, wrong marker bits, scored ones of each sequence, (4, B).

    The last ``markers`` outputs are markers.
    """
    wrong = wrong_bits(probabilities, targets, mask).sum(1)  # (B, O)
    vector = wrong.shape[1] - markers
    steps = (mask > 0).sum(1)
    counts = (wrong[:, :vector].sum(1), steps * vector, wrong[:, vector:].sum(1), steps * markers)
    return np.stack(counts).astype(np.float64)


def summed(counts: Array) -> WrongBits:
    """The summary of the counts of many sequences, (4, B)."""
    wrong, bits, wrong_markers, markers = counts
    marked = markers.sum() > 0
    return WrongBits(
        *mean_and_error(wrong),
        float(wrong.sum() / bits.sum()),
        float(wrong_markers.mean()) if marked else None,
        float(wrong_markers.sum() / markers.sum()) if marked else None,
    )
