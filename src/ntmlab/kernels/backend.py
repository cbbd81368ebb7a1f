"""Which implementation of a kernel runs: the first of its rows that can, or the one asked for.

Another way to run an operation is another row: a name for ``backend=``, the module that has the
function, and the reason why it cannot run on some tensors.
"""

import importlib
import sys
import warnings
from collections.abc import Callable, Sequence
from functools import cache, partial
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

import torch
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.native import compiled

Function = TypeVar("Function", bound=Callable[..., Any])


class SlowBackendWarning(UserWarning):
    """The native kernels are missing and the slower reference runs instead."""


def _constant(function: Function) -> Function:
    """As `torch.compiler.assume_constant_result`, which loads all of the compiler to set this."""
    function._dynamo_marked_constant = True  # type: ignore[attr-defined]
    return function


@cache
def native_module() -> ModuleType | None:
    """The compiled kernels, or None where they were not built. The first miss warns, once."""
    try:
        return compiled("ntmlab.kernels._native")
    except ImportError as error:
        warnings.warn(
            f"native kernels are not available ({error}); running the readable reference, "
            "which is many times slower. Reinstall with a C++ compiler to build them.",
            SlowBackendWarning,
            stacklevel=2,
        )
        return None


@_constant
def _is_built() -> bool:
    return native_module() is not None


@_constant
def _import(name: str) -> None:
    """Imports the rows of a name, those of every operation.

    What the compiler has once seen of sys.modules lacks what is imported later.
    """
    for rows in BACKENDS.values():
        for row in rows:
            if row.name == name:
                importlib.import_module(row.module)


def thread_count() -> int:
    """Threads a native kernel may use: PyTorch's own setting."""
    return torch.get_num_threads()


def is_watched(tensors: Sequence[Tensor]) -> bool:
    """Whether something watches or transforms operations, which would not see what a kernel does.

    So do torch.func, torch.export, tracing, and tensors whose memory does not hold their numbers.
    """
    # PyTorch has no public question for the first two.
    if _is_transformed() or torch._C._len_torch_dispatch_stack() > 0:
        return True
    if torch._C._get_tracing_state() is not None:
        return True
    try:
        return any((t.data_ptr() == 0 and t.numel() > 0) or t.is_neg() for t in tensors)
    except RuntimeError:
        return True


def _why_not_native(tensors: Sequence[Tensor]) -> str | None:
    if not (tensors[0].is_cpu and tensors[0].dtype == torch.float32):
        return "it needs float32 tensors on the CPU"
    hidden = not is_compiled() if torch.compiler.is_compiling() else is_watched(tensors)
    if hidden:
        return "it cannot run inside torch.func, torch.export or another transform"
    return None if _is_built() else "it was not built"


def _why_not_on_gpu(tensors: Sequence[Tensor]) -> str | None:
    if torch.compiler.is_compiling():
        return "it is opaque to the compiler"
    if not (tensors[0].is_cuda and tensors[0].dtype == torch.float32):
        return "it is for float32 tensors on a GPU"
    return None


def _why_not_cudnn(tensors: Sequence[Tensor]) -> str | None:
    if torch.version.cuda is None or not torch.backends.cudnn.is_available():
        return "PyTorch has no cuDNN here"
    why_not = _why_not_on_gpu(tensors)
    if why_not is None and is_watched(tensors):
        return "it cannot run inside torch.func, torch.export or another transform"
    return why_not


def is_recorded(tensors: Sequence[Tensor]) -> bool:
    """Whether gradients may be asked for of what is made from these tensors."""
    return torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors)


def _why_not_cuda(module: str, tensors: Sequence[Tensor]) -> str | None:
    """As of a row, and also for one tensor alone: then of the device, whatever the sizes.

    The row's module says what does not fit, with a function ``misfit``.
    """
    first = tensors[0]
    if not (first.is_cuda and first.dtype == torch.float32) or torch.version.cuda is None:
        return "it needs float32 tensors on an NVIDIA GPU"
    hidden = not is_compiled() if torch.compiler.is_compiling() else is_watched(tensors)
    if hidden:
        return "it cannot run inside torch.func, torch.export or another transform"
    why_not: str | None = _without_cuda()
    if why_not is not None or len(tensors) == 1 or torch.compiler.is_compiling():
        return why_not  # within the compiler, the operator says what does not fit when it runs
    reason: str | None = importlib.import_module(module).misfit(tensors)
    return reason


