"""What a sweep relies on after a power cut is on the disk before it relies on it."""

import os
import shutil
from pathlib import Path

import pytest

from ntmlab.sweeps import standing
from ntmlab.sweeps.attempts import Attempt, attempts_at, begin_attempt
from ntmlab.sweeps.carry import carry_over
from ntmlab.sweeps.standing import collect
from ntmlab.training import train
from tests.sweeps.cases import begin, make_study

STUDY = make_study("snapshots=1", seeds=(0,))
(NAME,) = STUDY.units


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    path = tmp_path_factory.mktemp("finished") / "run"
    assert train(STUDY.units[NAME].recipe, 0, path)
    return path


@pytest.fixture
def sweep(tmp_path):
    return begin(tmp_path / "above" / "sweep", STUDY)


@pytest.fixture
def done(monkeypatch, tmp_path):
    """What was synced and renamed, as ("sync", path) and ("name", old path)."""
    seen, fsync, renames = [], os.fsync, (os.rename, Path.rename)

    def watched_sync(descriptor):
        seen.append(("sync", os.readlink(f"/proc/self/fd/{descriptor}")))
        fsync(descriptor)

    def watched(rename):
        def renamed(path, target):
            seen.append(("name", str(path)))
            rename(path, target)

        return renamed

    monkeypatch.setattr(os, "fsync", watched_sync)
    monkeypatch.setattr(os, "rename", watched(renames[0]))
    monkeypatch.setattr(Path, "rename", watched(renames[1]))
    return seen


def synced(done, path: Path) -> bool:
    return ("sync", str(path)) in done


def with_attempt(sweep, run: Path) -> Attempt:
    attempt = begin_attempt(sweep, NAME, 1, {})
    shutil.copytree(run, attempt.run)
    return attempt


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="paths are read from /proc")
class TestOnDisk:
    def test_the_folders_of_a_study(self, done, tmp_path):
        sweep = begin(tmp_path / "other" / "sweep", STUDY)
        assert synced(done, tmp_path)
        assert synced(done, sweep.path.parent)

    def test_the_folder_of_an_attempt_before_its_worker_is_told(self, sweep, done):
        attempt = begin_attempt(sweep, NAME, 1, {})
        folders = [("sync", str(path)) for path in (sweep.path, attempt.folder, attempt.path)]
        assert [one for one in done if one in folders] == folders  # the last is of its ticket

    def test_all_that_is_carried_over_before_it_takes_its_name(self, sweep, finished, done):
        first = with_attempt(sweep, finished)
        (first.run / "snapshots" / ".partial-01234567.json").write_bytes(b"{")  # being written
        attempt = begin_attempt(sweep, NAME, 2, {})
        done.clear()
        carry_over(attempt, [first])
        copy = attempt.path / "copy"
        named = done.index(("name", str(copy)))
        kept = {path.relative_to(attempt.run) for path in attempt.run.rglob("*")}
        assert {Path("checkpoint.safetensors"), Path("metrics.jsonl"), Path("snapshots")} < kept
        assert not any(path.name.startswith(".partial") for path in kept)
        assert all(synced(done[:named], copy / path) for path in (*kept, ""))
        assert synced(done[named:], attempt.path)

    def test_a_finished_run_has_its_place_before_its_attempts_go(
        self, sweep, finished, done, monkeypatch
    ):
        attempt = with_attempt(sweep, finished)
        left = attempt.run / ".partial-01234567.safetensors"
        left.write_bytes(b"half")
        done.clear()
        monkeypatch.setattr(standing, "clear", lambda *_: done.append(("clear", "")))
        assert collect(sweep, NAME, attempt)
        place = sweep.run(NAME)
        order = [("sync", attempt.run), ("name", attempt.run), ("sync", place.parent)]
        order = [(what, str(path)) for what, path in order]
        assert [one for one in done if one in [*order, ("clear", "")]] == [*order, ("clear", "")]
        assert not list(place.glob(".partial*"))
        assert len(attempts_at(sweep, NAME)) == 1
