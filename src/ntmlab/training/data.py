"""Training sequences, drawn ahead in the background."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import torch

from ntmlab.sequences import Sequences, Task
from ntmlab.tasks.draws import TRAINING_START, whole_numbers

CPU = torch.device("cpu")
SLOTS_STREAM = 7  # of random numbers; no task draws from it
DRAW_AT_ONCE = 4096  # sequences; one draw costs little against the training steps it feeds
DRAWN_AHEAD_OF_A_GPU = 3  # draws at once, each on a core; a GPU leaves cores idle


class Draw(NamedTuple):
    """Sequences of several batches, and how many steps each of these has."""

    sequences: Sequences
    steps: list[int]

    def batches(self, batch: int, device: torch.device) -> Iterator[Sequences]:
        """The batches on a device."""
        there = self.sequences.to(device)
        for number, steps in enumerate(self.steps):
            yield there.take(slice(number * batch, (number + 1) * batch)).first(steps)


def cut(sequences: Sequences, batch: int, *, pinned: bool) -> Draw:
    """Sequences to be cut into batches; pinned ones are copied to a GPU without a wait."""
    steps = [
        sequences.take(slice(row, row + batch)).scored_steps()
        for row in range(0, len(sequences.inputs), batch)
    ]
    return Draw(sequences.pinned() if pinned else sequences, steps)


def batches(
    task: Task, seed: int, batch: int, position: int, total: int, device: torch.device = CPU
) -> Iterator[Sequences]:
    """Batches of sequences number ``position`` .. ``total`` - 1 of training with a seed.

    A batch depends on its position only, so a resumed run sees what it would have seen. The last
    batch may be smaller, and each is as long as its longest sequence. Sequences lie beyond all that
    evaluation draws. To a GPU they go many batches at once, and nobody waits for them.
    """
    on_a_gpu = device.type == "cuda"
    size = max(DRAW_AT_ONCE // batch, 1) * batch

    def draw(start: int) -> Draw:
        drawn = task.sample(min(size, total - start), seed, TRAINING_START + start)
        return cut(drawn, batch, pinned=on_a_gpu)

    ahead = DRAWN_AHEAD_OF_A_GPU if on_a_gpu and _is_ours(task) else 1
    with ThreadPoolExecutor(ahead) as background:
        coming: deque[Future[Draw]] = deque()
        for start in range(position, total, size):
            coming.append(background.submit(draw, start))
            if len(coming) > ahead:
                yield from coming.popleft().result().batches(batch, device)
        while coming:
            yield from coming.popleft().result().batches(batch, device)


def _is_ours(task: Task) -> bool:
    """Whether several threads may draw at once: a user's own code need not stand that."""
    return type(task).__module__.partition(".")[0] == "ntmlab"


def memory_size(seed: int, position: int, fewest: int, most: int) -> int:
    """Slots of the memory for the batch that begins at a position: uniform in fewest..most."""
    start = TRAINING_START + position
    drawn = whole_numbers(1, seed, start, stream=SLOTS_STREAM, least=fewest, most=most)
    return int(drawn[0])
