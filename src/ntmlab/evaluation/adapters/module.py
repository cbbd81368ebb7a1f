"""A PyTorch module from elsewhere, as one of next symbols in this package's convention.

Legend: B batch, T time, k letters, V the module's own vocabulary.
"""

import inspect
import math
import warnings
from collections.abc import Sequence
from typing import Any, ClassVar, Final, Literal, NamedTuple, get_args

import torch
from torch import Tensor, nn

from ntmlab.errors import InputError, Remark
from ntmlab.models.sizes import check_choice
from ntmlab.outputs import SUM_TOLERANCE, next_symbol_outputs

Inputs = Literal["bits", "one-hot", "ids"]
Meaning = Literal["logits", "log-probabilities", "probabilities"]

OUTSIDE: Final = SUM_TOLERANCE  # mass on what is no letter, from which on it is remarked upon
WORSE: Final = 10  # times as much is remarked upon again


class Begun(NamedTuple):
    """A state after the first step: the module's own."""

    own: Any


def from_torch(
    module: nn.Module,
    letters: int = 2,
    *,
    inputs: Inputs,
    outputs: Meaning,
    start: int | None = None,
    ids: Sequence[int] | None = None,
    state: str | None = None,
    time_first: bool = False,
) -> "Adapted":
    """A module that takes the symbols so far and says the next one, in this package's convention.

    ``inputs`` is what it is fed at step t, the symbol before: ``"bits"`` (B, T, 1), ``"one-hot"``
    (B, T, k), both all 0 at the first step, or ``"ids"`` (B, T) of int64. Ids have no 0: the first
    step is ``start``, where the module has a start symbol; without one the first symbol is said to
    be any with 1/k, and the module is fed the symbols alone. ``ids`` are those of the letters in
    the module's own vocabulary, 0 to k - 1 unless given.

    ``outputs`` is what its output means at a step: ``"logits"``, ``"log-probabilities"`` or
    ``"probabilities"`` of the k letters, (B, T, k); of the whole vocabulary (B, T, V) where there
    are ``ids`` or a ``start``, of which the letters' are taken and scaled to 1; or, with two
    letters, of a 1 alone, (B, T, 1). Natural logarithms. A probability of 0 counts as 2^-52.

    ``state`` is the keyword by which the module takes its state; it then returns a pair, outputs
    and state. Without one it is asked for whole passes. ``time_first`` is for modules of (T, B, …).

    >>> class Unigram(nn.Module):  # counts of each letter so far, and one
    ...     def forward(self, ids):
    ...         counts = 1 + nn.functional.one_hot(ids, 3).cumsum(1)
    ...         return counts / counts.sum(-1, keepdim=True)
    >>> from ntmlab import compare, make_task
    >>> model = from_torch(Unigram(), 3, inputs="ids", outputs="probabilities")
    >>> sequences = make_task("dynamic-ngrams:order=1,letters=3").sample(100, seed=0)
    >>> bool(compare(sequences, {"unigram": model}).score("unigram").bits < 200 * 1.585)
    True

    The result is a module itself: it can be compared, checked and trained. Raises InputError for a
    choice that does not exist or does not fit, and later for outputs that are not what was said.
    """
    check_choice("inputs", inputs, *get_args(Inputs))
    check_choice("outputs", outputs, *get_args(Meaning))
    if not isinstance(module, nn.Module):
        raise InputError(f"from_torch takes a torch module, not {type(module).__name__}")
    if inputs == "bits" and letters != 2:
        raise InputError(f"inputs='bits' are of two letters, not {letters}")
    if inputs != "ids" and (start is not None or ids is not None):
        raise InputError("start and ids are for inputs='ids'")
    known = tuple(range(letters)) if ids is None else tuple(ids)
    if len(set(known)) != letters:
        raise InputError(f"ids must be {letters} different ones, not {list(known)}")
    if state is not None and state not in inspect.signature(module.forward).parameters:
        raise InputError(f"{type(module).__name__}.forward has no argument {state!r}")
    return Adapted(module, letters, inputs, outputs, start, known, state, time_first)


