"""Linear recurrences over time, computed in parallel.

Legend: B batch, T time, K blocks, S steps of a block.
"""

import math

import torch
from torch import Tensor


def linear_scan(decay: Tensor, drive: Tensor, start: Tensor) -> Tensor:
    """h_t = decay_t h_{t-1} + drive_t for every t, element by element.

    ``decay`` and ``drive`` are (B, T, ...), ``start`` is h before the first step, (B, ...).

    Time is cut into about √T blocks. They are gone through side by side, as if each began at 0;
    then from one block to the next; then what came before is added everywhere. That are 2√T steps
    one after the other, each of few large operations, and no factor is a product of more than √T
    decays: with doubling, which takes log₂ T steps, long products underflow into numbers on which
    a CPU is slow.

    >>> ones = torch.ones(1, 5)
    >>> linear_scan(ones / 2, ones, torch.zeros(1)).tolist()
    [[1.0, 1.5, 1.75, 1.875, 1.9375]]
    """
    length = drive.shape[1]
    size = math.isqrt(length - 1) + 1
    fill = -length % size
    if fill:
        rest = (drive.shape[0], fill, *drive.shape[2:])
        decay = torch.cat([decay, decay.new_ones(rest)], 1)
        drive = torch.cat([drive, drive.new_zeros(rest)], 1)
    within, kept = _within(_blocks(decay, size), _blocks(drive, size))  # (B, K, S, ...)
    before, ends = [start], (within[:, :, -1].unbind(1), kept[:, :, -1].unbind(1))
    for end, share in list(zip(*ends, strict=True))[:-1]:
        before.append(end + share * before[-1])
    whole: Tensor = within + kept * torch.stack(before, 1).unsqueeze(2)
    return whole.flatten(1, 2)[:, :length]


def _blocks(values: Tensor, size: int) -> Tensor:
    return values.unflatten(1, (-1, size))  # type: ignore[no-any-return]


def _within(decay: Tensor, drive: Tensor) -> tuple[Tensor, Tensor]:
    """Each block from 0, and what it keeps of what came before it, (B, K, S, ...)."""
    decays, drives = decay.unbind(2), drive.unbind(2)
    states, shares = [drives[0]], [decays[0]]
    for factor, added in zip(decays[1:], drives[1:], strict=True):
        states.append(factor * states[-1] + added)
        shares.append(factor * shares[-1])
    return torch.stack(states, 2), torch.stack(shares, 2)
