"""The command line: parse, call one function, print.

Results go to stdout, remarks and progress to stderr. Exit status 0: done; 1: failure; 2: wrong use
or bad input.
"""

import errno
import gc
import importlib
import os
import signal
import sys
import threading
import warnings
from types import ModuleType
from typing import TextIO

from ntmlab import __version__
from ntmlab.cli.debug import tracebacks
from ntmlab.cli.parser import make_parser
from ntmlab.console import never_fail
from ntmlab.errors import InputError, one_line

DONE, FAILURE, WRONG_USE = 0, 1, 2
LATER_S = 0.02


def main(arguments: list[str] | None = None) -> int:
    """Runs a command; returns the exit status."""
    if arguments is None:
        sys.unraisablehook = hear_later
    try:
        return _main(arguments)
    except KeyboardInterrupt:  # wherever it comes, at the first moment too
        print("ntmlab: interrupted", file=sys.stderr)
        return FAILURE


def hear_later(unraisable: "sys.UnraisableHookArgs") -> None:
    """Ctrl-C while an object is cleared away, where Python prints it and goes on, comes once more.

    Not at once: it would meet this function, and be printed again.
    """
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        main_thread = threading.main_thread().ident or 0
        again = (main_thread, signal.SIGINT)
        threading.Timer(LATER_S, signal.pthread_kill, again).start()
    else:
        sys.__unraisablehook__(unraisable)


def _main(arguments: list[str] | None) -> int:
    parser = make_parser()
    parsed = parser.parse_args(arguments)
    if parsed.version:
        print(f"ntmlab {__version__}")
        return DONE
    if parsed.command is None:
        parser.error("no command given")
    warnings.showwarning = _remark
    never_fail(sys.stdout, sys.stderr)
    try:
        _check_given(sys.argv[1:] if arguments is None else arguments)
        with tracebacks(shown=parsed.debug):
            command = _load(parsed.command, whole_program=arguments is None)
            status: int = command.run(parsed)
        sys.stdout.flush()
        return status
    except InputError as error:
        _complain(parsed.command, f"error: {error}")
        return WRONG_USE
    except BrokenPipeError:  # the reader of our output has left
        _leave_output()
        return FAILURE
    except OSError as error:  # a full disk, above all
        place = f"{error.filename}: " if error.filename else ""
        wrong_use = error.errno == errno.ENAMETOOLONG
        _complain(parsed.command, f"{'error: ' * wrong_use}{place}{error.strerror or error}")
        _leave_output()
        return WRONG_USE if wrong_use else FAILURE
    except MemoryError:
        _complain(parsed.command, "this takes more memory than there is; ask for less at once")
        return FAILURE


def _check_given(arguments: list[str]) -> None:
    """Raises InputError for an argument without text, as that of a variable which is not set.

    Nothing is called so, and what asked only whether an option has text took it for not given.
    """
    for before, text in zip(["ntmlab", *arguments], arguments, strict=False):
        if text == "":
            raise InputError(f"an argument is empty, after {before}: give a value or leave it out")


def _load(command: str, *, whole_program: bool) -> ModuleType:
    """The module of a command, with all that it needs.

    What imports make stays, so that looking for garbage in it is a seventh of the time they take;
    a program that does nothing else never looks there again.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        return importlib.import_module(f"ntmlab.cli.{command}")
    finally:
        if whole_program:
            gc.freeze()
        if collects:
            gc.enable()


def _complain(command: str, reason: str) -> None:
    """One line on stderr, whatever an argument or a file put into the reason."""
    print(f"ntmlab {command}: {one_line(reason)}", file=sys.stderr)


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
    print(f"ntmlab: {one_line(str(message))}", file=sys.stderr)
