"""The processes that train one run together, as `torchrun` starts them, and what they tell.

Each step has a round of notes and then one of gradients. A process that failed takes part in the
next round of notes and says so; all leave then, and it alone has something to print.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, Final

import torch
import torch.distributed as dist
from torch import Tensor

from ntmlab.errors import InputError, one_line

SIZE, RANK, LOCAL = "WORLD_SIZE", "RANK", "LOCAL_RANK"  # as torchrun sets them
PATIENCE: Final = timedelta(hours=1)  # for the one that validates and writes


class OthersEnded(Exception):  # noqa: N818  an end, told by whoever failed
    """Another process of the run has failed; ``told`` if it said so, not if it just was gone."""

    def __init__(self, *, told: bool) -> None:
        super().__init__("another process of this run has ended")
        self.told = told


def several_processes() -> bool:
    """Whether this process was started as one of several that train together."""
    size = os.environ.get(SIZE, "1")
    return RANK in os.environ and size.isdecimal() and int(size) > 1


class Crew:
    """One of the processes, and its way to the others; rank 0 leads: it alone reads and writes."""

    def __init__(self, rank: int, size: int, device: torch.device) -> None:
        self.rank, self.size, self.device = rank, size, device
        self.wants_stop: Callable[[], bool] = lambda: False
        self.stopping = False  # whether any of them was told to stop
        self.is_open = False

    @property
    def leads(self) -> bool:
        """Whether this one reads and writes."""
        return self.rank == 0

    def begin(self, beginning: Any = None) -> Any:
        """What the leader gives all to begin with; raises OthersEnded if it could not."""
        given = [beginning]
        with _others_gone():
            dist.broadcast_object_list(given, src=0, device=self.device)
        self.is_open = True
        if given[0] is None:
            raise OthersEnded(told=True)
        return given[0]

    def sum(self, part: Tensor) -> Tensor:
        """The sum of the parts (n,) of all, in order of rank: the same bits everywhere."""
        self.tell()
        total, *others = self._gather(part)
        for other in others:
            total += other
        return total

    def tell(self, *, failed: bool = False) -> None:
        """A round of notes: who wants to stop, who has failed; raises OthersEnded if one has."""
        notes = torch.tensor([self.wants_stop(), failed], dtype=torch.float32, device=self.device)
        wanting, failures = torch.stack(self._gather(notes)).sum(0).tolist()
        self.stopping |= wanting > 0
        if failures > 0:
            raise OthersEnded(told=True)

    def _gather(self, part: Tensor) -> list[Tensor]:
        parts = [torch.empty_like(part) for _ in range(self.size)]
        with _others_gone():
            dist.all_gather(parts, part)
        return parts

    @contextmanager
    def together(self) -> Iterator[None]:
        """A block that all leave, by its end or since one has failed in it."""
        try:
            yield
            self.tell()
        except OthersEnded:
            raise
        except BaseException:
            with suppress(OthersEnded):
                if self.is_open:
                    self.tell(failed=True)
                elif self.leads:
                    self.begin(None)
            raise


@contextmanager
def _others_gone() -> Iterator[None]:
    """A block in which a connection that breaks off is OthersEnded."""
    try:
        yield
    except RuntimeError:
        raise OthersEnded(told=False) from None


@contextmanager
def joined(device: str) -> Iterator[Crew]:
    """This process's place in the crew that its environment names; raises InputError if none is."""
    on_a_gpu = device == "cuda" and torch.cuda.is_available()
    if on_a_gpu:
        torch.cuda.set_device(int(os.environ.get(LOCAL, "0")))
    try:
        dist.init_process_group("nccl" if on_a_gpu else "gloo", timeout=PATIENCE)
    except (RuntimeError, ValueError) as error:
        raise InputError(f"the processes do not find each other: {one_line(str(error))}") from None
    try:
        place = torch.device("cuda" if on_a_gpu else "cpu")
        yield Crew(dist.get_rank(), dist.get_world_size(), place)
    finally:
        dist.destroy_process_group()
