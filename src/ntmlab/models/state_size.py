"""What a model carries from step to step: its parts by name, and how many bytes they are."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

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
    return sum({id(part): part.nbytes for _, part in named_tensors(returned[1])}.values())


def named_tensors(
    state: object, name: str = "", within: tuple[object, ...] = ()
) -> Iterator[tuple[str, Tensor]]:
    """The tensors of a state, however it is put together, by the names on the way to them.

    Those are keys, fields, attributes and numbers; a tensor alone is the ``state``. ``within`` is
    what holds this state: one that leads back to itself is walked once.

    >>> zeros = torch.zeros(2)
    >>> [name for name, _ in named_tensors({"layers": [zeros, zeros], "seen": 3, "last": zeros})]
    ['layers 0', 'layers 1', 'last']
    """
    if isinstance(state, Tensor):
        yield name or "state", state
    elif not any(state is one for one in within):
        for own, part in _parts(state).items():
            yield from named_tensors(part, f"{name} {own}".lstrip(), (*within, state))


def _parts(state: object) -> Mapping[Any, Any]:
    if isinstance(state, Mapping):
        return state
    if isinstance(state, list | tuple):
        return dict(zip(getattr(state, "_fields", range(len(state))), state, strict=True))
    if is_dataclass(state):
        return {field.name: getattr(state, field.name) for field in fields(state)}
    return getattr(state, "__dict__", {})
