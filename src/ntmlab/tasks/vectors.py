"""What the tasks on vectors of bits have in common: copy, repeat copy, recall and sort.

*Neural Turing Machines* (2014), sections 4.1, 4.2, 4.3 and 4.5.
"""

import dataclasses

from ntmlab.tasks.answers import AnswerTask


@dataclasses.dataclass(frozen=True)
class VectorTask(AnswerTask):
    """A task whose answer, vectors of ``width`` bits, follows from what was shown before it."""

    width: int

    @property
    def output_size(self) -> int:
        """Vector bits, and what marks the end."""
        return self.width + self.marker_channels
