"""What a run keeps on the disk: ended anywhere it goes on, and damage is never passed over."""

import fcntl
import itertools
import json
import os
import random
import shutil
import threading
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from ntmlab import NTM, InputError
from ntmlab.cli import main
from ntmlab.errors import Remark
from ntmlab.models.gru import GRU
from ntmlab.runs import environment as environment_module
from ntmlab.runs.folder import RunFolder, create, locked
from ntmlab.runs.status import finished, read_status
from ntmlab.runs.weights import read_card, save_model
from ntmlab.training import TrainingError, complete, keeper, read_metrics, resume, train
from ntmlab.training.checkpoint import load_checkpoint
from ntmlab.training.loop import Observer, Trainer
from tests.training.test_loop import RECIPE, SETTINGS, assert_same_run, stopped_after


class Killed(BaseException):
    """As SIGKILL, but that this process lives on."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run never interrupted."""
    path = tmp_path_factory.mktemp("runs") / "whole"
    assert train(RECIPE, 1, path)
    return path


@pytest.fixture
def half(tmp_path):
    """A run stopped after two rows."""
    stopped_after(tmp_path / "half", 250)
    return RunFolder(tmp_path / "half")


# Names that files take, in order: environment, config; checkpoint, weights and card of the start;
# those of the end.
RENAMES = 2 + 3 + 3


@pytest.mark.parametrize("renames", range(1, RENAMES))
def test_killed_after_any_rename_a_run_goes_on_and_its_weights_are_made_good(
    whole, tmp_path, monkeypatch, renames
):
    path, done = tmp_path / "run", []
    replace = Path.replace

    def mortal(temporary, target):
        replace(temporary, target)
        done.append(target)
        if len(done) == renames:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", mortal)
        with pytest.raises(Killed):
            train(RECIPE, 1, path)
    if renames == 1:  # no configuration yet: nothing to go on with, and free to be begun
        assert train(RECIPE, 1, path)
    else:
        assert resume(path)
    assert_same_run(path, whole)
    card, expected = (read_card(run / "model.safetensors") for run in (path, whole))
    assert (card["sequences"], card["score"]) == (480, expected["score"])


def test_a_run_ended_before_its_first_checkpoint_is_begun_again(whole, tmp_path):
    create(tmp_path / "a", RECIPE.override(["learning_rate=1"]), 9)
    assert train(RECIPE, 1, tmp_path / "a")
    assert_same_run(tmp_path / "a", whole)
    create(tmp_path / "b", RECIPE, 1)
    assert resume(tmp_path / "b")
    assert_same_run(tmp_path / "b", whole)


def test_a_folder_with_work_of_a_run_is_never_begun_again(half):
    half.checkpoint.unlink()
    with pytest.raises(InputError, match="holds a run already"):
        train(RECIPE, 1, half.path)
    with pytest.raises(InputError, match="no checkpoint"):
        resume(half.path)


def test_of_two_at_once_one_writes(tmp_path):
    run = RunFolder(tmp_path / "run")
    run.path.mkdir()
    with locked(run), pytest.raises(InputError, match="another process is training"):
        train(RECIPE, 7, run.path)
    assert [path.name for path in run.path.iterdir()] == [".lock"]


def test_rows_that_are_gone_or_changed_are_missed(half):
    rows = half.metrics.read_bytes()
    half.metrics.write_bytes(rows[:-30])
    with pytest.raises(InputError, match="shorter than its checkpoint says"):
        resume(half.path)
    half.metrics.write_bytes(rows.replace(b"112", b"113"))
    with pytest.raises(InputError, match="rows were changed"):
        resume(half.path)
    half.metrics.unlink()
    with pytest.raises(InputError, match="0 bytes of"):
        resume(half.path)


def test_a_flipped_bit_in_a_checkpoint_is_seen(half):
    good = half.checkpoint.read_bytes()
    trainer = Trainer(half, RECIPE, 1, Observer())
    state = (RECIPE, 1, trainer.model, trainer.optimizer)
    load_checkpoint(half, *state)
    places = random.Random(0)
    digest = good.index(b'"digest"') + 1  # its name, too
    for place in [*range(digest, digest + 6), *(places.randrange(len(good)) for _ in range(300))]:
        bad = bytearray(good)
        bad[place] ^= 1 << places.randrange(8)
        half.checkpoint.write_bytes(bad)
        with pytest.raises(InputError) as info:
            load_checkpoint(half, *state)
        assert "\n" not in str(info.value)


