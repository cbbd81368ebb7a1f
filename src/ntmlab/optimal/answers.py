"""Exact answers to the tasks whose targets follow from the inputs.

Each reads the inputs as a model does, step by step, and gives a target bit the probability 0 or 1
where the inputs so far decide it, one half where nothing is asked. So the optimum of these tasks
costs 0 bits, and a format that its answer cannot decode shows as a cost.

Legend: B batch, T time, I inputs, W bits of a vector, O target bits a step.
"""

from typing import ClassVar, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.optimal.layout import Index, Vectors, counted, laid_out

UNKNOWN: Final = 0.5


class AnswerCopy:
    """The vectors before the delimiter, again after it, (B, T, W).

    Inputs are (B, T, W + 1), the delimiter in the last channel.
    """

    optimum: ClassVar[bool] = True

    def __call__(self, inputs: Tensor) -> Tensor:
        given = _array(inputs, 2)
        delimiter = _first(given[..., -1])
        index = counted(given.shape[1], delimiter + 1, delimiter)
        return _probabilities(laid_out(given[..., :-1], index), index >= 0)


class AnswerRepeatCopy:
    """The vectors before the count, that many times, and the end marker after them, (B, T, W + 1).

    Inputs are (B, T, W + 2): vectors, delimiter, and at the delimiter's step the count r as
    (r - mean) / sd.
    """

    optimum: ClassVar[bool] = True

    def __init__(self, mean: float, sd: float) -> None:
        self.mean, self.sd = mean, sd

    def __call__(self, inputs: Tensor) -> Tensor:
        given = _array(inputs, 3)
        delimiter = _first(given[..., -2])
        normalised = np.take_along_axis(given[..., -1], delimiter[:, None], axis=1)[:, 0]
        repeats = np.rint(normalised * self.sd + self.mean).astype(np.int64)
        step = counted(given.shape[1], delimiter + 1, delimiter * repeats + 1)
        ended = step == (delimiter * repeats)[:, None]
        place = step % np.maximum(delimiter, 1)[:, None]
        copied = laid_out(given[..., :-2], np.where((step >= 0) & ~ended, place, -1))
        return _probabilities(np.concatenate([copied, ended[..., None]], -1), step >= 0)


class AnswerRecall:
    """The item that followed the query item, (B, T, W).

    Inputs are (B, T, W + 2): vectors, item delimiter, query delimiter. Where several items equal
    the query, each is as likely to be meant, and a bit's probability is their mean.
    """

    optimum: ClassVar[bool] = True

    def __init__(self, item_length: int) -> None:
        self.item_length = item_length

    def __call__(self, inputs: Tensor) -> Tensor:
        given = _array(inputs, 3)
        size = self.item_length
        query = _first(given[..., -1])  # its first delimiter
        answer = counted(given.shape[1], query + size + 2, np.full_like(query, size))
        probabilities = np.full((*given.shape[:2], given.shape[2] - 2), UNKNOWN)
        for row in range(len(given)):
            asked = np.flatnonzero(answer[row] >= 0)
            if len(asked):
                expected = self._successors(given[row, :, :-2], int(query[row])).mean(0)
                probabilities[row, asked] = expected[answer[row, asked]]
        return torch.from_numpy(probabilities)

    def _successors(self, vectors: Vectors, query: int) -> Vectors:
        """The items that may be meant, (matches, size, W); each item follows its delimiter."""
        size = self.item_length
        if query % (size + 1):
            raise InputError(
                f"items are a delimiter and {size} vectors each; the query begins at step {query}"
            )
        items = vectors[:query].reshape(-1, size + 1, vectors.shape[-1])[:, 1:]
        asked = vectors[query + 1 : query + 1 + size]
        matches = np.flatnonzero((items[:-1] == asked).all((1, 2)))
        if len(matches) == 0:
            raise InputError("the query item is none of the items that another follows")
        return items[matches + 1]


class AnswerSort:
    """The vectors of highest priority, highest first, (B, T, W); of equals the earlier first.

    Inputs are (B, T, W + 2): vectors, priority, delimiter.
    """

    optimum: ClassVar[bool] = True

    def __init__(self, kept: int) -> None:
        self.kept = kept

    def __call__(self, inputs: Tensor) -> Tensor:
        given = _array(inputs, 3)
        delimiter = _first(given[..., -1])
        before = np.arange(given.shape[1]) < delimiter[:, None]
        order = np.argsort(np.where(before, -given[..., -2], np.inf), axis=1, kind="stable")
        index = counted(given.shape[1], delimiter + 1, np.full_like(delimiter, self.kept))
        place = np.take_along_axis(order, index, axis=1)
        chosen = laid_out(given[..., :-2], np.where(index >= 0, place, -1))
        return _probabilities(chosen, index >= 0)


def _array(inputs: Tensor, channels: int) -> Vectors:
    """Inputs as an array; raises InputError unless they have at least so many channels."""
    if inputs.ndim != 3 or inputs.shape[2] < channels:
        raise InputError(
            f"inputs must have shape (batch, time, channels) with at least {channels} channels, "
            f"not {tuple(inputs.shape)}"
        )
    return inputs.detach().cpu().numpy().astype(np.float32)


def _first(flags: NDArray[np.float32]) -> Index:
    """The first step of every row that has the flag, (B,); the last where none has."""
    there = flags > 0
    last = flags.shape[1] - 1
    return np.asarray(np.where(there.any(1), there.argmax(1), last), dtype=np.int64)


def _probabilities(targets: NDArray[np.generic], asked: NDArray[np.bool_]) -> Tensor:
    """Targets (B, T, O) as float64 probabilities, one half where nothing is asked."""
    return torch.from_numpy(np.where(asked[..., None], targets, UNKNOWN).astype(np.float64))