@_constant
def _without_cuda() -> str | None:
    """Why nothing can be compiled for the GPU here, said once as a warning too, or None."""
    return _checked_cuda()


@cache
def _checked_cuda() -> str | None:
    why_not: str | None = importlib.import_module("ntmlab.kernels.cuda").why_not_here()
    if why_not is not None:
        warnings.warn(
            f"kernels for GPUs are not available: {why_not}; running slower ways",
            SlowBackendWarning,
            stacklevel=2,
        )
    return why_not


def _runs_everywhere(tensors: Sequence[Tensor]) -> None:
    return None


def _always(tensors: Sequence[Tensor]) -> bool:
    return True


class Row(NamedTuple):
    """One way to run an operation."""

    name: str  # for ``backend=``
    module: str  # has a function of the operation's name; imported when it first runs
    # Why it cannot run on these tensors, which are of one dtype and on one device; or None.
    why_not: Callable[[Sequence[Tensor]], str | None]
    # Whether it is a choice for them where nobody asks for it by name.
    unasked: Callable[[Sequence[Tensor]], bool] = _always


def _cuda_row(module: str) -> Row:
    return Row("cuda", module, partial(_why_not_cuda, module))


# The ways of every operation; "auto" takes the first that can run.
BACKENDS = {
    "ntm_scan": (
        Row("native", "ntmlab.kernels.ntm_scan.native", _why_not_native),
        _cuda_row("ntmlab.kernels.ntm_scan.gpu"),
        Row("reference", "ntmlab.kernels.ntm_scan.reference", _runs_everywhere),
    ),
    "lstm_scan": (
        Row("native", "ntmlab.kernels.lstm_scan.native", _why_not_native),
        _cuda_row("ntmlab.kernels.lstm_scan.gpu"),
        Row("cudnn", "ntmlab.kernels.lstm_scan.cudnn", _why_not_cudnn, is_recorded),
        Row("layered", "ntmlab.kernels.lstm_scan.layered", _why_not_on_gpu),
        Row("reference", "ntmlab.kernels.lstm_scan.reference", _runs_everywhere),
    ),
}


def check_backend(operation: str, backend: str) -> None:
    """Raises InputError unless ``backend`` is "auto" or the name of one of the operation's rows."""
    names = ["auto", *(row.name for row in BACKENDS[operation])]
    if backend not in names:
        known = ", ".join(map(repr, names[:-1]))
        raise InputError(f"backend must be {known} or {names[-1]!r}, not {backend!r}")


def is_compiled() -> bool:
    """Whether `torch.compile` is reading this call, so that a kernel has to be an operator to it.

    What is exported runs where this package is not, so it has every operation of the reference.
    """
    if not torch.compiler.is_compiling() or torch.compiler.is_exporting():
        return False
    return not _is_transformed()


@_constant
def _is_transformed() -> bool:
    """Whether torch.func is at work: PyTorch has no public question for it."""
    return bool(torch._C._are_functorch_transforms_active())


def implementation(operation: str, backend: str, tensors: Sequence[Tensor]) -> Callable[..., Any]:
    """The function that runs an operation on these tensors.

    Raises InputError if ``backend`` is unknown or cannot run.
    """
    row = choose(operation, backend, tensors)
    _import(row.name)
    function: Callable[..., Any] = getattr(sys.modules[row.module], operation)
    return function


def choose(operation: str, backend: str, tensors: Sequence[Tensor]) -> Row:
    """The row that runs an operation on these tensors.

    Raises InputError if ``backend`` is unknown or cannot run.
    """
    check_backend(operation, backend)
    for row in BACKENDS[operation]:
        if backend != row.name and not (backend == "auto" and row.unasked(tensors)):
            continue
        why_not = row.why_not(tensors)
        if why_not is None:
            return row
        if backend == row.name:
            raise InputError(
                f"the {row.name} kernel cannot run: {why_not}; "
                "use backend='auto' or backend='reference'"
            )
    raise AssertionError("the reference runs everywhere")
