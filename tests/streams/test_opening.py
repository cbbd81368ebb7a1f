"""Compressed files give what was packed, and one line where they are damaged or cut off."""

import bz2
import gzip
import lzma

import numpy as np
import pytest

from ntmlab import InputError
from ntmlab.streams.opening import opened

CONTENT = np.random.default_rng(0).integers(0, 256, 5000).astype(np.uint8).tobytes()
PACKERS = {"gz": gzip.compress, "xz": lzma.compress, "bz2": bz2.compress}


def read(path):
    with opened(str(path)) as stream:
        return b"".join(iter(lambda: stream.read(999), b""))


@pytest.mark.parametrize("kind", PACKERS)
def test_what_was_packed_comes_back(kind, tmp_path):
    (tmp_path / "file").write_bytes(PACKERS[kind](CONTENT))
    assert read(tmp_path / "file") == CONTENT


@pytest.mark.parametrize("kind", PACKERS)
def test_without_its_end_it_is_cut_off(kind, tmp_path):
    (tmp_path / "file").write_bytes(PACKERS[kind](CONTENT)[:-20])
    with pytest.raises(InputError, match="file is cut off: its compressed content has no end"):
        read(tmp_path / "file")


@pytest.mark.parametrize(
    ("kind", "said"), [("gz", "is damaged"), ("xz", "is damaged"), ("bz2", "cannot read .*file")]
)
def test_with_another_octet_amid_it_is_damaged(kind, said, tmp_path):
    packed = bytearray(PACKERS[kind](CONTENT))
    packed[len(packed) // 2] ^= 255
    (tmp_path / "file").write_bytes(bytes(packed))
    with pytest.raises(InputError, match=said):
        read(tmp_path / "file")


def test_nothing_and_no_file_are_told_apart(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file is empty"):
        read(tmp_path / "file")
    with pytest.raises(InputError, match=r"there is no file .*other"):
        read(tmp_path / "other")
