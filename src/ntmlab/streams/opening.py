"""Files as streams of bytes: plain or compressed, or standard input."""

import bz2
import gzip
import importlib
import io
import lzma
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, Final

from ntmlab.errors import InputError

STANDARD_INPUT: Final = "standard input"
BLOCK: Final = 2**18  # bytes read at once

# How compressed files begin.
STARTS: Final = {
    b"\x1f\x8b": "gzip",
    b"\xfd7zXZ\x00": "xz",
    b"BZh": "bz2",
    b"\x28\xb5\x2f\xfd": "zstd",
}


class Opened:
    """A stream of bytes on its way: what it is called, how far it has come, what comes next."""

    def __init__(self, raw: BinaryIO, name: str, size: int | None) -> None:
        self.raw, self.name, self.size = raw, name, size
        self._stream: Any = io.BufferedReader(raw, BLOCK)
        start = self._stream.peek(8)
        kind = next((kind for begins, kind in STARTS.items() if start.startswith(begins)), None)
        if kind is not None:
            self._stream = io.BufferedReader(_unpacked(self._stream, kind), BLOCK)

    @property
    def done(self) -> int:
        """Bytes of the file that were read; 0 where that is not known."""
        return self.raw.tell() if self.size is not None else 0

    def peek(self) -> bytes:
        """Some of what comes next, empty at the end."""
        with _failures(self.name):
            return bytes(self._stream.peek(1))

    def blocks(self) -> Iterator[bytes]:
        """All that is left, in blocks."""
        while block := self.read(BLOCK):
            yield block

    def read(self, size: int) -> bytes:
        """So many bytes, fewer at the end only."""
        with _failures(self.name):
            found: bytes = self._stream.read(size)
        return found


@contextmanager
def opened(path: str) -> Iterator[Opened]:
    """A file, unpacked if it is compressed, or with "-" standard input.

    Raises InputError where there is no such file, it is empty, or it turns out damaged or cut off.
    """
    name = STANDARD_INPUT if path == "-" else path
    with _failures(name):
        raw: Any = sys.stdin.buffer if path == "-" else Path(path).open("rb", buffering=0)  # noqa: SIM115
    try:
        with _failures(name):
            size = None if path == "-" else Path(path).stat().st_size
            stream = Opened(raw, name, size)
        if not stream.peek():
            raise InputError(f"{name} is empty")
        yield stream
    finally:
        if path != "-":
            raw.close()


def zstd_module() -> ModuleType:
    """Python's own module of zstd, or its stand-in for older Pythons; InputError without either."""
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise InputError("zstd needs Python 3.14 or a package: pip install 'ntmlab[zstd]'")


def _unpacked(stream: BinaryIO, kind: str) -> Any:
    if kind == "gzip":
        return gzip.GzipFile(fileobj=stream)
    if kind == "xz":
        return lzma.LZMAFile(stream)
    return bz2.BZ2File(stream) if kind == "bz2" else zstd_module().ZstdFile(stream)


@contextmanager
def _failures(name: str) -> Iterator[None]:
    """Whatever a file or its compression does, in one line."""
    try:
        yield
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"there is no file {name}") from None
    except EOFError:
        raise InputError(f"{name} is cut off: its compressed content has no end") from None
    except (lzma.LZMAError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{name} is damaged: {error}") from None
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror or error}") from None
    except Exception as error:
        if type(error).__name__ != "ZstdError":
            raise
        raise InputError(f"{name} is damaged: {error}") from None
