"""Dynamic N-grams: letters from a table of transition probabilities that is new in every sequence.

*Neural Turing Machines* (2014), section 4.4, there with two letters. Legend: B batch, T time,
k letters, n = order - 1 letters of context.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ntmlab.given import check_whole
from ntmlab.optimal.contexts import NGramContexts
from ntmlab.optimal.filter import check_prior
from ntmlab.optimal.kt import KT, ContextKT
from ntmlab.outputs import MOST_LETTERS
from ntmlab.sequences import Predictor
from ntmlab.tasks.draws import BLOCK, blocks, generator, uniforms
from ntmlab.tasks.ranges import Range
from ntmlab.tasks.source import Contexts, Drawn, Source, Step, Variation
from ntmlab.tasks.tables import check_table, distributions, table_walk

TABLE_STREAM, LETTER_STREAM = 0, 1
NUMBERS_AT_ONCE = 2**16  # table entries of a pass over time; keeps them within the cache
UNIFORMS_AT_ONCE = 2**20  # drawn at once, so that one long sequence takes no block's memory
MOST_ORDER = 17
OTHER_PRIORS = ((1.0, 1.0), (2.0, 2.0), (0.1, 0.1), (0.5, 2.0))  # of all letters, of the last


@dataclasses.dataclass(frozen=True)
class DynamicNGrams(Source):
    """The next-symbol task of the paper: order 6 means five letters of context.

    For every sequence a fresh table of P(next letter | previous order - 1 letters) is drawn from a
    Dirichlet prior, contexts independent; the first order - 1 letters are uniform. Every letter is
    scored. ``prior`` is one number, or one a letter; for two letters Beta(a, b), a for ones.

    >>> task = DynamicNGrams(order=3, length=8)
    >>> sequences = task.sample(2, seed=0)
    >>> sequences.inputs.shape, sequences.targets.shape, sequences.mask.shape
    (torch.Size([2, 8, 1]), torch.Size([2, 8, 1]), torch.Size([2, 8]))
    >>> bool((sequences.inputs[:, 1:] == sequences.targets[:, :-1]).all())  # the bit before
    True
    >>> DynamicNGrams(order=2, letters=3, length=8).sample(2, seed=0).targets.shape
    torch.Size([2, 8, 3])

    Raises InputError for an order outside 1..17, a context of more than 65,536 values, letters
    outside 2..256, a length below 1, or a prior that is not positive.
    """

    order: int = 6
    length: int = 200
    prior: tuple[float, ...] = (0.5, 0.5)
    letters: int = 2

    name: ClassVar[str] = "dynamic-ngrams"
    sizes: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "length": ("length",),
        "order": ("order",),
        "prior": ("prior",),
        "letters": ("letters",),
    }
    form: ClassVar[tuple[str, ...]] = ("letters",)
    title: ClassVar[str] = "Dynamic N-grams"
    ranges: ClassVar[Mapping[str, Range]] = {"order": Range(1, 6, MOST_ORDER)}

    def __post_init__(self) -> None:
        check_whole("letters", self.letters, 2, MOST_LETTERS)
        check_whole("order", self.order, 1, MOST_ORDER)
        check_whole("length", self.length, 1)
        object.__setattr__(self, "prior", self._spread(self.prior))
        self.filter()  # a context too large for its counts shows here
        check_table(self.letters, self.context_bits, "the letters of context")

    def _spread(self, prior: Any) -> tuple[float, ...]:
        """The prior with a number a letter; the default one is for any number of letters."""
        if self.letters != 2 and prior == (0.5, 0.5):
            prior = 0.5
        return check_prior(prior, self.letters)

    @property
    def context_bits(self) -> int:
        """Letters of context, n."""
        return self.order - 1

    @property
    def contexts(self) -> Contexts:
        """The contexts that the optimum counts in."""
        return NGramContexts(self.letters, self.context_bits)

    def options(self) -> dict[str, Any]:
        """The keyword arguments that make this task again."""
        every = dataclasses.asdict(self)
        return every if self.letters != 2 else {k: v for k, v in every.items() if k != "letters"}

    def filter(self) -> KT:
        """Counts per context (Eq. 10)."""
        prior = self.prior[::-1] if self.letters == 2 else self.prior  # Beta(a, b): a for ones
        return KT(self.letters, self.context_bits, prior)

    def optimal(self) -> Predictor:
        """The Bayes-optimal predictor of this task (Eq. 10)."""
        if self.letters == 2:
            return ContextKT(self.context_bits, self.prior, optimum=True)
        return super().optimal()

    def variations(self) -> list[Variation]:
        """Tables of other priors, and of fewer letters of context."""
        found = []
        for most, last in OTHER_PRIORS:
            prior = (most,) * (self.letters - 1) + (last,)
            if prior != self.prior:
                law = "Beta" if self.letters == 2 else "Dirichlet"
                name = f"{law}({', '.join(f'{a:g}' for a in prior)})"
                found.append(Variation("prior", name, dataclasses.replace(self, prior=prior)))
        what = "bit" if self.letters == 2 else "letter"
        for order in range(self.order - 1, 0, -1):
            name = f"{order - 1} {what}{'' if order == 2 else 's'} of context"
            found.append(Variation("order", name, dataclasses.replace(self, order=order)))
        return found

    def references(self) -> dict[str, Predictor]:
        """What a model that counts in all letters of context must beat: one letter less."""
        less = self.context_bits - 1
        if less < 0:
            return {}
        return {f"kt-{less}": dataclasses.replace(self, order=self.order - 1).optimal()}

    def walk(self, rows: int, random: np.random.Generator) -> Iterator[Step]:
        """Letters as a part of a mixture draws them; `sample` has streams of its own."""
        prior = self.prior[::-1] if self.letters == 2 else self.prior
        contexts = self.letters**self.context_bits
        table = distributions(random, prior, self.letters, rows, contexts)
        return table_walk(table, self.context_bits, random)

    def tables(self, count: int, seed: int, start: int = 0) -> NDArray[np.float64]:
        """The tables behind ``sample`` by context, the oldest letter first.

        P(next = 1), (count, 2^n), for two letters; P of each letter, (count, k^n, k), for more.
        """
        parts = [self._tables(seed, block)[rows] for block, rows in blocks(count, seed, start)]
        return np.concatenate(parts)

    def _tables(self, seed: int, block: int) -> NDArray[np.float64]:
        """Tables of a whole block."""
        shape = (BLOCK, self.letters**self.context_bits)
        bits = generator(seed, block, TABLE_STREAM)
        if self.prior == (0.5, 0.5):  # the arcsine law, by its quantile function
            return np.asarray(np.sin(np.pi / 2 * uniforms(bits, *shape)) ** 2)
        if self.letters == 2:
            a, b = self.prior
            return np.random.Generator(bits).beta(a, b, size=shape)
        return np.asarray(np.random.Generator(bits).dirichlet(self.prior, size=shape))

    def _sample(self, count: int, seed: int, start: int, truth: bool) -> Drawn:
        every = list(blocks(count, seed, start))
        at_once = max(1, NUMBERS_AT_ONCE // (BLOCK * self.letters**self.context_bits))
        groups = [every[i : i + at_once] for i in range(0, len(every), at_once)]
        parts = [self._draw(seed, group, truth) for group in groups]
        known = [part.truth for part in parts if part.truth is not None]
        symbols = np.concatenate([part.symbols for part in parts])
        return Drawn(symbols, np.concatenate(known) if known else None)

    def _draw(self, seed: int, group: list[tuple[int, slice]], truth: bool) -> Drawn:
        """Letters (B, T) of some rows of some blocks, and P of each (B, T, k) if asked."""
        k, contexts = self.letters, self.letters**self.context_bits
        tables = np.concatenate([self._tables(seed, block)[rows] for block, rows in group])
        # The probability of a 1; of letters, the chance that the letter is at most so far.
        table = tables.ravel() if k == 2 else np.cumsum(tables, -1)[..., :-1].reshape(-1, k - 1)
        rows = len(tables)
        letters = np.empty((self.length, rows), dtype=np.uint8)
        known = np.full((self.length, rows, k), 1 / k) if truth else None
        first_entry = np.arange(rows) * contexts
        context = np.zeros(rows, dtype=np.int64)
        even = 0.5 if k == 2 else np.arange(1, k) / k
        for t, uniform in enumerate(self._uniforms(seed, group)):
            entry = first_entry + context
            below = table[entry] if t >= self.context_bits else even
            letter = uniform < below if k == 2 else (uniform[:, None] >= below).sum(-1)
            letters[t] = letter
            if known is not None and t >= self.context_bits:
                known[t] = self._distribution(tables.reshape(rows * contexts, -1)[entry])
            context = (context * k + letter) % contexts
        return Drawn(letters.T, None if known is None else known.swapaxes(0, 1))

    def _distribution(self, entries: NDArray[np.float64]) -> NDArray[np.float64]:
        """P of each letter from entries of the table."""
        return np.concatenate([1 - entries, entries], -1) if self.letters == 2 else entries

    def _uniforms(self, seed: int, group: list[tuple[int, slice]]) -> Any:
        """Uniform numbers (B,) of each step of some rows of some blocks."""
        streams = [(generator(seed, block, LETTER_STREAM), rows) for block, rows in group]
        steps = max(1, UNIFORMS_AT_ONCE // (BLOCK * len(group)))
        for start in range(0, self.length, steps):
            count = min(steps, self.length - start)
            drawn = [uniforms(bits, count, BLOCK)[:, rows] for bits, rows in streams]
            yield from np.concatenate(drawn, axis=1)
