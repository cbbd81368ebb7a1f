"""Whatever a user brings is tested before it is scored: what looks ahead gets no row unasked."""

import functools
import json

import pytest
import torch

from ntmlab import LSTM, DynamicNGrams, InputError, compare, make_task
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.evaluation.prefix import LooksAhead, is_ours
from ntmlab.models import Foreign, ModulePredictor
from ntmlab.optimal import KT, ContextKT, FilterPredictor, coin
from tests.cli.commands import run
from tests.evaluation.checks import planted

TASK = DynamicNGrams(order=3)

MODELS = """
import torch
from tests.evaluation.checks import planted

def ahead():
    return planted.Attentive().eval()

def peeks():
    def predict(inputs):
        shifted = torch.cat([inputs[:, 1:], inputs[:, -1:]], 1)
        return 0.05 + 0.9 * shifted
    return predict

def right():
    return planted.GRU().eval()

def fixed():
    return lambda inputs: torch.full((len(inputs), 200, 1), 0.5)
"""


@pytest.fixture
def mine(tmp_path, monkeypatch):
    (tmp_path / "prefix_models.py").write_text(MODELS)
    monkeypatch.chdir(tmp_path)
    return "prefix_models"


@pytest.mark.parametrize(
    "kind",
    [planted.Attentive, planted.Centred, planted.OneAhead],
)
def test_what_looks_ahead_is_refused_by_compare(kind):
    torch.manual_seed(0)
    model, sequences = kind().eval(), TASK.sample(5, seed=1)
    looks = r"predictor Mine looks ahead: .* is cut from 200 to \d+ steps; .*unchecked=True"
    with pytest.raises(InputError, match=looks):
        compare(sequences, {"Mine": model})
    comparison = compare(sequences, {"Mine": model, "optimal": TASK.optimal()}, unchecked=True)
    assert comparison.looking_ahead == {"Mine"}
    assert "Mine (looks ahead)" in comparison.table()
    assert comparison.score("Mine").gap is not None


@pytest.mark.parametrize(
    "kind",
    [planted.GRU, planted.CausalConvolution, planted.Attention, planted.LongConvolution],
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_what_does_not_is_scored(kind, dtype):
    if kind is planted.LongConvolution and dtype is torch.bfloat16:
        pytest.skip("PyTorch has no Fourier transform of bfloat16")
    torch.manual_seed(0)
    comparison = compare(TASK.sample(3, seed=1), {"Mine": kind().eval().to(dtype)})
    assert comparison.table().splitlines()[1].startswith("Mine   ")


def test_randomness_and_fixed_answers_are_called_what_they_are():
    sequences = TASK.sample(3, seed=1)
    with pytest.raises(InputError, match="another answer each time"):
        compare(sequences, {"Mine": planted.DropoutOn().eval()})
    fixed = torch.full(sequences.targets.shape, 0.5)
    with pytest.raises(InputError, match="these 3 sequences together only"):
        compare(sequences, {"Mine": lambda inputs: fixed})
    with pytest.raises(InputError, match="takes no shorter sequence"):
        compare(sequences.take(slice(2)), {"Mine": lambda inputs: fixed[: len(inputs)]})
    assert compare(sequences, {"Mine": lambda inputs: fixed}, unchecked=True).score("Mine").bits

    def needs_two(inputs):
        return torch.sigmoid(inputs[:, :1] - inputs[:1, 1:2, :1] * 0 + 0 * inputs)

    assert compare(sequences, {"Mine": needs_two}).score("Mine").bits > 0


class Drawn(FilterPredictor):
    pass


class OwnFilter:
    letters = 2

    def start(self, rows):
        return rows

    def predict(self, state):
        return torch.full((state, 2), 0.5).numpy()

    def update(self, state, symbols):
        return state


class Unrolled(OwnFilter):
    def unrolled(self, symbols):
        return torch.full((*symbols.shape, 2), 0.5).numpy()


def test_our_own_are_not_tested_again():
    ours = (
        ModulePredictor(LSTM(1, 1)),
        TASK.optimal(),
        ContextKT(2),
        coin,
        functools.partial(coin, outputs=3),
        make_task("copy").optimal(),
        FilterPredictor(KT(3, 1)),
        FilterPredictor(OwnFilter()),
        LooksAhead(planted.frequencies, ""),
    )
    assert all(map(is_ours, ours))
    theirs = (
        ModulePredictor(planted.GRU()),
        planted.frequencies,
        FilterPredictor(Unrolled()),
        functools.partial(planted.frequencies),
        planted.GRU().forward,
        ModulePredictor(torch.nn.Linear(1, 1)),
        ModulePredictor(Foreign("tests.evaluation.checks.planted:GRU", 1, 1, {"units": 3})),
    )
    assert not any(map(is_ours, theirs))


def test_by_name_and_unchecked(mine):
    assert isinstance(find_predictor(f"{mine}:right", TASK), ModulePredictor)
    with pytest.raises(InputError, match="--unchecked"):
        find_predictor(f"{mine}:ahead", TASK)
    taken = find_predictor(f"{mine}:ahead", TASK, unchecked=True)
    assert isinstance(taken, LooksAhead)
    assert evaluate(TASK, {"x": taken}, 3, 0)["x"].bits > 0


COMMANDS = [
    ("evaluate", "dynamic-ngrams", "--sequences", 5, "--models"),
    ("predict", "0110" * 10, "--models"),
    ("figure", "--seed", 3, "--terminal", "--models", "optimal"),
    ("losses", "--sequences", 4),
    ("beyond", "--sequences", 20, "--length", 400),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_every_command_refuses_and_takes_it_unchecked(mine, capsys, command):
    status, out, err = run(capsys, *command, f"{mine}:peeks")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert f"predictor {mine}:peeks looks ahead" in err
    assert "--unchecked" in err
    status, out, err = run(capsys, *command, f"{mine}:peeks", "--unchecked")
    assert status == 0, err
    assert f"{mine}:peeks (looks ahead)" in out


def test_what_cannot_be_shorter_is_refused(mine, capsys):
    command = ("evaluate", "dynamic-ngrams", "--sequences", 5, "--json", "--models")
    status, _, err = run(capsys, *command, f"{mine}:fixed")
    assert (status, err.count("\n")) == (2, 1)
    assert "no shorter sequence" in err
    status, out, _ = run(capsys, *command, f"{mine}:fixed", "optimal", "--unchecked")
    assert list(json.loads(out)["models"]) == [f"{mine}:fixed (looks ahead)", "optimal"]


def test_answers_are_tested_too():
    task = make_task("copy")
    torch.manual_seed(0)
    assert compare(task.sample(3, seed=0), {"Mine": planted.GRU(9, 8).eval()})
    with pytest.raises(InputError, match="looks ahead"):
        compare(task.sample(3, seed=0), {"Mine": planted.Centred(9, 8).eval()})
