"""An exact predictor as three pure functions: start, predict, update.

Written once, it is unrolled over batches and used as it is for streaming.

Legend: B batch, T time, k letters, O output channels.
"""

from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.outputs import next_symbol_outputs, why_no_sum
from ntmlab.sequences import observed

Array = NDArray[np.float64]
Letters = NDArray[np.int64]

# Steps times letters that a pass over rows holds at once, so that its memory stays bounded.
NUMBERS_AT_ONCE = 2**22
MOST_ROWS = 4096  # keeps the counters of a pass within the cache

# Sums and ratios of a prior's numbers within these are numbers, too.
LEAST_PRIOR, MOST_PRIOR = 1e-300, 1e300


class Filter(Protocol):
    """What is known of a sequence so far, and what follows from it for the next symbol.

    ``start(rows)`` is the state before the first symbol of so many sequences. ``predict(state)`` is
    P of each letter, (B, k) float64, and leaves the state alone. ``update(state, symbols)`` takes
    in the letters (B,) that came and returns the next state; the old one stays valid.

    A filter may give more. ``advance(state, symbols)`` is ``update`` that may write into the state
    it is given. ``unrolled(symbols)`` equals `unroll`, faster. ``describe(state)`` is what it knows
    by name, arrays (B, ...). ``row_numbers`` is how many numbers the state of one sequence has.
    """

    @property
    def letters(self) -> int: ...
    def start(self, rows: int) -> Any: ...
    def predict(self, state: Any) -> Array: ...
    def update(self, state: Any, symbols: Letters) -> Any: ...


class InPlace:
    """The base of filters that write into their state: ``update`` is ``advance`` on a copy."""

    def advance(self, state: Any, symbols: Letters) -> Any:
        """The next state, which may be written into the one that is given."""
        raise NotImplementedError

    def update(self, state: Any, symbols: Letters) -> Any:
        """The next state; the old one stays valid."""
        copied = type(state)(*(np.copy(x) if isinstance(x, np.ndarray) else x for x in state))
        return self.advance(copied, symbols)


def advancing(exact: Filter) -> Any:
    """The quickest way on for whoever gives up the old state: ``advance`` or ``update``."""
    return getattr(exact, "advance", exact.update)


def unroll(exact: Filter, symbols: Letters) -> Array:
    """P of each letter before every step and after the last, (B, T + 1, k), from letters (B, T)."""
    rows, steps = symbols.shape
    state, advance = exact.start(rows), advancing(exact)
    predictions = np.empty((steps + 1, rows, exact.letters))
    predictions[0] = predicted(exact, state, rows)
    for t in range(steps):
        state = advance(state, symbols[:, t])
        predictions[t + 1] = predicted(exact, state, rows)
    return predictions.swapaxes(0, 1)


def predicted(exact: Filter, state: Any, rows: int) -> Array:
    """What a filter predicts of so many sequences, (B, k); raises InputError for another shape."""
    said = exact.predict(state)
    if np.shape(said) != (rows, exact.letters):  # NumPy would take one row for all
        raise _misshapen(exact, "predict(state)", said, (rows, exact.letters))
    return said


def _misshapen(exact: Filter, call: str, said: Any, shape: tuple[int, ...]) -> InputError:
    return InputError(
        f"{call} of {type(exact).__name__} gave an array of shape {np.shape(said)} where P of each "
        f"letter has shape {shape}"
    )


def described(exact: Filter, symbols: Letters) -> dict[str, Array]:
    """What a filter knows before every step and after the last, by name, each (B, T + 1, ...).

    Raises InputError if the filter does not say.
    """
    describe = getattr(exact, "describe", None)
    if describe is None:
        raise InputError(
            f"{type(exact).__name__} does not say what it knows: it has no describe(state), which "
            "returns arrays (B, ...) by name"
        )
    state, advance = exact.start(len(symbols)), advancing(exact)
    steps = [_kept(describe(state))]
    for name, values in steps[0].items():
        if (shape := np.shape(values))[:1] != (len(symbols),):
            raise InputError(
                f"describe(state) of {type(exact).__name__} gave {name} of shape {shape}, not "
                f"({len(symbols)}, ...), a row for each sequence"
            )
    for t in range(symbols.shape[1]):
        state = advance(state, symbols[:, t])
        steps.append(_kept(describe(state)))
    return {name: np.stack(_alike([step[name] for step in steps]), axis=1) for name in steps[0]}


def _kept(known: dict[str, Array]) -> dict[str, Array]:
    """Copies: what is known may be parts of a state that the next step writes into."""
    return {name: np.array(values) for name, values in known.items()}


def _alike(arrays: list[Array]) -> list[Array]:
    """Arrays (B, n) of which later ones may be wider, filled up with zeros."""
    if all(each.shape == arrays[0].shape for each in arrays):
        return arrays
    widest = max(each.shape[1] for each in arrays)
    return [np.pad(each, ((0, 0), (0, widest - each.shape[1]))) for each in arrays]


