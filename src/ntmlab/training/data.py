"""Training sequences, drawn ahead in the background."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from ntmlab.sequences import Sequences, Task
from ntmlab.tasks.draws import TRAINING_START, whole_numbers

SLOTS_STREAM = 7  # of random numbers; no task draws from it
DRAW_AT_ONCE = 4096  # sequences; one draw costs little against the training steps it feeds


def batches(task: Task, seed: int, batch: int, position: int, total: int) -> Iterator[Sequences]:
    """Batches of sequences number ``position`` .. ``total`` - 1 of training with a seed.

    A batch depends on its position only, so a resumed run sees what it would have seen. The last
    batch may be smaller, and each is as long as its longest sequence. Sequences lie beyond all that
    evaluation draws.
    """
    size = max(DRAW_AT_ONCE // batch, 1) * batch
    starts = range(position, total, size)

    def draw(start: int) -> Sequences:
        return task.sample(min(size, total - start), seed, TRAINING_START + start)

    with ThreadPoolExecutor(1) as background:
        ahead = background.submit(draw, starts[0]) if starts else None
        for start in starts:
            assert ahead is not None
            drawn = ahead.result()
            following = start + size
            ahead = background.submit(draw, following) if following < total else None
            for row in range(0, len(drawn.inputs), batch):
                yield drawn.take(slice(row, row + batch)).trim()


def memory_size(seed: int, position: int, fewest: int, most: int) -> int:
    """Slots of the memory for the batch that begins at a position: uniform in fewest..most."""
    start = TRAINING_START + position
    drawn = whole_numbers(1, seed, start, stream=SLOTS_STREAM, least=fewest, most=most)
    return int(drawn[0])
