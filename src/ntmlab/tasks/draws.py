"""Random draws that depend on nothing but a seed and a sequence's number.

Sequences are drawn in blocks of fixed size. Block b of a seed has its own counter-based generator
(Philox 4x64, keyed with the seed and the block), so sequence i is the same however many are drawn,
in whatever batches, on every machine: NumPy guarantees the raw stream of its bit generators.
"""

from collections.abc import Callable, Iterator
from operator import index

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ntmlab.errors import InputError

BLOCK = 256

# Sequences below this number are for evaluation; training draws from here on. So a model can be
# evaluated on any seed, its own included, without meeting a sequence it was trained on.
TRAINING_START = 2**40
EVALUATION_SEED = 0  # of the sequences that training validates on

BLANK_STREAM = 5  # of random numbers: which vectors are blank, for every task that has some


def blocks(count: int, seed: int, start: int) -> Iterator[tuple[int, slice]]:
    """The blocks that hold sequences start .. start + count - 1, and the rows to keep of each.

    Raises InputError if count is not positive, seed or start not in [0, 2^64), or one not whole.
    """
    given = {"number of sequences": count, "seed": seed, "first number": start}
    count, seed, start = (_whole(name, value) for name, value in given.items())
    if count < 1:
        raise InputError(f"the number of sequences must be at least 1, not {count}")
    if not 0 <= seed < 2**64:
        raise InputError(f"a seed must be between 0 and 2^64 - 1, not {seed}")
    if not 0 <= start < 2**64:
        raise InputError(f"the first sequence's number must be between 0 and 2^64 - 1, not {start}")
    end = start + count
    for block in range(start // BLOCK, (end - 1) // BLOCK + 1):
        first = block * BLOCK
        yield block, slice(max(start - first, 0), min(end - first, BLOCK))


def _whole(name: str, value: int) -> int:
    """A whole number as Python's own, which has no end; raises InputError for what is none."""
    try:
        return index(value)
    except TypeError:
        raise InputError(f"the {name} must be a whole number, not {value!r}") from None


def check_drawn(
    task: str, what: str, given: ArrayLike, shape: tuple[int, ...], where: str = ""
) -> None:
    """Raises InputError where NumPy would fill up, or cut off, what has another shape."""
    if (found := np.shape(given)) != shape:
        asked = f"not {shape}, for {shape[0]} rows"
        raise InputError(f"task {task}: {what} of shape {found}{where}, {asked}")


def generator(seed: int, block: int, stream: int) -> np.random.Philox:
    """The bit generator of one of a block's streams (0 <= stream < 8)."""
    return np.random.Philox(key=np.array([seed, block * 8 + stream], dtype=np.uint64))


def uniforms(bits: np.random.Philox, *shape: int) -> NDArray[np.float64]:
    """Uniform numbers in [0, 1) with 53 bits, of the given shape, in order of the raw stream."""
    raw: NDArray[np.uint64] = bits.random_raw(int(np.prod(shape)))
    return (raw >> np.uint64(11)).reshape(shape).astype(np.float64) * 2.0**-53


def by_block(
    draw: Callable[[int], NDArray[np.generic]], count: int, seed: int, start: int
) -> NDArray[np.generic]:
    """Rows start .. start + count - 1 of what ``draw(block)`` gives for whole blocks."""
    return np.concatenate([draw(block)[rows] for block, rows in blocks(count, seed, start)])


def whole_numbers(
    count: int, seed: int, start: int, *, stream: int, least: int, most: int
) -> NDArray[np.int64]:
    """A uniform whole number in least..most for every sequence, (B,)."""

    def draw(block: int) -> NDArray[np.int64]:
        uniform = uniforms(generator(seed, block, stream), BLOCK)
        return least + (uniform * (most - least + 1)).astype(np.int64)

    return by_block(draw, count, seed, start).astype(np.int64)


def bit_vectors(
    count: int,
    seed: int,
    start: int,
    *,
    stream: int,
    vectors: int,
    width: int,
    blanks: float = 0.0,
) -> NDArray[np.float32]:
    """Vectors of fair bits for every sequence, (B, vectors, width), width at most 64.

    Fewer vectors give the first of them, narrower ones their first bits. With ``blanks``, that part
    of the vectors is all zeros, and the others are as without.
    """

    def draw(block: int) -> NDArray[np.uint8]:
        raw = generator(seed, block, stream).random_raw(vectors * BLOCK)
        words = raw.astype("<u8").reshape(vectors, BLOCK).T.copy()
        octets = words.view(np.uint8).reshape(BLOCK, vectors, 8)
        return np.unpackbits(octets, axis=-1, count=width, bitorder="little")

    found = by_block(draw, count, seed, start).astype(np.float32)
    if blanks == 0:
        return found

    def kept(block: int) -> NDArray[np.float32]:
        uniform = uniforms(generator(seed, block, BLANK_STREAM), vectors, BLOCK)
        return (uniform.T[..., None] >= blanks).astype(np.float32)

    return found * by_block(kept, count, seed, start).astype(np.float32)
