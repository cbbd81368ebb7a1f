"""Files that are wholly there or not at all."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ntmlab.errors import InputError


def write_atomically(path: Path, content: bytes) -> None:
    """Writes a file so that it is either wholly there or not at all, whatever happens meanwhile.

    Raises InputError if the folder is missing or cannot be written.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path in the same folder that becomes ``path`` when the block ends well.

    The file is on the disk before it takes the name. On any error it is removed and what stood at
    ``path`` stays. Raises InputError if the folder is missing or cannot be written.
    """
    with replacing_all([path]) as (temporary,):
        yield temporary


@contextmanager
def replacing_all(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """As ``replacing``, for files that belong together: none takes its name before all are written.

    Only a crash between two renames can part them.
    """
    temporaries: list[Path] = []
    try:
        for path in paths:
            temporaries.append(_new_temporary(path))
        yield temporaries
        for temporary, path in zip(temporaries, paths, strict=True):
            _settle(temporary, path)
        for temporary, path in zip(temporaries, paths, strict=True):
            temporary.replace(path)
    finally:
        for temporary in temporaries:
            temporary.unlink(missing_ok=True)


def truncate(path: Path, size: int) -> None:
    """Cuts a file to its first ``size`` bytes, so that a resumed run repeats no rows."""
    with path.open("ab") as file:
        file.truncate(size)


def check_writable(path: Path) -> None:
    """Raises InputError unless a file can be written there: to be asked before long work."""
    if path.is_dir():
        raise InputError(f"cannot write {path}: it is a folder")
    _new_temporary(path).unlink()


def _new_temporary(path: Path) -> Path:
    """An empty file beside ``path``, with its ending."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".partial-", suffix=path.suffix)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from None
    os.close(handle)
    return Path(name)


def _settle(temporary: Path, path: Path) -> None:
    """Brings a finished file to the disk, with the permissions a new file has."""
    if path.is_dir():
        raise InputError(f"cannot write {path}: it is a folder")
    umask = os.umask(0)
    os.umask(umask)
    temporary.chmod(0o666 & ~umask)
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
