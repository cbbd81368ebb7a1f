"""Probabilities where logits are expected: each of them is a logit too, and costs bits unsaid."""

import numpy as np
import pytest
import torch
from torch import nn

from ntmlab import InputError, compare, from_torch, make_task
from ntmlab.evaluation.misread import misread
from ntmlab.evaluation.prefix import why_not
from ntmlab.models import ModulePredictor
from ntmlab.outputs import Bits
from ntmlab.sequences import Sequences, next_symbol, outputs_of
from tests.cli.commands import run

TASKS = ["dynamic-ngrams", "hmm:mess3", "lags", "copy"]
ROWS = 16


class Exact(nn.Module):
    """The optimum as a module, in probabilities or in logits."""

    def __init__(self, task, returns):
        super().__init__()
        self.optimal, self.returns = task.optimal(), returns
        self.letters = outputs_of(task.sample(1, seed=0)).letters

    def forward(self, inputs):
        p = self.optimal(inputs)
        if self.returns == "probabilities":
            return p.clone()
        if self.returns == "log-probabilities":
            return p.log()
        return torch.logit(p, 1e-9) if self.letters in (None, 2) else p.clamp(1e-9).log()


@pytest.mark.parametrize("name", TASKS)
def test_probabilities_in_place_of_logits_are_refused(name):
    task = make_task(name)
    sequences = task.sample(ROWS, seed=3)
    with pytest.raises(InputError, match=r"Mine returns probabilities .*from_torch with outputs"):
        compare(sequences, {"Mine": Exact(task, "probabilities")})
    assert (
        why_not(ModulePredictor(Exact(task, "logits"), outputs_of(sequences)), sequences, "m")
        is None
    )


@pytest.mark.parametrize("name", TASKS)
def test_logarithms_of_a_bit_in_place_of_logits_are_refused(name):
    """Of letters softmax takes them for what they are, and their cost is the optimum's."""
    task = make_task(name)
    sequences = task.sample(ROWS, seed=3)
    mine = {"optimal": task.optimal(), "Mine": Exact(task, "log-probabilities")}
    if name == "hmm:mess3":
        assert compare(sequences, mine).score("Mine").gap == pytest.approx(0, abs=1e-9)
        return
    with pytest.raises(InputError, match=r"Mine returns log-probabilities .*outputs='log-prob"):
        compare(sequences, mine)


def test_said_to_be_probabilities_they_are_scored():
    task = make_task("hmm:mess3")
    sequences = task.sample(ROWS, seed=3)
    said = from_torch(
        Exact(task, "probabilities"), letters=3, inputs="one-hot", outputs="probabilities"
    )
    assert why_not(ModulePredictor(said, outputs_of(sequences)), sequences, "m") is None


@pytest.mark.parametrize("name", ["hmm:mess3", "dynamic-ngrams", "coins", "change-points"])
def test_new_models_return_logits(name):
    """Their outputs may all lie between 0 and 1, and say next to nothing."""
    task = make_task(name)
    sequences = task.sample(ROWS, seed=3)
    for seed in range(20):
        torch.manual_seed(seed)
        model = nn.Sequential(
            nn.Linear(task.input_size, 8), nn.Tanh(), nn.Linear(8, task.output_size)
        )
        predictor = ModulePredictor(model, outputs_of(sequences))
        assert why_not(predictor, sequences, "new") is None, seed


MODELS = """
import torch
from ntmlab import make_task

class Sigmoid(torch.nn.Module):
    def __init__(self, *sizes):
        super().__init__()
        self.optimal = make_task("dynamic-ngrams").optimal()

    def forward(self, inputs):
        return self.optimal(inputs)
"""


def test_on_the_command_line(tmp_path, monkeypatch, capsys):
    (tmp_path / "probabilities_of_mine.py").write_text(MODELS)
    monkeypatch.chdir(tmp_path)
    command = ("evaluate", "dynamic-ngrams", "--sequences", 3, "--models")
    status, out, err = run(capsys, *command, "probabilities_of_mine:Sigmoid")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "returns probabilities in place of logits" in err
    status, _, err = run(capsys, *command, "probabilities_of_mine:Sigmoid", "--unchecked")
    assert status == 0, err


def test_what_saves_little_as_probabilities_may_be_logits():
    """Calibrated probabilities that know one step in 25, and save a thirtieth of a bit a step."""
    steps = 4000
    given = np.full((1, steps, 1), 0.5)
    given[0, ::25, 0] = np.tile((0.02, 0.98), steps // 50)
    bits = np.random.default_rng(0).random(given.shape) < given
    inputs, mask = torch.zeros(1, steps, 1), torch.ones(1, steps)
    some = Sequences(inputs, torch.from_numpy(bits).float(), mask, outputs=Bits(1))
    said = 1 / (1 + np.exp(-given))
    saved = outputs_of(some).cost_bits(np.full_like(given, bits.mean()), bits, mask.numpy()).sum()
    saved -= outputs_of(some).cost_bits(given, bits, mask.numpy()).sum()
    assert 0.02 < saved / steps < 0.045
    assert misread(said, some) is None
    known = np.where(np.arange(steps) % 2, 0.02, 0.98)[None, :, None]  # and here every step
    bits = np.random.default_rng(0).random(given.shape) < known
    some = Sequences(inputs, torch.from_numpy(bits).float(), mask, outputs=Bits(1))
    assert misread(1 / (1 + np.exp(-known)), some) is not None


def judged(right, said):
    """What is said of one that returns two numbers, of 40 pairs so many right; and bits less."""
    steps = np.arange(80)
    guess = steps % 2  # a 1 at every other step
    bits = np.where(steps // 2 < right, guess, 1 - guess)
    values = np.where(guess, said, 1 - said)
    sequences = next_symbol([bits.tolist()] * 3)
    found = misread(np.tile(1 / (1 + np.exp(-values)), (3, 1))[..., None], sequences)
    logits = -np.log2(1 / (1 + np.exp(-np.where(bits, values, -values)))).sum()
    return found, logits + np.log2(np.where(bits, values, 1 - values)).sum()


def test_what_costs_less_as_probabilities_is_told_in_bits_a_sequence():
    found, less = judged(36, 0.9)
    assert f"they cost {less:.0f} bits a sequence less" in found


def test_what_costs_no_less_or_other_than_it_expects_is_no_misreading():
    """Three in four right of what says nine in ten; all right of what doubts one in twelve."""
    assert judged(30, 0.9)[0] is None
    assert judged(40, 0.92)[0] is None
