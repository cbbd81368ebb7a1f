"""Predictors that count, as the optimum does, and forget, round or guess otherwise: references.

None is optimal for dynamic N-grams; each tells what a gap of some bits is worth. All take n letters
of context and add β to every count, and all but `Padded` and `BackOff` are uniform for the first n
letters, as `KT` is.

Legend: B batch, k letters, n letters of context, W window.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ntmlab.errors import InputError
from ntmlab.given import is_whole
from ntmlab.optimal.context_trees import MOST_NODES, check_depth
from ntmlab.optimal.filter import Array, InPlace, Letters, unroll
from ntmlab.optimal.kt import KT, KTState
from ntmlab.outputs import next_symbol_outputs

LONGEST_WINDOW = 2**20
LEAST = 2.0**-40


class Slow(KT):
    """A `KT` whose steps are not those that `KT.unrolled` knows."""

    def unrolled(self, symbols: Letters) -> Array:
        """As `unroll`, (B, T + 1, k)."""
        return unroll(self, symbols)


class Padded(Slow):
    """Counts from the first letter on, as if zeros had come before.

    The first letters' counts go to contexts that they do not belong to.
    """

    def start(self, rows: int) -> KTState:
        """Nothing counted, all letters of the context 0."""
        return super().start(rows)._replace(seen=self.context)


class Capped(Slow):
    """Remembers no more than ``most`` letters a context: counts beyond are scaled down to it.

    >>> capped = Capped(context=0, most=2)
    >>> state = capped.start(1)
    >>> for letter in (1, 1, 1, 0):
    ...     state = capped.update(state, np.array([letter]))
    >>> state.counts.round(3).tolist()  # 2, 2, then 2 and 1 scaled to a sum of 2
    [[[0.667, 1.333]]]
    """

    def __init__(
        self, letters: int = 2, context: int = 5, most: float = 8, prior: ArrayLike = 0.5
    ) -> None:
        super().__init__(letters, context, prior)
        if not 0 < most < np.inf:
            raise InputError(f"counts are capped at a positive number, not {most}")
        self.most = float(most)

    def advance(self, state: KTState, symbols: Letters) -> KTState:
        """Counts the letters, and scales the counts of their context."""
        after = super().advance(state, symbols)
        if state.seen >= self.context:
            place = (np.arange(len(symbols)), state.context)
            counts = after.counts[place]
            total = counts.sum(1, keepdims=True)
            after.counts[place] = counts * np.minimum(1, self.most / np.maximum(total, self.most))
        return after


class Decayed(Slow):
    """Forgets: every count is multiplied by ``keep`` before each letter is counted."""

    def __init__(
        self, letters: int = 2, context: int = 5, keep: float = 0.98, prior: ArrayLike = 0.5
    ) -> None:
        super().__init__(letters, context, prior)
        if not 0 <= keep <= 1:
            raise InputError(f"counts are multiplied by a number between 0 and 1, not {keep}")
        self.keep = float(keep)

    def advance(self, state: KTState, symbols: Letters) -> KTState:
        """Counts the letters, after everything counted has faded."""
        np.multiply(state.counts, self.keep, out=state.counts)
        return super().advance(state, symbols)


class WindowState(NamedTuple):
    """What was counted last."""

    counts: Array  # (B, contexts, k)
    context: Letters  # (B,) the last n letters as a number
    recent: Letters  # (B, W) the last W counts in a ring: context and letter as one number
    seen: int


class Window(InPlace):
    """Remembers the last ``length`` letters alone, each with the context that it followed.

    Raises InputError for a length that is no whole number from 1 on.
    """

    def __init__(
        self, letters: int = 2, context: int = 5, length: int = 100, prior: ArrayLike = 0.5
    ) -> None:
        self.whole = KT(letters, context, prior)
        if not is_whole(length) or not 1 <= length <= LONGEST_WINDOW:
            raise InputError(f"a window has from 1 to {LONGEST_WINDOW:,} letters, not {length}")
        self.letters, self.context, self.length = letters, context, length
        self.row_numbers = self.whole.row_numbers + length

    def start(self, rows: int) -> WindowState:
        """An empty window."""
        counts, context, _ = self.whole.start(rows)
        return WindowState(counts, context, np.zeros((rows, self.length), dtype=np.int64), 0)

    def predict(self, state: WindowState) -> Array:
        """P of each letter, (B, k)."""
        return self.whole.predict(KTState(state.counts, state.context, state.seen))

    def advance(self, state: WindowState, symbols: Letters) -> WindowState:
        """Counts the letters, and takes back those that leave the window."""
        flat = state.counts.reshape(len(symbols), -1)
        rows, place = np.arange(len(symbols)), state.seen % self.length
        if state.seen >= self.length + self.context:
            flat[rows, state.recent[:, place]] -= 1
        state.recent[:, place] = state.context * self.letters + symbols
        counted = KTState(state.counts, state.context, state.seen)
        counts, context, seen = self.whole.advance(counted, symbols)
        return WindowState(counts, context, state.recent, seen)


class BackOffState(NamedTuple):
    """Counts of every context of 0 .. n letters."""

    counts: Array  # (B, nodes, k)
    context: Letters  # (B,)
    seen: int


class BackOff(InPlace):
    """Trusts long contexts as far as they were seen, as PPM does, blended over all lengths.

    P_d(x) = (N_x + q P_{d−1}(x)) / (N + q) with q the number of different letters seen after the
    last d letters, from P_{−1} uniform: escape method C of Moffat (1990), as Witten and Bell (1991)
    interpolate it. From the first letter on, with as much context as there is. Deep contexts would
    leave a letter that never came 1e-20 and less, which 1 − P(1) rounds to nothing; so every letter
    keeps LEAST at least.
    """

    def __init__(self, letters: int = 2, context: int = 5) -> None:
        next_symbol_outputs(letters)
        self.letters, self.context = letters, check_depth(context, letters, MOST_NODES)
        self._sizes = letters ** np.arange(context + 1)
        self._first = np.cumsum(self._sizes) - self._sizes
        self.row_numbers = int(self._sizes.sum()) * letters

    def start(self, rows: int) -> BackOffState:
        """Nothing counted."""
        counts = np.zeros((rows, int(self._sizes.sum()), self.letters))
        return BackOffState(counts, np.zeros(rows, dtype=np.int64), 0)

    def predict(self, state: BackOffState) -> Array:
        """P of each letter, (B, k)."""
        counts = np.take_along_axis(state.counts, self._nodes(state)[..., None], 1)
        result = np.full((len(counts), self.letters), 1 / self.letters)
        for d in range(counts.shape[1]):
            different = (counts[:, d] > 0).sum(1, keepdims=True)
            total = counts[:, d].sum(1, keepdims=True) + different
            blended = (counts[:, d] + different * result) / np.maximum(total, 1)
            result = np.where(total > 0, blended, result)
        return np.asarray((1 - self.letters * LEAST) * result + LEAST)

    def advance(self, state: BackOffState, symbols: Letters) -> BackOffState:
        """Every context of the last letters counts."""
        rows = np.arange(len(symbols))[:, None]
        state.counts[rows, self._nodes(state), symbols[:, None]] += 1
        context = (state.context * self.letters + symbols) % self._sizes[-1]
        return BackOffState(state.counts, context, state.seen + 1)

    def _nodes(self, state: BackOffState) -> Letters:
        """Numbers of the contexts of the last 0 .. min(n, letters so far) letters, (B, ·)."""
        known = min(state.seen, self.context) + 1
        return np.asarray(self._first[:known] + state.context[:, None] % self._sizes[:known])
