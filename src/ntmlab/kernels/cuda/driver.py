"""Machine code on a GPU: loaded once for each device, launched on PyTorch's current stream."""

import ctypes
from functools import cache
from typing import Any

import torch

from ntmlab.kernels.cuda.compiler import compile_source, device_source


class Kernel:
    """One kernel of a module, with as much shared memory a block as it asks for."""

    def __init__(self, function: Any, shared_bytes: int) -> None:
        from cuda.bindings import driver

        self.function, self.shared_bytes = function, shared_bytes
        attribute = driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES
        _checked(driver.cuFuncSetAttribute(function, attribute, shared_bytes))

    def __call__(self, grid: tuple[int, int], threads: int, arguments: ctypes.Structure) -> None:
        """Launches it with its one argument, a structure that is copied at once."""
        from cuda.bindings import driver

        pointers = (ctypes.c_void_p * 1)(ctypes.addressof(arguments))
        stream = torch.cuda.current_stream().cuda_stream
        sizes = (*grid, 1, threads, 1, 1, self.shared_bytes, stream)
        _checked(driver.cuLaunchKernel(self.function, *sizes, ctypes.addressof(pointers), 0))


@cache
def load(
    source: str, name: str, options: tuple[str, ...], shared_bytes: int, device: int
) -> Kernel:
    """A kernel of a source on a device, compiled for it if that has not been done before."""
    from cuda.bindings import driver

    with torch.cuda.device(device):
        torch.cuda.current_stream()  # PyTorch makes its context current
        major, minor = torch.cuda.get_device_capability(device)
        whole = f"{device_source()}\n{source}"
        code = compile_source(whole, f"sm_{major}{minor}", options)
        (module,) = _checked(driver.cuModuleLoadData(code))
        (function,) = _checked(driver.cuModuleGetFunction(module, name.encode()))
        return Kernel(function, shared_bytes)


def number_of(device: torch.device) -> int:
    """Which of the CUDA devices a device is; the current one if it does not say."""
    return torch.cuda.current_device() if device.index is None else device.index


@cache
def processors(device: int) -> int:
    """Multiprocessors of a device."""
    return int(torch.cuda.get_device_properties(device).multi_processor_count)


@cache
def shared_limit(device: int) -> int:
    """Bytes of shared memory that a block can have on a device."""
    properties: Any = torch.cuda.get_device_properties(device)
    return int(properties.shared_memory_per_block_optin)


def _checked(result: tuple[Any, ...]) -> tuple[Any, ...]:
    """What a call of the driver gave beside its status; raises RuntimeError where it failed."""
    from cuda.bindings import driver

    if result[0] != driver.CUresult.CUDA_SUCCESS:
        _, text = driver.cuGetErrorString(result[0])
        said = text.decode() if isinstance(text, bytes) else str(text)
        raise RuntimeError(f"the GPU's driver failed: {said} ({result[0].name})")
    return result[1:]
