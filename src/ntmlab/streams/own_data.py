"""A file's symbols as a task: what models are found and checked by. It has no optimum."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.optimal.kt import MOST_CONTEXTS
from ntmlab.optimal.named import named_predictor
from ntmlab.sequences import Predictor
from ntmlab.tasks import Drawn, Source

FIRST = 2**16  # symbols that checks draw from


@dataclass(frozen=True)
class OwnData(Source):
    """Sequences cut from the first symbols of a file."""

    letters: int
    first: bytes
    length: int = 200
    name: ClassVar[str] = "file"

    def draw(self, rows: int, random: np.random.Generator) -> Drawn:
        """Cut anywhere, from the start again where the symbols end."""
        symbols = np.frombuffer(self.first, dtype=np.uint8)
        starts = random.integers(len(symbols), size=(rows, 1))
        return Drawn(symbols[(starts + np.arange(self.length)) % len(symbols)])

    def options(self) -> dict[str, Any]:
        """The size of its alphabet."""
        return {"letters": self.letters}


def bound(name: str, task: OwnData, *, unchecked: bool = False) -> Predictor:
    """A predictor by name; raises InputError for one that must know the source."""
    if name in ("optimal", "oracle", "entropy"):
        raise InputError(f"nothing is known of where a file comes from, so it has no {name}")
    named = named_predictor(name, task.letters)
    return named or find_predictor(name, task, unchecked=unchecked)


def usual_depth(letters: int) -> int:
    """Letters of context where nothing else is said: deep, of at most 65,536 contexts."""
    return next(n for n in (16, 8, 5, 4, 3, 2) if letters**n <= MOST_CONTEXTS)
