"""The error a user's mistake raises, remarks, and help with names."""

import difflib
from collections.abc import Iterable

MOST_CHARACTERS = 1000  # of a message


class InputError(ValueError):
    """Wrong input from outside: one line that says what, where, and what to do.

    The command line prints the line and exits with 2; a library user catches a ValueError.
    """


class Remark(UserWarning):
    """Something that the user should know and that stops nothing: a line on stderr."""


def one_line(text: str) -> str:
    r"""A message on one line of bounded length, whatever was put into it.

    >>> one_line("no file a\nb")
    'no file a b'
    >>> print(one_line("no file \x1b[2J"))
    no file \x1b[2J
    """
    spaced = " ".join(text.splitlines())[: MOST_CHARACTERS + 1]
    # Control codes would be obeyed by a terminal, and may hide the line that they stand in.
    line = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in spaced
    )
    return line if len(line) <= MOST_CHARACTERS else f"{line[: MOST_CHARACTERS - 4]} ..."


def unknown_name(kind: str, name: str, known: Iterable[str]) -> InputError:
    """The error for a name that is not among the known ones, with the nearest of them.

    >>> print(unknown_name("task", "dynamic-ngram", ["copy", "dynamic-ngrams"]))
    unknown task 'dynamic-ngram'; did you mean 'dynamic-ngrams'? (known: copy, dynamic-ngrams)
    """
    names = sorted(known)
    return InputError(f"unknown {kind} {name!r}{nearest(name, names)} (known: {', '.join(names)})")


def nearest(name: str, names: Iterable[str]) -> str:
    """The question whether one of these names was meant; nothing where none is near."""
    near = difflib.get_close_matches(name, list(names), n=2, cutoff=0.5)
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
