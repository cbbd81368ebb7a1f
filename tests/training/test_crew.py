"""One run on several processes: the same sequences, gradients within rounding, one that writes."""

import os
import signal
import subprocess
import sys
import time

import pytest
import torch
from safetensors.torch import load_file

from ntmlab import InputError
from ntmlab.models.foreign import Foreign
from ntmlab.recipes import find_recipe
from ntmlab.runs.folder import create
from ntmlab.tasks import DynamicNGrams
from ntmlab.training import read_metrics, train
from ntmlab.training.crew import several_processes
from ntmlab.training.loop import Observer, Trainer
from ntmlab.training.sliced import SliceStep, check_rows_apart
from ntmlab.training.step import HostStep
from tests.training.crews import begin, finish, train_in
from tests.training.test_loop import RECIPE, SETTINGS

SET = [part for setting in SETTINGS for part in ("--set", setting)]
BITS_CLOSE = (
    1e-4  # of costs of 12 bits after 30 steps, each of which begins where the one before ended
)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The run of one process."""
    path = tmp_path_factory.mktemp("alone") / "run"
    assert train(RECIPE, 0, path)
    return path


@pytest.mark.parametrize(
    ("rank", "size", "several"),
    [("0", "2", True), ("1", "7", True), ("0", "1", False), (None, "2", False), ("0", "x", False)],
)
def test_two_processes_and_more_are_several(monkeypatch, rank, size, several):
    monkeypatch.setenv("WORLD_SIZE", size)
    monkeypatch.delenv("RANK", raising=False)
    if rank is not None:
        monkeypatch.setenv("RANK", rank)
    assert several_processes() is several


class Parts:
    """A crew whose other members are told in turn: adds up what each gives."""

    def __init__(self, rank, size, before):
        self.rank, self.size, self.before = rank, size, before

    def sum(self, part):
        self.before.append(part.clone())
        total = self.before[0].clone()
        for other in self.before[1:]:
            total += other
        return total


def gradient(step, trainer, batch):
    norm, nats = step.compute(batch)
    return torch.cat([p.grad.flatten() for p in trainer.parameters]), nats, norm


@pytest.mark.parametrize("recipe", ["ngrams-quick", "copy-quick"])
@pytest.mark.parametrize("size", [2, 4, 7])
def test_gradients_differ_by_no_more_than_the_order_of_a_sum(tmp_path, recipe, size):
    """2 n u sum|t|, the terms t taken a sequence at a time."""
    recipe = find_recipe(recipe).override(["batch=5", "clip_norm=0", "clip_value=0"])
    trainer = Trainer(create(tmp_path / "run", recipe, 0), recipe, 0, Observer())
    batch = trainer.task.sample(5, 3).trim()
    whole, nats, _ = gradient(HostStep(trainer), trainer, batch)
    each = (batch.take(slice(row, row + 1)) for row in range(5))
    rows = [gradient(HostStep(trainer), trainer, one)[0] / 5 for one in each]
    bound = 2 * batch.mask.numel() * 2**-24 * sum(row.abs() for row in rows)
    told = []
    for rank in range(size):
        summed, sum_nats, _ = gradient(SliceStep(trainer, Parts(rank, size, told)), trainer, batch)
    assert len(told) == size
    assert bool(((summed - whole).abs() <= bound).all())
    assert sum_nats == pytest.approx(nats, rel=1e-6)
    if size < 5:
        assert not torch.equal(told[0], told[1])


def test_two_processes_train_the_run_of_one(alone, tmp_path):
    said = train_in(tmp_path, 2, "ngrams-quick", *SET, "--out", tmp_path / "run")
    assert [one.status for one in said] == [0, 0]
    assert said[0].out == f"{tmp_path / 'run'}\n"
    assert (said[1].out, said[1].err) == ("", "")
    assert_close(alone, tmp_path / "run")


def assert_close(alone, run):
    """Whether a run's rows and weights are those of one process within rounding carried on."""
    expected, found = read_metrics(alone), read_metrics(run)
    assert [row["sequences"] for row in found] == [row["sequences"] for row in expected]
    for one, other in zip(expected, found, strict=True):
        for key in ("bits", "train_bits", "kl"):
            assert one[key] == pytest.approx(other[key], abs=BITS_CLOSE)
    first, second = (load_file(p / "model.safetensors") for p in (alone, run))
    assert all(torch.allclose(first[k], second[k], atol=1e-3) for k in first)


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 2, 4])
def test_torchrun_itself_trains_the_run_of_one(alone, tmp_path, size):
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    train = ["-m", "ntmlab", "train", "ngrams-quick", *SET, "--out", str(tmp_path / "run")]
    said = subprocess.run(
        [*torchrun, "--nproc-per-node", str(size), *train], capture_output=True, text=True
    )
    assert (said.returncode, said.stdout) == (0, f"{tmp_path / 'run'}\n")
    assert_close(alone, tmp_path / "run")
    if size == 1:
        assert read_metrics(alone) == read_metrics(tmp_path / "run")


