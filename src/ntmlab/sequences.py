"""What flows through the package: sequences, and the two protocols around them.

Legend: B batch, T time, I input channels, O target channels, k letters.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.outputs import MOST_LETTERS, Bits, Outputs, next_symbol_outputs


class Sequences(NamedTuple):
    """A batch of sequences, float32, batch first.

    Where lengths vary, shorter sequences are padded with zeros at their end, after all scored
    steps, so that padding reaches neither cost nor gradient. ``truth`` is what the source itself
    would say: the probabilities of the targets under the parameters drawn for each sequence, as a
    predictor gives them; None where it was not kept. ``outputs`` says what a step's targets are;
    tasks say it, and so must whoever makes sequences of several channels by hand.
    """

    inputs: Tensor  # (B, T, I)
    targets: Tensor  # (B, T, O): bits, or a single 1 among letters
    mask: Tensor  # (B, T), 1 where the step is scored
    truth: Tensor | None = None  # (B, T, O) float64
    outputs: Outputs | None = None

    def take(self, rows: slice | NDArray[np.int64]) -> Self:
        """The sequences of some rows."""
        return self._each(lambda part: part[rows])

    def to(self, device: torch.device) -> Self:
        """The sequences on a device; pinned ones arrive there while the caller goes on."""
        ahead = device.type != "cpu"
        return self._each(lambda part: part.to(device, non_blocking=ahead))

    def pinned(self) -> Self:
        """The sequences in memory that a GPU reads by itself."""
        return self._each(lambda part: part.pin_memory())

    def trim(self) -> Self:
        """Without the steps at the end that no sequence is scored on."""
        return self.first(self.scored_steps())

    def first(self, steps: int) -> Self:
        """The first so many steps."""
        if steps == self.mask.shape[1]:
            return self
        return self._each(lambda part: part[:, :steps])

    def scored_steps(self) -> int:
        """Steps up to the last that some sequence is scored on; at least one."""
        if (self.mask[:, -1] > 0).any():
            return self.mask.shape[1]
        scored = torch.nonzero((self.mask > 0).any(0))
        return int(scored[-1]) + 1 if len(scored) else 1

    def _each(self, change: Any) -> Self:
        truth = None if self.truth is None else change(self.truth)
        parts = (change(self.inputs), change(self.targets), change(self.mask))
        return type(self)(*parts, truth, self.outputs)


class Predictor(Protocol):
    """Anything that turns inputs into probabilities of the targets.

    It sees inputs (B, T, I) only, never targets, and returns float64 probabilities (B, T, O): of a
    1 for bits, of each letter for symbols. Aligned: ``p[:, t]`` depends on inputs up to and
    including step t. On next-symbol tasks the input at t is symbol t - 1 (nothing at t = 0), so
    that ``p[:, t] = P(x_t | x_<t)``.
    """

    def __call__(self, inputs: Tensor, /) -> Tensor: ...


class Task(Protocol):
    """Draws sequences; knows its sizes, what a symbol is, and its optimal predictor.

    ``steps`` are those of its longest sequence. ``letters`` is the size of the alphabet of a
    next-symbol task, None for a task whose steps have several bits. ``deterministic`` says that the
    targets follow from the inputs, so that wrong bits can be counted; the last ``marker_channels``
    outputs are an end marker, counted apart. ``sizes`` names what the command line may fix, with
    the options each sets; ``form`` the options a trained model is bound to.
    """

    @property
    def name(self) -> str: ...
    @property
    def outputs(self) -> Outputs: ...
    @property
    def letters(self) -> int | None: ...
    @property
    def input_size(self) -> int: ...
    @property
    def output_size(self) -> int: ...
    @property
    def steps(self) -> int: ...
    @property
    def deterministic(self) -> bool: ...
    @property
    def marker_channels(self) -> int: ...
    @property
    def sizes(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def form(self) -> tuple[str, ...]: ...
    def sample(self, count: int, seed: int, start: int = 0) -> Sequences: ...
    def optimal(self) -> Predictor: ...
    def options(self) -> dict[str, Any]: ...


def input_channels(letters: int) -> int:
    """Input channels of a next-symbol task: one for two letters, else one a letter."""
    return next_symbol_outputs(letters).channels


def next_symbol(
    symbols: ArrayLike, letters: int = 2, truth: NDArray[np.float64] | None = None
) -> Sequences:
    """Next-symbol sequences from letters (B, T) as numbers: every symbol is scored.

    The input at t is symbol t - 1, nothing at t = 0: a bit in one channel for two letters, a single
    1 in one of k channels for more. ``truth`` is P of each letter, (B, T, k). Raises InputError for
    numbers that are no letters, and a truth that is no P of each.

    >>> next_symbol([[1, 1, 0]]).inputs.flatten().tolist()
    [0.0, 1.0, 1.0]
    >>> next_symbol([[2, 0]], letters=3).inputs.tolist()
    [[[0.0, 0.0, 0.0], [0.0, 0.0, 1.0]]]
    """
    outputs = next_symbol_outputs(letters)
    numbers = checked_letters(symbols, letters)
    if letters == 2:
        shown = numbers[..., None].astype(np.float32)
    else:
        shown = np.zeros((*numbers.shape, letters), dtype=np.float32)
        np.put_along_axis(shown, numbers[..., None].astype(np.int64), np.float32(1), axis=-1)
    targets = torch.from_numpy(np.ascontiguousarray(shown))
    inputs = torch.zeros_like(targets)
    inputs[:, 1:] = targets[:, :-1]
    known = None if truth is None else _known(truth, (*numbers.shape, letters))
    return Sequences(inputs, targets, torch.ones(targets.shape[:2]), known, outputs)


def _known(truth: ArrayLike, shape: tuple[int, ...]) -> Tensor:
    """The truth as a predictor gives it, (B, T, O), from P of each letter, (B, T, k)."""
    given = np.asarray(truth, dtype=np.float64)
    if given.shape != shape:
        raise InputError(f"the truth is P of each letter, (B, T, k) = {shape}, not {given.shape}")
    outputs = next_symbol_outputs(shape[-1])
    try:
        known = outputs.from_distribution(given)
        reason = outputs.why_not(known)
    except InputError as error:
        reason = str(error)
    if reason is not None:
        raise InputError(f"the truth is no P of each letter: {reason}")
    return torch.from_numpy(known)


def answer_sequences(inputs: ArrayLike, targets: ArrayLike, mask: ArrayLike) -> Sequences:
    """Sequences whose steps have independent bits, from arrays (B, T, I), (B, T, O), (B, T)."""
    parts = (torch.from_numpy(np.asarray(p, dtype=np.float32)) for p in (inputs, targets, mask))
    shown, asked, scored = parts
    return Sequences(shown, asked, scored, outputs=Bits(asked.shape[-1]))


def outputs_of(sequences: Sequences) -> Outputs:
    """What the targets of some sequences are.

    Where they do not say: one channel is a bit, several are independent bits if some step has
    another number of ones than one. Raises InputError where they could be letters as well, two
    channels among them.
    """
    if sequences.outputs is not None:
        return sequences.outputs
    channels = sequences.targets.shape[-1]
    scored = sequences.mask > 0
    if channels < 2 or not (sequences.targets.sum(-1)[scored] == 1).all():
        return Bits(channels)
    letters = f"outputs=Symbols({channels}) when making Sequences"
    if channels == 2:
        letters = "make two letters, which are one bit, with ntmlab.tasks.next_symbol"
    raise InputError(
        f"these sequences may be of {channels} bits a step or of {channels} letters: say "
        f"outputs=Bits({channels}) or {letters}"
    )


def why_no_sequences(given: object, count: int | None = None) -> str | None:
    """What is wrong with `Sequences` that a user made, ``count`` of them if it is told; or None.

    Parts must be tensors (B, T, I), (B, T, O) and (B, T); the mask 0 or 1; targets of scored steps
    bits, or a single 1 among letters. A weight or a soft target would be trained on as one, and
    scored as 0 or 1. Raises InputError as `outputs_of` does.
    """
    if not isinstance(given, Sequences) or not all(isinstance(x, Tensor) for x in given[:3]):
        return f"{type(given).__name__} in place of Sequences of tensors"
    rows = given.inputs.shape[0] if count is None and given.inputs.ndim else count
    steps = given.inputs.shape[1:2]
    for part, axes in (("inputs", 3), ("targets", 3), ("mask", 2)):
        shape = tuple(getattr(given, part).shape)
        if len(shape) != axes or shape[:2] != (rows, *steps):
            form = ", ".join(map(str, (rows, *steps, "…")[:axes]))
            return f"{part} of shape {shape}, not ({form})"
    if not given.mask.numel():
        return "no steps"
    scored = given.mask != 0
    if (wrong := scored & (given.mask != 1)).any():
        return f"a mask of {_first(given.mask, wrong)}: it is 1 where a step is scored, else 0"
    outputs, targets = outputs_of(given), given.targets
    if (wrong := scored[..., None] & (targets != 0) & (targets != 1)).any():
        return f"a target of {_first(targets, wrong)}: it is 0 or 1"
    if outputs.letters == outputs.channels and (wrong := scored & (targets.sum(-1) != 1)).any():
        return f"targets that sum to {_first(targets.sum(-1), wrong)}: one of the letters is 1"
    return None


def _first(values: Tensor, wrong: Tensor) -> str:
    """The first that is wrong of values (B, T, …), and where."""
    place = tuple(int(at) for at in wrong.nonzero()[0])
    return f"{values[place].item():.7g} at step {place[1]} of sequence {place[0]}"


def symbols_of(targets: ArrayLike, letters: int) -> NDArray[np.int64]:
    """The letters (B, T) of next-symbol targets (B, T, O)."""
    shown = np.asarray(targets)
    return (shown[..., 0] if letters == 2 else shown.argmax(-1)).astype(np.int64)


def observed(inputs: Tensor, letters: int) -> NDArray[np.int64]:
    """The letters (B, T - 1) that next-symbol inputs (B, T, I) reveal; the first is a filler.

    Raises InputError for inputs of another shape, or that are no letters.
    """
    channels = input_channels(letters)
    kind = "bit" if letters == 2 else "symbol"
    given: object = inputs
    if not isinstance(given, Tensor):
        what = type(given).__name__
        raise InputError(f"next-{kind} inputs are a tensor (B, T, {channels}), not {what}")
    if inputs.ndim != 3 or inputs.shape[2] != channels or not inputs.numel():
        raise InputError(
            f"next-{kind} inputs have shape (B, T, {channels}) without 0, not {tuple(inputs.shape)}"
        )
    every = _as_floats(inputs).numpy()
    shown = every[:, 1:]
    valid = bool(((shown == 0) | (shown == 1)).all())
    if valid and letters == 2:
        symbols = shown[..., 0].astype(np.int64)
    elif valid:  # one product gives where the ones are; none, or several, are outside the letters
        places = np.arange(MOST_LETTERS, MOST_LETTERS + letters).astype(every.dtype)
        symbols = (every @ places)[:, 1:].astype(np.int64) - MOST_LETTERS
        valid = symbols.size == 0 or 0 <= symbols.min() <= symbols.max() < letters
    if not valid:
        what = "0 or 1 everywhere" if letters == 2 else "a single 1 among zeros at every step"
        raise InputError(f"next-{kind} inputs must be {what}")
    return symbols


def _as_floats(inputs: Tensor) -> Tensor:
    """Inputs in a type that holds every sum of ours: bytes overflow, and NumPy lacks bfloat16."""
    own = inputs.detach().cpu()
    return own if own.dtype in (torch.float32, torch.float64) else own.float()


def checked_letters(symbols: ArrayLike, letters: int) -> NDArray[np.integer[Any]]:
    """Letters (B, T) as whole numbers; raises InputError for what is none of ``letters``."""
    if isinstance(symbols, Tensor):
        symbols = (symbols.double() if symbols.is_floating_point() else symbols).detach().cpu()
    if np.ma.is_masked(symbols):
        raise InputError("symbols are given as an array in which some are masked")
    none = f"symbols must be whole numbers from 0 to {letters - 1}"
    try:
        given = np.asarray(symbols)
    except ValueError:
        raise InputError("symbols have shape (B, T); these rows are of several lengths") from None
    if given.ndim != 2 or given.size == 0:
        raise InputError(f"symbols have shape (B, T) without 0, not {given.shape}")
    try:
        with np.errstate(invalid="ignore"):  # what is no number is no letter
            numbers = given if np.issubdtype(given.dtype, np.integer) else given.astype(np.int64)
    except (OverflowError, ValueError, TypeError):
        raise InputError(none) from None
    if not np.array_equal(numbers, given) or numbers.min() < 0 or numbers.max() >= letters:
        raise InputError(none)
    return numbers
