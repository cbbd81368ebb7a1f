"""A source: a task of predicting the next symbol, and all that follows from its being one.

Legend: B batch, T time, k letters.
"""

import dataclasses
import itertools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.foreign import described as in_one_line
from ntmlab.foreign import guarded
from ntmlab.given import check_whole
from ntmlab.optimal.expected import Expected, entropies, enumerated, mean_and_error
from ntmlab.optimal.filter import Filter, FilterPredictor, described
from ntmlab.outputs import Outputs, next_symbol_outputs
from ntmlab.sequences import Predictor, Sequences, next_symbol, symbols_of
from ntmlab.tasks.draws import BLOCK, blocks, check_drawn, generator
from ntmlab.tasks.options import option_names
from ntmlab.tasks.ranges import MOST_LENGTH

DRAW_STREAM = 0

# A simulated mean is of this many sequences of this seed, so that it is the same every time.
SIMULATED, SIMULATION_SEED = 4096, 2**63


class Drawn(NamedTuple):
    """Letters (B, T), and P of each letter under the drawn parameters (B, T, k), where kept."""

    symbols: NDArray[np.integer[Any]]
    truth: NDArray[np.float64] | None = None


class Step(NamedTuple):
    """One letter of every sequence, (B,), and P of each under the drawn parameters, (B, k)."""

    symbols: NDArray[np.integer[Any]]
    truth: NDArray[np.float64]


class Variation(NamedTuple):
    """A task that is like another but for one thing, on which its models are tried."""

    kind: str  # what is another: prior, order
    name: str  # in words
    task: "Source"


class Contexts(Protocol):
    """How a source divides the steps of a sequence, where its optimum counts in contexts.

    ``names`` are the contexts'; ``of(symbols)`` numbers the context of every step, (B, T), -1 where
    there is none yet.
    """

    @property
    def names(self) -> list[str]: ...
    def of(self, symbols: NDArray[np.integer[Any]]) -> NDArray[np.int64]: ...


