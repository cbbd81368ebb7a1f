"""Hidden Markov models of the literature, as matrices T[x][i][j] = P(emit x, go to j from i).

Names, letters and entropy rates (bits a letter) as in Crutchfield and Young (1989), Marzen and
Crutchfield (2017) for Mess3, and Crutchfield's survey *Between order and chaos* (2012).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError, unknown_name
from ntmlab.given import is_number

Array = NDArray[np.float64]

# States and edges: (from, letter, to): probability.
Edges = dict[tuple[int, int, int], float]

GOLDEN_MEAN: Final[Edges] = {(0, 1, 0): 0.5, (0, 0, 1): 0.5, (1, 1, 0): 1.0}
EVEN: Final[Edges] = {(0, 0, 0): 0.5, (0, 1, 1): 0.5, (1, 1, 0): 1.0}
Z1R: Final[Edges] = {(0, 0, 1): 1.0, (1, 1, 2): 1.0, (2, 0, 0): 0.5, (2, 1, 0): 0.5}
RRXOR: Final[Edges] = {
    **{(0, 0, 1): 0.5, (0, 1, 2): 0.5},  # a random bit,
    **{(1, 0, 3): 0.5, (1, 1, 4): 0.5, (2, 0, 4): 0.5, (2, 1, 3): 0.5},  # another,
    **{(3, 0, 0): 1.0, (4, 1, 0): 1.0},  # and their exclusive or
}

PROCESSES: Final = {
    "mess3": "three states, three letters, beliefs that form a fractal",
    "rrxor": "two random bits and their exclusive or, over and over; 2/3 bit a letter",
    "golden-mean": "no two zeros in a row; 2/3 bit a letter",
    "even": "ones in blocks of even length; 2/3 bit a letter",
    "z1r": "zero, one, random, over and over; 1/3 bit a letter",
}

_EDGES: Final = {"rrxor": RRXOR, "golden-mean": GOLDEN_MEAN, "even": EVEN, "z1r": Z1R}


def process(name: str, x: float = 0.05, a: float = 0.85) -> Array:
    """The matrices of a named process, (k, S, S); ``x`` and ``a`` are those of Mess3.

    Raises InputError for an unknown name or parameters that give no probabilities.
    """
    if name == "mess3":
        return mess3(x, a)
    if name not in _EDGES:
        raise unknown_name("process", name, PROCESSES)
    edges = _EDGES[name]
    states = 1 + max(i for i, _, _ in edges)
    matrices = np.zeros((2, states, states))
    for (i, letter, j), probability in edges.items():
        matrices[letter, i, j] = probability
    return matrices


def mess3(x: float, a: float) -> Array:
    """Mess3, (3, 3, 3): states move away with probability x to each other one.

    The letter tells the state that it goes to with probability a, each other one with (1 − a)/2.
    Raises InputError unless 0 <= x <= 1/2 and 0 <= a <= 1.
    """
    for name, value, most in (("x", x, 0.5), ("a", a, 1)):
        if not is_number(value) or not 0 <= value <= most:
            raise InputError(f"{name} must be between 0 and {most}, not {value!r}")
    move = np.full((3, 3), float(x)) + (1 - 3 * x) * np.eye(3)
    tells = np.full((3, 3), (1 - a) / 2) + (a - (1 - a) / 2) * np.eye(3)
    return np.asarray(tells[:, None, :] * move)  # [letter, from, to]
