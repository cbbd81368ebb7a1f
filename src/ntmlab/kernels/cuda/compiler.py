"""From CUDA C++ to the machine code of one kind of GPU, by NVRTC, and kept on the disk."""

import hashlib
import os
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ntmlab.errors import InputError
from ntmlab.files import write_atomically

# Division rounds to within two units of the last place; everything else as the standard says.
OPTIONS = ("-std=c++17", "--prec-div=false")


@cache
def why_not_here() -> str | None:
    """Why no kernel can be compiled here, or None."""
    try:
        from cuda.bindings import driver, nvrtc  # noqa: F401
    except ImportError as error:
        return f"it needs cuda-bindings ({error}): pip install 'ntmlab[gpu]'"
    try:
        nvrtc.nvrtcVersion()
    except (RuntimeError, OSError) as error:
        return f"it needs NVRTC, which comes with PyTorch for CUDA ({error})"
    return None


def read_source(*names: str) -> str:
    """Files of the kernels' folder as one source."""
    folder = files("ntmlab.kernels")
    return "\n".join((folder / name).read_text().replace("#pragma once", "") for name in names)


@cache
def device_source() -> str:
    """What every kernel begins with."""
    return read_source("cuda/device.cuh")


def compile_source(source: str, architecture: str, options: Sequence[str] = ()) -> bytes:
    """The machine code of a source for an architecture such as "sm_90"; kept for the next time.

    Raises InputError with the compiler's own words if it does not compile.
    """
    from cuda.bindings import nvrtc

    major, minor = _checked(nvrtc.nvrtcVersion())
    every = (f"--gpu-architecture={architecture}", *OPTIONS, *options)
    said = "\n".join([f"{major}.{minor}", *every, source])
    place = _folder() / f"{hashlib.sha256(said.encode()).hexdigest()}.cubin"
    try:
        return place.read_bytes()
    except OSError:
        code = _compile(source, every)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(place, code)
    except OSError:
        pass  # it will be compiled again
    return code


def _compile(source: str, options: Sequence[str]) -> bytes:
    from cuda.bindings import nvrtc

    (program,) = _checked(nvrtc.nvrtcCreateProgram(source.encode(), b"kernel.cu", 0, [], []))
    result = nvrtc.nvrtcCompileProgram(program, len(options), [o.encode() for o in options])
    if result[0] != nvrtc.nvrtcResult.NVRTC_SUCCESS:
        (size,) = _checked(nvrtc.nvrtcGetProgramLogSize(program))
        log = bytearray(size)
        _checked(nvrtc.nvrtcGetProgramLog(program, log))
        raise InputError(f"the kernel does not compile: {log.decode(errors='replace').strip()}")
    (size,) = _checked(nvrtc.nvrtcGetCUBINSize(program))
    code = bytearray(size)
    _checked(nvrtc.nvrtcGetCUBIN(program, code))
    _checked(nvrtc.nvrtcDestroyProgram(program))
    return bytes(code)


def _folder() -> Path:
    """Where compiled kernels are kept: the user's cache."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "ntmlab" / "kernels"


def _checked(result: tuple[Any, ...]) -> tuple[Any, ...]:
    """What a call of NVRTC gave beside its status."""
    if int(result[0]) != 0:
        raise RuntimeError(f"NVRTC failed: {result[0]}")
    return result[1:]
