"""Who runs the two passes."""

import ctypes
from functools import cache
from typing import Protocol

import torch

from ntmlab.errors import InputError
from ntmlab.kernels.cuda import Kernel, load, number_of, processors, shared_limit, structure
from ntmlab.kernels.ntm_scan.gpu.plan import Plan, Sizes, make_plan, source

ForwardArguments = structure(source("forward"), "Forward")
BackwardArguments = structure(source("backward"), "Backward")


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
        self.device = number_of(device)

    def plan(self, z: Sizes, *, backward: bool) -> Plan:
        """How a pass runs; raises InputError if a sequence does not fit."""
        plan = gpu_plan(z, self.device, backward)
        if plan is None:
            raise InputError(
                "a sequence does not fit into a processor of this GPU; use backend='reference'"
            )
        return plan

    def run(self, name: str, plan: Plan, z: Sizes, arguments: ctypes.Structure) -> None:
        """Launches it on PyTorch's current stream."""
        gpu_kernel(name, plan, z, self.device)(plan.grid(z), plan.threads, arguments)


@cache
def gpu_plan(z: Sizes, device: int, backward: bool) -> Plan | None:
    """The plan of a pass on a device, or None if a sequence does not fit."""
    chip = {"limit": shared_limit(device), "processors": processors(device)}
    return make_plan(z, backward=backward, **chip)


@cache
def gpu_kernel(name: str, plan: Plan, z: Sizes, device: int) -> Kernel:
    """The kernel of a pass on a device."""
    return load(source(name), f"ntm_{name}", plan.macros(z), 4 * plan.floats, device)
