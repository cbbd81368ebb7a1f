"""The differentiable neural computer, which followed the Neural Turing Machine.

*Hybrid computing using a neural network with dynamic external memory* (Graves et al. 2016),
Methods. Its memory allocates slots by how much they are used, and links those written one after
the other; dnc_memory.py has the formulas.

Legend: B batch, T time, I inputs, O outputs, N slots, W slot width, R read heads, C units.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from ntmlab.kernels.autograd import no_autocast
from ntmlab.models import dnc_memory as m
from ntmlab.models.protocol import Model
from ntmlab.models.sizes import GivenState, as_inputs, check_positive, fitting_state

FORGET_BIAS = 1.0  # the controller starts by remembering
MODES = 3  # of reading: backward, content, forward


class DNCState(NamedTuple):
    """After a step."""

    hidden: Tensor  # (B, C)
    cell: Tensor  # (B, C)
    memory: Tensor  # (B, N, W)
    usage: Tensor  # (B, N)
    precedence: Tensor  # (B, N)
    link: Tensor  # (B, N, N)
    write_weighting: Tensor  # (B, N)
    read_weightings: Tensor  # (B, R, N)
    reads: Tensor  # (B, R, W)


class DNC(Model):
    """An LSTM with a memory of N slots, one write head and R read heads.

    ``outputs, state = model(inputs, state=None)`` takes inputs (B, T, I) and returns logits
    (B, T, O). A sequence starts from zeros, as in the paper. Raises InputError for sizes below 1.

    >>> DNC(1, 1, slots=8)(torch.zeros(2, 5, 1))[1].link.shape
    torch.Size([2, 8, 8])
    """

    kind = "dnc"

    def __init__(
        self,
        input_size: int,
        output_size: int,
        *,
        hidden_size: int = 64,
        slots: int = 16,
        slot_width: int = 16,
        read_heads: int = 1,
    ) -> None:
        super().__init__()
        check_positive(input_size=input_size, output_size=output_size)
        check_positive(hidden_size=hidden_size, slots=slots)
        check_positive(slot_width=slot_width, read_heads=read_heads)
        self.input_size, self.output_size = input_size, output_size
        self.hidden_size, self.slots = hidden_size, slots
        self.slot_width, self.read_heads = slot_width, read_heads
        R, W = read_heads, slot_width
        self.parts = (R * W, R, W, 1, W, W, R, 1, 1, R * MODES)  # of the interface vector
        self.enter = nn.Linear(input_size, 4 * hidden_size)
        self.recur = nn.Linear(hidden_size + R * W, 4 * hidden_size, bias=False)
        self.interface = nn.Linear(hidden_size, sum(self.parts))
        self.read = nn.Linear(hidden_size + R * W, output_size)
        with torch.no_grad():
            self.enter.bias[hidden_size : 2 * hidden_size] = FORGET_BIAS

    def options(self) -> dict[str, Any]:
        """The keyword arguments that make a model of these sizes again."""
        names = ("input_size", "output_size", "hidden_size", "slots", "slot_width", "read_heads")
        return {name: getattr(self, name) for name in names}

    def initial_state(self, batch: int) -> DNCState:
        """The state before the first step: zeros."""
        C, N, W, R = self.hidden_size, self.slots, self.slot_width, self.read_heads
        shapes = ((C,), (C,), (N, W), (N,), (N,), (N, N), (N,), (R, N), (R, W))
        return DNCState(*(self.read.weight.new_zeros(batch, *shape) for shape in shapes))

    def forward(self, inputs: Tensor, state: GivenState = None) -> tuple[Tensor, DNCState]:
        """Logits (B, T, O) for inputs (B, T, I), and the state after the last step."""
        inputs = as_inputs(inputs, self.input_size, self.read.weight)
        now = self.initial_state(inputs.shape[0])
        if state is not None:
            now = fitting_state(state, now, self.read.weight)
        said = []
        with no_autocast(inputs.device):
            for entering in self.enter(inputs).unbind(1):
                now = self._next(entering, now)
                said.append(torch.cat([now.hidden, now.reads.flatten(1)], -1))
            return self.read(torch.stack(said, 1)), now

    def _next(self, entering: Tensor, s: DNCState) -> DNCState:
        """The state one step later: controller, then writing, then reading."""
        hidden, cell = self._control(entering, s)
        keys, strengths, key, strength, erase, add, free, allocate, write, modes = self._emitted(
            hidden
        )
        usage = m.usage_after(s.usage, s.write_weighting, s.read_weightings, free)
        content = m.content_weighting(s.memory, key, strength).squeeze(1)
        written = m.write_weighting(content, m.allocation(usage), allocate, write)
        memory = m.written_memory(s.memory, written, erase, add)
        link = m.link_after(s.link, s.precedence, written)
        precedence = m.precedence_after(s.precedence, written)
        content = m.content_weighting(memory, keys, strengths)
        read = m.read_weightings(link, s.read_weightings, content, modes)
        reads = read @ memory
        return DNCState(hidden, cell, memory, usage, precedence, link, written, read, reads)

    def _control(self, entering: Tensor, s: DNCState) -> tuple[Tensor, Tensor]:
        """Hidden and cell of the controller, an LSTM of one layer, (B, C) each."""
        recurrent = self.recur(torch.cat([s.hidden, s.reads.flatten(1)], -1))
        i, f, g, o = (entering + recurrent).chunk(4, -1)
        cell = torch.sigmoid(f) * s.cell + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(cell), cell

    def _emitted(self, hidden: Tensor) -> Sequence[Tensor]:
        """The interface vector in its parts, each brought to its range."""
        parts = self.interface(hidden).split(self.parts, -1)
        keys, strengths, key, strength, erase, add, free, allocate, write, modes = parts
        return (
            keys.unflatten(-1, (self.read_heads, self.slot_width)),
            1 + softplus(strengths),
            key.unsqueeze(1),
            1 + softplus(strength),
            torch.sigmoid(erase),
            add,
            torch.sigmoid(free),
            torch.sigmoid(allocate),
            torch.sigmoid(write),
            modes.unflatten(-1, (self.read_heads, MODES)).softmax(-1),
        )
