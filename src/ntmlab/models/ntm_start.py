"""How a Neural Turing Machine starts: its weights before training, and each sequence's state.

The paper says little of either (sections 3 and 4.6); what is chosen here decides whether some tasks
are learned at all, docs/trials.md has numbers.
"""

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from ntmlab.kernels.ntm_scan.heads import HeadLayout
from ntmlab.models.sizes import check_choice, check_finite, check_not_negative

MemoryStart = Literal["random", "smooth", "constant"]
WeightingStart = Literal["random", "first"]

# Slots and weightings must not both start equal: a uniform memory under uniform weightings is a
# symmetric point that gradients cannot leave.
INITIAL_WEIGHTING_SD = 1.0  # of the logits
FOCUS_LOGIT = 10.0  # of the first slot where weightings start there: 0.994 of 128 slots
WAVES = 8  # cosines over the slots that a smooth initial memory is made of


@dataclass(frozen=True)
class NTMStart:
    """The options of `NTM` that say how it starts; they are explained there.

    Raises InputError for an unknown choice, a number that is not finite, or a gain or the scale of
    a draw below 0.
    """

    memory_start: MemoryStart = "random"
    memory_scale: float = 0.1
    weighting_start: WeightingStart = "random"
    gate_bias: float = 0.0
    strength_bias: float = 0.0
    shift_bias: float = 0.0
    forget_bias: float = 1.0
    gain: float | None = None

    def __post_init__(self) -> None:
        check_choice("memory_start", self.memory_start, "random", "smooth", "constant")
        check_choice("weighting_start", self.weighting_start, "random", "first")
        check_finite(
            memory_scale=self.memory_scale,
            gate_bias=self.gate_bias,
            strength_bias=self.strength_bias,
            shift_bias=self.shift_bias,
            forget_bias=self.forget_bias,
        )
        if self.learns_memory:
            check_not_negative(memory_scale=self.memory_scale)
        if self.gain is not None:
            check_not_negative(gain=self.gain)

    def options(self) -> dict[str, Any]:
        """The keyword arguments that make this start again."""
        return dataclasses.asdict(self)

    @property
    def learns_memory(self) -> bool:
        """Whether the initial memory is a parameter."""
        return self.memory_start != "constant"

    def draw_sources(self, weights: Tensor, fan_in: int) -> None:
        """Draws the weights from one source of a layer whose sources have ``fan_in`` units."""
        if self.gain is None:
            draw_uniform(weights, fan_in)
        else:
            draw_uniform(weights, weights.shape[-1], self.gain)

    def set_heads(self, bias: Tensor, layout: HeadLayout) -> None:
        """Sets the biases of what heads emit, all zero before, where an option says otherwise."""
        for places in layout.places():
            bias[places["beta"]] = self.strength_bias
            bias[places["g"]] = self.gate_bias
            if layout.shifts > 1:
                bias[places["s"].start + layout.shifts // 2 + 1] = self.shift_bias

    def draw_memory(self, memory: Tensor) -> None:
        """Draws an initial memory (N, W): each slot by itself, or smooth curves over the slots."""
        if self.memory_start != "smooth":
            memory.normal_(0, self.memory_scale)
            return
        slots, width = memory.shape
        places = (torch.arange(slots) + 0.5) / slots
        basis = torch.cos(math.pi * places[:, None] * torch.arange(WAVES))  # (N, WAVES)
        basis = basis / basis.square().sum(1, keepdim=True).sqrt()
        curves = torch.empty(WAVES, width).normal_(0, self.memory_scale)
        memory.copy_(basis @ curves)

    def draw_weightings(self, logits: Tensor) -> None:
        """Draws initial weightings (heads, N), as logits."""
        if self.weighting_start == "random":
            logits.normal_(0, INITIAL_WEIGHTING_SD)
        else:
            logits.zero_()[:, 0] = FOCUS_LOGIT

    def weightings(self, logits: Tensor) -> Tensor:
        """The weightings of initial logits, each row of the last axis a distribution.

        In float64 and rounded once: processors round an exponential their own way, and a machine
        far beyond its training multiplies such a difference. Apple's GPUs have no float64.
        """
        exact = logits.dtype if logits.device.type == "mps" else torch.float64
        return torch.softmax(logits, -1, dtype=exact).to(logits.dtype)


def draw_uniform(weights: Tensor, fan_in: int, gain: float = 1.0) -> None:
    """Draws weights uniformly in ±gain/sqrt(fan_in)."""
    bound = gain / math.sqrt(fan_in)
    weights.uniform_(-bound, bound)
