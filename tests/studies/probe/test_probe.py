"""A state that holds what the filter knows is read; one that holds nothing is not."""

import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import nn

from ntmlab import LSTM, NTM, DynamicNGrams, InputError, make_task
from ntmlab.cli import main
from ntmlab.errors import Remark
from ntmlab.models import make_model
from ntmlab.sequences import symbols_of
from ntmlab.studies.probe import features, measure, probe, to_json, to_text
from ntmlab.tasks import Copy

TASK = make_task("hmm:mess3", length=30)


class Held(NamedTuple):
    belief: torch.Tensor
    nothing: torch.Tensor


class Believer(nn.Module):
    """Runs the forward filter itself, and turns the belief about a little."""

    def __init__(self, task):
        super().__init__()
        self.filter = task.filter()
        self.turn = np.random.default_rng(0).normal(size=(3, 3))

    def forward(self, inputs, state=None):
        rows = len(inputs)
        first = self.filter.start(rows)
        known = first if state is None else np.log(state.belief.numpy() @ np.linalg.inv(self.turn))
        for t in range(inputs.shape[1]):
            if inputs[:, t].any():
                known = self.filter.update(known, symbols_of(inputs[:, t : t + 1], 3)[:, 0])
        held = Held(torch.tensor(np.exp(known) @ self.turn), torch.randn(rows, 5))
        return torch.zeros(*inputs.shape[:2], 3), held


def test_what_a_state_holds_is_read_and_noise_is_not():
    torch.manual_seed(0)
    found = probe(TASK, Believer(TASK), sequences=60)
    numbers, r2, error = found["belief"].known["belief"]
    assert numbers == 3
    assert r2 == pytest.approx(1, abs=1e-6)
    assert error < 1e-6
    assert found["belief"].known["optimal"][1] > 0.999
    assert abs(found["nothing"].known["belief"][1]) < 0.05


RANDOM = np.random.default_rng(3)
PART = RANDOM.normal(size=(6, 20, 2))


def test_numbers_of_one_target_weigh_as_much_as_they_vary():
    """Their errors are added, and one that never changes is not there to be read."""
    noise = RANDOM.normal(size=(6, 20))
    close, far = 3 * PART[..., 0] + 0.5 * noise, PART[..., 1] + noise
    columns = np.stack([close, np.ones_like(close), far], -1)
    alone = [measure._read(PART, {"it": one}).known["it"] for one in (close, far)]
    count, r2, error = measure._read(PART, {"other": noise, "it": columns}).known["it"]
    share = np.array([close.var(), far.var()]) / (close.var() + far.var())
    assert count == 2
    assert r2 == pytest.approx(share @ [one[1] for one in alone])
    assert error == pytest.approx(share @ [one[2] for one in alone])
    assert abs(alone[0][1] - alone[1][1]) > 0.3


def test_neither_where_numbers_lie_nor_how_far_apart_matters():
    """A feature's own size and zero, and that of what is read."""
    target = PART @ [1.0, -1.0] + 0.1 * RANDOM.normal(size=(6, 20))
    plain = measure._read(PART, {"it": target}).known["it"]
    moved = measure._read(PART * [1e-3, 1e3] + [0.3, -500.0], {"it": 1e-4 * target + 7}).known["it"]
    assert moved == pytest.approx(plain, rel=1e-6)
    assert plain[1] > 0.9