class Source:
    """The base of next-symbol tasks: a frozen dataclass that says how to draw, and its filter.

    A subclass gives ``name``, ``letters`` and ``length``, as fields or properties, and two methods:

    ``draw(rows, random)`` returns `Drawn`: letters (rows, T) as whole numbers below ``letters``
    and, where it can, the truth (rows, T, letters). It may use ``random``, a NumPy generator, only,
    so that a sequence depends on its seed and number alone. A source that draws letter after letter
    may give ``walk(rows, random)`` instead, an endless generator of `Step`; its sequences begin
    alike whatever their length, and memory holds only what is asked for.

    ``filter()`` returns the exact predictor, an `ntmlab.optimal.filter.Filter`; where none is
    known, leave it out, and costs have no gap.

    Every symbol is scored. The input at t is symbol t - 1: one channel for two letters, one a
    letter for more.
    """

    if TYPE_CHECKING:  # fields, properties or class attributes of a subclass, as it likes

        @property
        def name(self) -> str: ...
        @property
        def letters(self) -> int: ...
        @property
        def length(self) -> int: ...

    deterministic: ClassVar[bool] = False
    marker_channels: ClassVar[int] = 0
    sizes: ClassVar[Mapping[str, tuple[str, ...]]] = {"length": ("length",)}
    form: ClassVar[tuple[str, ...]] = ()
    others: ClassVar[Mapping[str, tuple[float, ...]]] = {}  # values of options for `variations`

    @property
    def outputs(self) -> Outputs:
        """What a symbol is: a bit, or one of k letters."""
        return next_symbol_outputs(self.letters)

    @property
    def input_size(self) -> int:
        """Input channels."""
        return self.outputs.channels

    @property
    def output_size(self) -> int:
        """Output channels."""
        return self.outputs.channels

    @property
    def steps(self) -> int:
        """Steps of a sequence."""
        return self.length

    @property
    def contexts(self) -> Contexts | None:
        """The contexts that the optimum counts in, where it does."""
        return None

    def options(self) -> dict[str, Any]:
        """The keyword arguments that make this task again; none where it is no dataclass."""
        return {name: getattr(self, name) for name in option_names(self)}

    def draw(self, rows: int, random: np.random.Generator) -> Drawn:
        """Letters and truth of ``rows`` sequences."""
        return self._walked(rows, random, slice(None), truth=True)

    def walk(self, rows: int, random: np.random.Generator) -> Iterator[Step]:
        """Letters of ``rows`` sequences with their truth, step after step without end."""
        raise NotImplementedError(f"source {self.name} does not say how to draw")

    def filter(self) -> Filter:
        """The exact predictor."""
        raise NotImplementedError(f"source {self.name} has no exact predictor")

    def optimal(self) -> Predictor:
        """The Bayes-optimal predictor: the source's filter.

        Raises InputError, one line, if the source fails to make it, and NotImplementedError if it
        has none.
        """
        try:
            return FilterPredictor(self.filter(), optimum=True)
        except (InputError, NotImplementedError):
            raise
        except Exception as error:
            why = in_one_line(error)
            raise InputError(f"task {self.name}: its filter failed: {why}") from error

    def sample(self, count: int, seed: int, start: int = 0, *, truth: bool = False) -> Sequences:
        """Sequences number start .. start + count - 1 of a seed, the truth beside them if asked.

        A sequence depends on seed and number only. Raises InputError for a count below 1, a seed
        outside [0, 2^64), or what is drawn in another shape, or is no letters and no P of each.
        """
        check_whole("length", self.length, 1, MOST_LENGTH)
        drawn = self._sample(count, seed, start, truth)
        try:
            return next_symbol(drawn.symbols, self.letters, drawn.truth if truth else None)
        except InputError as error:
            raise InputError(f"task {self.name}: {error}") from None

    def _sample(self, count: int, seed: int, start: int, truth: bool) -> Drawn:
        """Letters and truth of some sequences of a seed, by way of whole blocks."""
        symbols, truths = [], []
        for block, rows in blocks(count, seed, start):
            random = np.random.Generator(generator(seed, block, DRAW_STREAM))
            if type(self).draw is Source.draw:
                what = f"task {self.name}: its walk"
                drawn = guarded(what, self._walked, BLOCK, random, rows, truth)
            else:
                letters, known = guarded(f"task {self.name}: its draw", self._drawn, random)
                drawn = Drawn(letters[rows], None if known is None else known[rows])
            symbols.append(drawn.symbols)
            if truth and drawn.truth is not None:
                truths.append(drawn.truth)
        if truths and len(truths) < len(symbols):
            raise InputError(f"task {self.name}: its draw gives a truth at times only")
        return Drawn(np.concatenate(symbols), np.concatenate(truths) if truths else None)

    def _drawn(self, random: np.random.Generator) -> Drawn:
        """A block as `draw` gives it, in the shape that was asked for."""
        letters, known = self.draw(BLOCK, random)
        given, shape = np.asarray(letters), (BLOCK, self.length)
        check_drawn(self.name, "its draw gave letters", given, shape)
        if known is None:
            return Drawn(given)
        truth = np.asarray(known, dtype=np.float64)
        check_drawn(self.name, "its draw gave a truth", truth, (*shape, self.letters))
        return Drawn(given, truth)

    def _walked(self, rows: int, random: np.random.Generator, kept: slice, truth: bool) -> Drawn:
        """The kept rows of a walk of ``length`` steps."""
        count, k = len(range(*kept.indices(rows))), self.letters
        given = np.empty((self.length, count))  # as bytes would take 256 for 0, and 1.5 for 1
        known = np.empty((self.length, count, k)) if truth else None
        steps = 0
        for t, step in enumerate(itertools.islice(self.walk(rows, random), self.length)):
            steps, where = t + 1, f" at step {t}"
            check_drawn(self.name, "its walk gave letters", step.symbols, (rows,), where)
            given[t] = step.symbols[kept]
            if known is not None:
                check_drawn(self.name, "its walk gave a truth", step.truth, (rows, k), where)
                known[t] = step.truth[kept]
        if steps < self.length:
            ended = f"its walk ended after {steps} of {self.length} steps"
            raise InputError(f"task {self.name}: {ended}; it has to go on without end")
        with np.errstate(invalid="ignore"):
            symbols = given.astype(np.uint8)
        if (symbols != given).any():
            t = int((symbols != given).any(1).argmax())
            raise InputError(f"task {self.name}: its walk gave what is no letter at step {t}")
        return Drawn(symbols.T, None if known is None else known.swapaxes(0, 1))

    def variations(self) -> list[Variation]:
        """Tasks of other parameters and the same length and alphabet, to try this one's models.

        Those of ``others``, unless a source has a way of its own.
        """
        return [
            Variation(name, f"{name} {value:g}", dataclasses.replace(self, **{name: value}))  # type: ignore[type-var]
            for name, values in self.others.items()
            for value in values
            if value != getattr(self, name)
        ]

    def references(self) -> dict[str, Predictor]:
        """Exact predictors that know less, by name: what a model of this task must beat."""
        return {}

    def optimal_bits(self, length: int | None = None) -> Expected:
        """The optimum's expected cost of a sequence in bits, of another length if one is given.

        Exact where all sequences can be enumerated or the source has a way of its own; otherwise
        the mean of 4,096 sequences with its standard error. What is averaged is the entropy of the
        optimum's predictions, which has the mean of its cost and less noise.
        """
        steps = self.length if length is None else length
        return enumerated(self.filter(), steps) or self._simulated(steps)

    def entropy_rate(self) -> Expected | None:
        """Bits a letter in the long run; None where it has none or none is known.

        This is no optimum: what is learnt in the first letters costs more.
        """
        return None

    def _simulated(self, steps: int) -> Expected:
        """The mean entropy of the optimum's predictions over sequences."""
        task = dataclasses.replace(self, length=steps)  # type: ignore[type-var]
        totals = []
        for start in range(0, SIMULATED, BLOCK):
            inputs = task.sample(BLOCK, SIMULATION_SEED, start).inputs
            p = task.optimal()(inputs).numpy()
            if (reason := self.outputs.why_not(p)) is not None:
                raise InputError(
                    f"task {self.name}: its filter predicts no P of a letter: {reason}"
                )
            totals.append(entropies(self.outputs.distribution(p)).sum(1))
        bits = mean_and_error(np.concatenate(totals))
        return Expected(*bits, f"{SIMULATED} sequences, standard error")

    def state(self, sequences: Sequences) -> dict[str, NDArray[np.float64]]:
        """What the exact predictor knows before every step, by name, each (B, T, ...).

        Targets for probes of a model: counts, a posterior, a belief, as the filter has them.
        """
        symbols = symbols_of(sequences.targets, self.letters)
        return described(self.filter(), symbols[:, :-1])


def choose(probabilities: NDArray[np.float64], uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    """A number of each row drawn with its probabilities (B, n) by a uniform number in [0, 1), (B,).

    One of probability 0 never comes.

    >>> choose(np.array([[0.0, 0.5, 0.5, 0.0]] * 3), np.array([0.0, 0.5, 0.999])).tolist()
    [1, 2, 2]
    """
    return np.asarray((uniform[:, None] >= bounds(probabilities)).sum(-1))


def bounds(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """The numbers in [0, 1) at which one choice ends and the next begins, (…, n - 1)."""
    below = np.cumsum(probabilities, axis=-1)
    return np.asarray(below[..., :-1] / below[..., -1:])
