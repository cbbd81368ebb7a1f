"""Machines with a part taken out: what each part is worth, in bits."""

import copy

import torch

from ntmlab.models import NTM

SHUT = -40.0  # the raw value of an erase that is 0 in float32


@torch.no_grad()
def lesions(model: NTM) -> dict[str, NTM]:
    """Copies of a machine that lack one thing each.

    ``no writes``: nothing is erased or added, so that the memory stays as it starts. ``controller
    without reads``: the controller sees the input only. ``outputs without reads``, where outputs
    see the reads: they see the controller only.
    """
    still, blind = copy.deepcopy(model), copy.deepcopy(model)
    for erase, add in _write_rows(model):
        still.head_weights[erase], still.head_weights[add] = 0.0, 0.0
        still.head_bias[erase], still.head_bias[add] = SHUT, 0.0
    blind.read_weights.zero_()
    found = {"no writes": still, "controller without reads": blind}
    if model.output_reads:
        mute = copy.deepcopy(model)
        mute.output_weights[:, model.controller_size :] = 0.0
        found["outputs without reads"] = mute
    return found


def _write_rows(model: NTM) -> list[tuple[slice, slice]]:
    """Where erases and adds of each write head stand among the raw head parameters."""
    writing = model.head_layout.places()[model.read_heads :]
    return [(places["erase"], places["add"]) for places in writing]
