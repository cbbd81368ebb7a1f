"""On a GPU: a course as exact as on the CPU, recorded or not, and nobody waits."""

import re
import warnings

import pytest
import torch

from ntmlab import NTM
from ntmlab.errors import Remark
from ntmlab.runs.folder import create
from ntmlab.training import TrainingError, find_recipe, read_metrics, resume, train
from ntmlab.training.checkpoint import generators
from ntmlab.training.device import find_device, why_no_ntm
from ntmlab.training.device_step import device_step
from ntmlab.training.isolation import isolated
from ntmlab.training.loop import Observer, Trainer
from ntmlab.training.many import Place, complete_together
from ntmlab.training.together import Group
from tests.gpu import needs_gpu
from tests.training.test_loop import assert_same_run

SETTINGS = ["sequences=480", "validate_every=100"]
LSTM = find_recipe("copy-lstm").override([*SETTINGS, "model.hidden_size=16", "task.max_length=6"])
NTM_ = find_recipe("ngrams-ntm").override([*SETTINGS, "task.length=40", "batch=16"])
RECIPES = [
    LSTM,
    LSTM.override(["optimizer=graves-rmsprop", "clip_norm=0", "clip_value=10"]),
    NTM_,
    NTM_.override(["fewest_slots=100"]),
    find_recipe("ngrams-ntm-lstm").override([*SETTINGS, "task.length=40"]),
    find_recipe("copy-ntm").override([*SETTINGS, "task.max_length=6"]),
]
NAMES = ["lstm", "lstm-graves", "ntm", "ntm-slots", "ntm-lstm", "ntm-copy"]
TOGETHER = {
    name: recipe.override(["sequences=160", "validate_every=80"])
    for name, recipe in zip(NAMES, RECIPES, strict=True)
}
each_recipe = pytest.mark.parametrize("recipe", RECIPES, ids=NAMES)


def trainer_of(path, recipe, *, recorded=True, seed=1) -> Trainer:
    """A trainer on the GPU; where it cannot be, the test is skipped."""
    if recipe.model == "ntm":
        why_not = why_no_ntm([torch.zeros(1, device="cuda")])
        if why_not is not None:
            pytest.skip(why_not)
    run = create(path, recipe, seed, "cuda")
    trainer = Trainer(run, recipe, seed, Observer(), find_device("cuda", recipe.model))
    if not recorded:
        trainer.way = device_step(trainer, trainer.device, None)
    return trainer


@needs_gpu
@each_recipe
def test_it_repeats_itself_and_resuming_changes_no_bit(tmp_path, recipe):
    with isolated(torch.device("cuda")):
        assert trainer_of(tmp_path / "whole", recipe).train()
        trainer = trainer_of(tmp_path / "parts", recipe)
        trainer.observer = Observer(should_stop=lambda: trainer.progress.sequences >= 250)
        assert not trainer.train()
    assert resume(tmp_path / "parts")
    assert_same_run(tmp_path / "parts", tmp_path / "whole")


@needs_gpu
@each_recipe
def test_recorded_steps_are_the_plain_ones_to_the_bit(tmp_path, recipe):
    with isolated(torch.device("cuda")):
        trainer = trainer_of(tmp_path / "graph", recipe)
        assert trainer.train()
        assert trainer.way.graphs.recorded
        assert trainer_of(tmp_path / "plain", recipe, recorded=False).train()
    assert_same_run(tmp_path / "graph", tmp_path / "plain")


@needs_gpu
@each_recipe
def test_it_follows_the_cpu(tmp_path, recipe):
    recipe = recipe.override(["sequences=64", "validate_every=64"])
    with isolated(torch.device("cuda")):
        assert trainer_of(tmp_path / "cuda", recipe).train()
    assert train(recipe, 1, tmp_path / "cpu")
    cpu, gpu = (read_metrics(tmp_path / device)[-1] for device in ("cpu", "cuda"))
    assert gpu["bits"] == pytest.approx(cpu["bits"], rel=1e-4)
    assert gpu["train_bits"] == pytest.approx(cpu["train_bits"], rel=1e-4)


@needs_gpu
@each_recipe
def test_no_step_waits_for_the_gpu(tmp_path, recipe):
    with isolated(torch.device("cuda")), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the mode itself, that it is a prototype
        trainer = trainer_of(tmp_path / "run", recipe.override(["validate_every=480"]))
        steps = trainer.steps()
        for _ in range(8):  # kernels are loaded, steps recorded
            next(steps)
        torch.cuda.set_sync_debug_mode("error")
        try:
            for _ in range(12):
                next(steps)
        finally:
            torch.cuda.set_sync_debug_mode("default")


