"""Files that are wholly there or not at all."""

import errno
import os
import re
import time
from pathlib import Path

import pytest

from ntmlab import files
from ntmlab.errors import InputError
from ntmlab.files import (
    check_writable,
    is_locked,
    locked,
    make_folders,
    remove_left_over,
    replacing,
    replacing_all,
    write_atomically,
)
from ntmlab.records import append_row


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


def test_a_file_is_on_the_disk_before_it_takes_its_name(tmp_path, monkeypatch):
    done, fsync, replace = [], os.fsync, Path.replace

    def watched_sync(descriptor):
        done.append(("sync", os.fstat(descriptor).st_ino))
        fsync(descriptor)

    def watched_replace(path, target):
        done.append(("name", path.stat().st_ino))
        replace(path, target)

    monkeypatch.setattr(os, "fsync", watched_sync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    write_atomically(tmp_path / "x", b"one")
    number, folder = (tmp_path / "x").stat().st_ino, tmp_path.stat().st_ino
    assert done == [("sync", number), ("name", number), ("sync", folder)]
    done.clear()
    append_row(tmp_path / "rows", {"a": 1})
    rows = (tmp_path / "rows").stat().st_ino
    assert done == [("sync", rows), ("sync", folder)]  # a new name
    append_row(tmp_path / "rows", {"a": 1})
    assert done[2:] == [("sync", rows)]
    done.clear()
    make_folders(tmp_path / "a" / "b")
    assert done == [("sync", p.stat().st_ino) for p in (tmp_path / "a", tmp_path)]


def test_what_killed_writers_left_goes_with_the_next_and_no_more(tmp_path):
    """A file under way holds its lock; other programs' files have other names."""
    dead, other = tmp_path / ".partial-0a1b2c3d.png", tmp_path / ".partial-download.iso"
    for path in (dead, other):
        path.write_bytes(b"half")
    with replacing(tmp_path / "alive") as alive:
        alive.write_bytes(b"half")
        os.utime(alive, (time.time() - 3600,) * 2)
        write_atomically(tmp_path / "x", b"")
        assert names(tmp_path) == sorted([alive.name, other.name, "x"])
    assert names(tmp_path) == sorted([other.name, "alive", "x"])


def test_a_file_that_another_writer_took_for_left_over_is_made_again(tmp_path, monkeypatch):
    """Between its making and its lock nothing says that it is under way."""
    make, found = os.open, []

    def slow(path, *rest):
        descriptor = make(path, *rest)
        if rest[0] & os.O_CREAT and len(found) < 2:
            found.append(Path(path))
            remove_left_over(tmp_path)
            assert not found[-1].exists()
        return descriptor

    monkeypatch.setattr("ntmlab.files.os.open", slow)
    with replacing(tmp_path / "x") as temporary:
        temporary.write_bytes(b"new")
        remove_left_over(tmp_path)
        assert names(tmp_path) == [temporary.name]
        assert temporary not in found
    assert (tmp_path / "x").read_bytes() == b"new"
    assert names(tmp_path) == ["x"]


def test_without_locks_what_is_left_over_must_be_a_day_old(tmp_path, monkeypatch):
    def none(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("ntmlab.files.fcntl.flock", none)
    young, old = (tmp_path / f".partial-0a1b2c3{i}.json" for i in range(2))
    for path, age in ((young, 3600), (old, 90_000)):
        path.write_bytes(b"half")
        os.utime(path, (time.time() - age,) * 2)
    write_atomically(tmp_path / "x", b"")
    assert names(tmp_path) == [young.name, "x"]


def test_a_full_disk_names_the_file_and_leaves_none(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match=r"No space left on device.*/x'"):
        write_atomically(tmp_path / "x", b"")
    assert names(tmp_path) == []


def test_a_name_that_is_too_long_is_refused_before_the_work(tmp_path):
    with pytest.raises(InputError, match="File name too long"):
        check_writable(tmp_path / ("x" * 304))


def test_ctrl_c_as_a_file_is_made_leaves_none(tmp_path, monkeypatch):
    make = os.open

    def interrupted(path, *rest):
        os.close(make(path, *rest))
        raise KeyboardInterrupt

    monkeypatch.setattr("ntmlab.files.os.open", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "file", b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="locks are read from /proc")
def test_a_lock_is_that_of_its_inode_on_its_device(tmp_path, monkeypatch):
    """Two file systems may number two files alike: a lock of one is none of the other."""
    path, proc = tmp_path / "a", tmp_path / "proc"
    path.touch()
    assert not is_locked(path)
    with locked(path, "busy"):
        assert is_locked(path)
        lines = Path("/proc/locks").read_text()
    assert not is_locked(path)
    assert not is_locked(tmp_path / "missing")
    proc.mkdir()
    (proc / "self").symlink_to("/proc/self")
    monkeypatch.setattr(files, "PROC", proc)
    (proc / "locks").write_text(lines)
    assert is_locked(path)
    end = f":{path.stat().st_ino} "
    other = re.sub(rf"\w+:\w+{end}", f"ff:7f{end}", lines)
    assert other != lines
    (proc / "locks").write_text(other)
    assert not is_locked(path)
    (proc / "self").unlink()  # some sandboxes' /proc does not name the mount
    about = proc / "self/fdinfo"
    about.mkdir(parents=True)
    for descriptor in range(256):
        (about / str(descriptor)).write_text("pos:\t0\nflags:\t02100000\n")
    (proc / "self/mountinfo").write_text("")
    assert not is_locked(path)
    found = path.stat()
    own = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}{end}"
    (proc / "locks").write_text(re.sub(rf"\w+:\w+{end}", own, lines))
    assert is_locked(path)
