"""Gated units whose gates see the input alone, so that training is a parallel scan.

*Were RNNs all we needed?* (Feng et al. 2024), its minGRU: z_t and the candidate depend on x_t, not
on h_{t-1}, and h_t = (1 - z_t) h_{t-1} + z_t g(candidate). In its version for logarithms the paper
keeps h positive by g; the sum is the same, and stable as it stands, since its factors lie between 0
and 1.

Legend: B batch, T time, D width, C units, L layers.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from ntmlab.models.scan import linear_scan
from ntmlab.models.sizes import check_positive
from ntmlab.models.stack import Mixer, Parts, StackModel


class MinGRUState(NamedTuple):
    """After a step."""

    hidden: Tensor  # (B, L, C)


class MinGRU(StackModel[MinGRUState]):
    """Blocks of minimal gated units and a feedforward layer, normalised before each.

    ``outputs, state = model(inputs, state=None)`` takes inputs (B, T, I) and returns logits
    (B, T, O). ``hidden_size`` is C. Raises InputError for sizes below 1.

    >>> MinGRU(1, 1)(torch.zeros(2, 5, 1))[1].hidden.shape
    torch.Size([2, 2, 64])
    """

    kind = "mingru"
    state_type = MinGRUState

    def __init__(
        self,
        input_size: int,
        output_size: int,
        *,
        width: int = 64,
        hidden_size: int = 64,
        layers: int = 2,
        expansion: int = 2,
    ) -> None:
        check_positive(width=width, hidden_size=hidden_size, layers=layers)
        mixers = [MinimalGates(width, hidden_size) for _ in range(layers)]
        super().__init__(
            input_size,
            output_size,
            mixers,
            width=width,
            hidden_size=hidden_size,
            layers=layers,
            expansion=expansion,
        )


class MinimalGates(Mixer):
    """One layer of units."""

    def __init__(self, width: int, hidden_size: int) -> None:
        super().__init__()
        self.enter = nn.Linear(width, 2 * hidden_size)
        self.leave = nn.Linear(hidden_size, width)

    def start(self, batch: int) -> Parts:
        """Nothing, (B, C)."""
        return (self.leave.weight.new_zeros(batch, self.leave.in_features),)

    def forward(self, x: Tensor, parts: Parts) -> tuple[Tensor, Parts]:
        """(B, T, D) for (B, T, D), and the last h."""
        gate, candidate = self.enter(x).chunk(2, -1)  # (B, T, C)
        drive = torch.sigmoid(gate) * positive(candidate)
        hidden = linear_scan(torch.sigmoid(-gate), drive, parts[0])
        return self.leave(hidden), (hidden[:, -1],)


def positive(x: Tensor) -> Tensor:
    """The paper's g: x + 1/2 from 0 on, the logistic function below."""
    return torch.where(x >= 0, x + 0.5, torch.sigmoid(x))