@needs_gpu
@each_recipe
def test_a_step_that_overflows_leaves_weights_and_state_untouched(tmp_path, recipe):
    with isolated(torch.device("cuda")):
        trainer = trainer_of(tmp_path / "run", recipe)
        steps = trainer.steps()
        for _ in range(8):
            next(steps)

        def everything():
            state = trainer.optimizer.state_dict()["state"].values()
            return [*trainer.parameters, *(value for row in state for value in row.values())]

        before = [tensor.detach().clone() for tensor in everything()]
        bad = trainer.task.sample(16, 5).trim().to(trainer.device)
        bad.inputs.fill_(float("nan"))
        trainer.way.take(bad)
        assert all(map(torch.equal, before, everything()))
        with pytest.raises(TrainingError, match="loss nan and gradient norm nan after 128"):
            trainer.way.settle()


class Waits(NTM):
    """Its forward pass asks for a number."""

    def forward(self, *arguments):
        assert self.read_weights.sum().item() < 1e9
        return super().forward(*arguments)


@needs_gpu
def test_what_cannot_be_recorded_is_taken_plainly_with_a_remark(tmp_path):
    with isolated(torch.device("cuda")):
        trainer = trainer_of(tmp_path / "run", NTM_)
        trainer.model.__class__ = Waits
        with pytest.warns(Remark, match="cannot be recorded as a CUDA graph"):
            assert trainer.train()
        trainer = trainer_of(tmp_path / "plain", NTM_, recorded=False)
        assert trainer.train()
    assert_same_run(tmp_path / "run", tmp_path / "plain")


@needs_gpu
@pytest.mark.parametrize("name", ["copy-lstm", "ngrams-ntm"])
def test_a_batch_that_is_too_large_is_a_line_with_one_that_fits(tmp_path, name):
    recipe = find_recipe(name).override(["batch=8192", "sequences=8192"])
    with isolated(torch.device("cuda")):
        trainer = trainer_of(tmp_path / "run", recipe)
        torch.cuda.set_per_process_memory_fraction(0.03)
        try:
            with pytest.raises(TrainingError, match=r"needs more memory .* would fit") as caught:
                trainer.train()
            said = str(caught.value)
            assert "\n" not in said
            fits = int(re.search(r"--set batch=(\d+)", said)[1])
            assert fits > 64
            again = recipe.override([f"batch={fits}", f"sequences={fits}"])
            assert trainer_of(tmp_path / "again", again).train()
        finally:
            torch.cuda.set_per_process_memory_fraction(1.0)


@needs_gpu
@pytest.mark.parametrize("name", ["ntm", "ntm-slots", "ntm-lstm", "ntm-copy"])
def test_seeds_in_one_launch_are_the_runs_alone(tmp_path, name):
    """Within rounding: sequences are spread over the chip in another way."""
    recipe = TOGETHER[name]
    trainer_of(tmp_path / "first", recipe)  # skips where it cannot be
    places = [Place(seed, tmp_path / f"seed{seed}") for seed in range(4)]
    assert set(complete_together(recipe, places, "cuda").values()) == {True}
    for seed, path in places[:2]:
        assert train(recipe, seed, tmp_path / f"alone{seed}", "cuda")
        alone, mine = (read_metrics(p)[-1] for p in (tmp_path / f"alone{seed}", path))
        assert mine["bits"] == pytest.approx(alone["bits"], rel=1e-3)
        assert mine["train_bits"] == pytest.approx(alone["train_bits"], rel=1e-3)


@needs_gpu
def test_seeds_in_one_launch_go_on_to_the_bit_and_one_that_fails_ends_alone(tmp_path):
    recipe = TOGETHER["ntm"]
    whole, parts = ([Place(s, tmp_path / f"{n}{s}") for s in range(3)] for n in ("whole", "parts"))
    assert set(complete_together(recipe, whole, "cuda").values()) == {True}
    stop = [False]
    row = Observer(row=lambda metrics: stop.append(True), should_stop=lambda: stop[-1])
    assert set(complete_together(recipe, parts, "cuda", row).values()) == {False}
    assert set(complete_together(recipe, parts, "cuda").values()) == {True}
    for one, other in zip(whole, parts, strict=True):
        assert_same_run(one.path, other.path)
    with isolated(torch.device("cuda")):
        bad = [trainer_of(tmp_path / f"bad{seed}", recipe, seed=seed) for seed in range(3)]
        bad[1].parameters[0].data.fill_(torch.nan)
        each = [(trainer, generators(trainer.model)) for trainer in bad]
        first, second, third = Group(each, Observer(), torch.device("cuda")).train()
    assert (first, third) == (True, True)
    assert "after 0 sequences of seed 1" in str(second)
