"""What a run computes on: versions, commit, processor, threads, device."""

import os
import platform
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import torch

import ntmlab
from ntmlab.kernels.backend import native_module


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
    package = Path(ntmlab.__file__).parent

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(package), *arguments]
        result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)
        return result.stdout.strip()

    try:
        git("ls-files", "--error-unmatch", ntmlab.__file__)  # it is of that checkout itself
        changed = git("status", "--porcelain", str(package))
        return git("rev-parse", "HEAD") + ("+" if changed else "")
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
