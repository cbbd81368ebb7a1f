"""Seeds that step together: each is the run that it would be alone."""

import itertools
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file

from ntmlab import InputError, load_model
from ntmlab.models.predictor import NoNumbersError
from ntmlab.runs.folder import create
from ntmlab.runs.status import read_status
from ntmlab.training import TrainingError, find_recipe, many, read_metrics, resume, train
from ntmlab.training import machines as machines_module
from ntmlab.training.checkpoint import Progress, generators
from ntmlab.training.data import CPU, batches, batches_of_runs, of_run, stacked
from ntmlab.training.device_step import GroupStep
from ntmlab.training.loop import Observer, Trainer
from ntmlab.training.machines import OneByOne, Stacked
from ntmlab.training.many import Place, complete_together
from ntmlab.training.together import Group
from ntmlab.training.validation import Validation
from tests.training.test_loop import RECIPE, assert_same_run

QUICK = RECIPE.override(["validate_every=240"])
COPY = find_recipe("copy-ntm").override(
    [
        "sequences=240",
        "validate_every=120",
        "batch=12",
        "task.max_length=5",
        "model.slots=9",
        "fewest_slots=0",
        "restarts=0",
        "restart_every=0",
        "model.controller_size=8",
    ]
)
LSTM = QUICK.override(["model.controller=lstm", "model.activation=tanh", "model.output_reads=true"])
COURSES = {
    "plain": QUICK,
    "smooth": QUICK.override(["clip_norm=0.3", "optimizer=adam-smooth", "weight_decay=0.01"]),
    "graves": QUICK.override(["optimizer=graves-rmsprop", "clip_norm=0", "clip_value=1e-3"]),
    "slots": QUICK.override(["fewest_slots=3", "decay=0", "batch=50"]),
    "constant": QUICK.override(["model.memory_start=constant", "model.weighting_start=first"]),
    "lstm": LSTM,
    "lengths": COPY,
    "restarts": QUICK.override(["restarts=1", "restart_every=240", "decay=0.8"]),
    "starts": QUICK.override(["validate_every=80", "starts=3", "start_sequences=80"]),
}
each_course = pytest.mark.parametrize("recipe", COURSES.values(), ids=COURSES)
SEEDS = (3, 0)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Without what takes most of the time of such short runs."""
    monkeypatch.setattr("ntmlab.training.validation.EVALUATION_SEQUENCES", 20)
    for module in ("ntmlab.training.keeper", "ntmlab.runs.environment"):
        monkeypatch.setattr(f"{module}.commit", lambda: None)


def places(folder, seeds=SEEDS):
    return [Place(seed, folder / f"together{seed}") for seed in seeds]


def trainers_of(folder, recipe, seeds=SEEDS):
    found = []
    for seed in seeds:
        run = create(folder / f"run{seed}", recipe, seed)
        found.append(Trainer(run, recipe, seed, Observer()))
    return found


@each_course
def test_each_is_the_run_alone_to_the_bit(tmp_path, recipe):
    for seed in SEEDS:
        assert train(recipe, seed, tmp_path / f"alone{seed}")
    assert complete_together(recipe, places(tmp_path)) == {
        place.path: True for place in places(tmp_path)
    }
    for seed in SEEDS:
        assert_same_run(tmp_path / f"together{seed}", tmp_path / f"alone{seed}")


@each_course
def test_stacked_machines_go_the_way_of_one_after_another(tmp_path, recipe):
    """In another order of sums, so the last bits differ; the second step is left out by one."""
    ways = {}
    for kind in (OneByOne, Stacked):
        trainers = trainers_of(tmp_path / kind.__name__, recipe)
        step = GroupStep(trainers, CPU, lambda action: action, kind(trainers, CPU))
        rows = batches_of_runs(trainers[0].task, SEEDS, recipe.batch, 0, recipe.sequences)
        for number, sequences in enumerate(itertools.islice(rows, 5)):
            if number == 1:
                sequences.inputs[1] = torch.nan
                step.tally.in_a_row[0] = 3
            step.take(sequences, trainers[0].progress.sequences)
            for trainer in trainers:
                trainer.count(recipe.batch)
        failed = step.settle()
        assert [failure is not None for failure in failed] == [False, True]
        for trainer in trainers:
            trainer.keeper.save(trainer.model, trainer.optimizer, trainer.progress)
        ways[kind] = trainers
    for one, other in zip(*ways.values(), strict=True):
        assert one.progress.gradient_norm == pytest.approx(other.progress.gradient_norm, rel=1e-3)
        assert one.progress.loss_bits == pytest.approx(other.progress.loss_bits, rel=1e-5)
        a, b = (load_file(t.keeper.run.checkpoint) for t in (one, other))
        assert a.keys() == b.keys()
        for name, value in a.items():
            torch.testing.assert_close(b[name], value, rtol=2e-3, atol=2e-5, msg=name)


def test_progress_counts_the_sequences_of_all(tmp_path):
    seen = []
    runs = [(trainer, generators(trainer.model)) for trainer in trainers_of(tmp_path, QUICK)]
    assert Group(runs, Observer(step=lambda all_: seen.append(all_.sequences)), CPU).train()
    assert seen == [2 * n for n in range(QUICK.batch, QUICK.sequences + 1, QUICK.batch)]


def test_a_run_alone_is_updated_without_a_copy_of_it(tmp_path, monkeypatch):
    trainers = trainers_of(tmp_path, QUICK, SEEDS[:1])
    machines = Stacked(trainers, CPU)
    rows = batches_of_runs(trainers[0].task, SEEDS[:1], QUICK.batch, 0, QUICK.sequences)
    _, gradients = machines.gradients(next(rows), None)
    monkeypatch.setattr(machines, "kept", None)  # of which copies are made
    machines.update(gradients, torch.ones(1, dtype=torch.bool))


@pytest.mark.parametrize("recipe", [QUICK, COURSES["graves"]], ids=["adam", "graves"])
def test_stacked_machines_go_on_from_a_checkpoint(tmp_path, recipe):
    """The optimiser's state, its count of steps among it, is taken up as it was."""

    def group(trainers, **options):
        made = Group([(t, generators(t.model)) for t in trainers], Observer(**options), CPU)
        made.step.machines = Stacked(trainers, CPU)
        return made

    assert group(trainers_of(tmp_path / "whole", recipe)).train() == [True, True]
    parts = group(trainers_of(tmp_path / "parts", recipe))
    parts.observer.should_stop = lambda: parts.position >= 250
    assert parts.train() == [False, False]
    again = [Trainer(t.keeper.run, recipe, t.seed, Observer()) for t in parts.trainers]
    for trainer in again:
        trainer.resume()
    assert again[0].progress.sequences == 256
    assert group(again).train() == [True, True]
    for seed in SEEDS:
        assert_same_run(tmp_path / "parts" / f"run{seed}", tmp_path / "whole" / f"run{seed}")


