"""The run folder: what training writes, and the only thing that everything after it reads.

``config.json``             recipe and seed; enough to train the same again
``environment.json``        versions, commit, processor, threads, device
``metrics.jsonl``           a row per validation; the same on every repetition
``timing.jsonl``            wall time and rate per row, and when the run was resumed
``checkpoint.safetensors``  everything needed to go on
``model.safetensors/.json`` the weights so far, for any other command
``snapshots/``              the weights on the way, named by their number of sequences, if asked for
"""

import fcntl
import json
import os
import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

import ntmlab
from ntmlab.errors import InputError
from ntmlab.files import write_atomically
from ntmlab.kernels.backend import native_module
from ntmlab.training.recipe import Recipe

FORMAT = "ntmlab-run-1"
SNAPSHOTS = "snapshots"


class RunFolder(NamedTuple):
    """Paths in a run folder."""

    path: Path

    @property
    def config(self) -> Path:
        """Recipe and seed."""
        return self.path / "config.json"

    @property
    def environment(self) -> Path:
        """What it ran on."""
        return self.path / "environment.json"

    @property
    def metrics(self) -> Path:
        """Validation rows."""
        return self.path / "metrics.jsonl"

    @property
    def timing(self) -> Path:
        """Wall times."""
        return self.path / "timing.jsonl"

    @property
    def checkpoint(self) -> Path:
        """State to go on from."""
        return self.path / "checkpoint.safetensors"

    @property
    def model(self) -> Path:
        """Weights so far."""
        return self.path / "model.safetensors"

    def snapshot(self, sequences: int) -> Path:
        """Weights after a number of sequences."""
        return self.path / SNAPSHOTS / f"{sequences}.safetensors"

    @property
    def failure(self) -> Path:
        """The batch that gave a loss or gradient that is no number."""
        return self.path / "failure.safetensors"


def create(path: Path, recipe: Recipe, seed: int, device: str = "cpu") -> RunFolder:
    """A new run folder with its configuration; raises InputError if the path is taken."""
    run = RunFolder(path)
    if run.config.exists():
        raise InputError(f"{path} holds a run already; go on with --resume {path}")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InputError(f"{path} exists and is not an empty folder; choose another --out")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot create {path}: {error.strerror}") from None
    write_json(run.environment, environment(device))
    write_json(run.config, {"format": FORMAT, "recipe": recipe.to_json(), "seed": seed})
    return run


def read_config(path: Path) -> tuple[RunFolder, Recipe, int]:
    """A run folder, its recipe and its seed; raises InputError if it is none."""
    run = RunFolder(path)
    try:
        config = json.loads(run.config.read_text(encoding="utf-8"))
        if config["format"] != FORMAT:
            raise InputError(f"{run.config} is not of format {FORMAT}")
        return run, Recipe(**config["recipe"]), int(config["seed"])
    except FileNotFoundError:
        raise InputError(f"{path} is not a run folder: it has no {run.config.name}") from None
    except InputError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{run.config} is damaged: {error}") from None


def trained_on(run: RunFolder) -> str:
    """The device that a run computes on; raises InputError if its record is damaged."""
    return str(read_object(run.environment).get("device", "cpu"))


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """The validation rows of a run folder; raises InputError if there are none or one is damaged.

    A last line without its end, as an interrupted write leaves it, is passed over.
    """
    return read_rows(RunFolder(path).metrics, f"{path} is not a run folder")


def read_rows(file: Path, missing: str) -> list[dict[str, Any]]:
    """The rows of a JSON-lines file, as `read_metrics` says; ``missing`` begins its complaint."""
    try:
        text = file.read_text(encoding="utf-8")
        rows = [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]
    except FileNotFoundError:
        raise InputError(f"{missing}: it has no {file.name}") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{file} is damaged: {error}") from None
    if not rows:
        raise InputError(f"{file} holds no row yet")
    return rows


def read_object(path: Path) -> dict[str, Any]:
    """A JSON object, empty where there is no file."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is damaged: {error}") from None
    if not isinstance(value, dict):
        raise InputError(f"{path} is damaged: it holds no JSON object")
    return value


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Writes a JSON file, wholly or not at all."""
    write_atomically(path, (json.dumps(value, indent=2) + "\n").encode())


def append_row(path: Path, row: dict[str, Any]) -> None:
    """Adds one line to a JSON-lines file and sees it to the disk."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
        file.flush()
        os.fsync(file.fileno())


def truncate(path: Path, size: int) -> None:
    """Cuts a file to its first ``size`` bytes, so that a resumed run repeats no rows."""
    with path.open("ab") as file:
        file.truncate(size)


@contextmanager
def locked(run: RunFolder) -> Iterator[None]:
    """Keeps a second process from training in the same folder; raises InputError if one does."""
    with (run.path / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(f"another process is training in {run.path}") from None
        yield


def environment(device: str = "cpu") -> dict[str, Any]:
    """Versions, commit, processor and threads of this process, and the device it computes on."""
    native = native_module()
    gpu = {"gpu": torch.cuda.get_device_name(device)} if device == "cuda" else {}
    return {
        "ntmlab": ntmlab.__version__,
        "commit": commit(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "processor": processor(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "kernels": native.instruction_set() if native else "reference",
        "device": device,
        **gpu,
    }


def commit() -> str | None:
    """The commit of the checkout that this package runs from, "+" if changed since; or None."""
    here = Path(__file__).parent

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(here), *arguments]
        result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)
        return result.stdout.strip()

    try:
        git("ls-files", "--error-unmatch", __file__)  # the file itself is of that checkout
        return git("rev-parse", "HEAD") + ("+" if git("status", "--porcelain", str(here)) else "")
    except (OSError, subprocess.SubprocessError):
        return None


def processor() -> str:
    """The processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
