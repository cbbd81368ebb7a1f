"""A recurrent network of gated units, PyTorch's own.

*Learning phrase representations using RNN encoder-decoder for statistical machine translation*
(Cho et al. 2014), equations 5 to 8, in the form of ``torch.nn.GRU``, whose reset gate acts after
the product with the recurrent weights.

Legend: B batch, T time, I inputs, O outputs, L layers, C units a layer.
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from ntmlab.kernels.autograd import no_autocast
from ntmlab.models.protocol import Model
from ntmlab.models.sizes import GivenState, as_inputs, check_positive, fitting_state


class GRUState(NamedTuple):
    """After a step."""

    hidden: Tensor  # (B, L, C)


class GRU(Model):
    """Stacked gated recurrent units with a learned start and a linear read-out of the last layer.

    ``outputs, state = model(inputs, state=None)`` takes inputs (B, T, I) and returns logits
    (B, T, O). Raises InputError for sizes below 1.

    >>> GRU(1, 1)(torch.zeros(2, 5, 1))[0].shape
    torch.Size([2, 5, 1])
    """

    kind = "gru"

    def __init__(
        self, input_size: int, output_size: int, *, hidden_size: int = 64, layers: int = 2
    ) -> None:
        super().__init__()
        check_positive(
            input_size=input_size, output_size=output_size, hidden_size=hidden_size, layers=layers
        )
        self.input_size, self.output_size = input_size, output_size
        self.hidden_size, self.layers = hidden_size, layers
        self.cells = nn.GRU(input_size, hidden_size, layers, batch_first=True)
        self.read = nn.Linear(hidden_size, output_size)
        self.initial_hidden = nn.Parameter(torch.zeros(layers, hidden_size))

    def options(self) -> dict[str, Any]:
        """The keyword arguments that make a model of these sizes again."""
        names = ("input_size", "output_size", "hidden_size", "layers")
        return {name: getattr(self, name) for name in names}

    def forward(self, inputs: Tensor, state: GivenState = None) -> tuple[Tensor, GRUState]:
        """Logits (B, T, O) for inputs (B, T, I), and the state after the last step."""
        inputs = as_inputs(inputs, self.input_size, self.read.weight)
        start = GRUState(self.initial_hidden.expand(inputs.shape[0], -1, -1))
        if state is not None:
            start = fitting_state(state, start, self.read.weight)
        with no_autocast(inputs.device):
            hidden, end = self.cells(inputs, start.hidden.transpose(0, 1).contiguous())
            return self.read(hidden), GRUState(end.transpose(0, 1))
