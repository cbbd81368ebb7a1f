"""Contexts of a bit sequence and how often each was seen.

Legend: B batch, T time, k bits of context.
"""

import numpy as np
from numpy.typing import NDArray

NO_CONTEXT = -1  # marks steps with fewer than k bits before them


def contexts(bits: NDArray[np.integer], context_bits: int) -> NDArray[np.int64]:
    """The context of each bit: the previous k bits as a number, oldest bit first, (B, T).

    Steps t < k have none and get -1.

    >>> contexts(np.array([[1, 0, 1, 1]]), 2).tolist()
    [[-1, -1, 2, 1]]
    """
    result = np.full(bits.shape, NO_CONTEXT, dtype=np.int64)
    context = np.zeros(len(bits), dtype=np.int64)
    for t in range(bits.shape[1]):
        if t >= context_bits:
            result[:, t] = context
        context = ((context << 1) | bits[:, t]) & (2**context_bits - 1)
    return result


def visits(bits: NDArray[np.integer], context_bits: int) -> NDArray[np.int64]:
    """How often the context of each bit was seen before in its sequence, (B, T); -1 without one.

    >>> visits(np.array([[1, 1, 1, 0, 1]]), 1).tolist()
    [[-1, 0, 1, 2, 0]]
    """
    result = np.full(bits.shape, NO_CONTEXT, dtype=np.int64)
    seen = np.zeros((len(bits), 2**context_bits), dtype=np.int64)
    rows = np.arange(len(bits))
    for t, context in enumerate(contexts(bits, context_bits).T):
        if t >= context_bits:
            result[:, t] = seen[rows, context]
            seen[rows, context] += 1
    return result


def counts(
    bits: NDArray[np.integer], context_bits: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ones and zeros that followed each context before each step, both (B, T, 2^k).

    >>> ones, zeros = counts(np.array([[1, 1, 0]]), 1)
    >>> ones[0].tolist(), zeros[0].tolist()  # contexts 0 and 1, before bits 1, 1, 0
    ([[0, 0], [0, 0], [0, 1]], [[0, 0], [0, 0], [0, 0]])
    """
    context = contexts(bits, context_bits)
    after = np.arange(2**context_bits) == context[..., None]  # (B, T, 2^k)
    seen = [np.cumsum(after & (bits == value)[..., None], axis=1) for value in (1, 0)]
    ones, zeros = (np.pad(every, ((0, 0), (1, 0), (0, 0)))[:, :-1] for every in seen)
    return ones, zeros


def previous_visits(bits: NDArray[np.integer], context_bits: int) -> NDArray[np.int64]:
    """The last earlier step of the same context, (B, T); -1 at first visits and without one.

    >>> previous_visits(np.array([[1, 1, 1, 0, 1]]), 1).tolist()
    [[-1, -1, 1, 2, -1]]
    """
    result = np.full(bits.shape, NO_CONTEXT, dtype=np.int64)
    last = np.full((len(bits), 2**context_bits), NO_CONTEXT, dtype=np.int64)
    rows = np.arange(len(bits))
    for t, context in enumerate(contexts(bits, context_bits).T):
        if t >= context_bits:
            result[:, t] = last[rows, context]
            last[rows, context] = t
    return result
