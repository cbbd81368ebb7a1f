"""A PyTorch module under test.

Legend: B batch, T time, I inputs, O output channels.
"""

import copy
import inspect
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.checks.subject import (
    SINGLE,
    FilterSubject,
    Stepper,
    Subject,
    UnusableError,
    per_step,
)
from ntmlab.evaluation.returned import as_array
from ntmlab.evaluation.scored import Oracle
from ntmlab.foreign import guarded
from ntmlab.models import Foreign
from ntmlab.models.predictor import ModulePredictor, evaluating
from ntmlab.optimal.filter import FilterPredictor
from ntmlab.outputs import Outputs

# Names under which modules take a state, where it is not simply their second argument.
STATES: Final = ("state", "hx", "hidden", "h0", "states", "carry", "memory", "cache")
NO_STATES: Final = ("mask", "lengths", "targets", "labels", "positions", "timespans", "weights")


class ModuleSubject(Subject):
    """A PyTorch module, with the state that it takes and returns, if it does."""

    unit = "logits"

    def __init__(self, module: nn.Module, outputs: Outputs) -> None:
        super().__init__(module, outputs)
        self.module: nn.Module = module
        self._exact: nn.Module | None = None
        self._double_fails = False
        self._keyword = _state_argument(module)
        self.stateless = None if self._keyword else "its forward pass takes no state"

    def forward(self, inputs: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """Logits (B, T, O) with their gradient, and the state; raises UnusableError."""
        return self._run(self.module, self.like(inputs), state)

    def like(self, inputs: Tensor) -> Tensor:
        """Inputs on the module's device and in its precision."""
        model = ModulePredictor(self.module).like(inputs)
        return inputs.to(device=model.device, dtype=model.dtype, copy=True)

    @torch.no_grad()
    def values(self, inputs: Tensor) -> Array:
        """Logits (B, T, O) in evaluation mode."""
        with evaluating(self.module):
            logits, state = self.forward(inputs)
        if self._keyword and state is None:
            self.stateless = "it returns no state"
        return as_array(logits, "it")

    def probabilities(self, values: Array) -> Array:
        """What these logits mean."""
        return self.outputs.probabilities(torch.from_numpy(values)).numpy()

    def pieces(self, inputs: Tensor, cuts: Sequence[int]) -> Array:
        """Pieces one after the other, each with the state that the last returned."""
        parts = [inputs[:, start:end] for start, end in pairwise([0, *cuts, inputs.shape[1]])]
        return np.concatenate(self.carried(parts)[0], axis=1)

    @torch.no_grad()
    def carried(self, parts: Iterable[Tensor], state: Any = None) -> tuple[list[Array], Any]:
        """Logits (B, ., O) of parts that follow a state and each other, and the state after."""
        said = []
        with evaluating(self.module):
            for inputs in parts:
                logits, state = self.forward(inputs, state)
                said.append(as_array(logits, "it"))
        return said, state

    def stepper(self) -> Stepper:
        """One step at a time with the state, where there is one."""
        if self.stateless:
            return super().stepper()
        kept: list[Any] = [None]

        @torch.no_grad()
        def step(shown: Tensor) -> Array:
            with evaluating(self.module):
                logits, kept[0] = self.forward(shown[None, None], kept[0])
            return np.asarray(as_array(logits, "it")[0, 0])

        return step

    def rounding(self, inputs: Tensor, values: Array) -> Array:
        """The distance to float64 where the module runs in it, else as of any predictor."""
        exact = self.in_double(inputs)
        if exact is None or not np.isfinite(exact).all():
            return super().rounding(inputs, values)
        return per_step(np.abs(exact - values)) + self.unit_rounding(values)

    def unit_rounding(self, values: Array) -> float:
        """Half a unit of the last place of the largest logit, in the module's precision."""
        dtype = ModulePredictor(self.module).like(torch.zeros(1)).dtype
        return float(torch.finfo(dtype).eps) / 2 * float(np.abs(values).max(initial=1.0))

    @torch.no_grad()
    def in_double(self, inputs: Tensor) -> Array | None:
        """Logits (B, T, O) of a float64 copy; None if the module does not run in it."""
        if self._double_fails:
            return None
        try:
            if self._exact is None:
                self._exact = copy.deepcopy(self.module).double().eval()
            given = inputs.double().to(self.like(inputs).device)
            logits = self._run(self._exact, given, None)[0]
            self._double_fails = logits.dtype != torch.float64
            return None if self._double_fails else as_array(logits, "it")
        except Exception:  # whatever a user's code does not do in float64
            self._double_fails = True
            return None

    def in_float64(self, inputs: Tensor) -> Subject | None:
        """A float64 copy, whose rounding is taken for that of single precision."""
        found = self.in_double(inputs)
        return None if found is None or self._exact is None else _Exact(self._exact, self.outputs)

    def _run(self, module: nn.Module, given: Tensor, state: Any) -> tuple[Tensor, Any]:
        keyword = {} if state is None else {str(self._keyword): state}
        try:
            returned = guarded("it", module, given, **keyword)
        except InputError as error:
            raise UnusableError(str(error)) from None
        parts = tuple(returned) if isinstance(returned, tuple | list) and returned else (returned,)
        logits = parts[0]
        if not isinstance(logits, Tensor) or not logits.is_floating_point():
            kind = logits.dtype if isinstance(logits, Tensor) else type(logits).__name__
            raise UnusableError(f"it returned {kind} in place of real logits")
        expected = (*given.shape[:2], self.outputs.channels)
        if tuple(logits.shape) != expected:
            raise UnusableError(f"it returned shape {tuple(logits.shape)} in place of {expected}")
        return logits, parts[1] if len(parts) > 1 else None


class _Exact(ModuleSubject):
    """A module in float64; of what it may do in single precision inside nothing is known."""

    def rounding(self, inputs: Tensor, values: Array) -> Array:
        """A unit of single precision of the largest logit."""
        return np.full(values.shape[1], SINGLE * np.abs(values).max(initial=1.0))


def make_subject(candidate: object, outputs: Outputs) -> Subject:
    """What is under test; raises InputError for what is no predictor."""
    if isinstance(candidate, Oracle):
        raise InputError("what sees the drawn parameters is no predictor that could be checked")
    if isinstance(candidate, ModulePredictor) and isinstance(candidate.module, Foreign):
        return ModuleSubject(candidate.module.module, outputs)
    if isinstance(candidate, ModulePredictor):
        return ModuleSubject(candidate.module, candidate.outputs or outputs)
    if isinstance(candidate, nn.Module):
        return ModuleSubject(candidate, outputs)
    if isinstance(candidate, FilterPredictor):
        return FilterSubject(candidate)
    if all(hasattr(candidate, name) for name in ("letters", "start", "predict", "update")):
        return FilterSubject(FilterPredictor(candidate))  # type: ignore[arg-type]
    if isinstance(candidate, type) or not callable(candidate):
        raise InputError(
            f"a predictor is a torch module, a filter or a callable, not {candidate!r}"
        )
    return Subject(candidate, outputs)


def _state_argument(module: nn.Module) -> str | None:
    """The name of the argument that a module takes its state by, None if it takes none."""
    try:
        named = list(inspect.signature(module.forward).parameters.values())
    except (TypeError, ValueError):
        return None
    for parameter in named[1:]:
        if parameter.name in STATES:
            return parameter.name
    second = named[1] if len(named) > 1 else None
    usable = second is not None and second.default is None and not second.name.endswith(NO_STATES)
    return second.name if usable and second is not None else None
