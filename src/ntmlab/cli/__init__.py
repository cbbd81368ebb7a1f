"""The command line: parse, call one function, print.

Results go to stdout, remarks and progress to stderr. Exit status 0: done; 1: failure; 2: wrong use
or bad input.
"""

import importlib
import os
import sys
import warnings
from typing import TextIO

from ntmlab import __version__
from ntmlab.cli.parser import make_parser
from ntmlab.console import never_fail
from ntmlab.errors import InputError

DONE, FAILURE, WRONG_USE = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Runs a command; returns the exit status."""
    parser = make_parser()
    parsed = parser.parse_args(arguments)
    if parsed.version:
        print(f"ntmlab {__version__}")
        return DONE
    if parsed.command is None:
        parser.error("no command given")
    warnings.showwarning = _remark
    never_fail(sys.stdout, sys.stderr)
    command = importlib.import_module(f"ntmlab.cli.{parsed.command}")
    try:
        status: int = command.run(parsed)
        sys.stdout.flush()
        return status
    except InputError as error:
        print(f"ntmlab {parsed.command}: error: {error}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print(f"ntmlab {parsed.command}: interrupted", file=sys.stderr)
        return FAILURE
    except BrokenPipeError:  # the reader of our output has left
        _leave_output()
        return FAILURE
    except OSError as error:  # a full disk, above all
        place = f"{error.filename}: " if error.filename else ""
        print(f"ntmlab {parsed.command}: {place}{error.strerror or error}", file=sys.stderr)
        _leave_output()
        return FAILURE


def _leave_output() -> None:
    """Writes what it can of standard output, so that Python does not complain at its exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _remark(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning as one line without source code."""
    print(f"ntmlab: {message}", file=sys.stderr)
