"""Hidden Markov models as sources: five of the literature by name, any other from a file.

Legend: B batch, T time, k letters, S states.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError, unknown_name
from ntmlab.given import check_whole
from ntmlab.optimal.expected import Expected, chain_cost, chain_rate
from ntmlab.optimal.forward import Forward, emitting_states
from ntmlab.records import read_object
from ntmlab.tasks.chain_walk import ChainWalk, draws
from ntmlab.tasks.processes import PROCESSES, process
from ntmlab.tasks.source import Drawn, Source, Step, Variation, choose

Array = NDArray[np.float64]

# Rows of a block are followed one by one where they are few, in a process of few numbers.
FEW: Final = 16
SMALL: Final = 2**12


@dataclasses.dataclass(frozen=True)
class HiddenMarkov(Source):
    """Letters from a hidden Markov model that emits on its edges, the same in every sequence.

    ``process`` names one of `PROCESSES`; ``file`` a JSON file with ``matrices`` T[x][i][j] (emit x,
    go from i to j), or ``transition`` A[i][j] and ``emission`` E[i][x] (state i emits x, then
    moves), and ``start``, the stationary distribution unless given. ``x`` and ``a`` are those of
    mess3.

    The truth beside a sample is what one knows who sees the hidden state: P of each letter given
    the state that emits it. The optimum sees letters only, so that this is out of its reach.

    >>> HiddenMarkov().letters, HiddenMarkov("rrxor").letters
    (3, 2)

    Raises InputError for an unknown process, a file that holds no hidden Markov model, or a length
    below 1.
    """

    process: str | None = None
    length: int = 200
    x: float = 0.05
    a: float = 0.85
    file: str | None = None

    name: ClassVar[str] = "hmm"
    form: ClassVar[tuple[str, ...]] = ("process", "file")
    others: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "x": (0.01, 0.05, 0.15),
        "a": (0.6, 0.85, 1.0),
    }
    title: ClassVar[str] = "Hidden Markov"
    ranges: ClassVar[Mapping[str, tuple[str, ...]]] = {"process": tuple(PROCESSES)}

    def __post_init__(self) -> None:
        check_whole("length", self.length, 1)
        if self.file is None:
            object.__setattr__(self, "process", self.process or "mess3")
            if self.process not in PROCESSES:
                raise unknown_name("process", str(self.process), PROCESSES)
        elif self.process is not None:
            raise InputError("give a process or a file, not both")
        if self.process != "mess3" and (self.x, self.a) != (0.05, 0.85):
            raise InputError("x and a are parameters of mess3")
        matrices, start = self._given()
        for name in ("x", "a"):
            object.__setattr__(self, name, float(getattr(self, name)))
        object.__setattr__(self, "_filter", Forward(matrices, start))

    def _given(self) -> tuple[Any, Any]:
        """The matrices, and the start where it is given."""
        if self.file is None:
            return process(str(self.process), self.x, self.a), None
        return read_model(self.file)

    @property
    def letters(self) -> int:
        """Size of the alphabet."""
        return int(self.filter().letters)

    def options(self) -> dict[str, Any]:
        """The keyword arguments that make this task again."""
        if self.file is not None:
            return {"length": self.length, "file": self.file}
        own = {"x": self.x, "a": self.a} if self.process == "mess3" else {}
        return {"process": self.process, "length": self.length, **own}

    def filter(self) -> Forward:
        """The forward filter."""
        return self._filter  # type: ignore[attr-defined, no-any-return]

    def optimal_bits(self, length: int | None = None) -> Expected:
        """The forward filter's expected cost: exact, or between bounds, or simulated."""
        steps = self.length if length is None else length
        return chain_cost(self.filter(), steps) or super().optimal_bits(steps)

    def entropy_rate(self) -> Expected | None:
        """Bits a letter in the long run, for a start at rest."""
        return chain_rate(self.filter())

    def variations(self) -> list[Variation]:
        """Mess3 with other chances of moving and of telling."""
        return super().variations() if self.process == "mess3" else []

    def walk(self, rows: int, random: np.random.Generator) -> Iterator[Step]:
        """Letters from the hidden states, and what these say of them."""
        model = self.filter()
        edges = model.matrices.transpose(1, 0, 2)  # (S, k, S)
        state = choose(np.tile(model.initial, (rows, 1)), random.random(rows))
        while True:
            known = model.emission[state]
            letters = choose(known, random.random(rows))
            yield Step(letters, known)
            state = choose(edges[state, letters], random.random(rows))

    def _walked(self, rows: int, random: np.random.Generator, kept: slice, truth: bool) -> Drawn:
        """As of any source, and the same; of a few rows only these are walked."""
        count = len(range(*kept.indices(rows)))
        model = self.filter()
        if count > FEW or model.matrices.size > SMALL:
            return super()._walked(rows, random, kept, truth)
        chain = ChainWalk(model.emission, model.matrices.transpose(1, 0, 2))
        at = choose(np.tile(model.initial, (rows, 1)), random.random(rows))[kept].tolist()
        letters = np.empty((count, self.length), dtype=np.uint8)
        states = np.empty((count, self.length), dtype=np.uint16)
        end = 0
        for uniform in draws(random, self.length, rows, kept):
            begin, end = end, end + len(uniform)
            for row in range(count):
                own = letters[row, begin:end], states[row, begin:end]
                at[row] = chain.follow(at[row], uniform[..., row], *own)
        return Drawn(letters, model.emission[states] if truth else None)


def read_model(file: object) -> tuple[Any, Any]:
    """Matrices and start (or None) of a JSON file; raises InputError saying what is wrong."""
    if not isinstance(file, str) or not file:
        raise InputError(f"file must be a path, not {file!r}")
    given = read_object(Path(file))
    if given is None:
        raise InputError(f"there is no file {file}")
    ways: Mapping[str, set[str]] = {
        "matrices": {"matrices"},
        "transition and emission": {"transition", "emission"},
    }
    if set(given) - {"start"} not in ways.values():
        raise InputError(f"{file} must hold {' or '.join(ways)}, and start where it is not at rest")
    if "matrices" in given:
        return given["matrices"], given.get("start")
    return emitting_states(given["transition"], given["emission"]), given.get("start")