class FilterPredictor:
    """The predictor of a filter: next-symbol inputs (B, T, I) in, probabilities (B, T, O) out.

    A filter with a method ``unrolled(symbols)`` of its own, equal to `unroll` and faster, is asked
    for that. Raises InputError for inputs that are no symbols of its alphabet, for a filter that
    gives another shape than (B, k) at each step, and of two letters for probabilities that do not
    sum to 1; those of more are passed on as they are.
    """

    def __init__(self, exact: Filter, *, optimum: bool = False) -> None:
        self.filter = exact
        self.optimum = optimum  # of the task that made it: comparisons then take it as reference
        self.outputs = next_symbol_outputs(exact.letters)

    def __call__(self, inputs: Tensor) -> Tensor:
        symbols = observed(inputs, self.filter.letters)
        size = (symbols.shape[1] + 1) * self.filter.letters
        size = max(size, getattr(self.filter, "row_numbers", 1))
        at_once = max(1, min(MOST_ROWS, NUMBERS_AT_ONCE // size))
        left = [symbols[row : row + at_once] for row in range(0, len(symbols), at_once)]
        del symbols  # of a long sequence, they leave their place to what follows from them
        parts = []
        while left:
            known = self._known(left.pop(0))
            parts.append(self.outputs.from_distribution(known))
        return torch.from_numpy(parts[0] if len(parts) == 1 else np.concatenate(parts))

    def _known(self, symbols: Letters) -> Array:
        """P of each letter, (B, T + 1, k), from letters (B, T)."""
        run = getattr(self.filter, "unrolled", None)
        known: Array = unroll(self.filter, symbols) if run is None else run(symbols)
        rows, steps = symbols.shape
        shape = (rows, steps + 1, self.filter.letters)
        if np.shape(known) != shape:
            raise _misshapen(self.filter, "unrolled(symbols)", known, shape)
        return known

    def stream(self) -> "Stream":
        """A fresh predictor of one sequence that is fed symbol by symbol."""
        return Stream(self.filter)


class Stream:
    """A filter at work on one sequence, symbol by symbol; its memory does not grow."""

    def __init__(self, exact: Filter) -> None:
        self.filter = exact
        self.state = exact.start(1)
        self._advance = advancing(exact)

    @property
    def probabilities(self) -> Array:
        """P of each letter for the next symbol, (k,).

        Raises InputError if what the filter predicts are no probabilities that sum to 1.
        """
        said = np.asarray(predicted(self.filter, self.state, 1)[0])
        if (reason := why_no_sum(said)) is None and said.min() < 0:
            reason = f"{said.min():g} is not between 0 and 1"
        if reason is not None:
            raise InputError(f"{type(self.filter).__name__} predicts no probabilities: {reason}")
        return said

    @property
    def probability(self) -> float:
        """P(next bit = 1), for an alphabet of two letters."""
        if self.filter.letters != 2:
            raise InputError(f"{self.filter.letters} letters have no single probability of a 1")
        return float(self.probabilities[1])

    def update(self, symbol: int) -> None:
        """Takes in the next symbol; raises InputError if it is no letter."""
        letters = self.filter.letters
        whole = isinstance(symbol, int | np.integer) and not isinstance(symbol, bool)
        if not whole or not 0 <= symbol < letters:
            what = "a bit must be 0 or 1" if letters == 2 else f"a letter is below {letters}"
            raise InputError(f"{what}, not {symbol!r}")
        self.state = self._advance(self.state, np.array([symbol], dtype=np.int64))


class Coin:
    """Every letter alike, always."""

    def __init__(self, letters: int = 2) -> None:
        self.letters = letters

    def start(self, rows: int) -> int:
        """How many sequences there are."""
        return rows

    def predict(self, state: int) -> Array:
        """1 / k each, (B, k)."""
        return np.full((state, self.letters), 1 / self.letters)

    def update(self, state: int, symbols: Letters) -> int:
        """Nothing is learnt."""
        return state


def check_prior(prior: float | ArrayLike, letters: int) -> tuple[float, ...]:
    """A Dirichlet prior with one number a letter; a single number stands for all.

    >>> check_prior(0.5, 3), check_prior((1, 2), 2)
    ((0.5, 0.5, 0.5), (1.0, 2.0))

    Raises InputError unless there is one number a letter, each from 1e-300 to 1e300: beyond, sums
    and ratios of them are no longer numbers.
    """
    try:
        if np.asarray(prior).dtype == bool:
            raise TypeError
        given = np.asarray(prior, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"a prior is a number, or one a letter, not {prior!r}") from None
    every = np.full(letters, float(given)) if given.ndim == 0 else given
    if every.shape != (letters,):
        raise InputError(f"a prior has one number, or one for each of {letters} letters")
    if not ((every >= LEAST_PRIOR) & (every <= MOST_PRIOR)).all():
        raise InputError(
            f"a prior's numbers must be positive and finite ({LEAST_PRIOR:g} to {MOST_PRIOR:g}), "
            f"not {prior!r}"
        )
    return tuple(map(float, every))
