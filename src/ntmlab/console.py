"""What a terminal, or the file or pipe in its place, can show."""

import codecs
import io
import os
from typing import Final, TextIO

# Stand-ins in ASCII, for an output whose encoding lacks the character.
PLAIN: Final = {
    **{"±": "+-", "‖": "||", "·": "-", "–": "-", "−": "-", "×": "x", "…": "...", "²": "^2"},
    **{"½": "1/2", "∞": "inf", "Σ": "sum", "Π": "product", "≤": "<=", "≥": ">=", "→": "->"},
    **{"░": ".", "▒": ":", "▓": "%", "█": "#", "▲": "^"},
}
HANDLER: Final = "ntmlab-plain"


def animated(stream: TextIO) -> bool:
    """Whether a line can be drawn over: on a terminal that is not a dumb one."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def coloured(stream: TextIO) -> bool:
    """Whether to write colours: on such a terminal, unless NO_COLOR or FORCE_COLOR say otherwise.

    Both count where they are not empty; NO_COLOR is the stronger (no-color.org, force-color.org).
    """
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or animated(stream)


def never_fail(*streams: TextIO) -> None:
    """Makes streams write characters that their encoding lacks in plain ones, lest results be lost.

    >>> out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    >>> never_fail(out)
    >>> print("133.27 ± 0.01 ☃", file=out, flush=True)
    >>> out.buffer.getvalue().decode().strip()
    '133.27 +- 0.01 ?'
    """
    codecs.register_error(HANDLER, _plain)
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=HANDLER)


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(PLAIN.get(character, "?") for character in lacking), error.end
