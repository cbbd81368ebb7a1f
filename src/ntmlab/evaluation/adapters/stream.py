"""Objects that predict one symbol at a time, as predictors.

Legend: B batch, T time, k letters, O output channels.
"""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.outputs import SUM_TOLERANCE, next_symbol_outputs
from ntmlab.sequences import observed


class StreamPredictor:
    """A fresh object for every sequence, asked before each symbol and told it after.

    It sees no symbol before it has predicted it: it cannot look ahead. But objects may share what
    they should not, as by an attribute of their class.
    """

    foreign: ClassVar[bool] = True  # tested before it is scored

    def __init__(self, make: Callable[[], Any], letters: int, names: tuple[str, str]) -> None:
        self.make, self.letters, self.names = make, letters, names
        self.outputs = next_symbol_outputs(letters)

    def __call__(self, inputs: Tensor) -> Tensor:
        rows = [self._row(symbols.tolist()) for symbols in observed(inputs, self.letters)]
        return torch.from_numpy(self.outputs.from_distribution(np.stack(rows)))

    def fresh(self) -> tuple[Callable[[], Any], Callable[[int], Any]]:
        """Predict and update of a new object; raises InputError if it lacks one."""
        made = self.make()
        for name in self.names:
            if not callable(getattr(made, name, None)):
                raise InputError(f"a {type(made).__name__} has no method {name}")
        return getattr(made, self.names[0]), getattr(made, self.names[1])

    def distribution(self, said: Any) -> Array:
        """P of each letter, (k,), from what was said: that of a 1 alone, or of every letter.

        A copy: the object may say it in an array of its own, and write into that as it goes on.
        """
        given = np.array(said, dtype=np.float64).reshape(-1)
        if self.letters == 2 and given.shape == (1,):
            return np.array([1 - given[0], given[0]])
        if given.shape != (self.letters,):
            raise InputError(f"it must say {self.letters} probabilities, not {given.size}")
        total = given.sum()
        if not abs(total - 1) <= SUM_TOLERANCE:
            raise InputError(f"its probabilities sum to {total:g}, not 1")
        return given

    def _row(self, symbols: list[int]) -> Array:
        predict, update = self.fresh()
        said = [self.distribution(predict())]
        for symbol in symbols:
            update(symbol)
            said.append(self.distribution(predict()))
        return np.stack(said)


def from_stream(
    make: Callable[[], Any], letters: int = 2, *, predict: str = "predict", update: str = "update"
) -> StreamPredictor:
    """A predictor of objects that go symbol by symbol.

    ``make()`` returns a fresh one. Its method ``predict()`` says P of each letter, or with two
    letters P of a 1; ``update(symbol)`` tells it the symbol that came, a number below ``letters``.
    Other names of the two methods can be given.

    >>> class Counts:
    ...     def __init__(self):
    ...         self.counts = [0.5, 0.5]
    ...     def predict(self):
    ...         return self.counts[1] / sum(self.counts)
    ...     def update(self, symbol):
    ...         self.counts[symbol] += 1
    >>> from ntmlab import compare, make_task
    >>> task = make_task("dynamic-ngrams:order=1")
    >>> both = {"optimal": task.optimal(), "mine": from_stream(Counts)}
    >>> round(compare(task.sample(5, seed=0), both).score("mine").gap, 9) + 0.0
    0.0
    """
    if not callable(make):
        raise InputError("from_stream takes what makes a fresh object, such as its class")
    return StreamPredictor(make, letters, (predict, update))
