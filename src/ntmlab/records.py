"""JSON in and out: one reader and one writer of objects, and of files with an object a line."""

import json
import os
from pathlib import Path
from typing import Any

from ntmlab.errors import InputError
from ntmlab.files import write_atomically

Record = dict[str, Any]


def parse_object(text: str, where: str) -> Record:
    """The JSON object of a text.

    Raises InputError, which begins with ``where``, for anything else: no JSON, another value, or
    JSON nested deeper than Python reads.
    """
    try:
        value = json.loads(text)
    except ValueError as error:
        raise InputError(f"{where} is damaged: {error}") from None
    except RecursionError:
        raise InputError(f"{where} is damaged: its JSON is nested too deeply") from None
    if not isinstance(value, dict):
        raise InputError(f"{where} is damaged: it holds no JSON object")
    return value


def read_object(path: Path) -> Record | None:
    """The JSON object of a file, None where there is none; raises InputError if it is damaged."""
    text = _read(path)
    return None if text is None else parse_object(text, str(path))


def write_object(path: Path, value: Record) -> None:
    """Writes a JSON file, wholly or not at all."""
    write_atomically(path, (json.dumps(value, indent=2) + "\n").encode())


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


def append_row(path: Path, row: Record) -> None:
    """Adds one line to a file and sees it to the disk."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> str | None:
    """The text of a file, None where there is none; raises InputError if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {error}") from None