def test_what_was_begun_together_goes_on_alone_and_the_other_way_round(tmp_path):
    for seed in SEEDS:
        train(RECIPE, seed, tmp_path / f"alone{seed}")
    stop = [False]

    def at(metrics):
        stop[0] = metrics["sequences"] >= 2 * 208

    also = Observer(row=at, should_stop=lambda: stop[0])
    assert set(complete_together(RECIPE, places(tmp_path), also=also).values()) == {False}
    first, second = (place.path for place in places(tmp_path))
    assert read_status(first).sequences == 208
    assert resume(first)
    # One is done, one stands where it was stopped, and a third begins.
    more = places(tmp_path, (*SEEDS, 7))
    at_once = Observer(should_stop=lambda: True)
    assert [*complete_together(RECIPE, more, also=at_once).values()] == [True, False, False]
    assert set(complete_together(RECIPE, more).values()) == {True}
    for seed in SEEDS:
        assert_same_run(tmp_path / f"together{seed}", tmp_path / f"alone{seed}")
    assert load_model(str(second))(torch.zeros(1, 5, 1))[0].shape == (1, 5, 1)
    assert read_metrics(more[-1].path)[-1]["sequences"] == 480


def test_one_that_fails_ends_alone(tmp_path, monkeypatch):
    train(RECIPE, 0, tmp_path / "alone0")
    cost, steps = machines_module.mean_cost, itertools.count()

    def poisoned(*arguments):
        step = next(steps)
        return cost(*arguments) * (float("nan") if step == 20 else 1)  # the tenth of the first

    monkeypatch.setattr(machines_module, "mean_cost", poisoned)
    bad, good = complete_together(RECIPE, places(tmp_path)).values()
    assert good is True
    assert isinstance(bad, TrainingError)
    assert "loss nan" in str(bad)
    assert "after 160 sequences of seed 3" in str(bad)
    assert_same_run(tmp_path / "together0", tmp_path / "alone0")
    failed = tmp_path / "together3"
    assert read_status(failed).state == "failed"
    kept = load_file(failed / "failure.safetensors")
    assert torch.equal(kept["targets"], RECIPE.make_task().sample(16, 3, 2**40 + 160).targets)
    assert read_metrics(failed)[-1]["sequences"] == 112