class Adapted(nn.Module):
    """What `from_torch` makes: ``logits, state = model(inputs, state=None)``."""

    foreign: ClassVar[bool] = True  # tested before it is scored

    def __init__(
        self,
        module: nn.Module,
        letters: int,
        inputs: Inputs,
        outputs: Meaning,
        start: int | None,
        ids: tuple[int, ...],
        keyword: str | None,
        time_first: bool,
    ) -> None:
        super().__init__()
        self.module, self.letters = module, letters
        self.inputs, self.outputs = inputs, outputs
        self.start, self.ids, self.keyword = start, ids, keyword
        self.time_first = time_first
        self.input_size = self.output_size = next_symbol_outputs(letters).channels
        self.outside = 0.0  # the most that was ever given to what is no letter
        self.remarked = 0.0  # the most of it that was said
        self.renormalise = True  # whether that is left out, and the letters' scaled to 1

    def forward(self, inputs: Tensor, state: Begun | None = None) -> tuple[Tensor, Begun | None]:
        """Logits (B, T, O) for next-symbol inputs (B, T, I), and the state where there is one."""
        unfed = 1 if state is None and self.inputs == "ids" and self.start is None else 0
        own = None if state is None else state.own
        parts = [torch.zeros(len(inputs), unfed, self.output_size).to(inputs)]
        if inputs.shape[1] > unfed:
            said, own = self._asked(self._shown(inputs[:, unfed:], first=state is None), own)
            parts.append(self._logits(said))
        logits = torch.cat([part.to(parts[-1].dtype) for part in parts], 1)
        return logits, None if self.keyword is None else Begun(own)

    def _shown(self, inputs: Tensor, *, first: bool) -> Tensor:
        """What the module is fed for next-symbol inputs (B, T, I)."""
        if self.inputs == "bits" or (self.inputs == "one-hot" and self.letters > 2):
            return inputs
        if self.inputs == "one-hot":
            shown = torch.cat([1 - inputs, inputs], -1)
            if first:
                shown[:, 0] = 0
            return shown
        symbols = inputs[..., 0].long() if self.letters == 2 else inputs.argmax(-1)
        shown = torch.tensor(self.ids, device=inputs.device)[symbols]
        if first and self.start is not None:
            shown[:, 0] = self.start
        return shown

    def _asked(self, shown: Tensor, own: Any) -> tuple[Tensor, Any]:
        """What the module says, (B, T, V), and its state."""
        given = shown.transpose(0, 1) if self.time_first else shown
        keyword = {} if self.keyword is None or own is None else {self.keyword: own}
        returned = self.module(given, **keyword)
        after = None
        if isinstance(returned, tuple | list):
            returned, after = returned[0], returned[1] if len(returned) > 1 else None
        said = getattr(returned, "logits", returned)
        if not isinstance(said, Tensor) or said.ndim != 3:
            found = tuple(said.shape) if isinstance(said, Tensor) else type(said).__name__
            raise InputError(f"a module returns outputs (batch, time, letters), not {found}")
        return said.transpose(0, 1) if self.time_first else said, after

    def _logits(self, said: Tensor) -> Tensor:
        """Logits of the letters from outputs of the meaning that was said."""
        said = said.to(torch.promote_types(said.dtype, torch.float32))  # half has no 2^-52
        width = said.shape[-1]
        if width == 1 and self.letters == 2:
            return _logits_of_one(said, self.outputs)
        if width <= max(self.ids) or (width > self.letters and self._narrow()):
            raise InputError(f"a module for {self.letters} letters returned {width} outputs a step")
        logs = _logarithms(said, self.outputs)
        chosen = logs[..., list(self.ids)]
        if width > self.letters:
            self._report(logs, chosen)
        return chosen[..., 1:] - chosen[..., :1] if self.letters == 2 else chosen

    def _narrow(self) -> bool:
        """Whether the vocabulary can be no larger than the alphabet."""
        return self.start is None and self.ids == tuple(range(self.letters))

    def _report(self, logs: Tensor, chosen: Tensor) -> None:
        """Remarks on mass outside the alphabet; raises InputError where it must not be."""
        highest = logs.detach().amax(-1, keepdim=True)  # so that no logit is too large for float32
        every, those = ((part.detach() - highest).exp().sum(-1) for part in (logs, chosen))
        most = float(1 - (those / every).min())
        if not self.renormalise and most > SUM_TOLERANCE:
            raise InputError(
                f"up to {most:.3g} of the probability is on what is no letter; renormalise=True "
                "leaves it out and scales the letters' to 1"
            )
        if most > max(OUTSIDE, WORSE * self.remarked):
            about = f"up to {most:.3g} of the probability is on what is no letter; it is left out"
            bits = -math.log2(1 - most) if most < 1 else math.inf
            less = f"by which a step costs up to {bits:.3g} bits less"
            warnings.warn(f"{about}, {less}", Remark, stacklevel=2)
            self.remarked = most
        self.outside = max(self.outside, most)


def _logarithms(said: Tensor, meaning: Meaning) -> Tensor:
    """Logits of the vocabulary; raises InputError unless probabilities are what they are said."""
    if meaning == "logits":
        return said
    if meaning == "log-probabilities":
        _check_sums(said.detach().double().exp().sum(-1), meaning)
        return said
    _check_range(said, meaning)
    _check_sums(said.detach().double().sum(-1), meaning)
    return said.clamp(min=torch.finfo(said.dtype).tiny).log()


def _logits_of_one(said: Tensor, meaning: Meaning) -> Tensor:
    """Logits of a 1 from outputs of a 1, (B, T, 1)."""
    if meaning == "logits":
        return said
    said = said.double()  # that of a 0 is what is left: near 1 float32 has none of it
    likely = said.exp() if meaning == "log-probabilities" else said
    _check_range(likely, meaning)
    rest = -torch.expm1(said) if meaning == "log-probabilities" else 1 - said
    tiny = torch.finfo(said.dtype).tiny
    return likely.clamp(min=tiny).log() - rest.clamp(min=tiny).log()


def _check_range(likely: Tensor, meaning: Meaning) -> None:
    if not bool(((likely >= 0) & (likely <= 1)).all()):
        raise InputError(f"outputs are no {meaning}: not all lie between 0 and 1; are they logits?")


def _check_sums(sums: Tensor, meaning: Meaning) -> None:
    worst = float((sums - 1).abs().max())
    if not worst <= SUM_TOLERANCE:
        total = float(sums.flatten()[int((sums - 1).abs().argmax())])
        raise InputError(f"outputs are no {meaning}: they sum to {total:.7g}, not 1")
