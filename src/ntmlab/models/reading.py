"""NTMs that only read: what is in memory stays there.

A machine that has learnt to count in its memory over 200 steps goes on counting when a sequence is
longer, until its numbers, and with them its lookups, leave what it was trained on. One that stops
writing before knows as much as it had seen by then, and loses only what more counts would be worth.

Legend: B batch, T time, I inputs, O outputs.
"""

import copy
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ntmlab.errors import InputError
from ntmlab.models.ntm import NTM, NTMState
from ntmlab.models.sizes import check_positive

SHUT = -1e4  # the raw value of an erase gate that is exactly 0, in every float


@torch.no_grad()
def read_only(model: NTM) -> NTM:
    """A copy of a machine that erases and adds nothing: its memory stays as it starts.

    With a state it goes on reading what another wrote:

    >>> model = NTM(1, 1, slots=8, slot_width=4, controller_size=8)
    >>> _, state = model(torch.ones(2, 5, 1))
    >>> _, after = read_only(model)(torch.ones(2, 3, 1), state)
    >>> torch.equal(after.memory, state.memory)
    True
    """
    still = copy.deepcopy(model)
    for places in model.head_layout.places()[model.read_heads :]:
        still.head_weights[places["erase"]] = still.head_weights[places["add"]] = 0.0
        still.head_bias[places["erase"]], still.head_bias[places["add"]] = SHUT, 0.0
    return still


class WritesForState(NamedTuple):
    """Where a machine that stops writing is in its sequences."""

    machine: NTMState
    steps: int  # since the sequences began


class WritesFor(nn.Module):
    """A machine that writes for the first ``steps`` steps of a sequence, and then only reads.

    ``logits, state = module(inputs, state=None)`` takes inputs (B, T, I) and returns logits
    (B, T, O) and the state after the last step, from which a later call can go on; steps count from
    the first call. The machine is copied: what is trained later does not reach it. Raises
    InputError for steps below 1, or a model that is no NTM.
    """

    def __init__(self, model: NTM, steps: int) -> None:
        super().__init__()
        check_positive(steps=steps)
        if not isinstance(model, NTM):
            raise InputError(f"only an NTM writes to a memory, not {type(model).__name__}")
        self.input_size, self.output_size, self.steps = model.input_size, model.output_size, steps
        self.writing, self.reading = copy.deepcopy(model), read_only(model)

    def forward(
        self, inputs: Tensor, state: WritesForState | None = None
    ) -> tuple[Tensor, WritesForState]:
        """As the class says."""
        machine = self.writing.initial_state(len(inputs)) if state is None else state.machine
        seen = 0 if state is None else state.steps
        left, steps = max(0, self.steps - seen), inputs.shape[1]
        parts = []
        if left or not steps:
            logits, machine = self.writing(inputs[:, :left], machine)
            parts.append(logits)
        if left < steps:
            logits, machine = self.reading(inputs[:, left:], machine)
            parts.append(logits)
        return torch.cat(parts, 1), WritesForState(machine, seen + steps)
