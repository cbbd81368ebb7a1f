"""Training sequences, drawn ahead in the background."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import torch
from torch import Tensor

from ntmlab.foreign import is_own
from ntmlab.sequences import Sequences
from ntmlab.tasks.draws import TRAINING_START, whole_numbers
from ntmlab.training.lengths import MixedLengths, padded
from ntmlab.training.shown import Later, Sampler

CPU = torch.device("cpu")
SLOTS_STREAM = 7  # of random numbers; no task draws from it
DRAW_AT_ONCE = 4096  # sequences; one draw costs little against the training steps it feeds
DRAWN_AHEAD_OF_A_GPU = 3  # draws at once, each on a core; a GPU leaves cores idle


class Draw(NamedTuple):
    """Sequences of several batches (S, …) of S runs, and how many steps each of these has."""

    sequences: Sequences
    steps: list[int]

    def batches(self, batch: int, device: torch.device) -> Iterator[Sequences]:
        """The batches on a device."""
        there = self.sequences.to(device)
        for number, steps in enumerate(self.steps):
            rows = slice(number * batch, (number + 1) * batch)
            yield _cut(there, rows, steps)


def cut(sequences: Sequences, batch: int, *, pinned: bool) -> Draw:
    """Sequences (S, …) to be cut into batches; pinned ones are copied to a GPU without a wait."""
    runs = [of_run(sequences, run) for run in range(len(sequences.inputs))]
    steps = [
        max(run.take(slice(row, row + batch)).scored_steps() for run in runs)
        for row in range(0, sequences.inputs.shape[1], batch)
    ]
    return Draw(sequences.pinned() if pinned else sequences, steps)


def of_run(sequences: Sequences, run: int) -> Sequences:
    """The sequences of one run among those (S, …) of several."""
    return _each(sequences, lambda part: part[run])


def stacked(runs: Sequence[Sequences]) -> Sequences:
    """Sequences of several runs as one (S, …), the shorter ones padded with steps not scored."""
    if len(runs) == 1:
        return _each(runs[0], lambda part: part.unsqueeze(0))
    steps = max(run.mask.shape[1] for run in runs)
    inputs, targets, mask = (
        torch.stack([padded(part, steps) for part in parts])
        for parts in zip(*(run[:3] for run in runs), strict=True)
    )
    return Sequences(inputs, targets, mask, outputs=runs[0].outputs)


def _cut(sequences: Sequences, rows: slice, steps: int) -> Sequences:
    """Some rows of each run, and their first steps."""
    return _each(sequences, lambda part: part[:, rows, :steps])


def _each(sequences: Sequences, change: Callable[[Tensor], Tensor]) -> Sequences:
    """What training reads of sequences, changed."""
    inputs, targets, mask = (change(part) for part in sequences[:3])
    return Sequences(inputs, targets, mask, outputs=sequences.outputs)


def batches(
    task: Sampler, seed: int, batch: int, position: int, total: int, device: torch.device = CPU
) -> Iterator[Sequences]:
    """Batches of sequences number ``position`` .. ``total`` - 1 of training with a seed.

    A batch depends on its position only, so a resumed run sees what it would have seen. The last
    batch may be smaller, and each is as long as its longest sequence. Sequences lie beyond all that
    evaluation draws. To a GPU they go many batches at once, and nobody waits for them.
    """
    for found in batches_of_runs(task, [seed], batch, position, total, device):
        yield of_run(found, 0)


def batches_of_runs(
    task: Sampler,
    seeds: Sequence[int],
    batch: int,
    position: int,
    total: int,
    device: torch.device = CPU,
) -> Iterator[Sequences]:
    """As `batches`, of S runs at once: each batch is (S, B, …), as long as the longest sequence."""
    on_a_gpu = device.type == "cuda"
    size = max(drawn_at_once(task) // (batch * len(seeds)), 1) * batch

    def draw(start: int) -> Draw:
        count, number = min(size, total - start), TRAINING_START + start
        drawn = stacked([task.sample(count, seed, number) for seed in seeds])
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


def drawn_at_once(task: Sampler) -> int:
    """Sequences of a draw: fewer where they are longer than the task's, so that memory is not."""
    if isinstance(task, MixedLengths):
        return DRAW_AT_ONCE * task.shortest // task.longest
    return DRAW_AT_ONCE


def _is_ours(task: Sampler) -> bool:
    """Whether several threads may draw at once: a user's own code need not stand that."""
    own = task.task if isinstance(task, MixedLengths | Later) else task
    return is_own(type(own).__module__)


def memory_size(seed: int, position: int, fewest: int, most: int) -> int:
    """Slots of the memory for the batch that begins at a position: uniform in fewest..most."""
    start = TRAINING_START + position
    drawn = whole_numbers(1, seed, start, stream=SLOTS_STREAM, least=fewest, most=most)
    return int(drawn[0])
