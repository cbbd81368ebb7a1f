"""What is under test, as the checks ask it: raw numbers, in one pass or in pieces.

Legend: B batch, T time, I inputs, O output channels.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.returned import as_probabilities
from ntmlab.foreign import guarded
from ntmlab.optimal.filter import Filter, FilterPredictor
from ntmlab.outputs import Outputs
from ntmlab.sequences import observed

SINGLE: Final = float(np.finfo(np.float32).eps)
EXACT: Final = 1e-10  # rounding of an exact predictor: float64, through logarithms

Stepper = Callable[[Tensor], Array]  # the next input (I,) to the values (O,) of its step


class UnusableError(InputError):
    """The candidate failed, or returned what cannot be compared."""


class Subject:
    """A predictor under test.

    ``values`` are what is compared: logits of a module, probabilities of anything else.
    ``stateless`` says why no state can be carried, None where one can.
    """

    unit: str = "probability"
    module: nn.Module | None = None
    stateless: str | None = "it carries no state: it is called with whole sequences"

    def __init__(self, candidate: Callable[..., Any], outputs: Outputs) -> None:
        self.candidate, self.outputs = candidate, outputs

    def values(self, inputs: Tensor) -> Array:
        """Numbers (B, T, O) for inputs (B, T, I); raises UnusableError."""
        try:
            returned = as_probabilities(guarded("it", self.candidate, inputs.clone()), "it")
        except InputError as error:
            raise UnusableError(str(error)) from None
        return self._fitting(returned, inputs)

    def probabilities(self, values: Array) -> Array:
        """Probabilities of the values, (B, T, O)."""
        return values

    def pieces(self, inputs: Tensor, cuts: Sequence[int]) -> Array:
        """Numbers (B, T, O) in pieces cut before these steps; raises UnusableError."""
        raise UnusableError(self.stateless or "")

    def stepper(self) -> Stepper:
        """A fresh sequence, predicted step by step; without a state, from the whole past again."""
        past: list[Tensor] = []

        def step(shown: Tensor) -> Array:
            past.append(shown)
            return np.asarray(self.values(torch.stack(past)[None])[0, -1])

        return step

    def rounding(self, inputs: Tensor, values: Array) -> Array:
        """How far rounding alone moves the values at every step, (T,), measured.

        The same rows in a larger batch: other shapes round otherwise.
        """
        again = self.values(inputs.repeat(3, 1, 1))[: len(inputs)]
        return per_step(np.abs(again - values)) + self.unit_rounding(values)

    def unit_rounding(self, values: Array) -> float:
        """Half a unit of the last place of the largest value."""
        return SINGLE / 2

    def in_float64(self, inputs: Tensor) -> "Subject | None":
        """The same in float64, None where it does not run in it."""
        return None

    def _fitting(self, values: Array, inputs: Tensor) -> Array:
        expected = (*inputs.shape[:2], self.outputs.channels)
        if values.shape != expected:
            raise UnusableError(f"it returned shape {values.shape} in place of {expected}")
        return values


class FilterSubject(Subject):
    """An exact predictor, whose state can be carried."""

    stateless = None

    def __init__(self, predictor: FilterPredictor) -> None:
        super().__init__(predictor, predictor.outputs)
        self.filter: Filter = predictor.filter

    def pieces(self, inputs: Tensor, cuts: Sequence[int]) -> Array:
        """Start, predict and update, symbol after symbol, wherever the cuts are."""
        symbols = observed(inputs, self.filter.letters)
        state, said = self.filter.start(len(symbols)), []
        for t in range(inputs.shape[1]):
            if t:
                state = self.filter.update(state, symbols[:, t - 1])
            said.append(np.array(self.filter.predict(state)))  # it may be written into again
        try:
            return np.asarray(self.outputs.from_distribution(np.stack(said, axis=1)))
        except InputError as error:
            raise UnusableError(str(error)) from None

    def rounding(self, inputs: Tensor, values: Array) -> Array:
        """That of float64, through logarithms."""
        return np.full(values.shape[1], EXACT)


def per_step(differences: Array) -> Array:
    """The largest difference up to each step, (T,)."""
    return np.maximum.accumulate(differences.max(axis=(0, 2)))
