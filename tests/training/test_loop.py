"""Training: resuming changes no bit, and nothing that goes wrong loses more than it must."""

import json
import math
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file

from ntmlab import NTM, InputError, compare, load_model
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.models import ModulePredictor
from ntmlab.runs.folder import RunFolder, create, locked, read_config
from ntmlab.sequences import Sequences
from ntmlab.tasks import DynamicNGrams
from ntmlab.tasks.draws import TRAINING_START
from ntmlab.training import TrainingError, find_recipe, read_metrics, resume, train
from ntmlab.training import loop as loop_module
from ntmlab.training.cost import mean_cost
from ntmlab.training.data import batches, memory_size
from ntmlab.training.device_step import device_step
from ntmlab.training.loop import Observer, Trainer
from ntmlab.training.sliced import SliceStep

SETTINGS = [
    "sequences=480",
    "validate_every=100",
    "model.slots=8",
    "model.controller_size=8",
    "task.length=12",
    "learning_rate=0.01",
]
RECIPE = find_recipe("ngrams-quick").override(SETTINGS)


def stopped_after(path: Path, sequences: int, recipe=RECIPE) -> None:
    """A run that was told to stop after some sequences."""
    trainer = Trainer(create(path, recipe, 1), recipe, 1, Observer())
    trainer.observer = Observer(should_stop=lambda: trainer.progress.sequences >= sequences)
    assert not trainer.train()


