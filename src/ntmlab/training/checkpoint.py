"""Checkpoints: one file that holds all a run needs to go on, bit for bit.

A safetensors file: ``model.*`` weights, ``optimizer.*`` state, and the progress as JSON in its
header. It replaces the one before in a single step, so a whole one is on the disk at any moment.
"""

import dataclasses
import json
from dataclasses import dataclass

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn
from torch.optim import Optimizer

from ntmlab.errors import InputError
from ntmlab.files import write_atomically
from ntmlab.runs.folder import RunFolder
from ntmlab.training.optimizer import load_optimizer_tensors, optimizer_tensors


@dataclass
class Progress:
    """How far a run is, and what was added up since the last row of metrics."""

    sequences: int = 0
    metrics_bytes: int = 0  # length of metrics.jsonl at this point
    loss_bits: float = 0.0  # sum over sequences since the last row
    gradient_norm: float = 0.0  # largest since the last row
    rows_since: int = 0  # sequences since the last row
    skipped: int = 0  # batches left out since the last row: their gradient overflowed
    skipped_in_a_row: int = 0
    seconds: float = 0.0  # wall time of training so far


def save_checkpoint(
    run: RunFolder, model: nn.Module, optimizer: Optimizer, progress: Progress
) -> None:
    """Replaces the run's checkpoint; raises OSError if the disk is full, the old one then stays."""
    tensors = {f"model.{name}": value for name, value in model.state_dict().items()}
    state = optimizer_tensors(optimizer)
    tensors |= {f"optimizer.{name}": value for name, value in state.items()}
    contiguous = {name: value.detach().contiguous() for name, value in tensors.items()}
    header = {"progress": json.dumps(dataclasses.asdict(progress))}
    write_atomically(run.checkpoint, save(contiguous, header))


def load_checkpoint(run: RunFolder, model: nn.Module, optimizer: Optimizer) -> Progress:
    """Puts the checkpoint's state into model and optimiser; raises InputError if it is damaged."""
    try:
        with safe_open(run.checkpoint, framework="pt") as file:
            progress = Progress(**json.loads(file.metadata()["progress"]))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        model.load_state_dict(_part(tensors, "model."))
        load_optimizer_tensors(optimizer, _part(tensors, "optimizer."))
    except FileNotFoundError:
        raise InputError(f"{run.path} has no checkpoint to go on from") from None
    except (OSError, SafetensorError, RuntimeError, TypeError, KeyError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{run.checkpoint} is not a checkpoint of this run: {reason}") from None
    return progress


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
