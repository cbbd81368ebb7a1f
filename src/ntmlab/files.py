"""Files that are wholly there or not at all, and locks.

What a file system lacks (locks, a sync to the disk) is said in a remark, and work goes on without.
"""

import errno
import fcntl
import os
import re
import secrets
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from ntmlab.errors import InputError, Remark

DISK_FAILS = (errno.ENOSPC, errno.EDQUOT, errno.EIO)  # the disk, not the user
PROC = Path("/proc")
_NO_SYNC = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM)

# A file under way holds its lock, so that the next writer in its folder sees which are left of
# writers that were killed. Where there are no locks, so many seconds must have gone by.
_PARTIAL = re.compile(r"\.partial-[0-9a-f]{8}(\.\w+)?")
_SURELY_DEAD_S = 86_400.0


def write_atomically(path: Path, content: bytes) -> None:
    """Writes a file so that it is either wholly there or not at all, whatever happens meanwhile.

    Raises InputError if the folder is missing or cannot be written, OSError if the disk is full.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path in the same folder that becomes ``path`` when the block ends well.

    The file is on the disk before it takes the name. On any error it is removed and what stood at
    ``path`` stays. Raises InputError if the folder is missing or cannot be written, OSError if the
    disk is full.
    """
    with replacing_all([path]) as (temporary,):
        yield temporary


@contextmanager
def replacing_all(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """As ``replacing``, for files that belong together: none takes its name before all are written.

    Only a crash between two renames can part them. What killed writers left in these folders goes.
    """
    with ExitStack() as stack:
        try:
            for folder in {path.parent for path in paths}:
                remove_left_over(folder)
            temporaries = [stack.enter_context(_temporary(path)) for path in paths]
            yield temporaries
            for temporary, path in zip(temporaries, paths, strict=True):
                _settle(temporary, path)
            for temporary, path in zip(temporaries, paths, strict=True):
                temporary.replace(path)
            for folder in {path.parent for path in paths}:
                sync_path(folder)
        except OSError as error:
            if error.filename is None and paths:
                error.filename = str(paths[0])
            raise


def truncate(path: Path, size: int) -> None:
    """Cuts a file to its first ``size`` bytes."""
    with path.open("r+b") as file:
        file.truncate(size)
        sync(file.fileno(), path)


def sync(descriptor: int, path: Path) -> None:
    """Sees an open file to the disk, or says that its file system cannot."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
        _say(path, f"does not see files to the disk ({error.strerror}): a power cut may lose some")


@contextmanager
def locked(path: Path, busy: str) -> Iterator[None]:
    """Holds the lock of a file, made where there is none; raises InputError ``busy`` if it is held.

    Where the file system has no locks, a remark says so and work goes on.
    """
    with path.open("a") as file:
        free = _lock(file.fileno())
        if free is None:
            _say(path, "has no locks: see to it that no other process writes here")
        elif not free:
            raise InputError(busy)
        yield


def is_locked(path: Path) -> bool:
    """Whether a process of this machine holds a file's lock; asking takes none."""
    try:
        own, locks = _as_locked(path), (PROC / "locks").read_text(encoding="ascii")
    except OSError:
        return False
    held = (line.split() for line in locks.splitlines() if "->" not in line)  # -> waits for it
    return any(field in own for fields in held for field in fields[5:6])


def _as_locked(path: Path) -> set[str]:
    """A file as the kernel's list of locks may name it: its device and its inode.

    The device is that of the mount, which on btrfs and overlays is not the file's own. A /proc
    that does not say which mount it is leaves the file's own.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        found = os.fstat(descriptor)
        about = (PROC / "self/fdinfo" / str(descriptor)).read_text(encoding="ascii")
    finally:
        os.close(descriptor)
    devices = {f"{os.major(found.st_dev)}:{os.minor(found.st_dev)}"}
    said = {key: value for key, _, value in (line.partition(":") for line in about.splitlines())}
    mount = said.get("mnt_id", "").strip()
    with (PROC / "self/mountinfo").open(encoding="utf-8", errors="replace") as mounts:
        devices |= {fields[2] for line in mounts if (fields := line.split())[0] == mount}
    pairs = (device.split(":") for device in devices)
    return {f"{int(a):02x}:{int(b):02x}:{found.st_ino}" for a, b in pairs}


def check_writable(path: Path) -> None:
    """Raises InputError unless a file can be written there: to be asked before long work."""
    try:
        is_folder = path.is_dir()
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from None
    if is_folder:
        raise InputError(f"cannot write {path}: it is a folder")
    with _temporary(path):
        pass


@contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """An empty file beside ``path``, with its ending, locked; it goes unless it is renamed.

    It has the permissions that a new file has.
    """
    temporary, descriptor = _new_name(path), -1
    try:  # what is made is seen by name below, should Ctrl-C come before its descriptor is kept
        descriptor = _make(temporary, path)
        while _lock(descriptor, wait=True) and os.fstat(descriptor).st_nlink == 0:
            # Another writer took it for left over before it had its lock.
            gone, descriptor = descriptor, -1
            os.close(gone)
            temporary = _new_name(path)
            descriptor = _make(temporary, path)
        yield temporary
    finally:
        with suppress(OSError):  # a folder that is none, a name that is too long: nothing was made
            temporary.unlink(missing_ok=True)
        if descriptor >= 0:
            os.close(descriptor)


def _new_name(path: Path) -> Path:
    """That of an unfinished file beside a path, with its ending."""
    return path.parent / f".partial-{secrets.token_hex(4)}{path.suffix}"


def _make(temporary: Path, path: Path) -> int:
    """The descriptor of a new file that is to become ``path``; raises as `replacing` does."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        return os.open(temporary, flags, 0o666)
    except OSError as error:
        if error.errno in DISK_FAILS:
            raise
        raise InputError(f"cannot write {path}: {error.strerror}") from None


def _settle(temporary: Path, path: Path) -> None:
    """Brings a finished file to the disk, where it can take its name."""
    if path.is_dir():
        raise InputError(f"cannot write {path}: it is a folder")
    sync_path(temporary)


def make_folders(path: Path) -> None:
    """Makes a folder, and those above it that are missing, and sees their names to the disk.

    Raises InputError where it cannot be made, and OSError where the disk fails.
    """
    try:
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno in DISK_FAILS:
            raise
        raise InputError(f"cannot create {path}: {error.strerror}") from None
    for folder in missing:
        with suppress(PermissionError):  # a folder that one may write in and not list
            sync_path(folder.parent)


def sync_path(path: Path) -> None:
    """Sees a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        sync(descriptor, path)
    finally:
        os.close(descriptor)


def remove_left_over(folder: Path) -> None:
    """Removes the unfinished files of writers that were killed."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in [entry for entry in entries if _PARTIAL.fullmatch(entry.name)]:
            _remove_if_dead(Path(entry.path))


def _remove_if_dead(path: Path) -> None:
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            age = time.time() - os.fstat(descriptor).st_mtime
            free = _lock(descriptor)
            # Its writer may be about to lock it, and then makes another.
            if free or (free is None and age > _SURELY_DEAD_S):
                path.unlink()
        finally:
            os.close(descriptor)


def _lock(descriptor: int, *, wait: bool = False) -> bool | None:
    """Takes a file's lock; whether it was free, None where the file system has none."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _say(path: Path, what: str) -> None:
    folder = path if path.is_dir() else path.parent
    warnings.warn(f"the file system of {folder.absolute()} {what}", Remark, stacklevel=3)
