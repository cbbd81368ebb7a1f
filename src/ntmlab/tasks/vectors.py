"""What the tasks on vectors of bits have in common: copy, repeat copy, recall and sort.

*Neural Turing Machines* (2014), sections 4.1, 4.2, 4.3 and 4.5.
"""

import dataclasses
from typing import Any, ClassVar

from ntmlab.outputs import Bits


@dataclasses.dataclass(frozen=True)
class VectorTask:
    """A task whose answer, vectors of ``width`` bits, follows from what was shown before it."""

    width: int

    letters: ClassVar[None] = None
    deterministic: ClassVar[bool] = True
    marker_channels: ClassVar[int] = 0

    @property
    def outputs(self) -> Bits:
        """What a step's targets are: independent bits."""
        return Bits(self.output_size)

    @property
    def output_size(self) -> int:
        """Vector bits, and what marks the end."""
        return self.width + self.marker_channels

    def options(self) -> dict[str, Any]:
        """The keyword arguments that make this task again."""
        return dataclasses.asdict(self)