def assert_same_run(a: Path, b: Path) -> None:
    assert (a / "metrics.jsonl").read_bytes() == (b / "metrics.jsonl").read_bytes()
    assert (a / "model.safetensors").read_bytes() == (b / "model.safetensors").read_bytes()
    first, second = (load_file(p / "checkpoint.safetensors") for p in (a, b))
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run never interrupted."""
    path = tmp_path_factory.mktemp("runs") / "whole"
    assert train(RECIPE, 1, path)
    return path


def test_batches_depend_on_position_only(monkeypatch):
    monkeypatch.setattr("ntmlab.training.data.DRAW_AT_ONCE", 40)
    task = DynamicNGrams(length=5)
    expected = task.sample(100, 3, TRAINING_START).targets
    for position in (0, 16, 48):
        parts = [b.targets for b in batches(task, 3, 16, position, 100)]
        assert torch.equal(torch.cat(parts), expected[position:])
        assert [len(p) for p in parts[:-1]] == [16] * (len(parts) - 1)


def test_a_run_folder_holds_all_that_later_commands_need(whole):
    rows = read_metrics(whole)
    assert [row["sequences"] for row in rows] == [112, 208, 304, 400, 480]
    assert {"bits", "gap", "gap_se", "kl", "kl_se", "train_bits", "learning_rate"} <= rows[0].keys()
    environment = json.loads((whole / "environment.json").read_text())
    assert {"torch", "commit", "processor", "threads"} <= environment.keys()
    timing = [json.loads(line) for line in (whole / "timing.jsonl").read_text().splitlines()]
    assert timing[-1]["sequences"] == 480
    assert timing[-1]["seconds"] > 0
    model = load_model(str(whole))
    assert model(torch.zeros(1, 12, 1))[0].shape == (1, 12, 1)
    card = json.loads((whole / "model.json").read_text())
    assert (card["seed"], card["sequences"], card["task"]) == (1, 480, "dynamic-ngrams")
    assert card["score"] == rows[-1]


def test_validation_row_equals_evaluate(whole):
    task, predictors = RECIPE.make_task(), {"model": ModulePredictor(load_model(str(whole)))}
    score = evaluate(task, predictors, 1000, seed=0)["model"]
    last = read_metrics(whole)[-1]
    assert score.bits == pytest.approx(last["bits"])
    assert score.gap == pytest.approx(last["gap"])
    assert score.gap_se == pytest.approx(last["gap_se"])
    comparison = compare(task.sample(1000, 0), {"optimal": task.optimal(), **predictors})
    paired = comparison.cost("model").sum(1) - comparison.cost("optimal").sum(1)
    assert last["gap_se"] == pytest.approx(paired.std(ddof=1) / 1000**0.5)
    assert score.kl == pytest.approx(last["kl"])


@pytest.mark.parametrize("sequences", [16, 112, 250])
def test_resume_changes_no_bit(whole, tmp_path, sequences):
    stopped_after(tmp_path / "run", sequences)
    assert resume(tmp_path / "run")
    assert_same_run(tmp_path / "run", whole)


def test_time_and_attempt_go_on_from_where_a_run_stood(tmp_path):
    """A thousand seconds before the checkpoint are part of the time after it, in a child too."""
    first = Trainer(create(tmp_path / "run", RECIPE, 1), RECIPE, 1, Observer(), attempt=2)
    same = {"validation": first.validation}
    first.started -= 1000
    first.save()
    for attempt, known in ((0, 2), (5, 5)):
        again = Trainer(first.keeper.run, RECIPE, 1, Observer(), attempt=attempt, **same)
        again.resume()
        assert again.progress.attempt == known
        again.save()
        assert 1000 <= again.progress.seconds < 1500
    child = Trainer(create(tmp_path / "child", RECIPE, 1), RECIPE, 1, Observer(), **same)
    child.begin_from(first.keeper.run, RECIPE)
    assert 1000 <= child.progress.seconds < 1500


def test_memories_of_every_size_are_drawn_by_position_and_resuming_changes_no_bit(
    tmp_path, monkeypatch
):
    drawn = [memory_size(1, position, 3, 8) for position in range(0, 480, 16)]
    assert set(drawn) == {3, 4, 5, 6, 7, 8}
    seen = []
    start = NTM._start

    def watched(self, batch, slots=None):
        seen.append(slots)
        return start(self, batch, slots)

    monkeypatch.setattr(NTM, "_start", watched)
    recipe = RECIPE.override(["fewest_slots=3"])
    assert train(recipe, 1, tmp_path / "whole")
    assert [slots for slots in seen if slots is not None] == drawn  # validation has all
    assert None in seen
    stopped_after(tmp_path / "parts", 250, recipe)
    assert resume(tmp_path / "parts")
    assert_same_run(tmp_path / "parts", tmp_path / "whole")


def test_rows_written_after_the_last_checkpoint_are_not_repeated(whole, tmp_path, monkeypatch):
    monkeypatch.setattr(loop_module, "CHECKPOINT_SECONDS", 1e9)
    run = create(tmp_path / "run", RECIPE, 1)
    trainer = Trainer(run, RECIPE, 1, Observer())

    def die():
        if trainer.progress.sequences >= 320:
            raise MemoryError
        return False

    trainer.observer = Observer(should_stop=die)
    with pytest.raises(MemoryError):
        trainer.train()
    assert len(read_metrics(run.path)) == 3  # more than the first checkpoint knows of
    assert resume(run.path)
    assert_same_run(run.path, whole)


def test_same_seed_same_run_and_another_seed_another(whole, tmp_path):
    train(RECIPE, 1, tmp_path / "again")
    assert_same_run(tmp_path / "again", whole)
    train(RECIPE, 2, tmp_path / "other")
    assert (tmp_path / "other" / "metrics.jsonl").read_bytes() != (
        whole / "metrics.jsonl"
    ).read_bytes()


def test_seeds_decide_weights_and_sequences(tmp_path):
    """Each on its own: the first weights, and what the first step sees."""
    for seed in (1, 2):
        trainer = Trainer(create(tmp_path / str(seed), RECIPE, seed), RECIPE, seed, Observer())
        seen = []
        trainer.way.take = lambda sequences, seen=seen: seen.append(sequences)
        trainer.row_is_due = lambda: False
        next(trainer.steps())
        expected = RECIPE.make_task().sample(16, seed, TRAINING_START)
        assert torch.equal(seen[0].targets, expected.targets)
        torch.manual_seed(seed)
        weights = RECIPE.make_model().state_dict()
        assert all(torch.equal(v, weights[k]) for k, v in trainer.model.state_dict().items())


@pytest.mark.parametrize(
    ("setting", "size"),
    [("clip_norm=0.001", lambda g: g.norm()), ("clip_value=1e-5", lambda g: g.abs().max())],
)
def test_gradients_are_clipped_to_the_recipes_limit(tmp_path, setting, size):
    recipe = RECIPE.override(["clip_norm=0", setting])
    trainer = Trainer(create(tmp_path / "run", recipe, 1), recipe, 1, Observer())
    mean_cost(trainer.model, trainer.task.sample(16, 0)).backward()

    def gradient():
        return torch.cat([p.grad.flatten() for p in trainer.parameters])

    free = gradient()
    assert trainer.way.clip() == pytest.approx(free.norm().item())  # the norm before
    limit = float(setting.partition("=")[2])
    assert size(free).item() > 10 * limit
    assert size(gradient()).item() == pytest.approx(limit, rel=1e-4)
    assert torch.equal(gradient().sign(), free.sign())
    trainer.recipe = trainer.recipe.override([f"{setting.partition('=')[0]}=1e6"])
    clipped = gradient()
    trainer.way.clip()
    assert torch.equal(gradient(), clipped)  # what is within the limit stays as it is


@pytest.mark.parametrize("way", ["host", "device", "slice"])
def test_a_limit_of_steps_is_for_the_mean_over_a_batch(tmp_path, monkeypatch, way):
    """The last batch is half as large, and its mean's limit twice: that of a sequence is one."""
    recipe = RECIPE.override(["clip_steps=10", "sequences=40", "batch=16"])
    trainer = Trainer(create(tmp_path / "run", recipe, 1), recipe, 1, Observer())
    if way == "device":
        trainer.way = device_step(trainer, trainer.device, None)
    if way == "slice":
        alone = SimpleNamespace(rank=0, size=1, sum=lambda part: part)
        trainer.way = SliceStep(trainer, alone)
    limits, forward = [], trainer.model.forward

    def noted(*arguments):
        if trainer.model.training:
            limits.append(trainer.model.clip_gradient)
        return forward(*arguments)

    monkeypatch.setattr(trainer.model, "forward", noted)
    assert trainer.train()
    assert limits == [10 / 16, 10 / 16, 10 / 8]


