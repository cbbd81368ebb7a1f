"""Several NTMs of one size with weights of their own, as one module: their scans are one launch."""

import torch
from torch import Tensor, nn

from ntmlab.kernels.ntm_scan import OutputWeights, ScanState, ScanWeights
from ntmlab.kernels.ntm_scan.seeds import ntm_scan_seeds
from ntmlab.models import NTM

WEIGHTS = (
    "input_weights",
    "input_bias",
    "read_weights",
    "recurrent_weights",
    "layer_weights",
    "layer_bias",
    "head_weights",
    "head_bias",
)
OUTPUTS = ("output_weights", "output_bias")
LOGITS = ("initial_read_weightings", "initial_write_weightings")  # of weightings
START = ("initial_memory", "initial_reads", *LOGITS, "initial_hidden", "initial_cell")


class Machines(nn.Module):
    """The first rows of a batch belong to the first machine, and so on."""

    def __init__(self, models: list[NTM]) -> None:
        super().__init__()
        self.shifts, self.activation = models[0].shifts, models[0].activation
        self.count, self.backend = len(models), "auto"
        for name in (*WEIGHTS, *OUTPUTS, *START):
            parts = torch.stack([getattr(model, name).detach() for model in models])
            if parts.numel():
                self.register_parameter(name, nn.Parameter(parts))
            else:
                self.register_buffer(name, parts)

    def forward(self, inputs: Tensor) -> tuple[Tensor, ScanState]:
        """Logits (S B, T, O) for inputs (S B, T, I), and the state after the last step."""
        given = inputs.unflatten(0, (self.count, -1))
        result = ntm_scan_seeds(
            given,
            ScanWeights(*(getattr(self, name) for name in WEIGHTS)),
            ScanState(*(self._start(name, given.shape[1]) for name in START)),
            shifts=self.shifts,
            activation=self.activation,
            outputs=OutputWeights(*(getattr(self, name) for name in OUTPUTS)),
            backend=self.backend,
        )
        assert result.outputs is not None
        return result.outputs.flatten(0, 1), result.state

    def _start(self, name: str, rows: int) -> Tensor:
        """A part of the state before the first step, of every machine and row."""
        part: Tensor = getattr(self, name)
        if name in LOGITS:
            part = torch.softmax(part, -1)
        return part.unsqueeze(1).expand(-1, rows, *part.shape[1:])
