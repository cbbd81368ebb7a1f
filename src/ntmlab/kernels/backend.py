"""Which implementation of a kernel runs: the native one where it can, the reference otherwise."""

import importlib
import warnings
from functools import cache
from types import ModuleType
from typing import Literal

import torch
from torch import Tensor

Backend = Literal["auto", "native", "reference"]


class SlowBackendWarning(UserWarning):
    """The native kernels are missing and the slower reference runs instead."""


@cache
def native_module() -> ModuleType | None:
    """The compiled kernels, or None where they were not built. The first miss warns, once."""
    try:
        return importlib.import_module("ntmlab.kernels._native")
    except ImportError as error:
        warnings.warn(
            f"native kernels are not available ({error}); running the readable reference, "
            "which is many times slower. Reinstall with a C++ compiler to build them.",
            SlowBackendWarning,
            stacklevel=2,
        )
        return None


def runs_native(backend: Backend, tensors: tuple[Tensor, ...]) -> bool:
    """Whether the native kernel runs for these tensors: float32 on the CPU, and it was built.

    Raises ValueError if ``backend`` is unknown, or "native" and the native kernel cannot run.
    """
    if backend not in ("auto", "native", "reference"):
        raise ValueError(f"backend must be 'auto', 'native' or 'reference', not {backend!r}")
    if backend == "reference":
        return False
    fits = all(t.device.type == "cpu" and t.dtype == torch.float32 for t in tensors)
    if fits and native_module() is not None:
        return True
    if backend == "native":
        why = "it was not built" if fits else "it needs float32 tensors on the CPU"
        raise ValueError(f"the native kernel cannot run: {why}; use backend='auto'")
    return False


def thread_count() -> int:
    """Threads a native kernel may use: PyTorch's own setting."""
    return torch.get_num_threads()
