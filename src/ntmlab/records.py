"""JSON in and out: one reader and one writer of objects, and of files with an object a line."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ntmlab.errors import InputError
from ntmlab.files import sync, sync_path, truncate, write_atomically

Record = dict[str, Any]

MOST_DIGITS: Final = 300  # the largest float has 309


def parse_object(text: str, where: str) -> Record:
    """The JSON object of a text.

    Raises InputError, which begins with ``where``, for anything else: no JSON, another value,
    JSON nested deeper than Python reads, or a number that no float holds.
    """
    try:
        value = json.loads(text, parse_int=whole_number)
    except ValueError as error:
        raise InputError(f"{where} is damaged: {error}") from None
    except RecursionError:
        raise InputError(f"{where} is damaged: its JSON is nested too deeply") from None
    if not isinstance(value, dict):
        raise InputError(f"{where} is damaged: it holds no JSON object")
    return value


def whole_number(text: str) -> int:
    """A whole number as JSON has it; raises ValueError for one that arithmetic with floats breaks.

    >>> whole_number("-12")
    -12
    """
    if len(text) > MOST_DIGITS:
        raise ValueError(f"a number of {len(text)} digits is too large")
    return int(text)


def read_object(path: Path) -> Record | None:
    """The JSON object of a file, None where there is none; raises InputError if it is damaged."""
    text = _read(path)
    return None if text is None else parse_object(text, str(path))


def check_parts(value: object, where: str, parts: Mapping[str, tuple[type, ...]]) -> None:
    """Raises InputError, which begins with ``where``, unless a value is an object with these parts.

    Each is of one of its types; a whole number is a float too, True and False are no numbers.
    """
    if not isinstance(value, dict):
        raise InputError(f"{where} is damaged: {json.dumps(value)} is no JSON object")
    for key, types in parts.items():
        if key not in value:
            raise InputError(f"{where} is damaged: it has no {key}")
        part = value[key]
        fits = isinstance(part, types) or (float in types and isinstance(part, int))
        if not fits or (isinstance(part, bool) and bool not in types):
            raise InputError(f"{where} is damaged: its {key} is {json.dumps(part)[:40]}")


def write_object(path: Path, value: Record) -> None:
    """Writes a JSON file, wholly or not at all."""
    write_atomically(path, to_bytes(value))


def to_line(value: Record) -> str:
    """An object as a line, without its end; what is no JSON of a user's own options, as text."""
    return json.dumps(value, default=_plain)


def finite(value: Any) -> Any:
    """JSON values with null for numbers that are not finite: JSON has no infinity."""
    if isinstance(value, dict):
        return {key: finite(own) for key, own in value.items()}
    if isinstance(value, list | tuple):
        return [finite(own) for own in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def to_bytes(value: Record) -> bytes:
    """An object as a file holds it."""
    return (json.dumps(value, indent=2) + "\n").encode()


def read_rows(path: Path) -> list[Record] | None:
    """The objects of a file with one a line, None where there is no file.

    A last line without its end, as an interrupted write leaves it, is passed over. Raises
    InputError if another is damaged.
    """
    text = _read(path)
    if text is None:
        return None
    lines = (line for line in text.splitlines(keepends=True) if line.endswith("\n"))
    return [parse_object(line, str(path)) for line in lines]


def append_row(path: Path, row: Record) -> bytes:
    """Adds one line to a file and sees it to the disk, a new file's name too; returns the line."""
    line, is_new = f"{to_line(row)}\n".encode(), not path.exists()
    with path.open("ab") as file:
        file.write(line)
        file.flush()
        sync(file.fileno(), path)
    if is_new:
        sync_path(path.parent)
    return line


def drop_half_row(path: Path) -> None:
    """Cuts a last line without its end, as an interrupted write leaves it."""
    if path.exists():
        content = path.read_bytes()
        if not content.endswith(b"\n"):
            truncate(path, content.rfind(b"\n") + 1)


def _plain(value: Any) -> Any:
    """Arrays and numbers of NumPy as Python's; anything else by its words."""
    return value.tolist() if hasattr(value, "tolist") else str(value)


def _read(path: Path) -> str | None:
    """The text of a file, None where there is none; raises InputError if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    except ValueError:
        raise InputError(f"cannot read {path}: it is no text") from None