def hold():
    """Steps that wait until they may: a run that does not end before it is told to."""
    take = HostStep.take

    def slowly(self, sequences):
        if self.course.progress.sequences > 200:
            time.sleep(0.05)
        take(self, sequences)

    HostStep.take = slowly


def test_a_signal_to_one_ends_all_and_another_number_goes_on(alone, tmp_path):
    run = tmp_path / "run"
    command = ["ngrams-quick", *SET, "--out", run]
    processes = begin(tmp_path, 2, *command, sabotage=(1, hold))
    until = time.monotonic() + 60
    rows = run / "metrics.jsonl"  # there, and empty, before its first row
    while not rows.exists() or rows.read_bytes().count(b"\n") < 2:
        assert time.monotonic() < until
        time.sleep(0.02)
    os.kill(processes[1].pid, signal.SIGTERM)
    said = finish(tmp_path, processes)
    assert [one.status for one in said] == [1, 1]
    assert "saved; the same command goes on" in said[0].err
    assert said[1].err == ""
    assert read_metrics(run)[-1]["sequences"] < 480
    said = train_in(tmp_path, 3, "--resume", run)
    assert [one.status for one in said] == [0, 0, 0]
    expected, found = read_metrics(alone), read_metrics(run)
    assert [row["sequences"] for row in found] == [row["sequences"] for row in expected]
    assert found[-1]["bits"] == pytest.approx(expected[-1]["bits"], abs=BITS_CLOSE)


def fail():
    def take(self, sequences):
        raise InputError("out of ideas")

    HostStep.compute = SliceStep.compute = take


def die():
    def take(self, sequences):
        os.kill(os.getpid(), signal.SIGKILL)

    SliceStep.compute = take


@pytest.mark.parametrize("rank", [0, 1])
def test_an_error_in_one_ends_all_with_one_line(tmp_path, rank):
    said = train_in(
        tmp_path, 2, "ngrams-quick", *SET, "--out", tmp_path / "run", sabotage=(rank, fail)
    )
    assert said[rank].status == 2
    assert said[rank].err == "ntmlab train: error: out of ideas\n"
    assert said[1 - rank].status == 1
    assert said[1 - rank].err == ""


def test_one_that_is_killed_ends_the_other_with_one_line(tmp_path):
    said = train_in(tmp_path, 2, "ngrams-quick", *SET, "--out", tmp_path / "run", sabotage=(1, die))
    assert said[1].status == -signal.SIGKILL
    assert said[0].status == 1
    assert said[0].err.startswith("ntmlab train: another process of this run has ended; what was")
    assert len(said[0].err.splitlines()) == 1


def test_wrong_use_is_one_line_of_one_process(tmp_path):
    said = train_in(tmp_path, 2, "ngrams-quik", "--out", tmp_path / "run")
    assert "did you mean 'ngrams-quick'" in said[0].err
    assert (said[0].status, said[1].status, said[1].err) == (2, 1, "")


@pytest.mark.parametrize("module", ["BatchNorm", "Dropout"])
def test_a_model_that_would_be_another_on_slices_is_refused(module, tmp_path, monkeypatch):
    (tmp_path / "sliced_own.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path)
    model = Foreign(f"sliced_own:{module}", 1, 1, {})
    with pytest.raises(InputError, match="train it on one"):
        check_rows_apart(model, DynamicNGrams(length=9), 0)
    check_rows_apart(Foreign("sliced_own:Plain", 1, 1, {}), DynamicNGrams(length=9), 0)


OWN = """
import torch
from torch import nn

class Plain(nn.Module):
    def __init__(self, input_size=1, output_size=1):
        super().__init__()
        self.gru, self.out = nn.GRU(input_size, 4, batch_first=True), nn.Linear(4, output_size)

    def between(self, states):
        return states

    def forward(self, inputs):
        return self.out(self.between(self.gru(inputs)[0]))

class Dropout(Plain):
    def between(self, states):
        return nn.functional.dropout(states, 0.5, self.training)

class BatchNorm(Plain):
    def between(self, states):
        return (states - states.mean((0, 1))) / states.std((0, 1))
"""
