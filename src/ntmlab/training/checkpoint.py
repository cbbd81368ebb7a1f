"""Checkpoints: one file that holds all a run needs to go on, bit for bit.

A safetensors file: ``model.*`` weights, ``optimizer.*`` state and ``random.*`` generators, and
while several starts are tried ``best.*``, what would go on of the best; in its header, as JSON, the
progress, and recipe, seed and code of the run; and a digest of all of it. It replaces the one
before in a single step, so a whole one is on the disk at any moment.
"""

import hashlib
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn
from torch.optim import Optimizer

from ntmlab.errors import InputError, Remark
from ntmlab.files import write_atomically
from ntmlab.foreign import remark_on_code
from ntmlab.recipes import Recipe
from ntmlab.records import Record
from ntmlab.runs.folder import RunFolder, read_config
from ntmlab.training.optimizer import load_optimizer_tensors, optimizer_tensors

Header = dict[str, str]


@dataclass
class Progress:
    """How far a run is, and what was added up since the last row of metrics."""

    sequences: int = 0
    metrics_bytes: int = 0  # length of metrics.jsonl at this point
    metrics_digest: str = ""  # of so many bytes; empty in checkpoints of earlier versions
    loss_bits: float = 0.0  # sum over sequences since the last row
    gradient_norm: float = 0.0  # largest since the last row
    rows_since: int = 0  # sequences since the last row
    skipped: int = 0  # batches left out since the last row: their gradient overflowed
    skipped_in_a_row: int = 0
    seconds: float = 0.0  # wall time of training so far
    restarts: int = 0  # times that it started again with other weights
    attempt: int = 0  # which of a sweep's workers this is; 0 for a run of its own
    start: int = 0  # which of several starts these weights are of
    start_bits: float = 0.0  # sum over the sequences of a start's second half so far
    start_rows: int = 0  # how many these are
    best_start: int = 0  # the start that cost least
    best_bits: float = 0.0  # its mean cost
    best: dict[str, Tensor] = field(default_factory=dict)  # its weights and optimiser

    def numbers(self) -> Record:
        """All of it that is no tensor."""
        return {name: value for name, value in vars(self).items() if name != "best"}


def save_checkpoint(
    run: RunFolder, about: Record, model: nn.Module, optimizer: Optimizer, progress: Progress
) -> None:
    """Replaces the run's checkpoint; raises OSError if the disk is full, the old one then stays.

    ``about`` has recipe, seed, and digests of the user's own code that it names.
    """
    parts = {
        "model": model.state_dict(),
        "optimizer": optimizer_tensors(optimizer),
        "random": generators(model),
        "best": progress.best,
    }
    tensors = {
        f"{part}.{name}": value.detach().cpu().clone(memory_format=torch.contiguous_format)
        for part, values in parts.items()
        for name, value in values.items()
    }
    header = {
        "progress": json.dumps(progress.numbers()),
        "run": json.dumps(about),
    }
    header["digest"] = _digest(tensors, header)
    write_atomically(run.checkpoint, save(tensors, header))


def load_checkpoint(
    run: RunFolder, recipe: Recipe, seed: int, model: nn.Module, optimizer: Optimizer
) -> Progress:
    """Puts the checkpoint's state into model, optimiser and generators.

    A remark says where the user's own code has another file now. Raises InputError if it is
    damaged, or of another recipe or seed.
    """
    try:
        with safe_open(run.checkpoint, framework="pt") as file:
            header: Header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        progress = Progress(**json.loads(header["progress"]), best=part_of(tensors, "best."))
        _check(header, tensors, recipe, seed)
        model.load_state_dict(part_of(tensors, "model."))
        load_optimizer_tensors(optimizer, part_of(tensors, "optimizer."))
        set_generators(part_of(tensors, "random."))
    except FileNotFoundError:
        raise InputError(f"{run.path} has no checkpoint to go on from") from None
    except (OSError, SafetensorError, RuntimeError, TypeError, KeyError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{run.checkpoint} is not a checkpoint of this run: {reason}") from None
    remark_on_code(json.loads(header.get("run", "{}")).get("code", {}), str(run.path))
    if "digest" not in header:
        about = "written by an earlier version, without a digest: damage would not be seen"
        warnings.warn(f"{run.checkpoint} was {about}", Remark, stacklevel=2)
    return progress


def _check(header: Header, tensors: dict[str, Tensor], recipe: Recipe, seed: int) -> None:
    """Raises ValueError for damage, and for another recipe or seed than the checkpoint's."""
    if header.keys() == {"progress"}:  # of an earlier version
        return
    said = {name: value for name, value in header.items() if name != "digest"}
    if _digest(tensors, said) != header.get("digest"):
        raise ValueError("its digest does not fit, so it is damaged")
    begun = json.loads(header["run"])
    before = _settings(Recipe.from_json(begun["recipe"]), begun["seed"])
    for key, value in _settings(recipe, seed).items():
        if before[key] != value:
            raise ValueError(
                f"config.json says {key} {value!r}, but it was trained with {before[key]!r}"
            )


def check_settings(path: Path, recipe: Recipe, seed: int) -> None:
    """Raises InputError where a folder holds a run of others, their descriptions aside."""
    _, there, its_seed = read_config(path)
    if _settings(there, its_seed) != _settings(recipe, seed):
        raise InputError(f"{path} holds a run of other settings; remove it or choose another place")


def _settings(recipe: Recipe, seed: int) -> dict[str, Any]:
    """All that decides a run's course, as JSON has it."""
    settings = {k: v for k, v in recipe.to_json().items() if k != "about"}
    return json.loads(json.dumps({**settings, "seed": seed}))  # type: ignore[no-any-return]


def _digest(tensors: dict[str, Tensor], header: Header) -> str:
    """The SHA-256 of tensors, their names, types and shapes, and a header."""
    digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def generators(model: nn.Module) -> dict[str, Tensor]:
    """The states of the generators that a model's own noise comes from."""
    states = {"cpu": torch.get_rng_state()}
    if any(parameter.is_cuda for parameter in model.parameters()):
        states["cuda"] = torch.cuda.get_rng_state()
    return states


def set_generators(states: dict[str, Tensor]) -> None:
    """Puts back what `generators` gave; checkpoints of earlier versions have none."""
    if "cpu" in states:
        torch.set_rng_state(states["cpu"])
    if "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"])


def part_of(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin so, by the rest of their names."""
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
