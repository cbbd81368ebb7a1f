"""Whatever a user brings is tested before it is scored: what looks ahead gets no row unasked."""

import functools
import json
import math

import numpy as np
import pytest
import torch

from ntmlab import (
    LSTM,
    DynamicNGrams,
    InputError,
    compare,
    from_sklearn,
    from_stream,
    make_task,
)
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.ours import is_ours
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.evaluation.prefix import LooksAhead, why_not
from ntmlab.evaluation.scored import asked
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


def test_the_step_is_said_that_changes_and_by_how_much():
    """It says 0.7 in place of 1/2 at step 60 where there is a step 100: a cut at 64 tells."""

    def peeks(inputs):
        said = torch.full((*inputs.shape[:2], 1), 0.5, dtype=torch.float64)
        if inputs.shape[1] > 100:
            said[1, 60] = 0.7
        return said

    assert why_not(peeks, TASK.sample(3, seed=1), "mine") == (
        "looks ahead: what it says at step 60 changes by 0.2 when the sequence is cut from 200 to "
        "64 steps"
    )


@pytest.mark.parametrize(
    "kind",
    [planted.GRU, planted.CausalConvolution, planted.Attention, planted.LongConvolution],
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
@pytest.mark.parametrize("seed", range(4))
def test_what_does_not_is_scored(kind, dtype, seed):
    if kind is planted.LongConvolution and dtype is torch.bfloat16:
        pytest.skip("PyTorch has no Fourier transform of bfloat16")
    torch.manual_seed(seed)
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


def peeking(inputs):
    """Says the next bit with 0.52, in numbers that half precision has."""
    shifted = torch.cat([inputs[:, 1:], inputs[:, -1:]], 1)
    return (0.5 + 0.02 * (2 * shifted - 1)).bfloat16().float()


def test_a_function_that_wraps_one_of_ours_is_the_users():
    wrapped = functools.wraps(coin)(peeking)
    assert wrapped.__module__ == coin.__module__
    assert not is_ours(wrapped)
    assert not is_ours(functools.partial(coin, outputs=peeking))
    with pytest.raises(InputError, match="looks ahead"):
        compare(TASK.sample(3, seed=1), {"Mine": wrapped})


def test_half_precision_hides_no_leak():
    """A twentieth of a probability is allowed where passes differ in shape, not where they agree.

    0.02 at each of 200 steps would be 11 bits.
    """
    with pytest.raises(InputError, match=r"ahead: .* when inputs from step \d+ on are others"):
        compare(TASK.sample(3, seed=1), {"Mine": peeking})
    three = make_task("dynamic-ngrams:order=2,letters=3")

    def peeks(inputs):
        return torch.softmax(0.001 * torch.cat([inputs[:, 1:], inputs[:, -1:]], 1), -1)

    with pytest.raises(InputError, match="looks ahead"):
        compare(three.sample(3, seed=1), {"Mine": peeks})


class InLargeBatches(planted.GRU):
    """Normalised over the rows of a batch, where there are enough."""

    def forward(self, inputs, state=None):
        logits, state = super().forward(inputs, state)
        return (logits - logits.mean(0) if len(inputs) >= 16 else logits), state


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_what_sees_other_rows_is_refused(dtype):
    sequences = TASK.sample(3, seed=1)
    with pytest.raises(InputError, match=r"sees other rows of a batch: .* when 62 beside"):
        compare(sequences, {"Mine": InLargeBatches().eval().to(dtype)})
    with pytest.raises(InputError, match="sees other rows"):
        compare(sequences, {"Mine": lambda x: torch.sigmoid(x - x.mean(0))})


class SharedCounts:
    """Objects that share their counts, since these are an attribute of the class."""

    counts = [0.5, 0.5]  # noqa: RUF012  the fault

    def predict(self):
        return self.counts[1] / sum(self.counts)

    def update(self, symbol):
        self.counts[symbol] += 1


class CentredFrequencies:
    """A classifier that looks at all the steps it is asked about."""

    classes_ = (0, 1)

    def predict_proba(self, features):
        ones = features[:, 1]
        p = 0.5 + 0.1 * (ones - ones.mean())
        return torch.tensor([[1 - one, one] for one in p]).numpy()


def test_objects_that_adapters_hold_are_the_users():
    sequences = TASK.sample(3, seed=1)
    with pytest.raises(InputError, match=r"another answer each time.*does it remember"):
        compare(sequences, {"Mine": from_stream(SharedCounts)})
    with pytest.raises(InputError, match="looks ahead"):
        compare(sequences, {"Mine": from_sklearn(CentredFrequencies(), window=2)})


class InPlace(torch.nn.Module):
    """Takes bits as -1 and 1, and makes them so where they stand."""

    def __init__(self):
        super().__init__()
        self.read = torch.nn.Linear(1, 1)

    def forward(self, inputs):
        return self.read(inputs.mul_(2).sub_(1))


def test_what_writes_into_its_inputs_changes_nobody_elses():
    torch.manual_seed(0)
    model, sequences = InPlace(), TASK.sample(3, seed=1)
    before = sequences.inputs.clone()

    def written(inputs):
        return torch.sigmoid(model.read(inputs.mul_(2).sub_(1))).detach()

    both = {"Module": model, "Function": written, "optimal": TASK.optimal()}
    found = compare(sequences, both)
    assert torch.equal(sequences.inputs, before)
    right = torch.sigmoid(model.read(2 * before - 1)).detach().double().numpy()
    assert abs(found.probabilities["Module"] - right).max() < 1e-6
    assert abs(found.probabilities["Function"] - right).max() < 1e-6
    ModulePredictor(model)(sequences.inputs)
    assert torch.equal(sequences.inputs, before)
    own = Foreign("tests.evaluation.test_prefix:InPlace", 1, 1, {})
    own(sequences.inputs)
    assert torch.equal(sequences.inputs, before)


class Erasing:
    """A part of a user's own predictor, whatever of ours the rest of it is."""

    def __call__(self, inputs):
        said = super().__call__(inputs)
        inputs.zero_()
        return said


class ErasingModule(Erasing, ModulePredictor):
    pass


class ErasingFilter(Erasing, FilterPredictor):
    pass


def test_what_is_made_of_our_predictors_and_writes_into_its_inputs_changes_nobody_elses():
    torch.manual_seed(0)
    read, sequences = torch.nn.Linear(1, 1), TASK.sample(3, seed=1)
    before = sequences.inputs.clone()
    pairs = {
        "module": (ErasingModule(read), ModulePredictor(read)),
        "filter": (ErasingFilter(KT(2, 1)), FilterPredictor(KT(2, 1))),
    }
    for name, (own, ours) in pairs.items():
        said = asked(own, sequences, name)
        assert torch.equal(sequences.inputs, before)
        np.testing.assert_array_equal(said, asked(ours, sequences, name))


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


def test_of_a_file_it_is_marked_too_and_named_once(mine, capsys, tmp_path):
    """It gives every bit that comes 0.95, but the last, of which it sees the one before: 0.05."""
    (tmp_path / "mine.bits").write_text("0110" * 10)
    command = ("evaluate", "--file", "mine.bits", "--json", "--models", f"{mine}:peeks")
    status, _, err = run(capsys, *command)
    assert (status, "--unchecked" in err) == (2, True)
    status, out, err = run(capsys, *command, "kt-0", "--unchecked")
    assert status == 0, err
    models = json.loads(out)["models"]
    assert list(models) == [f"{mine}:peeks (looks ahead)", "kt-0"]
    bits = models[f"{mine}:peeks (looks ahead)"]["bits"]
    assert bits == pytest.approx(-39 * math.log2(0.95) - math.log2(0.05))
    for start in (("evaluate", "dynamic-ngrams"), ("evaluate", "--file", "mine.bits")):
        given = (*start, "--models", f"{mine}:peeks", f"{mine}:peeks", "--unchecked")
        status, _, err = run(capsys, *given)
        assert (status, f"model {mine}:peeks is named twice" in err) == (2, True)


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
