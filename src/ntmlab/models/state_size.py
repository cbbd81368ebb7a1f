"""How many bytes of state a model carries from step to step."""

import torch
from torch import Tensor, nn

from ntmlab.errors import InputError
from ntmlab.models.predictor import evaluating


@torch.no_grad()
def state_bytes(model: nn.Module, input_size: int, steps: int) -> int:
    """Bytes of the state of one sequence after so many steps; what is shared is counted once.

    >>> from ntmlab.models import make_model
    >>> state_bytes(make_model("gru:hidden_size=8", input_size=1, output_size=1), 1, 100)
    64
    >>> transformer = make_model("transformer:width=8,heads=2", input_size=1, output_size=1)
    >>> state_bytes(transformer, 1, 100) == 100 * state_bytes(transformer, 1, 1)
    True

    Raises InputError for a model that returns no state.
    """
    like = next(iter(model.parameters()), torch.zeros(1))
    inputs = torch.zeros(1, steps, input_size, dtype=like.dtype, device=like.device)
    with evaluating(model):
        returned = model(inputs)
    if not isinstance(returned, tuple) or len(returned) < 2 or returned[1] is None:
        raise InputError("the model returns no state")
    return sum({id(part): part.nbytes for part in _tensors(returned[1])}.values())


def _tensors(state: object) -> list[Tensor]:
    if isinstance(state, Tensor):
        return [state]
    parts = [*state.values()] if isinstance(state, dict) else state
    return [t for part in parts for t in _tensors(part)] if isinstance(parts, list | tuple) else []
