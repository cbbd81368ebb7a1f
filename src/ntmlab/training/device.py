"""Where a run computes: on the CPU or on a GPU, an NTM there where its kernel can run."""

from collections.abc import Sequence

import torch
from torch import Tensor

from ntmlab.errors import InputError, unknown_name
from ntmlab.kernels.backend import BACKENDS

DEVICES = ("cpu", "cuda")


def find_device(name: str, model: str) -> torch.device:
    """The device of a name, for a kind of model.

    Raises InputError for an unknown name, a GPU that is not there, or an NTM on a GPU on which its
    kernel cannot run: the reference would be slower there than the kernel on the CPU.
    """
    if name not in DEVICES:
        raise unknown_name("device", name, DEVICES)
    if name == "cuda" and not torch.cuda.is_available():
        raise InputError("device cuda: PyTorch finds no CUDA device here; use cpu")
    if name == "cuda" and model == "ntm":
        why_not = why_no_ntm([torch.zeros(1, device=name)])
        if why_not is not None:
            raise InputError(f"device cuda trains no NTM here: {why_not}; use cpu")
    return torch.device(name)


def why_no_ntm(tensors: Sequence[Tensor]) -> str | None:
    """Why the NTM's kernel for GPUs cannot run on tensors there, or None where it can."""
    for row in BACKENDS["ntm_scan"]:
        if row.name == "cuda":
            return row.why_not(tensors)
    return "its scan has no kernel for a GPU"
