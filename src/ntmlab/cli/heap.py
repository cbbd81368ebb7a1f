"""What the C library keeps of memory that was freed."""

import ctypes
from contextlib import suppress
from typing import Final

M_MMAP_THRESHOLD: Final = -3  # of mallopt(3)
LARGE: Final = 2**20  # bytes


def give_back_large() -> None:
    """From now on blocks of a MiB and more go back to the system when they are freed.

    glibc otherwise takes the largest block freed so far, up to 32 MiB, for one that will be wanted
    again, and from then on puts all smaller ones into its heap, where what is freed between two
    others stays: arrays of a long sequence then took a third more or less as their order had it.
    Other C libraries are left as they are.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)
