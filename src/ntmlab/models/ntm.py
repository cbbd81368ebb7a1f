"""The Neural Turing Machine as an ordinary PyTorch module.

*Neural Turing Machines* (Graves, Wayne, Danihelka 2014), section 3. The equations themselves stand
in ``ntmlab.kernels.ntm_scan``: addressing.py (5-9), memory.py (2-4), reference.py (one step).

Legend: B batch, T time, I inputs, O outputs, N slots, W slot width, R read heads, V write heads,
C controller size, L controller layers, S shifts (2 * shift range + 1), G gates (4 for LSTM, or 1).
"""

import math
from typing import Any, Literal

import torch
from torch import Tensor, nn

from ntmlab.errors import InputError
from ntmlab.kernels.autograd import no_autocast
from ntmlab.kernels.backend import check_backend
from ntmlab.kernels.ntm_scan import (
    ACTIVATIONS,
    Activation,
    HeadLayout,
    OutputWeights,
    ScanResult,
    ScanState,
    ScanWeights,
    ntm_scan,
)
from ntmlab.models.calls import Inputs, Lengths, Outputs, Recurrence
from ntmlab.models.ntm_start import MemoryStart, NTMStart, WeightingStart, draw_uniform
from ntmlab.models.ntm_trace import NTMTrace, make_trace
from ntmlab.models.protocol import Model
from ntmlab.models.sizes import (
    GivenState,
    as_inputs,
    as_state,
    check_at_least,
    check_batch_first,
    check_choice,
    check_positive,
)

NTMState = ScanState
SIZES = ("input_size", "output_size", "controller_size", "controller_layers")
SIZES_OF_MEMORY = ("read_heads", "write_heads", "slots", "slot_width")


