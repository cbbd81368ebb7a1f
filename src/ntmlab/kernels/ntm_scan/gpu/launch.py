"""The arguments of both passes as C has them, and who runs them."""

import ctypes
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

import torch
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.kernels.cuda import Kernel, load, shared_limit
from ntmlab.kernels.ntm_scan.gpu.plan import Plan, Sizes, make_plan, source

_TYPES = {"float": ctypes.c_float, "int": ctypes.c_int}


def _fields(struct: str) -> list[tuple[str, Any]]:
    """The members of a structure, as its pass declares them: the source is the one place."""
    text = re.sub(r"//[^\n]*", "", source(struct.lower()))
    found = re.search(rf"struct {struct} \{{(.*?)\}};", text, re.DOTALL)
    assert found is not None
    fields = []
    for line in found[1].split(";"):
        words = line.replace("const ", "").split(None, 1)
        for name in words[1].split(",") if words else []:
            kind = ctypes.c_void_p if "*" in words[0] + name else _TYPES[words[0]]
            fields.append((name.strip("* \n"), kind))
    return fields


class ForwardArguments(ctypes.Structure):
    """`Forward` of forward.cuh."""

    _fields_ = _fields("Forward")


class BackwardArguments(ctypes.Structure):
    """`Backward` of backward.cuh."""

    _fields_ = _fields("Backward")


class Engine(Protocol):
    """What runs a pass."""

    def plan(self, z: Sizes, *, backward: bool) -> Plan:
        """How it is to run; raises InputError if it cannot."""
        ...

    def run(self, name: str, plan: Plan, z: Sizes, arguments: ctypes.Structure) -> None:
        """Runs "forward" or "backward"."""
        ...


class GPU:
    """A CUDA device."""

    def __init__(self, device: torch.device) -> None:
        index = device.index
        self.device = torch.cuda.current_device() if index is None else index

    def plan(self, z: Sizes, *, backward: bool) -> Plan:
        """How a pass runs; raises InputError if a sequence does not fit."""
        plan = gpu_plan(z, self.device, backward)
        if plan is None:
            raise InputError("a sequence does not fit into a processor of this GPU")
        return plan

    def run(self, name: str, plan: Plan, z: Sizes, arguments: ctypes.Structure) -> None:
        """Launches it on PyTorch's current stream."""
        gpu_kernel(name, plan, z, self.device)(plan.grid(z), plan.threads, arguments)


@cache
def gpu_plan(z: Sizes, device: int, backward: bool) -> Plan | None:
    """The plan of a pass on a device, or None if a sequence does not fit."""
    processors = torch.cuda.get_device_properties(device).multi_processor_count
    return make_plan(z, backward=backward, limit=shared_limit(device), processors=processors)


@cache
def gpu_kernel(name: str, plan: Plan, z: Sizes, device: int) -> Kernel:
    """The kernel of a pass on a device."""
    return load(source(name), f"ntm_{name}", plan.macros(z), 4 * plan.floats, device)


def arguments(
    kind: type[ctypes.Structure], tensors: Mapping[str, Tensor | None], z: Sizes, **more: Any
) -> ctypes.Structure:
    """A pass's structure: tensors by name, left out where there is none or it is empty."""
    pointers = {name: t.data_ptr() for name, t in tensors.items() if t is not None and t.numel()}
    return kind(**pointers, B=z.B, T=z.T, N=z.N, **more)
