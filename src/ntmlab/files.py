"""Files that are either wholly there or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ntmlab.errors import InputError


def write_atomically(path: Path, content: bytes) -> None:
    """Writes a file so that it is either wholly there or not at all, whatever happens meanwhile."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


@contextmanager
def replacing(path: Path, *, commit: bool = True) -> Iterator[Path]:
    """A temporary path in the same folder that becomes ``path`` when the block ends well.

    The file is on the disk before it takes the name. On any error it is removed and what stood at
    ``path`` stays; so too without ``commit``, which only tries whether the folder can be written.
    Raises InputError if it cannot, or is missing.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".partial-", suffix=path.suffix)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from None
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        if not commit:
            return
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        if path.is_dir():
            raise InputError(f"cannot write {path}: it is a folder")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
