"""The rows of runs as TensorBoard reads them: files of events, written without TensorBoard.

A file is a row of records (TensorFlow's TFRecord): the length of the data in 8 bytes, a checksum of
these, the data, its checksum. The data is a message Event of tensorflow/core/util/event.proto.
"""

import math
import os
import struct
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from ntmlab.errors import InputError
from ntmlab.files import write_atomically
from ntmlab.records import Record, read_rows
from ntmlab.runs.folder import RunFolder
from ntmlab.runs.status import rows_so_far

FILE: Final = "events.out.tfevents.ntmlab"  # TensorBoard looks for the third word
VERSION: Final = b"\x1a\x0dbrain.Event:2"  # field 3 of an Event, the first of a file


def export(runs: Mapping[str, Path], folder: Path) -> int:
    """Puts the rows of runs, by their names, into a folder for TensorBoard; how many rows.

    A file's bytes follow from its run's rows and times, so that what came since the last time is
    added to it, and a TensorBoard that reads it reads on. Its clock begins at 0 with the run.
    Raises InputError where a run is damaged or none, or the folder cannot be written.
    """
    count = 0
    for name, path in runs.items():
        rows, content = rows_so_far(path), events(path)
        try:
            (folder / name).mkdir(parents=True, exist_ok=True)
            _extend(folder / name / FILE, content)
        except (FileExistsError, NotADirectoryError, PermissionError) as error:
            raise InputError(f"{folder / name}: {error.strerror}") from None
        count += len(rows)
    return count


def events(path: Path) -> bytes:
    """The file of a run's rows: each number of a row under its name, sequences as steps."""
    rows, times = rows_so_far(path), read_rows(RunFolder(path).timing) or []
    seconds = {row["sequences"]: row["seconds"] for row in times if "seconds" in row}
    each = [_event(row, float(seconds.get(row["sequences"], 0.0))) for row in rows]
    return b"".join(map(_record, [VERSION, *each]))


def names_apart(paths: Sequence[Path]) -> dict[str, Path]:
    """Run folders by the part of their paths that they do not share.

    >>> list(names_apart([Path("results/ngrams-ntm/seed0"), Path("results/ngrams-lstm/seed0")]))
    ['ngrams-ntm/seed0', 'ngrams-lstm/seed0']
    """
    whole = [Path(os.path.abspath(path)) for path in paths]
    shared = os.path.commonpath([path.parent for path in whole])
    return {str(one.relative_to(shared)): path for one, path in zip(whole, paths, strict=True)}


def _extend(path: Path, content: bytes) -> None:
    """Adds to a file what it lacks of its content; one of other content is replaced."""
    before = path.read_bytes() if path.exists() else None
    if before is None or not content.startswith(before):
        write_atomically(path, content)
    elif len(before) < len(content):
        with path.open("ab") as file:
            file.write(content[len(before) :])


def _event(row: Record, seconds: float) -> bytes:
    numbers = {name: value for name, value in row.items() if _is_number(value)}
    step = _varint(int(numbers.pop("sequences")))
    values = (
        b"\x0a" + _sized(name.encode()) + b"\x15" + _float(value) for name, value in numbers.items()
    )
    summary = b"".join(b"\x0a" + _sized(value) for value in values)
    return _time(seconds) + b"\x10" + step + b"\x2a" + _sized(summary)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _float(value: float) -> bytes:
    """In 32 bits, as TensorBoard has numbers; what is too large there is infinite."""
    try:
        return struct.pack("<f", value)
    except OverflowError:
        return struct.pack("<f", math.copysign(math.inf, value))


def _time(seconds: float) -> bytes:
    return b"\x09" + struct.pack("<d", seconds)


def _sized(data: bytes) -> bytes:
    return _varint(len(data)) + data


def _varint(number: int) -> bytes:
    """A number as protocol buffers write it, seven bits a byte, the lowest first.

    >>> _varint(300).hex()
    'ac02'
    """
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def _record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + _masked(length) + data + _masked(data)


def _masked(data: bytes) -> bytes:
    """The checksum of a record: a CRC itself is not to be a part of what has one."""
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def crc32c(data: bytes) -> int:
    """The CRC of Castagnoli's polynomial (RFC 3720, section 12.1).

    >>> hex(crc32c(b"123456789"))
    '0xe3069283'
    """
    crc, table = 0xFFFFFFFF, _table()
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


@cache
def _table() -> tuple[int, ...]:
    table = []
    for crc in range(256):
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
        table.append(crc)
    return tuple(table)