def test_without_a_limit_of_steps_nothing_is_clipped_between_them(tmp_path):
    recipe = RECIPE.override(["clip_steps=0", "sequences=16"])
    trainer = Trainer(create(tmp_path / "run", recipe, 1), recipe, 1, Observer())
    assert trainer.train()
    assert trainer.model.clip_gradient == math.inf


def test_as_many_snapshots_as_steps_are_kept(tmp_path):
    recipe = RECIPE.override(["sequences=40", "batch=16", "snapshots=3"])
    assert train(recipe, 1, tmp_path / "run")
    assert list(RunFolder(tmp_path / "run").snapshots()) == [0, 16, 32, 40]


def test_a_row_has_the_mean_cost_and_the_largest_norm_since_the_last(tmp_path, monkeypatch):
    """The last batch is half as large, and the row has fewer sequences than others would."""
    recipe = RECIPE.override(["sequences=40", "validate_every=100", "decay=1"])
    trainer = Trainer(create(tmp_path / "run", recipe, 1), recipe, 1, Observer())
    take, clip = trainer.way.take, trainer.way.clip
    costs, norms, rates = [], iter([3.0, 7.0, 5.0]), []

    def noted(sequences):
        costs.append(mean_cost(trainer.model, sequences).item() / math.log(2))
        take(sequences)
        rates.append(trainer.optimizer.param_groups[0]["lr"])

    monkeypatch.setattr(trainer.way, "take", noted)
    monkeypatch.setattr(trainer.way, "clip", lambda: clip() * 0 + next(norms))
    assert trainer.train()
    (row,) = read_metrics(tmp_path / "run")
    assert row["train_bits"] == pytest.approx((costs[0] + costs[1] + costs[2] / 2) / 2.5, rel=1e-5)
    assert row["gradient_norm"] == 7.0
    assert rates == [recipe.rate_at(done) for done in (0, 16, 32)]
    assert rates[2] < rates[0]


def test_loss_that_is_no_number_stops_and_keeps_what_is_good(tmp_path, monkeypatch):
    run = create(tmp_path / "run", RECIPE, 1)
    trainer = Trainer(run, RECIPE, 1, Observer())
    step = trainer.way.take

    def poisoned(sequences: Sequences) -> None:
        if trainer.progress.sequences == 160:
            sequences.targets.fill_(float("nan"))
        step(sequences)

    monkeypatch.setattr(trainer.way, "take", poisoned)
    with pytest.raises(TrainingError, match=r"nan .* after 160 sequences of seed 1"):
        trainer.train()
    kept = load_file(run.failure)
    assert torch.isnan(kept["targets"]).all()
    assert kept["inputs"].shape == (16, 12, 1)
    assert all(torch.isfinite(v).all() for k, v in kept.items() if k.startswith("model."))
    assert all(torch.isfinite(v).all() for v in load_file(run.checkpoint).values())


SNAPSHOTS = RECIPE.override(["snapshots=3"])


def test_snapshots_are_the_weights_on_the_way(whole, tmp_path):
    assert train(SNAPSHOTS, 1, tmp_path / "run")
    folder = tmp_path / "run" / "snapshots"
    found = sorted(int(path.stem) for path in folder.glob("*.safetensors"))
    assert found == [0, 160, 320, 480]
    last = load_file(folder / "480.safetensors")
    final = load_file(tmp_path / "run" / "model.safetensors")
    assert all(torch.equal(last[name], final[name]) for name in final)
    first = load_file(folder / "0.safetensors")
    assert not all(torch.equal(first[name], final[name]) for name in final)
    assert load_model(str(folder / "160.safetensors")).slots == 8
    assert_same_run(tmp_path / "run", whole)  # keeping them changes nothing else


