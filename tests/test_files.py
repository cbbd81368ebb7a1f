"""Files that are wholly there or not at all."""

import pytest

from ntmlab.errors import InputError
from ntmlab.files import check_writable, replacing, replacing_all, write_atomically


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_whole_with_usual_permissions(tmp_path):
    path, other = tmp_path / "x.bin", tmp_path / "other"
    other.write_bytes(b"")
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode == other.stat().st_mode
    assert names(tmp_path) == ["other", "x.bin"]


def test_an_error_leaves_what_stood_there(tmp_path):
    path = tmp_path / "x.bin"
    path.write_bytes(b"old")

    def fail():
        with replacing(path) as temporary:
            temporary.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["x.bin"]


def test_files_that_belong_together_appear_together(tmp_path):
    (tmp_path / "folder").mkdir()

    def write(second):
        with replacing_all([tmp_path / "a", tmp_path / second]) as temporaries:
            for temporary in temporaries:
                temporary.write_bytes(b"new")

    for wrong in ("folder", "missing/b"):
        with pytest.raises(InputError, match="cannot write"):
            write(wrong)
        assert names(tmp_path) == ["folder"]
    write("b")
    assert names(tmp_path) == ["a", "b", "folder"]


def test_whether_a_path_can_be_written(tmp_path):
    check_writable(tmp_path / "x")
    for wrong in (tmp_path, tmp_path / "missing" / "x"):
        with pytest.raises(InputError, match="cannot write"):
            check_writable(wrong)
    assert names(tmp_path) == []
