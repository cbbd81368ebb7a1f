"""What a Neural Turing Machine did at each step, in the paper's terms.

Legend: B batch, T time, O outputs, N slots, W slot width, R read heads, V write heads, S shifts.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from ntmlab.kernels.ntm_scan import HeadLayout, ScanTrace
from ntmlab.notebook import Table, to_html


class NTMTrace(NamedTuple):
    """What an NTM did at each step, batch first."""

    logits: Tensor  # (B, T, O)
    read_weightings: Tensor  # (B, T, R, N)
    write_weightings: Tensor  # (B, T, V, N)
    reads: Tensor  # (B, T, R, W)
    erases: Tensor  # (B, T, V, W) in [0, 1]
    adds: Tensor  # (B, T, V, W) in [-1, 1]
    keys: Tensor  # (B, T, R + V, W); read heads first, here and below
    betas: Tensor  # (B, T, R + V) key strengths
    gates: Tensor  # (B, T, R + V) interpolation gates
    shifts: Tensor  # (B, T, R + V, S) shift distributions
    gammas: Tensor  # (B, T, R + V) sharpenings

    def _repr_html_(self) -> str:
        """What a notebook shows: shape and range of each part."""
        rows = [
            [
                name,
                " × ".join(map(str, part.shape)),
                *(f"{edge:.3g}" for edge in (part.min(), part.max())),
            ]
            for name, part in self._asdict().items()
        ]
        return to_html(Table(["part", "shape", "least", "most"], rows, "trace of an NTM"))


def make_trace(logits: Tensor, scan: ScanTrace, layout: HeadLayout) -> NTMTrace:
    """The trace from what a scan kept."""
    heads = layout.activated(scan.head_parameters)
    both = (torch.cat(pair, dim=2) for pair in zip(heads.reading, heads.writing, strict=True))
    return NTMTrace(
        logits,
        scan.read_weightings,
        scan.write_weightings,
        scan.reads.unflatten(-1, (layout.reads, layout.width)),
        heads.erase,
        heads.add,
        *both,
    )
