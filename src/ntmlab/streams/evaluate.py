"""What predictors and compressors make of a file, in memory that does not grow with it."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.prefix import LooksAhead, marked
from ntmlab.records import finite
from ntmlab.streams.compressors import is_compressor, start
from ntmlab.streams.formats import Layout, Piece, pieces
from ntmlab.streams.opening import Opened
from ntmlab.streams.own_data import FIRST, OwnData, bound, usual_depth
from ntmlab.streams.walkers import walker_of

NO_OPTIMUM: Final = "nothing is known of the source, so there is no optimum: each row is a bound"


class Row(NamedTuple):
    """What one predictor or compressor takes for a file, and how it went along it."""

    bits: float
    how: str


class Costs(NamedTuple):
    """What a file is, and what each row of it costs."""

    layout: Layout
    sequences: int
    symbols: int
    rows: dict[str, Row]

    def described(self) -> str:
        """What the file is, in words."""
        sequences = "1 sequence" if self.sequences == 1 else f"{self.sequences:,} sequences"
        letters = f"{self.symbols:,} symbols of {self.layout.letters} letters"
        return f"read as {self.layout.format}: {sequences}, {letters}"

    def record(self) -> dict[str, Any]:
        """As JSON; null for an infinite cost."""
        models = {
            name: {"bits": row.bits, "bits_per_symbol": row.bits / self.symbols, "how": row.how}
            for name, row in self.rows.items()
        }
        head = {"format": self.layout.format, "letters": self.layout.letters}
        counted = {"sequences": self.sequences, "symbols": self.symbols}
        return {**head, **counted, "optimum": None, "models": finite(models)}

    def table(self) -> str:
        """A line each, under a header."""
        width = max(5, *map(len, self.rows))
        lines = [f"{'model':<{width}}  {'bits a symbol':>13}  {'bits in all':>16}  how"]
        for name, (bits, how) in self.rows.items():
            lines.append(f"{name:<{width}}  {bits / self.symbols:>13.6f}  {bits:>16,.1f}  {how}")
        if any(np.isinf(row.bits) for row in self.rows.values()):
            lines.append("inf: a symbol came that it had given probability 0")
        return "\n".join(lines)


def default_bounds(letters: int) -> list[str]:
    """A ladder of contexts, mixtures over them, back-off, and compressors."""
    depth = usual_depth(letters)
    ladder = sorted({0, 1, 2, depth // 4, depth // 2, depth})
    names = [f"kt-{n}" for n in ladder if n <= depth]
    tree = [f"{kind}-{depth}" for kind in ("mixture-0", "ctw", "ppm")]
    return [*names, *tree, "gzip", "bz2", "xz"]


def evaluate_file(
    stream: Opened,
    layout: Layout,
    models: Sequence[str],
    progress: Callable[[int], None] = lambda done: None,
    *,
    unchecked: bool = False,
) -> Costs:
    """The cost of a file's symbols under each model, every sequence begun afresh.

    But for compressors: they take all sequences as one, and their rows say so.

    ``progress`` hears how many bytes of the file are done. Raises InputError for a model that is
    unknown, does not fit the alphabet or looks ahead, and for what the file has that is no letter.
    What looks ahead and is taken ``unchecked`` is marked in its name.
    """
    _check_names(models)
    task, flow = _begun(stream, layout)
    predictors = {
        name: bound(name, task, unchecked=unchecked) for name in models if not is_compressor(name)
    }
    walkers = {name: walker_of(predictor, task) for name, predictor in predictors.items()}
    compressors = start([name for name in models if is_compressor(name)], layout.letters)
    bits = dict.fromkeys(walkers, 0.0)
    sequences = symbols = 0
    for piece in flow:
        for name, walker in walkers.items():
            bits[name] += walker.cost(piece.symbols) if len(piece.symbols) else 0.0
            if piece.ends:
                walker.restart()
        for compressor in compressors.values():
            compressor.add(piece.symbols)
        sequences, symbols = sequences + piece.ends, symbols + len(piece.symbols)
        progress(stream.done)
    rows = {name: Row(bits[name], walker.how) for name, walker in walkers.items()}
    as_one = ", all lines as one" if sequences > 1 else ""
    for name, compressor in compressors.items():
        cost, how = compressor.finish()
        rows[name] = Row(cost, how + as_one)
    marks = {n: marked(n) for n, p in predictors.items() if isinstance(p, LooksAhead)}
    every = {marks.get(name, name): rows[name] for name in models}
    return Costs(layout, sequences, symbols, every)


def _begun(stream: Opened, layout: Layout) -> tuple[OwnData, Iterator[Piece]]:
    """The task of a file's first symbols, and all its pieces."""
    flow = pieces(stream, layout)
    first = next(flow)
    task = OwnData(layout.letters, first.symbols[:FIRST].tobytes())
    return task, itertools.chain([first], flow)


def _check_names(models: Sequence[str]) -> None:
    for name in models:
        if list(models).count(name) > 1:
            raise InputError(f"model {name} is named twice")
