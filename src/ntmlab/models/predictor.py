"""A network as a predictor.

Legend: B batch, T time, I inputs, O target bits.
"""

import torch
from torch import Tensor, nn

from ntmlab.errors import InputError
from ntmlab.models.sizes import check_inputs

# A pass takes at most so many rows, and fewer of long sequences: its memory stays bounded.
ROWS_AT_ONCE = 256
STEPS_AT_ONCE = 2**16

# Logits beyond this are cut: the sigmoid would round to exactly 0 or 1 in float64 and a wrong bit
# would cost infinitely many bits instead of 52.
LOGIT_LIMIT = 36.0


class ModulePredictor:
    """Probabilities from a module's logits, (B, T, O) float64.

    The module maps inputs (B, T, I) to logits (B, T, O), or to a tuple that starts with them. It
    runs without gradients in evaluation mode, on its own device and in its own dtype, and is left
    in the mode it was in. Raises InputError if its sizes do not fit the inputs.
    """

    def __init__(self, module: nn.Module) -> None:
        self.module = module

    @torch.no_grad()
    def __call__(self, inputs: Tensor) -> Tensor:
        input_size = getattr(self.module, "input_size", None)
        if input_size is not None:
            check_inputs(inputs, input_size)
        rows_at_once = max(1, min(ROWS_AT_ONCE, STEPS_AT_ONCE // max(inputs.shape[1], 1)))
        like = next(self.module.parameters(), inputs)
        was_training = self.module.training
        self.module.eval()
        try:
            parts = [
                self._logits(rows.to(device=like.device, dtype=like.dtype)).cpu()
                for rows in inputs.split(rows_at_once)
            ]
        finally:
            self.module.train(was_training)
        logits = torch.cat(parts).double()
        return torch.sigmoid(logits.clamp(-LOGIT_LIMIT, LOGIT_LIMIT))

    def _logits(self, inputs: Tensor) -> Tensor:
        outputs = self.module(inputs)
        logits = outputs[0] if isinstance(outputs, tuple) else outputs
        if not isinstance(logits, Tensor) or logits.shape[:2] != inputs.shape[:2]:
            found = tuple(logits.shape) if isinstance(logits, Tensor) else type(logits).__name__
            raise InputError(
                f"a model must return logits (batch, time, outputs) for inputs "
                f"{tuple(inputs.shape)}, not {found}"
            )
        return logits
