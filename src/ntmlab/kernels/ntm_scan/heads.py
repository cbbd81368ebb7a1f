"""Where every head's parameters stand among the numbers that the controller emits for them.

This is the one place that says so; the native kernel has its copy in calls.hpp and layout.hpp.

Legend: B batch, T time, W slot width, S shifts, R read heads, V write heads, P all raw parameters.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from ntmlab.kernels.ntm_scan.addressing import Addressing, activate


class HeadParameters(NamedTuple):
    """Activated parameters of all heads at one step (or of all steps, with T after B)."""

    reading: Addressing
    writing: Addressing
    erase: Tensor  # (B, V, W) in [0, 1]
    add: Tensor  # (B, V, W) in [-1, 1]


class HeadLayout(NamedTuple):
    """Raw parameters of some read heads and then some write heads, one head after the other."""

    reads: int  # R
    writes: int  # V
    width: int  # W
    shifts: int  # S

    def parts(self, *, writing: bool) -> dict[str, int]:
        """The parts of one head in their order, and how many numbers each has.

        >>> HeadLayout(1, 1, width=20, shifts=3).parts(writing=False)
        {'key': 20, 'beta': 1, 'g': 1, 's': 3, 'gamma': 1}
        """
        parts = {"key": self.width, "beta": 1, "g": 1, "s": self.shifts, "gamma": 1}
        return parts | {"erase": self.width, "add": self.width} if writing else parts

    @property
    def size(self) -> int:
        """How many raw parameters there are, P."""
        read, write = (sum(self.parts(writing=writing).values()) for writing in (False, True))
        return self.reads * read + self.writes * write

    def places(self) -> list[dict[str, slice]]:
        """For each head, read heads first, where its parts stand.

        >>> HeadLayout(1, 1, width=20, shifts=3).places()[1]["erase"]
        slice(52, 72, None)
        """
        heads, start = [], 0
        for head in range(self.reads + self.writes):
            places = {}
            for name, size in self.parts(writing=head >= self.reads).items():
                places[name] = slice(start, start + size)
                start += size
            heads.append(places)
        return heads

    def activated(self, raw: Tensor) -> HeadParameters:
        """The parameters in their ranges, from raw ones (..., P)."""
        reading, (*writing, erase, add) = self._split(raw)
        return HeadParameters(
            activate(*reading), activate(*writing), torch.sigmoid(erase), torch.tanh(add)
        )

    def _split(self, raw: Tensor) -> list[tuple[Tensor, ...]]:
        """The parts of all read heads, and of all write heads: (..., heads, numbers) each."""
        kinds = []
        for heads, writing in ((self.reads, False), (self.writes, True)):
            sizes = list(self.parts(writing=writing).values())
            mine, raw = raw.split([heads * sum(sizes), raw.shape[-1] - heads * sum(sizes)], -1)
            kinds.append(mine.unflatten(-1, (heads, sum(sizes))).split(sizes, -1))
        return kinds