def renamed(header, tensors):
    """Two weights of one size, each under the name of the other."""
    names = sorted(name for name in tensors if name.startswith("optimizer."))
    first, second = next(
        pair
        for pair in itertools.combinations(names, 2)
        if tensors[pair[0]].shape == tensors[pair[1]].shape
        and not torch.equal(tensors[pair[0]], tensors[pair[1]])
    )
    tensors[first], tensors[second] = tensors[second], tensors[first]


def of_another_type(header, tensors):
    """The same bytes, said to be whole numbers."""
    name = next(name for name in tensors if tensors[name].dtype == torch.float32)
    tensors[name] = tensors[name].view(torch.int32)


def of_another_shape(header, tensors):
    """The same bytes, as one row."""
    name = next(name for name in tensors if tensors[name].ndim == 2)
    tensors[name] = tensors[name].reshape(1, -1)


def further_on(header, tensors):
    """A sequence more than were seen."""
    progress = json.loads(header["progress"])
    progress["sequences"] += 1
    header["progress"] = json.dumps(progress)


def of_other_code(header, tensors):
    """What the user's code is that it names."""
    header["run"] = json.dumps({**json.loads(header["run"]), "code": {"mine.py": "0" * 64}})


@pytest.mark.parametrize(
    "edit", [renamed, of_another_type, of_another_shape, further_on, of_other_code]
)
def test_whatever_a_checkpoint_holds_is_in_its_digest(half, edit):
    """Files that are whole as such, but for one thing in them."""
    trainer = Trainer(half, RECIPE, 1, Observer())
    tensors = load_file(half.checkpoint)
    with safe_open(half.checkpoint, "pt") as file:
        header = file.metadata()
    edit(header, tensors)
    save_file(tensors, half.checkpoint, header)
    with pytest.raises(InputError, match="its digest does not fit, so it is damaged"):
        load_checkpoint(half, RECIPE, 1, trainer.model, trainer.optimizer)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({"recipe": {"learning_rate": 0.5}}, "learning_rate 0.5, but it was trained with 0.01"),
        ({"recipe": {"optimizer": "adam-smooth"}}, "optimizer 'adam-smooth'"),
        ({"recipe": {"sequences": 960}}, "sequences 960"),
        ({"recipe": {"learning_rate": 10**400}}, "a number of 401 digits is too large"),
        ({"recipe": {"batch": 2.5}}, "batch must be of type int"),
        ({"recipe": {"task": None}}, "task must be of type str"),
        ({"recipe": {"task_options": []}}, "task_options must be of type dict"),
        ({"recipe": {"colour": "red"}}, "unknown recipe key 'colour'"),
        ({"recipe": {"model_options": {"input_size": 3}}}, "input_size follows from the task"),
        ({"recipe": {"task_options": {"text": 3}}}, "unknown option of task"),
        ({"recipe": None}, "a recipe is a JSON object"),
        ({"seed": 2}, "seed 2, but it was trained with 1"),
        ({"seed": 1.5}, "its seed is 1.5"),
        ({"seed": -1}, "its seed is -1"),
        ({"format": "x"}, "not of format"),
    ],
)
def test_an_edited_configuration_is_refused_in_a_line(half, edit, message):
    config = json.loads(half.config.read_text())
    for key, value in edit.items():
        config[key] = {**config[key], **value} if isinstance(value, dict) else value
    half.config.write_text(json.dumps(config))
    with pytest.raises(InputError, match=message) as info:
        resume(half.path)
    assert "\n" not in str(info.value)


@pytest.mark.parametrize("text", ["[" * 100_000, "[]", "{", "\x00", "{}"])
def test_a_configuration_that_is_none_is_refused_in_a_line(half, text):
    half.config.write_text(text)
    with pytest.raises(InputError, match=r"config\.json") as info:
        resume(half.path)
    assert "\n" not in str(info.value)


