"""Waiting for what a process that is disturbed has come to; it is left to be waited for."""

import os
import time
from pathlib import Path

from ntmlab.files import is_locked


def wait_until_it_trains(run: Path, process: int) -> None:
    """Waits until a process has the run's lock, or has ended."""
    ends = os.WEXITED | os.WNOHANG | os.WNOWAIT
    while not is_locked(run / ".lock") and not os.waitid(os.P_PID, process, ends):
        time.sleep(0.01)


def is_stopped(process: int) -> bool:
    """Waits until a process is stopped or has ended."""
    found = os.waitid(os.P_PID, process, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    return found is not None and found.si_code == os.CLD_STOPPED
