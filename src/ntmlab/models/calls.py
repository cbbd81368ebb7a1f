"""The ways to call a recurrent model: a batch, one sequence alone, rows of several lengths, packed.

Legend: B batch, T time, I inputs, O outputs.
"""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import pad
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from ntmlab.errors import InputError
from ntmlab.kernels.autograd import no_autocast
from ntmlab.models.sizes import (
    GivenLengths,
    GivenState,
    State,
    as_inputs,
    as_lengths,
    as_state,
)

Inputs = Tensor | PackedSequence
Lengths = GivenLengths | None
Outputs = Any  # as the inputs: a tensor for a tensor, a PackedSequence for a packed one


class Recurrence(NamedTuple, Generic[State]):
    """A model's scan of whole batches, and what has to be known to call it otherwise."""

    kind: type[State]  # of its state
    weights: Tensor  # any: inputs and states are like these
    input_size: int  # I
    output_size: int  # O
    initial: Callable[[int], State]  # of so many rows
    scan: Callable[[Tensor, State], tuple[Tensor, State]]

    def __call__(
        self, inputs: Inputs, state: GivenState, lengths: Lengths
    ) -> tuple[Outputs, State]:
        """Outputs and the state after the last step, of whatever a user hands in."""
        if isinstance(inputs, PackedSequence):
            return self._packed(inputs, state, lengths)
        if isinstance(inputs, Tensor) and inputs.dim() == 2:
            return self._alone(inputs, state, lengths)
        inputs = as_inputs(inputs, self.input_size, self.weights)
        rows, steps = inputs.shape[:2]
        if torch.jit.is_tracing():  # type: ignore[attr-defined, no-untyped-call]
            # What is traced has so many steps, and would leave out more.
            inputs = inputs.view(rows, int(steps), self.input_size)
        start = self.initial(rows) if state is None else as_state(self.kind, state, self.weights)
        ends = None if lengths is None else as_lengths(lengths, rows, steps)
        with no_autocast(inputs.device):
            if rows == 0:
                return self._no_rows(inputs, start)
            if ends is None or min(ends) == steps:
                return self.scan(inputs, start)
            return self._ragged(inputs, start, ends)

    def _alone(self, inputs: Tensor, state: GivenState, lengths: Lengths) -> tuple[Outputs, State]:
        """One sequence (T, I) and a state without a batch axis, as `torch.nn.LSTM` takes them."""
        if lengths is not None:
            raise InputError("lengths are for a batch (B, T, I); cut a sequence (T, I) instead")
        if state is not None:
            parts = as_state(self.kind, state, self.weights)
            state = self.kind(*(part.unsqueeze(0) for part in parts))
        outputs, end = self(inputs.unsqueeze(0), state, None)
        return outputs.squeeze(0), self.kind(*(part.squeeze(0) for part in end))

    def _packed(
        self, packed: PackedSequence, state: GivenState, lengths: Lengths
    ) -> tuple[Outputs, State]:
        """Packed outputs in the same order, and the state of each row where it ends."""
        if lengths is not None:
            raise InputError("a PackedSequence has its own lengths; leave lengths out")
        inputs, ends = pad_packed_sequence(packed, batch_first=True)
        outputs, end = self(inputs, state, ends)
        if packed.sorted_indices is not None:
            outputs, ends = outputs[packed.sorted_indices], ends[packed.sorted_indices.cpu()]
        data = pack_padded_sequence(outputs, ends, batch_first=True).data
        # Not packed._replace: with dynamic shapes the compiler then loses the sizes of batches.
        _, *places = packed
        return PackedSequence(data, *places), end

    def _no_rows(self, inputs: Tensor, start: State) -> tuple[Tensor, State]:
        """Nothing of everything, as `torch.nn.LSTM` gives it: gradients of weights are zeros.

        A row is put in, and left out of what comes.
        """
        parts = (torch.cat(pair) for pair in zip(start, self.initial(1), strict=True))
        outputs, end = self.scan(pad(inputs, (0, 0, 0, 0, 0, 1)), self.kind(*parts))
        return outputs[:0], self.kind(*(part[:0] for part in end))

    def _ragged(self, inputs: Tensor, start: State, lengths: list[int]) -> tuple[Tensor, State]:
        """Outputs, 0 beyond a row's length, and the state of each row where it ends.

        The longest rows come first, so that those that go on are always the first so many, and
        nothing is computed beyond a row's end.
        """
        rows, steps = inputs.shape[:2]
        order = sorted(range(rows), key=lambda row: -lengths[row])
        index = torch.tensor(order, device=inputs.device)
        inputs, parts = inputs[index], [part[index] for part in start]
        pieces, begin = [inputs.new_zeros(rows, 0, self.output_size)], 0
        ended: list[list[Tensor]] = []
        for end in sorted({length for length in lengths if length > 0}):
            going = sum(length >= end for length in lengths)
            ended.insert(0, [part[going:] for part in parts])
            running = self.kind(*(part[:going] for part in parts))
            outputs, state = self.scan(inputs[:going, begin:end], running)
            parts = list(state)
            pieces.append(pad(outputs, (0, 0, 0, 0, 0, rows - going)))
            begin = end
        back = torch.argsort(index)
        last = (torch.cat(part)[back] for part in zip(parts, *ended, strict=True))
        outputs = pad(torch.cat(pieces, 1), (0, 0, 0, steps - begin))
        return outputs[back], self.kind(*last)
