"""How many runs of how many succeed, and what that says of others."""

import math
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95


def wilson(good: float, of: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of a rate after ``good`` successes of ``of`` (Wilson 1927, JASA 22:209-212).

    The rates whose own expectation the count is not too far from: unlike the rate plus and minus
    its standard error it says something where all or none succeed.

    >>> [round(bound, 3) for bound in wilson(8, 8)], [round(bound, 3) for bound in wilson(1, 2)]
    ([0.676, 1.0], [0.095, 0.905])
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    rate, spread = good / of, z * z / of
    middle = (rate + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(rate * (1 - rate) / of + spread / of / 4)
    return max(0.0, middle - half), min(1.0, middle + half)