def test_a_resumed_run_keeps_the_same_snapshots(tmp_path):
    assert train(SNAPSHOTS, 1, tmp_path / "whole")
    stopped_after(tmp_path / "run", 200, SNAPSHOTS)
    assert resume(tmp_path / "run")
    assert_same_run(tmp_path / "run", tmp_path / "whole")
    for name in (0, 160, 320, 480):
        a, b = (tmp_path / run / "snapshots" / f"{name}.safetensors" for run in ("run", "whole"))
        assert a.read_bytes() == b.read_bytes()


def test_a_run_without_snapshots_has_no_folder_for_them(whole):
    assert not (whole / "snapshots").exists()


def test_an_overflowing_gradient_is_left_out_and_counted(tmp_path, monkeypatch):
    run = create(tmp_path / "run", RECIPE, 1)
    trainer = Trainer(run, RECIPE, 1, Observer())
    clip = trainer.way.clip
    overflowing = {32, 48}

    def once() -> float:
        return float("inf") if trainer.progress.sequences in overflowing else clip()

    monkeypatch.setattr(trainer.way, "clip", once)
    assert trainer.train()
    assert [row["skipped"] for row in read_metrics(run.path)] == [2, 0, 0, 0, 0]


def test_gradients_that_go_on_overflowing_are_a_failure(tmp_path, monkeypatch):
    run = create(tmp_path / "run", RECIPE, 1)
    trainer = Trainer(run, RECIPE, 1, Observer())
    monkeypatch.setattr(trainer.way, "clip", lambda: float("inf"))
    with pytest.raises(TrainingError, match="gradient norm inf after 160"):
        trainer.train()
    assert run.failure.exists()


def test_outputs_that_are_no_numbers_at_a_validation_are_a_failure(tmp_path):
    """The loss that the update began from was finite."""
    recipe = RECIPE.override(["model.activation=relu", "learning_rate=1e20", "validate_every=16"])
    about = r"logits that are not numbers, .* at the validation after 16 sequences of seed 1; batch"
    with pytest.raises(TrainingError, match=about):
        train(recipe, 1, tmp_path / "run")
    run = RunFolder(tmp_path / "run")
    kept = load_file(run.failure)
    assert kept["inputs"].shape == (1000, 12, 1)
    assert max(v.abs().max() for k, v in kept.items() if k.startswith("model.")) > 1e18
    assert all(v.isfinite().all() for v in load_file(run.checkpoint).values())
    with pytest.raises(TrainingError, match=about):
        resume(run.path)


def test_resuming_a_finished_run_does_nothing(whole):
    before = (whole / "checkpoint.safetensors").read_bytes()
    assert resume(whole)
    assert len(read_metrics(whole)) == 5
    assert before == (whole / "checkpoint.safetensors").read_bytes()


def test_a_taken_folder_and_a_busy_run_are_refused(whole, tmp_path):
    with pytest.raises(InputError, match="--resume"):
        create(whole, RECIPE, 1)
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="not an empty folder"):
        create(tmp_path, RECIPE, 1)
    run, _, _ = read_config(whole)
    with locked(run), pytest.raises(InputError, match="another process"):
        resume(whole)


def test_damaged_runs_are_refused(whole, tmp_path):
    with pytest.raises(InputError, match="not a run folder"):
        resume(tmp_path)
    run = create(tmp_path / "run", RECIPE, 1)
    run.metrics.write_bytes((whole / "metrics.jsonl").read_bytes())
    with pytest.raises(InputError, match="no checkpoint"):
        resume(run.path)
    run.checkpoint.write_bytes(b"\0" * 100)
    with pytest.raises(InputError, match="not a checkpoint"):
        resume(run.path)
    run.checkpoint.write_bytes((whole / "model.safetensors").read_bytes())
    with pytest.raises(InputError, match="not a checkpoint"):
        resume(run.path)
    run.config.write_text("{")
    with pytest.raises(InputError, match="damaged"):
        resume(run.path)
    (tmp_path / "metrics.jsonl").write_text("")
    with pytest.raises(InputError, match="no row"):
        read_metrics(tmp_path)


def test_a_half_written_last_row_is_passed_over(whole, tmp_path):
    text = (whole / "metrics.jsonl").read_text()
    (tmp_path / "metrics.jsonl").write_text(text + '{"sequences": 5')
    assert len(read_metrics(tmp_path)) == 5
