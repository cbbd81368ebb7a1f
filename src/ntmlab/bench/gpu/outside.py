"""Peers in a process of their own: programs of the checkout's benchmarks/gpu_peers."""

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import ntmlab
from ntmlab.errors import Remark, one_line

PROGRAMS = Path(ntmlab.__file__).parents[2] / "benchmarks" / "gpu_peers"
LIMITS = {"jax_ntm": 60.0, "compiled_ntm": 75.0}  # seconds, compilation included
# JAX takes three quarters of a GPU's memory when it starts, unless it is told not to.
ENVIRONMENT = {"XLA_PYTHON_CLIENT_PREALLOCATE": "false", "OMP_NUM_THREADS": "4"}


def outside(program: str, batch: int) -> dict[str, float]:
    """Sequences a second of what a program times; nothing, and a remark, where it cannot run."""
    path = PROGRAMS / f"{program}.py"
    if not path.exists():
        return _without(program, "it is part of the checkout, not of the package")
    package = str(Path(ntmlab.__file__).parents[1])
    environment = os.environ | ENVIRONMENT | {"PYTHONPATH": package}
    try:
        done = subprocess.run(
            [sys.executable, str(path), str(batch)],
            capture_output=True,
            text=True,
            timeout=LIMITS[program],
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return _without(program, f"not done after {LIMITS[program]:.0f} seconds")
    lines = done.stdout.splitlines()
    if done.returncode != 0 or not lines:
        said = done.stderr.strip().splitlines()
        return _without(program, said[-1] if said else f"exit code {done.returncode}")
    found: dict[str, float] = json.loads(lines[-1])
    return found


def _without(program: str, why: str) -> dict[str, float]:
    warnings.warn(one_line(f"{program} is not timed: {why}"), Remark, stacklevel=3)
    return {}
