"""A finished run that is trained for longer, as a new run that names its parent."""

import hashlib
import json
import shutil
import warnings
from pathlib import Path

import pytest

from ntmlab import InputError
from ntmlab.errors import Remark
from ntmlab.runs.folder import RunFolder, parent_of
from ntmlab.training import loop, read_metrics, resume, train, train_longer
from ntmlab.training.longer import differences, longer
from tests.cli.commands import run
from tests.training.test_loop import RECIPE, assert_same_run, stopped_after

STEADY = RECIPE.override(["decay=0", "validate_every=80", "sequences=160"])
LONG = STEADY.override(["sequences=320"])


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "short"
    assert train(STEADY, 1, path)
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """What the longer run must be."""
    path = tmp_path_factory.mktemp("runs") / "whole"
    assert train(LONG, 1, path)
    return path


def test_with_a_constant_rate_it_is_the_run_that_was_asked_for_more_from_the_start(
    short, whole, tmp_path, capsys
):
    before = {path.name: path.read_bytes() for path in short.iterdir()}
    command = ("train", "--continue", short, "--sequences", 320, "--out", tmp_path / "new")
    status, out, err = run(capsys, *command)
    assert (status, out.strip(), "not the run" in err) == (0, str(tmp_path / "new"), False)
    assert_same_run(tmp_path / "new", whole)
    assert {path.name: path.read_bytes() for path in short.iterdir()} == before
    parent = json.loads((tmp_path / "new/config.json").read_text())["parent"]
    digest = hashlib.sha256(before["checkpoint.safetensors"]).hexdigest()
    assert parent == {"path": str(short.resolve()), "sequences": 160, "digest": digest}


def test_killed_before_its_first_checkpoint_it_begins_from_its_parent_again(
    short, whole, tmp_path, monkeypatch
):
    class Killed(BaseException):
        pass

    def kill(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(loop.Trainer, "save", kill)
        with pytest.raises(Killed):
            train_longer(short, 320, tmp_path / "new")
    with pytest.raises(InputError, match="holds a run already: --resume"):
        train(LONG, 1, tmp_path / "new")
    assert resume(tmp_path / "new")
    assert_same_run(tmp_path / "new", whole)


def test_a_parent_that_is_gone_or_another_is_refused(short, tmp_path, monkeypatch):
    shutil.copytree(short, tmp_path / "parent")
    with monkeypatch.context() as patch:
        patch.setattr("ntmlab.training.begin", lambda trainer, parent: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            train_longer(tmp_path / "parent", 320, tmp_path / "new")
    checkpoint = tmp_path / "parent/checkpoint.safetensors"
    checkpoint.write_bytes(checkpoint.read_bytes() + b" ")
    with pytest.raises(InputError, match="is not what it was"):
        resume(tmp_path / "new")
    shutil.rmtree(tmp_path / "parent")
    with pytest.raises(InputError, match="is not a run folder"):
        resume(tmp_path / "new")


def test_where_a_schedule_does_not_allow_it_that_is_said(tmp_path):
    assert train(RECIPE.override(["sequences=100"]), 1, tmp_path / "run")
    with pytest.warns(Remark, match=r"fell to 0 over the last 40%.*no multiple of batch"):
        assert train_longer(tmp_path / "run", 200, tmp_path / "new")
    rows = [row["sequences"] for row in read_metrics(tmp_path / "new")]
    assert rows == [100, 200]
    assert read_metrics(tmp_path / "new")[0] == read_metrics(tmp_path / "run")[0]


def test_a_start_that_was_left_out_at_the_end_is_said(tmp_path):
    """A run asked for more from the start would have drawn other weights there."""
    often = ["restarts=1", "restart_every=160"]
    for above, said in ((0, True), (1000, False)):
        parent, path = tmp_path / f"run{above}", tmp_path / f"new{above}"
        assert train(STEADY.override([*often, f"restart_above={above}"]), 1, parent)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            assert train_longer(parent, 320, path)
        words = "started again, above 0 bits, where it ended"
        assert any(words in str(one.message) for one in caught) == said


def test_the_parent_is_named_whole_and_its_own_beginning_is_not_taken_again(
    short, tmp_path, monkeypatch
):
    shutil.copytree(short, tmp_path / "it")
    config = json.loads((short / "config.json").read_text())
    config["recipe"]["weights"] = str(short)  # as of a run that began with those of another
    (tmp_path / "it/config.json").write_text(json.dumps(config))
    monkeypatch.chdir(tmp_path)
    recipe, seed, parent = longer(Path("it"), 320)
    assert (recipe, seed) == (LONG, 1)
    assert (parent.path, parent.sequences) == ((tmp_path / "it").resolve(), 160)


def test_what_a_run_of_more_sequences_would_have_done_otherwise_is_named():
    rows = [{"sequences": at, "train_bits": 5.0} for at in (120, 160)]
    assert not list(differences(STEADY, rows))
    (reason,) = differences(STEADY.override(["validate_every=96"]), rows)
    assert reason == "its 160 sequences are no multiple of validate_every"
    rule = ["restarts=2", "restart_above=1", "validate_every=40"]
    assert not list(differences(STEADY.override([*rule, "restart_every=120"]), rows))
    (reason,) = differences(STEADY.override([*rule, "restart_every=160"]), rows)
    assert reason.startswith("it would have started again")


@pytest.mark.parametrize("said", [["x"], "x", 3, {}, {"path": "x", "sequences": "y"}])
def test_a_parent_that_is_none_is_damage(short, tmp_path, said):
    run = RunFolder(tmp_path)
    config = json.loads((short / "config.json").read_text())
    run.config.write_text(json.dumps(config | {"parent": said}))
    with pytest.raises(InputError, match="is damaged: its parent is"):
        parent_of(run)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "give --sequences N"),
        (("--sequences", 160), "has 160 sequences already"),
        (("--sequences", 320, "--set", "batch=8"), "takes recipe, seed and device from the run"),
        (("--sequences", 320, "--seed", 0), "takes recipe, seed and device from the run"),
        (("--sequences", 320, "--dry-run"), "of a new run"),
    ],
)
def test_wrong_use_is_a_line(short, capsys, options, message):
    status, _, err = run(capsys, "train", "--continue", short, *options)
    assert status == 2
    assert message in err
    assert err.count("\n") == 1


def test_a_run_that_is_not_finished_is_refused(tmp_path):
    stopped_after(tmp_path / "half", 250)
    with pytest.raises(InputError, match="is not finished; first"):
        train_longer(tmp_path / "half", 960, tmp_path / "new")
    assert not (tmp_path / "new").exists()
