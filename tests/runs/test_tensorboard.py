"""Rows of runs as TensorBoard reads them."""

import json
import math
import sys

import pytest

from ntmlab.recipes import RECIPES
from ntmlab.runs.folder import RunFolder, create
from ntmlab.runs.tensorboard import FILE, export
from tests.cli.commands import run
from tests.sweeps.cases import begin, make_study

ROWS = [
    {"sequences": 300, "bits": 0.5, "kl": math.nan},
    {"sequences": 70_000, "bits": 1e39, "kl": -2.0, "skipped": 1},
]
# What the writer of tensorboard 2.21.0 (summary/writer, compat/proto) makes of the same rows.
WRITTEN = bytes.fromhex(
    "0f000000000000006d532b091a0d627261696e2e4576656e743a32fc9851292600000000000000734fe30009"
    "333333333333d33f10ac022a180a0b0a0462697473150000003f0a090a026b6c150000c07fa1227954370000"
    "0000000000e7e8ca5909000000000080514010f0a2042a280a0b0a0462697473150000807f0a090a026b6c15"
    "000000c00a0e0a07736b6970706564150000803f37007bd1"
)


@pytest.fixture
def trained(tmp_path):
    """A run folder with rows."""
    path = tmp_path / "runs/one"
    create(path, RECIPES["ngrams-quick"], 0)
    write(path, ROWS)
    return path


def write(path, rows):
    folder = RunFolder(path)
    folder.metrics.write_text("".join(json.dumps(row) + "\n" for row in rows))
    times = [{"sequences": row["sequences"], "seconds": row["sequences"] / 1000} for row in rows]
    folder.timing.write_text("".join(json.dumps(time) + "\n" for time in times))


def test_a_file_is_byte_for_byte_what_tensorboard_writes(trained, tmp_path):
    assert export({"one": trained}, tmp_path / "events") == 2
    assert (tmp_path / "events/one" / FILE).read_bytes() == WRITTEN


def test_tensorboard_reads_it(trained, tmp_path):
    module = "tensorboard.backend.event_processing.event_accumulator"
    accumulator = pytest.importorskip(module).EventAccumulator
    export({"one": trained}, tmp_path / "events")
    found = accumulator(str(tmp_path / "events/one"))
    found.Reload()
    assert found.Tags()["scalars"] == ["bits", "kl", "skipped"]
    bits = [(event.wall_time, event.step, event.value) for event in found.Scalars("bits")]
    assert bits == [(0.3, 300, 0.5), (70.0, 70_000, math.inf)]
    assert math.isnan(found.Scalars("kl")[0].value)


def test_what_came_since_is_added_and_what_changed_is_replaced(trained, tmp_path):
    file = tmp_path / "events/one" / FILE
    write(trained, ROWS[:1])
    export({"one": trained}, tmp_path / "events")
    before, inode = file.read_bytes(), file.stat().st_ino
    write(trained, ROWS)
    for _ in range(2):
        export({"one": trained}, tmp_path / "events")
        assert (file.read_bytes(), file.stat().st_ino) == (WRITTEN, inode)
    assert WRITTEN.startswith(before)
    write(trained, ROWS[1:])
    export({"one": trained}, tmp_path / "events")
    assert len(file.read_bytes()) < len(WRITTEN)
    assert [path.name for path in file.parent.iterdir()] == [FILE]


def test_runs_are_named_by_what_they_do_not_share(trained, tmp_path, capsys):
    other = tmp_path / "runs/other/one"
    create(other, RECIPES["ngrams-quick"], 1)
    write(other, ROWS[:1])
    out = tmp_path / "events"
    command = ("curves", trained, other, "--tensorboard", out)
    assert run(capsys, *command)[:2] == (0, f"{out}\n")
    assert {str(path.relative_to(out)) for path in out.rglob(FILE)} == {
        f"one/{FILE}",
        f"other/one/{FILE}",
    }


def test_a_sweep_writes_its_runs_that_have_rows(trained, tmp_path, capsys):
    sweep = begin(tmp_path / "sweep", make_study())
    place = sweep.run("ngrams-quick-seed1")
    place.parent.mkdir()
    trained.rename(place)
    out = tmp_path / "events"
    assert run(capsys, "sweep", sweep.path, "--show", "--tensorboard", out)[0] == 0
    assert [path.parent.name for path in out.rglob(FILE)] == ["ngrams-quick-seed1"]


def test_a_sweep_whose_rows_cannot_be_written_is_not_begun(tmp_path, capsys, monkeypatch):
    (tmp_path / "file").touch()
    given = ("sweep", "--recipe", "copy-quick", "--out", tmp_path / "sweep", "--tensorboard")
    for out in (tmp_path / "file", tmp_path / "file/events"):
        status, _, err = run(capsys, *given, out)
        assert (status, f"cannot write {out}: {tmp_path / 'file'} is a file" in err) == (2, True)
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    assert "this needs tensorboardX" in run(capsys, *given, tmp_path / "events")[2]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_that_cannot_be_made_is_refused(trained, tmp_path, capsys):
    (tmp_path / "file").touch()
    out = tmp_path / "file/events"
    code, _, err = run(capsys, "curves", trained, "--tensorboard", out)
    assert code == 2
    assert "cannot create" in err


def test_without_the_extra_it_says_what_to_install(trained, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    status, out, err = run(capsys, "curves", trained, "--tensorboard", tmp_path / "x")
    assert (status, out) == (2, "")
    assert "this needs tensorboardX: pip install 'ntmlab[tensorboard]'" in err
    assert not (tmp_path / "x").exists()


def test_wrong_use_is_a_line(trained, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    for command, message in (
        (("curves", tmp_path, "--tensorboard", tmp_path / "x"), "is not a run"),
        (("curves", trained, "--tensorboard", tmp_path / "file"), "file/one: Not a directory"),
        (("curves", trained, "--tensorboard", tmp_path / "x", "--out", "a.png"), "no --out"),
    ):
        status, out, err = run(capsys, *command)
        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert message in err
