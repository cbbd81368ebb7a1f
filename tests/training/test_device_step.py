"""Steps that nobody waits for: on the CPU, where they can be set beside those of the host."""

import itertools
import json

import pytest
import torch
from safetensors.torch import load_file

from ntmlab.errors import Remark
from ntmlab.runs.folder import create
from ntmlab.training import TrainingError, find_recipe, read_metrics, train
from ntmlab.training import device_step as device_step_module
from ntmlab.training import graphs as graphs_module
from ntmlab.training import machines as machines_module
from ntmlab.training.data import CPU
from ntmlab.training.device_step import device_step
from ntmlab.training.graphs import Graphs
from ntmlab.training.loop import Observer, Trainer
from tests.training.test_loop import RECIPE, assert_same_run

QUICK = RECIPE.override(["validate_every=240"])
COPY = find_recipe("copy-lstm").override(
    ["sequences=480", "validate_every=240", "model.hidden_size=16", "task.max_length=6"]
)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Without what takes most of the time of such short runs."""
    monkeypatch.setattr("ntmlab.training.validation.EVALUATION_SEQUENCES", 20)
    for module in ("ntmlab.training.keeper", "ntmlab.runs.environment"):
        monkeypatch.setattr(f"{module}.commit", lambda: None)


def trainer_of(path, recipe=RECIPE, record=lambda action: action) -> Trainer:
    """A trainer that takes its steps as on a GPU; what is recorded runs when it is replayed."""
    trainer = Trainer(create(path, recipe, 1), recipe, 1, Observer())
    trainer.way = device_step(trainer, CPU, record)
    return trainer


COURSES = {
    "plain": QUICK,
    "smooth": QUICK.override(["clip_norm=0.3", "optimizer=adam-smooth", "weight_decay=0.01"]),
    "values": QUICK.override(["clip_norm=0", "clip_value=1e-3", "batch=50"]),
    "slots": QUICK.override(["fewest_slots=6", "decay=0"]),
    "lengths": COPY,
}


@pytest.mark.parametrize("course", COURSES)
def test_the_course_is_that_of_the_host_to_the_bit(tmp_path, course):
    recipe = COURSES[course]
    assert train(recipe, 1, tmp_path / "host")
    for recorded in (False, True):
        trainer = trainer_of(tmp_path / str(recorded), recipe)
        if not recorded:
            trainer.way = device_step(trainer, CPU, None)
        assert trainer.train()
        assert bool(trainer.way.graphs.recorded) == recorded
        assert_same_run(tmp_path / "host", tmp_path / str(recorded))


def test_the_papers_optimizer_goes_the_same_way(tmp_path):
    """Its rate is multiplied in another order here, so the last bits differ."""
    recipe = QUICK.override(["optimizer=graves-rmsprop", "clip_norm=0", "clip_value=10"])
    assert train(recipe, 1, tmp_path / "host")
    assert trainer_of(tmp_path / "device", recipe).train()
    host, device = (load_file(tmp_path / n / "checkpoint.safetensors") for n in ("host", "device"))
    for name, value in host.items():
        torch.testing.assert_close(device[name], value, rtol=1e-4, atol=1e-6)


def test_resuming_changes_no_bit(tmp_path):
    assert trainer_of(tmp_path / "whole").train()
    trainer = trainer_of(tmp_path / "parts")
    trainer.observer = Observer(should_stop=lambda: trainer.progress.sequences >= 250)
    assert not trainer.train()
    again = Trainer(trainer.keeper.run, RECIPE, 1, Observer())
    again.resume()
    again.way = device_step(again, CPU, lambda action: action)
    assert again.train()
    assert_same_run(tmp_path / "parts", tmp_path / "whole")


def poison(monkeypatch, *, gradient=(), loss=()):
    """Makes the gradients of some steps infinite, and the loss of some NaN."""
    steps, cost = itertools.count(), machines_module.mean_cost

    def poisoned(*arguments):
        nats, step = cost(*arguments), next(steps)
        if step in loss:
            nats = nats * float("nan")
        if step in gradient:
            nats.register_hook(lambda arrived: arrived * float("inf"))
            nats = nats * 1
        return nats

    monkeypatch.setattr(machines_module, "mean_cost", poisoned)


@pytest.mark.parametrize("optimizer", ["adam", "graves-rmsprop"])
def test_an_overflow_leaves_weights_and_state_untouched(tmp_path, monkeypatch, optimizer):
    recipe = RECIPE.override([f"optimizer={optimizer}"])
    trainer = trainer_of(tmp_path / "run", recipe)
    poison(monkeypatch, gradient=(2, 3, 8))
    states = []

    def note(progress):
        state = trainer.optimizer.state_dict()["state"]
        parts = [v for row in state.values() for v in row.values()]
        states.append([t.detach().clone() for t in (*trainer.parameters, *parts)])

    trainer.observer = Observer(step=note)
    assert trainer.train()
    same = [all(map(torch.equal, a, b)) for a, b in itertools.pairwise(states)]
    assert [i + 1 for i, equal in enumerate(same) if equal] == [2, 3, 8]
    rows = read_metrics(tmp_path / "run")
    assert [row["skipped"] for row in rows] == [2, 1, 0, 0, 0]
    assert all(torch.isfinite(torch.tensor(row["gradient_norm"])) for row in rows)


def test_gradients_that_go_on_overflowing_are_a_failure(tmp_path, monkeypatch):
    trainer = trainer_of(tmp_path / "run")
    poison(monkeypatch, gradient=range(100))
    with pytest.raises(TrainingError, match=r"gradient norm (inf|nan) after 160 sequences"):
        trainer.train()


def test_a_loss_that_is_no_number_is_found_late_with_what_was_then(tmp_path, monkeypatch):
    recipe = RECIPE.override(["validate_every=400"])
    trainer = trainer_of(tmp_path / "run", recipe)
    poison(monkeypatch, loss=(10,))
    taken, weights = [], []

    def note(progress):
        taken.append(progress.sequences)
        if progress.sequences == 160:
            weights.extend(p.detach().clone() for p in trainer.parameters)

    trainer.observer = Observer(step=note)
    with pytest.raises(TrainingError, match=r"loss nan .* after 160 sequences of seed 1"):
        trainer.train()
    assert max(taken) == 384  # the row at 400 found it
    run = trainer.keeper.run
    kept = load_file(run.failure)
    expected = recipe.make_task().sample(16, 1, 2**40 + 160)
    assert torch.equal(kept["targets"], expected.targets)
    names = [name for name, _ in trainer.model.named_parameters()]
    assert all(torch.equal(kept[f"model.{n}"], w) for n, w in zip(names, weights, strict=True))
    assert all(torch.isfinite(v).all() for v in load_file(run.checkpoint).values())
    assert json.loads(run.config.read_text())["seed"] == 1
    assert not run.metrics.exists()


def test_somebody_looks_every_so_many_steps(tmp_path, monkeypatch):
    monkeypatch.setattr(device_step_module, "READ_EVERY", 4)
    trainer = trainer_of(tmp_path / "run", RECIPE.override(["validate_every=480"]))
    poison(monkeypatch, loss=(5,))
    taken = []
    trainer.observer = Observer(step=lambda progress: taken.append(progress.sequences))
    with pytest.raises(TrainingError, match="after 80 sequences"):
        trainer.train()
    assert len(taken) == 7


def test_common_shapes_are_recorded_up_to_a_number(tmp_path, monkeypatch):
    monkeypatch.setattr(graphs_module, "MOST_GRAPHS", 2)
    recipe = COPY.override(["batch=4"])
    trainer = trainer_of(tmp_path / "run", recipe)
    assert trainer.train()
    assert len(trainer.way.graphs.met) > 2
    assert len(trainer.way.graphs.recorded) == 2
    assert train(recipe, 1, tmp_path / "host")
    assert_same_run(tmp_path / "run", tmp_path / "host")


def test_memories_of_every_size_are_one_graph(tmp_path):
    trainer = trainer_of(tmp_path / "run", QUICK.override(["fewest_slots=5"]))
    assert trainer.train()
    (recorded,) = trainer.way.graphs.recorded.values()
    assert recorded.slots.shape == (1,)


def test_what_cannot_be_recorded_is_remarked_once_and_taken_plainly(tmp_path):
    def refuse(action):
        raise RuntimeError("operation not permitted when stream is capturing\nmore")

    trainer = trainer_of(tmp_path / "run", QUICK, record=refuse)
    with pytest.warns(Remark, match=r"cannot be recorded .*capturing\)") as remarks:
        assert trainer.train()
    assert len(remarks) == 1
    assert train(QUICK, 1, tmp_path / "host")
    assert_same_run(tmp_path / "run", tmp_path / "host")


def test_a_recorded_step_reads_the_batch_that_it_is_given():
    seen, task = [], RECIPE.make_task()

    def action(sequences, slots):
        seen.append((sequences.targets.clone(), slots))

    graphs = Graphs(action, lambda action: action)
    drawn = [task.sample(4, i) for i in range(6)]
    for one in drawn:
        graphs(one, None)
    assert len(graphs.recorded) == 1
    assert all(torch.equal(one.targets, t) for one, (t, _) in zip(drawn, seen, strict=True))
