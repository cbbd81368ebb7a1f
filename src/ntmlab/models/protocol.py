"""What every model has, whoever wrote it.

Legend: B batch, T time, I inputs, O outputs.
"""

from typing import Any

from torch import nn


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
