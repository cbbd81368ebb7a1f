"""The program ``ntmlab``, also as ``python -m ntmlab`` where its script is not on the path."""

import atexit
import os
import sys
import threading
from typing import NoReturn

from ntmlab.cli import main


def program() -> NoReturn:
    """Runs the command line and ends the process.

    What it holds is not taken apart before: of PyTorch and its modules that lasts a tenth of a
    second. Where a thread goes on, or output can no longer be written, Python ends as ever.
    """
    status = main()
    if threading.active_count() == 1:
        atexit._run_exitfuncs()
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            sys.exit(status)
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    program()