def test_a_large_part_is_read_at_every_few_steps(monkeypatch):
    gru = nn.GRU(3, 4, batch_first=True).requires_grad_(False)
    inputs = TASK.sample(12, seed=5).inputs
    state = features(gru, inputs)["state"].astype(np.float64)  # 12 of 30 steps of 4 numbers
    monkeypatch.setattr(measure, "MOST_NUMBERS", 12 * 30 * 4 // 3 + 1)
    optimal = TASK.optimal()(inputs).numpy()
    expected = measure._read(state[:, ::3], {"optimal": optimal[:, ::3]}).known["optimal"]
    with pytest.warns(Remark, match="is read at some: state at one step in 3$"):
        found = probe(TASK, gru, sequences=12, seed=5)["state"].known["optimal"]
    assert found == pytest.approx(expected)
    monkeypatch.setattr(measure, "MOST_FEATURES", 4)
    assert probe(TASK, gru, sequences=4)["state"].features == 4
    monkeypatch.setattr(measure, "MOST_FEATURES", 3)
    with pytest.raises(InputError, match="no part of the state has 3 numbers or fewer"):
        probe(TASK, gru, sequences=4)


class Parts(nn.Module):
    """Hands on two parts of a state, of which one is large."""

    def forward(self, inputs, state=None):
        seen = inputs.sum(1) if state is None else state["small"] + inputs.sum(1)
        return torch.zeros_like(inputs), {"small": seen, "large": seen.repeat(1, 3)}


def test_a_part_that_is_too_large_is_said_not_to_be_read(monkeypatch):
    monkeypatch.setattr(measure, "MOST_FEATURES", 8)
    with pytest.warns(Remark, match="parts of more than 8 numbers are not read: large of 9"):
        assert list(probe(TASK, Parts(), sequences=4)) == ["small"]


class Logarithms(Parts):
    """Hands on a part with the logarithm of what may be 0."""

    def forward(self, inputs, state=None):
        outputs, held = super().forward(inputs, state)
        return outputs, {"small": held["small"], "logs": held["small"].log()}


def test_what_is_not_finite_is_not_read(monkeypatch):
    """R² was nan, of every target; of what the filter says the nan was left out without a word."""
    with pytest.warns(Remark, match="not finite everywhere are not read: logs"):
        assert list(probe(TASK, Logarithms(), sequences=4)) == ["small"]
    monkeypatch.setattr(type(TASK), "state", lambda self, drawn: {"own": np.full((4, 30), np.nan)})
    with pytest.raises(InputError, match="knows as own is not finite everywhere"):
        probe(TASK, Parts(), sequences=4)


def test_a_model_is_read_as_it_predicts_and_not_as_it_trains():
    dropping = nn.GRU(3, 4, num_layers=2, dropout=0.9, batch_first=True).train()
    inputs = TASK.sample(4, seed=0).inputs
    again = [features(dropping, inputs)["state"] for _ in range(2)]
    np.testing.assert_array_equal(*again)
    assert dropping.training


def test_the_state_is_the_one_after_the_letters_before():
    """Of a model that keeps the last input, the last letter can be read and the next cannot."""

    class Last(nn.Module):
        def forward(self, inputs, state=None):
            return torch.zeros(*inputs.shape[:2], 3), inputs[:, -1]

    sequences = TASK.sample(20, seed=0)
    read = features(Last(), sequences.inputs)["state"]
    np.testing.assert_array_equal(read, sequences.inputs.numpy())


@pytest.mark.parametrize(
    ("model", "parts"),
    [
        (LSTM(3, 3, hidden_size=5, layers=2), {"hidden": 10, "cell": 10}),
        (NTM(3, 3, slots=6, slot_width=4, controller_size=5), {"memory": 24}),
    ],
)
def test_every_model_of_ours_has_parts(model, parts):
    found = probe(TASK, model, sequences=12)
    for name, size in parts.items():
        assert found[name].features == size
        assert found[name].known["belief"][1] <= 1
    assert "belief" in to_text(found)
    assert json.loads(json.dumps(to_json(found)))


def test_states_with_the_batch_second():
    found = probe(TASK, nn.GRU(3, 4, batch_first=True), sequences=12)
    assert found["state"].features == 4


@dataclass(slots=True)
class Slotted:
    h: torch.Tensor


class Layers(nn.Module):
    """A GRU of four layers, which stand first in its state, (L, B, H), and what holds that."""

    def __init__(self, hold=lambda h: h, held=lambda state: state):
        super().__init__()
        torch.manual_seed(0)
        self.gru, self.hold, self.held = nn.GRU(3, 8, 4, batch_first=True), hold, held

    def forward(self, inputs, state=None):
        outputs, h = self.gru(inputs, None if state is None else self.held(state))
        return outputs[..., :3], self.hold(h)


def test_as_many_layers_as_sequences_are_not_the_sequences():
    module, inputs = Layers(), TASK.sample(4, seed=4).inputs
    with torch.no_grad():
        whole = [module(inputs[:, : t + 1])[1] for t in range(TASK.length)]  # T of (L, B, H)
    read = features(module, inputs)["state"]
    np.testing.assert_allclose(
        read, torch.stack(whole).permute(2, 0, 1, 3).flatten(2).numpy(), atol=1e-6
    )
    assert probe(TASK, module, sequences=4)["state"].known["belief"][1] > 0.9  # had been -2.6


@pytest.mark.parametrize(
    ("hold", "held"),
    [
        (lambda h: {"h": h, "seen": torch.tensor(3)}, lambda state: state["h"]),
        (lambda h: SimpleNamespace(h=h, seen=3), lambda state: state.h),
        (Slotted, lambda state: state.h),
    ],
    ids=["dictionary", "object", "slots"],
)
def test_a_state_is_read_out_of_what_holds_it(hold, held):
    """Without what all sequences share."""
    assert probe(TASK, Layers(hold, held), sequences=5) == {
        "h": probe(TASK, Layers(), sequences=5)["state"]
    }


def test_what_has_nothing_to_read_is_refused():
    with pytest.raises(InputError, match="no state"):
        probe(TASK, nn.Linear(3, 3), sequences=12)
    with pytest.raises(InputError, match="no exact filter"):
        probe(Copy(), nn.Linear(3, 3))
    with pytest.raises(InputError, match="knows never changes here"):
        probe(DynamicNGrams(order=2, length=1), LSTM(1, 1, hidden_size=4), sequences=4)
    with pytest.raises(InputError, match="at least 4"):
        probe(TASK, nn.GRU(3, 4, batch_first=True), sequences=3)
    growing = make_model("transformer:width=8,heads=2", input_size=3, output_size=3)
    with pytest.raises(InputError, match="one size at every step"):
        probe(TASK, growing, sequences=4)
    rows_and_heads = Layers(lambda h: h.transpose(0, 1).flatten(0, 1))
    with pytest.raises(InputError, match=r"a part of the state, \(16, 8\), has no axis for"):
        probe(TASK, rows_and_heads, sequences=4)


def test_counts_of_dynamic_ngrams_are_targets():
    found = probe(DynamicNGrams(order=2, length=20), LSTM(1, 1, hidden_size=4), sequences=8)
    assert set(found["hidden"].known) == {"optimal", "counts", "counts here"}


def test_the_command(capsys):
    assert main(["probe", "ngrams-lstm", "--sequences", "6", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["state"]["hidden"]["known"]["optimal"]["numbers"] == 1
    assert main(["probe", "kt-5"]) == 2
    assert "no model" in capsys.readouterr().err