def test_one_whose_outputs_are_no_numbers_ends_alone(tmp_path, monkeypatch):
    train(RECIPE, 0, tmp_path / "alone0")
    predict, calls = Validation.predict, itertools.count()

    def broken(self, model):
        if next(calls) == 2:  # the second validation of the first
            raise NoNumbersError("a model returned logits that are not numbers")
        return predict(self, model)

    monkeypatch.setattr(Validation, "predict", broken)
    bad, good = complete_together(RECIPE, places(tmp_path)).values()
    assert good is True
    assert "not numbers, at the validation after 208 sequences of seed 3" in str(bad)
    assert_same_run(tmp_path / "together0", tmp_path / "alone0")
    assert read_status(tmp_path / "together3").state == "failed"


def test_a_full_disk_of_one_does_not_end_the_others(tmp_path, monkeypatch):
    save = Trainer.save

    def full(self):
        if self.seed == 3 and self.progress.sequences:
            raise TrainingError("cannot write: the disk is full")
        save(self)

    monkeypatch.setattr(Trainer, "save", full)
    bad, good = complete_together(QUICK, places(tmp_path)).values()
    assert "disk is full" in str(bad)
    assert good is True


def test_what_cannot_step_together_is_one_line_and_begins_nothing(tmp_path):
    lstm = find_recipe("copy-lstm").override(["sequences=20"])
    with pytest.raises(InputError, match="only NTMs step together, not lstm"):
        complete_together(lstm, places(tmp_path))
    train(RECIPE.override(["sequences=32"]), 0, tmp_path / "together0")
    with pytest.raises(InputError, match="holds a run of other settings"):
        complete_together(RECIPE, places(tmp_path))
    assert not (tmp_path / "together3").exists()


def test_batches_of_runs_are_those_of_each(monkeypatch):
    monkeypatch.setattr("ntmlab.training.data.DRAW_AT_ONCE", 60)
    task = COPY.make_task()
    alone = [list(batches(task, seed, 12, 24, 100)) for seed in SEEDS]
    together = list(batches_of_runs(task, SEEDS, 12, 24, 100))
    for one, *each in zip(together, *alone, strict=True):
        steps = max(other.inputs.shape[1] for other in each)
        assert one.mask.shape == (2, len(each[0].inputs), steps)
        for run, other in enumerate(each):
            mine = of_run(one, run).trim()
            assert all(torch.equal(a, b) for a, b in zip(mine[:3], other[:3], strict=True))


def test_shorter_sequences_are_padded_with_steps_that_are_not_scored():
    task = COPY.make_task()
    long, short = task.sample(4, 0), task.sample(4, 1).first(3)
    both = stacked([long, short])
    assert torch.equal(of_run(both, 0).inputs, long.inputs)
    assert torch.equal(of_run(both, 1).inputs[:, :3], short.inputs)
    assert not of_run(both, 1).mask[:, 3:].any()
    assert both.outputs == task.outputs


def test_the_display_counts_the_sequences_of_all_seeds(monkeypatch):
    """Three runs that stand at 160 of 480 sequences have 480 of 1,440 behind them."""
    shown = []

    @contextmanager
    def watched(total, done, also):
        shown.append((total, done))
        yield also

    standing = SimpleNamespace(recipe=RECIPE, progress=Progress(sequences=160))
    ended = SimpleNamespace(train=lambda: [True] * 3)
    monkeypatch.setattr(many, "watched", watched)
    monkeypatch.setattr(many, "Group", lambda trainers, observer, place: ended)
    assert many._train([(standing, {})] * 3, CPU, Observer()) == [True] * 3
    assert shown == [(1440, 480)]
