"""Where a run computes: on the CPU, or on a GPU all but an NTM."""

import torch

from ntmlab.errors import InputError, unknown_name

DEVICES = ("cpu", "cuda")


def find_device(name: str, model: str) -> torch.device:
    """The device of a name, for a kind of model.

    Raises InputError for an unknown name, a GPU that is not there, or an NTM on a GPU: it has no
    kernel there, and its reference would be slower than the kernel on the CPU.
    """
    if name not in DEVICES:
        raise unknown_name("device", name, DEVICES)
    if name == "cuda" and model == "ntm":
        raise InputError("device cuda trains all models but an NTM: use cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise InputError("device cuda: PyTorch finds no CUDA device here; use cpu")
    return torch.device(name)
