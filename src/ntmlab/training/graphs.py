"""Steps recorded as CUDA graphs: a graph is launched at once, its operations one after another not.

A step of a small model is hundreds of operations of some microseconds each, and Python needs longer
to ask for one than a GPU to do it. A graph has the shapes of its batch; another shape needs another
graph. It does the same work in the same order, so that it makes no difference to any bit.
"""

import warnings
from collections.abc import Callable
from typing import Final, NamedTuple

import torch
from torch import Tensor

from ntmlab.errors import Remark
from ntmlab.sequences import Sequences

# Steps of a shape that are taken plainly before it is recorded: they warm up whatever is made at
# its first call, and a shape that is rarely met is not worth a graph.
WARM_UP: Final = 3
MOST_GRAPHS: Final = 32  # of different shapes; steps of others are taken plainly

Action = Callable[[Sequences, Tensor | None], None]  # a step, with slots if memories have their own
Record = Callable[[Callable[[], None]], Callable[[], None]]  # what does an action again


class Recorded(NamedTuple):
    """A graph, and the batch that it reads."""

    batch: Sequences
    slots: Tensor | None
    replay: Callable[[], None]


class Graphs:
    """Takes steps, those of common shapes by graphs.

    ``record`` makes a graph of an action without doing it; None takes all steps plainly.
    """

    def __init__(self, action: Action, record: Record | None) -> None:
        self.action, self.record = action, record
        self.met: dict[object, int] = {}
        self.recorded: dict[object, Recorded] = {}

    def __call__(self, sequences: Sequences, slots: Tensor | None) -> None:
        """One step on a batch, with memories of so many slots if they have sizes of their own."""
        key = sequences.inputs.shape
        if self.record is not None and key not in self.recorded and self._is_due(key):
            self._record(key, sequences, slots)
        known = self.recorded.get(key)
        if known is None:
            self.action(sequences, slots)
            return
        for buffer, part in zip(known.batch[:3], sequences[:3], strict=True):
            buffer.copy_(part)
        if slots is not None and known.slots is not None:
            known.slots.copy_(slots, non_blocking=True)
        known.replay()

    def _is_due(self, key: object) -> bool:
        """Whether a shape has been met often enough, and there are not too many graphs."""
        self.met[key] = self.met.get(key, 0) + 1
        return self.met[key] > WARM_UP and len(self.recorded) < MOST_GRAPHS

    def _record(self, key: object, sequences: Sequences, slots: Tensor | None) -> None:
        """Records a step; where that cannot be done no more is tried, and a remark says so."""
        assert self.record is not None
        inputs, targets, mask = (part.clone() for part in sequences[:3])
        batch = Sequences(inputs, targets, mask, outputs=sequences.outputs)
        own = None if slots is None else slots.clone()
        try:
            replay = self.record(lambda: self.action(batch, own))
            self.recorded[key] = Recorded(batch, own, replay)
        except RuntimeError as error:
            self.record = None
            reason = str(error).splitlines()[0]
            warnings.warn(
                f"a step of this model cannot be recorded as a CUDA graph ({reason}): its "
                "operations are launched one by one, which takes longer",
                Remark,
                stacklevel=2,
            )


class CudaRecord:
    """Records actions as CUDA graphs that share their memory: they run one after another."""

    def __init__(self) -> None:
        self.pool = torch.cuda.graph_pool_handle()

    def __call__(self, action: Callable[[], None]) -> Callable[[], None]:
        """What launches the action; raises RuntimeError where it cannot be recorded.

        Other threads may go on with their own work meanwhile: one draws sequences.
        """
        graph, stream = torch.cuda.CUDAGraph(), torch.cuda.current_stream()
        own = None if stream == torch.cuda.default_stream() else stream  # which cannot record
        with torch.cuda.graph(graph, self.pool, own, capture_error_mode="thread_local"):
            action()
        return graph.replay
