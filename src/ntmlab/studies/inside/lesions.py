"""Machines with a part taken out: what each part is worth, in bits."""

import copy

import torch

from ntmlab.models import NTM, read_only


@torch.no_grad()
def lesions(model: NTM) -> dict[str, NTM]:
    """Copies of a machine that lack one thing each.

    ``no writes``: nothing is erased or added, so that the memory stays as it starts. ``controller
    without reads``: the controller sees the input only. ``outputs without reads``, where outputs
    see the reads: they see the controller only.
    """
    blind = copy.deepcopy(model)
    blind.read_weights.zero_()
    found = {"no writes": read_only(model), "controller without reads": blind}
    if model.output_reads:
        mute = copy.deepcopy(model)
        mute.output_weights[:, model.controller_size :] = 0.0
        found["outputs without reads"] = mute
    return found
