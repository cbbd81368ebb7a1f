"""A short causal convolution over time, each channel by itself.

Legend: B batch, T time, D channels, W steps that it sees, the newest included.
"""

import math

import torch
from torch import Tensor, nn


class Convolution(nn.Module):
    """y_t = bias + Σ_i weight_i x_{t - W + 1 + i}, by channel; before the first step x is 0.

    Its state is the last W - 1 steps of what it was fed.
    """

    def __init__(self, channels: int, size: int) -> None:
        super().__init__()
        bound = 1 / math.sqrt(size)
        self.weight = nn.Parameter(torch.empty(size, channels).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.zeros(channels))

    def start(self, batch: int) -> Tensor:
        """Nothing seen yet, (B, W - 1, D)."""
        return self.bias.new_zeros(batch, len(self.weight) - 1, len(self.bias))

    def forward(self, x: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        """(B, T, D) for (B, T, D), and the last W - 1 steps."""
        length, every = x.shape[1], torch.cat([seen, x], 1)
        y: Tensor = self.bias
        for i, weight in enumerate(self.weight.unbind()):
            y = y + weight * every[:, i : i + length]
        return y, every[:, length:]
