"""Whether what a user's model says is in the weights that are kept of it, and these are drawn."""

import warnings
from collections.abc import Mapping
from typing import Final

import torch
from torch import Tensor

from ntmlab.errors import Remark
from ntmlab.foreign import described
from ntmlab.models import Foreign, ModulePredictor
from ntmlab.models.predictor import ROWS_AT_ONCE
from ntmlab.runs.weights import made_again
from ntmlab.training.validation import Validation

SAME: Final = 1e-4  # probabilities that differ by no more are the same but for rounding

OTHERWISE: Final = (
    "keeps something elsewhere than in its parameters and buffers, as a count of steps, or draws "
    "by chance in evaluation too; rows of metrics are not of the weights that are kept, and "
    "--resume does not go on where the run was"
)


def remark_unless_kept(model: Foreign, validation: Validation, said: Tensor) -> None:
    """A remark where a model made anew with the same weights says otherwise than this one said."""
    inputs = validation.sequences.inputs[:ROWS_AT_ONCE]
    device = next(model.parameters()).device
    places = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(places):
        try:
            other = made_again(model.kind, model.options(), model.state_dict()).to(device)
        except (RuntimeError, KeyError) as error:
            about = f"model {model.kind} does not take its own weights back: {described(error)}"
            warnings.warn(f"{about}; nothing can read this run", Remark, stacklevel=2)
            return
        again = ModulePredictor(other, validation.task.outputs)(inputs)
    apart = float((again - said[: len(inputs)]).abs().max())
    if apart > SAME:
        about = f"model {model.kind}, made anew with its weights, says otherwise by {apart:.2g}"
        warnings.warn(f"{about}: it {OTHERWISE}", Remark, stacklevel=2)


def remark_unless_drawn(
    model: Foreign, one: Mapping[str, Tensor], other: Mapping[str, Tensor]
) -> None:
    """A remark where two draws of a model's weights are the same: a new start changes nothing."""
    if all(torch.equal(value, other[name]) for name, value in one.items()):
        about = f"model {model.kind} starts again with the weights that it always begins with"
        why = "its factory sets PyTorch's seed, or draws nothing from PyTorch's generator"
        warnings.warn(f"{about}: {why}", Remark, stacklevel=2)
