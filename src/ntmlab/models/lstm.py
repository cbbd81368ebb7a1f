"""The LSTM baseline of the paper.

*Neural Turing Machines* (2014) gives its parameter counts in Table 3 and little else; four of the
five counts are met exactly by this reading: the input feeds every layer, every layer feeds the
next and the output, one bias a gate, learned initial hidden and cell vectors, no peepholes.

Legend: B batch, T time, I inputs, O outputs, L layers, C units a layer.
"""

import math
from typing import Any

import torch
from torch import Tensor, nn

from ntmlab.kernels.backend import check_backend
from ntmlab.kernels.lstm_scan import LSTMState, LSTMWeights, lstm_scan
from ntmlab.models.calls import Inputs, Lengths, Outputs, Recurrence
from ntmlab.models.protocol import Model
from ntmlab.models.sizes import GivenState, check_batch_first, check_positive, has_numbers

FORGET_BIAS = 1.0  # gates start by remembering


class LSTM(Model):
    """Stacked LSTM with skip connections from the input to all layers and from all to the output.

    ``outputs, state = model(inputs, state=None)`` takes inputs (B, T, I) and returns logits
    (B, T, O) and the state after the last step. Under autocast it computes in the dtype of its
    weights all the same. Raises InputError for sizes below 1, an unknown backend, or a
    ``batch_first`` that is not True.

    >>> model = LSTM(input_size=1, output_size=1, hidden_size=128, layers=3)
    >>> sum(parameter.numel() for parameter in model.parameters())  # Table 3, dynamic N-grams
    331905
    """

    kind = "lstm"

    def __init__(
        self,
        input_size: int,
        output_size: int,
        *,
        hidden_size: int = 128,
        layers: int = 3,
        backend: str = "auto",
        batch_first: bool = True,
    ) -> None:
        super().__init__()
        check_batch_first(batch_first)
        check_positive(
            input_size=input_size, output_size=output_size, hidden_size=hidden_size, layers=layers
        )
        check_backend("lstm_scan", backend)
        self.input_size, self.output_size = input_size, output_size
        self.hidden_size, self.layers = hidden_size, layers
        self.backend = backend
        C, L = hidden_size, layers
        self.input_weights = nn.Parameter(torch.empty(L, 4 * C, input_size))
        self.bias = nn.Parameter(torch.empty(L, 4 * C))
        self.recurrent_weights = nn.Parameter(torch.empty(L, 4 * C, C))
        above = torch.empty(L - 1, 4 * C, C)
        # What one layer lacks stays a plain empty tensor: a largest gradient there is none of.
        self.layer_weights = nn.Parameter(above) if L > 1 else above
        self.output_weights = nn.Parameter(torch.empty(output_size, L * C))
        self.output_bias = nn.Parameter(torch.empty(output_size))
        self.initial_hidden = nn.Parameter(torch.empty(L, C))
        self.initial_cell = nn.Parameter(torch.empty(L, C))
        self.reset_parameters()

    def options(self) -> dict[str, Any]:
        """The keyword arguments that make a model of these sizes again."""
        names = ("input_size", "output_size", "hidden_size", "layers")
        return {name: getattr(self, name) for name in names}

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Draws new initial weights from PyTorch's generator.

        Weights are uniform in ±1/sqrt(units of a layer), as in ``torch.nn.LSTM``; biases are zero
        but for the forget gates, the initial state is zero.
        """
        bound = 1 / math.sqrt(self.hidden_size)
        for weights in (self.input_weights, self.recurrent_weights, self.layer_weights):
            weights.uniform_(-bound, bound)
        bound = 1 / math.sqrt(self.output_weights.shape[1])
        self.output_weights.uniform_(-bound, bound)
        for zero in (self.bias, self.output_bias, self.initial_hidden, self.initial_cell):
            zero.zero_()
        self.bias[:, self.hidden_size : 2 * self.hidden_size] = FORGET_BIAS

    def initial_state(self, batch: int) -> LSTMState:
        """The learned state before the first step, for ``batch`` sequences, in its own memory."""
        return LSTMState(*(part.clone() for part in self._start(batch)))

    def _start(self, batch: int) -> LSTMState:
        """As `initial_state`, in the memory of the weights: nobody may write there."""
        parts = (self.initial_hidden, self.initial_cell)
        return LSTMState(*(part.expand(batch, *part.shape) for part in parts))

    def forward(
        self, inputs: Inputs, state: GivenState = None, lengths: Lengths = None
    ) -> tuple[Outputs, LSTMState]:
        """Logits (B, T, O) for inputs (B, T, I), and the state after the last step.

        With ``lengths`` (B,) each row ends at its own: its state is the one there, logits beyond it
        are 0. Inputs may be one sequence (T, I), with a state without B, or a PackedSequence.
        Raises InputError for shapes, dtypes, devices or lengths that do not fit.
        """
        weights = self.input_weights
        run = Recurrence(
            LSTMState, weights, self.input_size, self.output_size, self._start, self._scan
        )
        return run(inputs, state, lengths)

    def _scan(self, inputs: Tensor, start: LSTMState) -> tuple[Tensor, LSTMState]:
        above = self.layer_weights
        if self.layers == 1:
            above = self.input_weights.new_empty(above.shape)
        weights = LSTMWeights(self.input_weights, self.bias, self.recurrent_weights, above)
        hidden, state = lstm_scan(inputs, weights, start, backend=self.backend)
        logits = nn.functional.linear(hidden.flatten(2), self.output_weights, self.output_bias)
        return logits, state

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *rest: Any) -> None:
        """As of any module, but for what `has_numbers` leaves out."""
        name = f"{prefix}layer_weights"
        if name in state_dict and not has_numbers(state_dict[name]):
            del state_dict[name]
        super()._load_from_state_dict(state_dict, prefix, *rest)
