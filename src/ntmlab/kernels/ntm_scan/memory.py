"""Reading and writing: sections 3.1 and 3.2 of *Neural Turing Machines* (2014).

Legend: B batch, N slots, W slot width, H heads.
"""

import torch
from torch import Tensor


def read(memory: Tensor, weightings: Tensor) -> Tensor:
    """Read vectors r = sum_i w(i) M(i), (B, H, W) (Eq. 2)."""
    return weightings @ memory  # (B, H, N) @ (B, N, W)


def write(memory: Tensor, weightings: Tensor, erase: Tensor, add: Tensor) -> Tensor:
    """Memory after all write heads: erases multiply, then adds sum, (B, N, W) (Eq. 3-4).

    ``weightings`` is (B, H, N), ``erase`` in [0, 1] and ``add`` are (B, H, W). Erases of several
    heads commute, and so do their adds, so the order of heads does not matter (section 3.2).

    >>> M, w = torch.ones(1, 4, 2), torch.tensor([[[0.5, 0.5, 0.0, 0.0]]])
    >>> write(M, w, torch.ones(1, 1, 2), torch.zeros(1, 1, 2))[0, :, 0].tolist()
    [0.5, 0.5, 1.0, 1.0]
    """
    for head in range(weightings.shape[1]):
        w, e = weightings[:, head, :, None], erase[:, head, None, :]
        memory = memory * (1 - w * e)
    return memory + torch.transpose(weightings, 1, 2) @ add
