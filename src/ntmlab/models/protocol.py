"""What every model has, whoever wrote it.

Legend: B batch, T time, I inputs, O outputs.
"""

from typing import Any

from torch import Tensor, nn

from ntmlab.errors import InputError


class Model(nn.Module):
    """A module that trains, is kept on the disk and is made again from its card.

    ``outputs, state = model(inputs, state=None)`` takes inputs (B, T, I) and returns logits
    (B, T, O) and the state after the last step. ``kind`` and `options` make a model of these sizes
    again, by `ntmlab.models.make_model(kind, **options)`.
    """

    kind: str
    input_size: int  # I
    output_size: int  # O

    def options(self) -> dict[str, Any]:
        """The keyword arguments that make a model of these sizes again, as JSON has them."""
        raise NotImplementedError

    def step(self, inputs: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """Logits (B, O) and the next state for one step's inputs (B, I)."""
        logits, end = self(inputs.unsqueeze(-2), state)
        return logits.squeeze(-2), end

    def extra_repr(self) -> str:
        """The sizes, for ``print(model)``."""
        return ", ".join(f"{name}={value!r}" for name, value in self.options().items())

    def __prepare_scriptable__(self) -> Any:
        """Called by `torch.jit.script`, which cannot read these modules: raises InputError."""
        raise InputError(
            f"torch.jit.script cannot read {type(self).__name__}; "
            "use torch.jit.trace, torch.export or torch.compile"
        )