def test_checkpoints_of_earlier_versions_go_on_with_a_remark(whole, half):
    with safe_open(half.checkpoint, "pt") as file:
        progress = json.loads(file.metadata()["progress"])
    del progress["metrics_digest"]
    tensors = load_file(half.checkpoint)
    old = {name: value for name, value in tensors.items() if not name.startswith("random.")}
    save_file(old, half.checkpoint, {"progress": json.dumps(progress)})
    with pytest.warns(Remark, match="without a digest"):
        assert resume(half.path)
    assert_same_run(half.path, whole)


def test_a_file_system_without_locks_and_syncs_is_remarked(whole, tmp_path, monkeypatch):
    def missing(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", missing)
    monkeypatch.setattr(os, "fsync", missing)
    with pytest.warns(Remark) as remarks:
        assert train(RECIPE, 1, tmp_path / "run")
    said = {str(remark.message) for remark in remarks}
    assert any("has no locks" in text for text in said)
    assert any("does not see files to the disk" in text for text in said)
    assert_same_run(tmp_path / "run", whole)


def test_going_on_elsewhere_is_remarked_and_recorded(half, monkeypatch):
    recorded = environment_module.environment
    monkeypatch.setattr(keeper, "environment", lambda device: recorded(device) | {"threads": 77})
    with pytest.warns(Remark, match=r"threads \d+, now 77: its numbers may differ"):
        assert resume(half.path)
    assert resume(half.path)  # on the same again: no remark
    rows = [json.loads(line) for line in half.timing.read_text().splitlines()]
    assert [r["environment"]["threads"] for r in rows if "resumed_at" in r] == [77, 77]


@pytest.mark.parametrize(
    "row",
    [
        "[]",
        "7",
        '{"sequences": 1}',
        '{"sequences": 1, "bits": 2, "kl": "x"}',
        '{"sequences": "x", "bits": 1}',
        '{"sequences": [1], "bits": 1}',
        '{"sequences": 1.5, "bits": 1}',
        '{"sequences": true, "bits": 1}',
        '{"sequences": 1, "bits": 1%s}' % ("0" * 400),
    ],
)
def test_rows_that_are_none_are_refused_in_a_line(half, row):
    half.metrics.write_text(f"{row}\n")
    with pytest.raises(InputError, match="damaged") as info:
        read_metrics(half.path)
    assert "\n" not in str(info.value)


@pytest.mark.parametrize("sequences", [[960], "960", None, 960.0, True])
def test_a_card_without_its_sequences_is_of_no_finished_run(whole, tmp_path, sequences):
    run = RunFolder(shutil.copytree(whole, tmp_path / "run"))
    assert finished(run.path)
    card = run.model.with_suffix(".json")
    card.write_text(json.dumps(json.loads(card.read_text()) | {"sequences": sequences}))
    assert not finished(run.path)


def test_what_a_killed_run_left_half_written_goes(half):
    left = half.path / ".partial-0123abcd.safetensors"
    left.write_bytes(b"half")
    assert resume(half.path)
    assert not left.exists()


def test_a_failure_that_is_not_met_again_is_no_more(half):
    half.failure.write_bytes(b"a batch")
    assert read_status(half.path).state == "failed"
    assert resume(half.path)
    assert not half.failure.exists()


def test_what_was_left_half_written_goes_though_nothing_else_is_written(whole, tmp_path):
    path = tmp_path / "run"
    shutil.copytree(whole, path)
    left = path / ".partial-0123abcd.safetensors"
    left.write_bytes(b"half")
    assert resume(path)
    assert not left.exists()


def test_a_card_of_another_step_is_made_good(whole, tmp_path):
    """As a kill may leave it where the last steps have not changed the weights."""
    shutil.copytree(whole, tmp_path / "run")
    path = tmp_path / "run" / "model.json"
    expected = json.loads(path.read_text())
    path.write_text(json.dumps(expected | {"sequences": 240}))
    assert resume(tmp_path / "run")
    assert json.loads(path.read_text())["sequences"] == expected["sequences"] == 480


@pytest.mark.parametrize(
    "edit", [{"seed": 7}, {"task": "copy"}, {"task_options": {"order": 1}}, {"score": None}]
)
def test_a_card_that_says_other_things_is_made_good(whole, tmp_path, edit):
    shutil.copytree(whole, tmp_path / "run")
    run = RunFolder(tmp_path / "run")
    card = run.model.with_suffix(".json")
    card.write_text(json.dumps(json.loads(card.read_text()) | edit))
    assert resume(run.path)
    assert_same_run(run.path, whole)
    assert read_card(run.model) == read_card(RunFolder(whole).model)
    written = card.stat().st_mtime_ns
    assert resume(run.path)
    assert card.stat().st_mtime_ns == written  # what is good stays


@pytest.mark.parametrize("model", [GRU(1, 1), NTM(1, 1, slots=5)])
def test_weights_of_another_model_are_made_good(whole, tmp_path, model):
    shutil.copytree(whole, tmp_path / "run")
    run = RunFolder(tmp_path / "run")
    save_model(model, run.model, read_card(run.model))
    card = json.loads(run.model.with_suffix(".json").read_text())
    card |= {"model": model.kind, "options": model.options()}
    run.model.with_suffix(".json").write_text(json.dumps(card))
    assert resume(run.path)
    assert_same_run(run.path, whole)
    assert read_card(run.model) == read_card(RunFolder(whole).model)


def test_a_half_written_last_row_of_times_is_cut(half):
    with half.timing.open("a") as file:
        file.write('{"sequences": 2')
    assert resume(half.path)
    rows = [json.loads(line) for line in half.timing.read_text().splitlines()]
    assert rows[-1]["sequences"] == 480


def test_full_disk_is_reported_and_the_last_checkpoint_stays(whole, tmp_path, monkeypatch):
    run = create(tmp_path / "run", RECIPE, 1)
    trainer = Trainer(run, RECIPE, 1, Observer())
    trainer.save()
    good = run.checkpoint.read_bytes()
    write_bytes = Path.write_bytes

    def full(path, data):
        write_bytes(path, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(TrainingError, match="No space left on device"):
            trainer.train()
    assert run.checkpoint.read_bytes() == good
    assert not list(run.path.glob(".partial-*"))
    assert resume(run.path)
    assert_same_run(run.path, whole)


def test_a_full_disk_at_the_start_is_a_line(tmp_path, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    options = [part for setting in SETTINGS for part in ("--set", setting)]
    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["train", "ngrams-quick", "--out", str(tmp_path / "run"), *options]) == 1
    errors = capsys.readouterr().err
    assert "No space left on device" in errors
    assert len(errors.splitlines()) == 1


def test_training_leaves_the_callers_state_alone(whole, tmp_path):
    torch.manual_seed(5)
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    torch.set_default_dtype(torch.float64)
    try:
        assert train(RECIPE, 1, tmp_path / "run")
        assert torch.get_default_dtype() == torch.float64
    finally:
        torch.set_default_dtype(torch.float32)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads
    assert_same_run(tmp_path / "run", whole)


def test_training_runs_in_a_thread(whole, tmp_path):
    ended = []
    thread = threading.Thread(target=lambda: ended.append(train(RECIPE, 1, tmp_path / "run")))
    thread.start()
    thread.join(60)
    assert ended == [True]
    assert_same_run(tmp_path / "run", whole)


def attempt_of(run):
    """Which attempt a checkpoint says it is of."""
    with safe_open(run / "checkpoint.safetensors", framework="pt") as file:
        return json.loads(file.metadata()["progress"])["attempt"]


def test_a_checkpoint_says_of_which_attempt_it_is(tmp_path, whole, half):
    assert attempt_of(whole) == 0  # of none of a sweep's
    assert resume(half.path)
    assert attempt_of(half.path) == 0
    for path, given in (("third", {"attempt": 3}), ("none", {})):
        assert complete(RECIPE, 1, tmp_path / path, **given)
        assert attempt_of(tmp_path / path) == given.get("attempt", 0)
