"""The library that disturbs a process at a chosen operation on files, and how it is loaded."""

import ctypes
import errno
import os
import subprocess
import sys
import tempfile
from enum import IntEnum
from pathlib import Path
from typing import Final, NamedTuple

SOURCE: Final = Path(__file__).with_name("faults.c")
LOADED: Final = "NTMLAB_FAULTS"


class Action(IntEnum):
    """What happens at the operation; in the order of faults.c."""

    NOTHING = 0
    KILL = 1  # before it is done
    HALF = 2  # killed when half of a write is done; any other operation is not done
    STOP = 3  # before it is done, until continued
    FAIL = 4  # this one alone
    FAIL_ON = 5  # and all that need space after it; of a write a half is done first


class Fault(NamedTuple):
    """A disturbance: at which operation, counted from 1, and what."""

    operation: int = 0
    action: Action = Action.NOTHING
    error: int = 0


# From an operation on, or for one alone: errors of a disk that is full, or fails.
REFUSALS: Final = {
    "disk full": (Action.FAIL_ON, errno.ENOSPC),
    "disk full for one operation": (Action.FAIL, errno.ENOSPC),
    "disk failing": (Action.FAIL_ON, errno.EIO),
}


def load() -> None:
    """Starts this program again with the library loaded, unless it is."""
    if os.environ.get(LOADED):
        return
    folder = Path(tempfile.mkdtemp(prefix="ntmlab-faults-"))
    library = folder / "faults.so"
    command = ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    environment = os.environ | {"LD_PRELOAD": str(library), LOADED: str(folder)}
    os.execve(sys.executable, sys.orig_argv, environment)


def unload() -> None:
    """Removes the library's file: it is in memory, and no other program needs it."""
    folder = Path(os.environ[LOADED])
    (folder / "faults.so").unlink(missing_ok=True)
    folder.rmdir()
    del os.environ["LD_PRELOAD"]


def arm(folder: Path, fault: Fault, log: int) -> None:
    """Watches a folder from now on; operations are written to the descriptor ``log``."""
    library = ctypes.CDLL(None)
    where = os.fsencode(folder)
    library.faults_arm(where, ctypes.c_long(fault.operation), int(fault.action), fault.error, log)