class NTM(Model):
    """A Neural Turing Machine: a controller with read and write heads on a memory of N slots.

    ``outputs, state = model(inputs, state=None)`` takes inputs (B, T, I) and returns logits
    (B, T, O) and the state after the last step, from which a later call can go on. Without a state
    each sequence starts from a learned one. Outputs come from the controller's hidden vector, and
    from the step's reads as well if ``output_reads``. ``activation`` is that of a feedforward
    controller's units; the paper does not name one. Rectified units ("relu") go on growing with an
    input beyond those of training, where "tanh" levels off.

    Gradients that go from a step to the state before it are clipped, element by element, to
    ``clip_gradient``, an attribute that is infinite unless set (section 4.6 clips to 10).

    How a sequence starts: with ``memory_start="random"`` the initial memory is learned slot by
    slot, from a normal draw of standard deviation ``memory_scale``; with "smooth" as well, but
    slots next to each other start alike, so that keys that change little by little move along the
    memory; with "constant" all of it is ``memory_scale`` and stays so, and no slot differs from
    another before it is written. With ``weighting_start="random"`` the logits of initial weightings
    are learned from a standard normal draw; with "first" from a focus on slot 0.

    How weights start: ``gate_bias`` is the bias of the interpolation gates: below 0, heads prefer
    moving on to looking up. ``strength_bias`` is that of key strengths, before the softplus: above
    0, lookups start sharp. ``shift_bias`` is that of the logit of a shift by one slot forward:
    above 0, all heads start to move on the same way. ``forget_bias`` is that of an LSTM
    controller's forget gates: at 1 it remembers, below 0 it has to keep things in memory. With a
    ``gain``, weights from inputs, reads and the layer below are uniform in ±gain/sqrt(size of that
    source), so that a small source is heard beside a large one; without, in ±1/sqrt(sizes of all
    sources of the layer).

    Under autocast it computes in the dtype of its weights all the same. Raises InputError for sizes
    below 1, a negative shift range, an unknown controller, activation, start or backend, an LSTM
    controller with "relu", a scale, bias or gain that is no finite number, a ``shift_bias`` where
    no head shifts, a gain or the scale of a draw below 0, or a ``batch_first`` that is not True.

    >>> model = NTM(input_size=1, output_size=1, slots=16, slot_width=4, controller_size=8)
    >>> logits, state = model(torch.zeros(2, 5, 1))
    >>> logits.shape, state.memory.shape
    (torch.Size([2, 5, 1]), torch.Size([2, 16, 4]))
    """

    kind = "ntm"

    def __init__(
        self,
        input_size: int,
        output_size: int,
        *,
        controller: Literal["feedforward", "lstm"] = "feedforward",
        controller_size: int = 100,
        controller_layers: int = 1,
        activation: Activation = "tanh",
        read_heads: int = 1,
        write_heads: int = 1,
        slots: int = 128,
        slot_width: int = 20,
        shift_range: int = 1,
        output_reads: bool = False,
        memory_start: MemoryStart = "random",
        memory_scale: float = 0.1,
        weighting_start: WeightingStart = "random",
        gate_bias: float = 0.0,
        strength_bias: float = 0.0,
        shift_bias: float = 0.0,
        forget_bias: float = 1.0,
        gain: float | None = None,
        backend: str = "auto",
        batch_first: bool = True,
    ) -> None:
        super().__init__()
        check_batch_first(batch_first)
        check_at_least(0, shift_range=shift_range)
        check_choice("controller", controller, "feedforward", "lstm")
        check_choice("activation", activation, *ACTIVATIONS)
        check_choice("output_reads", output_reads, False, True)
        if shift_range == 0 and shift_bias != 0:
            raise InputError(f"shift_bias must be 0 where shift_range is 0, not {shift_bias!r}")
        check_backend("ntm_scan", backend)
        if controller == "lstm" and activation != "tanh":
            raise InputError(
                f"activation {activation} is for a feedforward controller, not an LSTM"
            )
        self.input_size, self.output_size = input_size, output_size
        self.controller, self.activation = controller, activation
        self.controller_size, self.controller_layers = controller_size, controller_layers
        self.read_heads, self.write_heads = read_heads, write_heads
        self.slots, self.slot_width, self.shift_range = slots, slot_width, shift_range
        self.output_reads = output_reads
        check_positive(**{name: getattr(self, name) for name in SIZES + SIZES_OF_MEMORY})
        self.start = NTMStart(
            memory_start=memory_start,
            memory_scale=memory_scale,
            weighting_start=weighting_start,
            gate_bias=gate_bias,
            strength_bias=strength_bias,
            shift_bias=shift_bias,
            forget_bias=forget_bias,
            gain=gain,
        )
        self.backend, self.clip_gradient = backend, math.inf
        self._make_parameters()
        self.reset_parameters()

    def options(self) -> dict[str, Any]:
        """The keyword arguments that make a model of these sizes again."""
        names = (
            "input_size output_size controller controller_size controller_layers activation "
            "read_heads write_heads slots slot_width shift_range output_reads"
        )
        return {name: getattr(self, name) for name in names.split()} | self.start.options()

    @property
    def shifts(self) -> int:
        """Entries of a shift distribution, S."""
        return 2 * self.shift_range + 1

    @property
    def head_layout(self) -> HeadLayout:
        """Where each head's parameters stand among the rows of ``head_weights``."""
        return HeadLayout(self.read_heads, self.write_heads, self.slot_width, self.shifts)

    @property
    def is_lstm(self) -> bool:
        """Whether the controller is recurrent."""
        return self.controller == "lstm"

    def _make_parameters(self) -> None:
        def new(*shape: int) -> nn.Parameter | Tensor:
            # What a controller lacks stays a plain empty tensor: no optimizer or wrapper sees it.
            empty = torch.empty(*shape)
            return nn.Parameter(empty) if empty.numel() else empty

        C, L, W, N = self.controller_size, self.controller_layers, self.slot_width, self.slots
        R, V, raw = self.read_heads, self.write_heads, self.head_layout.size
        gates, recurrent_layers = (4 * C, L) if self.is_lstm else (C, 0)
        self.input_weights, self.input_bias = new(gates, self.input_size), new(gates)
        self.read_weights = new(gates, R * W)
        self.recurrent_weights = new(recurrent_layers, gates, C)
        self.layer_weights, self.layer_bias = new(L - 1, gates, C), new(L - 1, gates)
        self.head_weights, self.head_bias = new(raw, C), new(raw)
        self.output_weights = new(self.output_size, C + R * W * self.output_reads)
        self.output_bias = new(self.output_size)
        learned = N * self.start.learns_memory
        self.initial_memory, self.initial_reads = new(learned, W), new(R, W)
        self.initial_read_weightings = new(R, N)  # logits, as the next
        self.initial_write_weightings = new(V, N)
        self.initial_hidden, self.initial_cell = new(recurrent_layers, C), new(recurrent_layers, C)

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Draws new initial weights from PyTorch's generator.

        Weights are uniform in ±1/sqrt(inputs of the unit) unless there is a ``gain``, biases zero
        where no option says otherwise, the initial memory and weightings as the class says, the
        rest of the state zero.
        """
        if self.input_weights.is_meta:  # no numbers; PyTorch would load its compiler to draw none
            return
        fan_in = self.input_size + self.read_heads * self.slot_width
        fan_in += self.controller_size * self.is_lstm
        for weights in (self.input_weights, self.read_weights):
            self.start.draw_sources(weights, fan_in)
        draw_uniform(self.recurrent_weights, self.controller_size)
        self.start.draw_sources(self.layer_weights, self.controller_size)
        for weights in (self.head_weights, self.output_weights):
            draw_uniform(weights, weights.shape[-1])
        for bias in (self.input_bias, self.layer_bias, self.head_bias, self.output_bias):
            bias.zero_()
        if self.is_lstm:
            forget = slice(self.controller_size, 2 * self.controller_size)
            self.input_bias[forget] = self.start.forget_bias
            self.layer_bias[:, forget] = self.start.forget_bias
        self.start.set_heads(self.head_bias, self.head_layout)
        self.start.draw_memory(self.initial_memory)
        for logits in (self.initial_read_weightings, self.initial_write_weightings):
            self.start.draw_weightings(logits)
        for zero in (self.initial_reads, self.initial_hidden, self.initial_cell):
            zero.zero_()

    def initial_state(self, batch: int, slots: int | None = None) -> NTMState:
        """The state before the first step, for ``batch`` sequences, in memory of its own.

        With ``slots``, memory and weightings have only the first so many, and so has the machine
        that goes on from there: its other weights fit a memory of any size. Raises InputError
        unless they are from 1 to all.
        """
        if slots is not None and not 1 <= slots <= self.slots:
            raise InputError(f"slots must be from 1 to {self.slots}, not {slots}")
        return NTMState(*(part.clone() for part in self._start(batch, slots)))

    def _start(self, batch: int, slots: int | None = None) -> NTMState:
        """As `initial_state`, in the memory of the weights: nobody may write there."""
        memory, constant = self.initial_memory, self.start.memory_scale
        if not self.start.learns_memory:
            memory = self.read_weights.new_full((self.slots, self.slot_width), constant)
        parts = (
            memory[:slots],
            self.initial_reads,
            self.start.weightings(self.initial_read_weightings[:, :slots]),
            self.start.weightings(self.initial_write_weightings[:, :slots]),
            self.initial_hidden,
            self.initial_cell,
        )
        return NTMState(*(self._live(part).expand(batch, *part.shape) for part in parts))

    def forward(
        self, inputs: Inputs, state: GivenState = None, lengths: Lengths = None
    ) -> tuple[Outputs, NTMState]:
        """Logits (B, T, O) for inputs (B, T, I), and the state after the last step.

        With ``lengths`` (B,) each row ends at its own: its state is the one there, logits beyond it
        are 0. Inputs may be one sequence (T, I), with a state without B, or a PackedSequence.
        Raises InputError for shapes, dtypes, devices or lengths that do not fit.
        """
        weights, sizes = self.read_weights, (self.input_size, self.output_size)
        run = Recurrence(NTMState, weights, *sizes, self._start, self._logits)
        return run(inputs, state, lengths)

    def trace(self, inputs: Tensor, state: GivenState = None) -> NTMTrace:
        """What the machine does on inputs (B, T, I); many times faster under `torch.no_grad`."""
        inputs = as_inputs(inputs, self.input_size, self.read_weights)
        start = self._start(len(inputs)) if state is None else state
        with no_autocast(inputs.device):
            result = self._scan(inputs, as_state(NTMState, start, self.read_weights), trace=True)
        assert result.trace is not None
        assert result.outputs is not None
        return make_trace(result.outputs, result.trace, self.head_layout)

    def _logits(self, inputs: Tensor, start: NTMState) -> tuple[Tensor, NTMState]:
        result = self._scan(inputs, start)
        assert result.outputs is not None
        return result.outputs, result.state

    def _scan(self, inputs: Tensor, start: NTMState, *, trace: bool = False) -> ScanResult:
        return ntm_scan(
            inputs,
            self._scan_weights(),
            start,
            shifts=self.shifts,
            activation=self.activation,
            outputs=OutputWeights(self.output_weights, self.output_bias),
            trace=trace,
            clip_gradient=self.clip_gradient,
            backend=self.backend,
        )

    def _scan_weights(self) -> ScanWeights:
        first = (self.input_weights, self.input_bias, self.read_weights, self.recurrent_weights)
        others = (self.layer_weights, self.layer_bias, self.head_weights, self.head_bias)
        return ScanWeights(*(self._live(part) for part in (*first, *others)))

    def _live(self, part: Tensor) -> Tensor:
        """A parameter; for one this controller lacks, an empty tensor of the model's type."""
        return part if part.numel() else self.read_weights.new_empty(part.shape)
