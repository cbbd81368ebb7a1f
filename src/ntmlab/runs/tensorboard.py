"""The rows of runs as TensorBoard reads them: files of events, by tensorboardX.

Its own writer of summaries names a file by time and machine, and takes the times of the clock; here
a file has one name and its run's times, so that writing it again changes nothing.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from ntmlab.errors import InputError
from ntmlab.extras import import_extra
from ntmlab.files import make_folders, write_atomically
from ntmlab.given import is_number
from ntmlab.records import Record
from ntmlab.runs.folder import RunFolder, read_timing
from ntmlab.runs.status import rows_so_far

FILE: Final = "events.out.tfevents.ntmlab"  # TensorBoard looks for the third word
VERSION: Final = "brain.Event:2"


def check_folder(folder: Path) -> None:
    """Raises InputError without tensorboardX, or where a file is in the way of the folder.

    To be asked before long work.
    """
    import_extra("tensorboardX", "tensorboard")
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not there.is_dir():
        raise InputError(f"cannot write {folder}: {there} is a file")


def export(runs: Mapping[str, Path], folder: Path) -> int:
    """Puts the rows of runs, by their names, into a folder for TensorBoard; how many rows.

    A file's bytes follow from its run's rows and times, so that what came since the last time is
    added to it, and a TensorBoard that reads it reads on. Its clock begins at 0 with the run.
    Raises InputError where a run is damaged or none, or the folder cannot be written.
    """
    count = 0
    for name, path in runs.items():
        rows = rows_so_far(path)
        content = events(path, rows)
        make_folders(folder / name)
        try:
            _extend(folder / name / FILE, content)
        except (FileExistsError, IsADirectoryError, PermissionError) as error:
            raise InputError(f"cannot write {folder / name / FILE}: {error.strerror}") from None
        count += len(rows)
    return count


def events(path: Path, rows: Sequence[Record]) -> bytes:
    """The file of rows of a run: each number of a row under its name, sequences as steps.

    Raises InputError without tensorboardX, or where a time is damaged.
    """
    tensorboard = import_extra("tensorboardX", "tensorboard")
    times = read_timing(RunFolder(path))
    seconds = {row["sequences"]: row["seconds"] for row in times if "seconds" in row}
    event = tensorboard.proto.event_pb2.Event
    with TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        writer = tensorboard.RecordWriter(str(file))
        writer.write(event(file_version=VERSION).SerializeToString())
        for row in rows:
            numbers = {name: _number(value) for name, value in row.items() if is_number(value)}
            step = int(numbers.pop("sequences"))
            found = event(wall_time=float(seconds.get(row["sequences"], 0.0)), step=step)
            for name, value in numbers.items():
                found.summary.value.add(tag=name, simple_value=value)
            writer.write(found.SerializeToString())
        writer.close()
        return file.read_bytes()


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


def _number(value: float) -> float:
    """As TensorBoard has numbers, in 32 bits; what is too large there is infinite."""
    with np.errstate(over="ignore"):
        return float(np.float32(value))
