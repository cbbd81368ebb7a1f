"""A diagonal state-space model whose step sizes and read-outs follow the input, as Mamba's.

*Mamba* (Gu and Dao 2023): equations 2 and 4 with the selection of algorithm 2. Every channel has N
numbers that decay at rates of their own, h_t = exp(Δ_t A) h_{t-1} + Δ_t B_t x_t, and is read by
y_t = C_t h_t + D x_t; Δ, B and C are functions of the input. Two things are as in the authors' code
and not in the paper: the input's factor is Δ B, the first term of equation 4's, and D x_t is added.

Legend: B batch, T time, D width, E channels (2 D), N numbers of a channel, R rank of the step
sizes, W steps of the convolution, L layers.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ntmlab.models.convolution import Convolution
from ntmlab.models.scan import linear_scan
from ntmlab.models.sizes import check_positive
from ntmlab.models.stack import Mixer, Parts, StackModel

SMALLEST_STEP, LARGEST_STEP = 1e-3, 0.1  # Δ at the start, uniform in its logarithm


class SSMState(NamedTuple):
    """After a step."""

    hidden: Tensor  # (B, L, E, N)
    seen: Tensor  # (B, L, W - 1, E): what the convolution still needs


class SSM(StackModel[SSMState]):
    """Blocks of a selective state-space layer, normalised before each.

    ``outputs, state = model(inputs, state=None)`` takes inputs (B, T, I) and returns logits
    (B, T, O). ``states`` is N. Raises InputError for sizes below 1.

    >>> SSM(1, 1)(torch.zeros(2, 5, 1))[1].hidden.shape
    torch.Size([2, 2, 128, 8])
    """

    kind = "ssm"
    state_type = SSMState

    def __init__(
        self,
        input_size: int,
        output_size: int,
        *,
        width: int = 64,
        layers: int = 2,
        states: int = 8,
        convolution: int = 4,
        expansion: int = 0,
    ) -> None:
        check_positive(width=width, layers=layers, states=states, convolution=convolution)
        mixers = [Selective(width, states, convolution) for _ in range(layers)]
        super().__init__(
            input_size,
            output_size,
            mixers,
            width=width,
            layers=layers,
            states=states,
            convolution=convolution,
            expansion=expansion,
        )


class Selective(Mixer):
    """One layer of channels."""

    def __init__(self, width: int, states: int, convolution: int) -> None:
        super().__init__()
        channels, rank = 2 * width, max(1, width // 16)
        self.sizes = (rank, states, states)
        self.enter = nn.Linear(width, 2 * channels, bias=False)
        self.before = Convolution(channels, convolution)
        self.select = nn.Linear(channels, sum(self.sizes), bias=False)
        self.steps = nn.Linear(rank, channels)
        self.log_rates = nn.Parameter(torch.arange(1.0, states + 1).log().repeat(channels, 1))
        self.through = nn.Parameter(torch.ones(channels))
        self.leave = nn.Linear(channels, width, bias=False)
        with torch.no_grad():
            bounds = math.log(SMALLEST_STEP), math.log(LARGEST_STEP)
            self.steps.bias.uniform_(*bounds).exp_().expm1_().log_()  # softplus gives them back

    def start(self, batch: int) -> Parts:
        """Nothing yet."""
        return self.log_rates.new_zeros(batch, *self.log_rates.shape), self.before.start(batch)

    def forward(self, x: Tensor, parts: Parts) -> tuple[Tensor, Parts]:
        """(B, T, D) for (B, T, D), and the numbers after the last step."""
        signal, gate = self.enter(x).chunk(2, -1)  # (B, T, E)
        signal, seen = self.before(signal, parts[1])
        signal = nn.functional.silu(signal)
        low, entering, reading = self.select(signal).split(self.sizes, -1)
        step = nn.functional.softplus(self.steps(low))  # (B, T, E)
        decay = torch.exp(step.unsqueeze(-1) * -self.log_rates.exp())  # (B, T, E, N)
        drive = (step * signal).unsqueeze(-1) * entering.unsqueeze(-2)
        hidden = linear_scan(decay, drive, parts[0])
        said = (hidden @ reading.unsqueeze(-1)).squeeze(-1) + self.through * signal
        return self.leave(said * nn.functional.silu(gate)), (hidden[:, -1], seen)
