"""How far a fast path may be from its float64 reference. One table; no test has its own."""

import torch
from torch import Tensor

CUDNN_RELATIVE_RMS = 5e-5  # its activations are off by up to 2e-5; no other path may be
RELATIVE_RMS = {torch.bfloat16: 1e-2, torch.float32: 1e-5, torch.float64: 1e-12}


def relative_rms(actual: Tensor, expected: Tensor) -> float:
    """RMS of the difference over RMS of the expected values, in float64; NaN if either has one.

    Where all expected values are zero, the RMS of the difference.
    """
    actual, expected = actual.detach().double(), expected.detach().double()
    if expected.numel() == 0:
        return 0.0
    difference, size = (actual - expected).square().mean().sqrt(), expected.square().mean().sqrt()
    return float(difference / size) if size > 0 else float(difference)
