"""Machines that stop writing."""

from itertools import pairwise

import pytest
import torch

from ntmlab.errors import InputError
from ntmlab.models import LSTM, NTM, ModulePredictor, WritesFor, predictor, read_only
from tests.models.passes import steps_of_passes

SIZES = {"slots": 9, "slot_width": 5, "controller_size": 7, "output_reads": True}
KINDS = [
    {"controller": "feedforward", "read_heads": 2, "write_heads": 3},
    {"controller": "lstm", "controller_layers": 2},
]


@pytest.fixture(params=KINDS, ids=lambda kind: str(kind["controller"]))
def model(request: pytest.FixtureRequest) -> NTM:
    torch.manual_seed(3)
    return NTM(2, 3, **SIZES, **request.param).double()


def inputs(steps: int) -> torch.Tensor:
    return torch.randn(4, steps, 2, dtype=torch.float64)


@torch.no_grad()
def test_a_machine_that_only_reads_is_one_whose_writes_change_nothing(model: NTM) -> None:
    before = model.state_dict()
    kept = {name: value.clone() for name, value in before.items()}
    _, state = model(inputs(6))
    reader = read_only(model)
    logits, after = reader(inputs(5), state)
    assert torch.equal(after.memory, state.memory)
    assert not torch.equal(after.read_weightings, state.read_weightings)
    assert len(logits.unique(dim=1)[0]) == 5  # it goes on looking
    assert all(torch.equal(kept[name], value) for name, value in model.state_dict().items())


@torch.no_grad()
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_what_it_erases_and_adds_is_nothing_at_all(model: NTM, dtype: torch.dtype) -> None:
    trace = read_only(model).to(dtype).trace(inputs(6).to(dtype))
    assert not trace.erases.any()
    assert not trace.adds.any()


@torch.no_grad()
def test_heads_look_where_they_would_have_looked(model: NTM) -> None:
    _, state = model(inputs(6))
    one = inputs(1)
    _, written = model(one, state)
    _, read = read_only(model)(one, state)
    assert torch.equal(written.read_weightings, read.read_weightings)
    assert torch.equal(written.write_weightings, read.write_weightings)
    assert not torch.equal(written.memory, read.memory)


@torch.no_grad()
@pytest.mark.parametrize("steps", [1, 7, 11, 12])
def test_it_writes_for_so_many_steps(model: NTM, steps: int) -> None:
    x = inputs(11)
    logits, state = WritesFor(model, steps)(x)
    first, half = model(x[:, :steps])
    assert logits.shape == (4, 11, 3)
    assert torch.equal(logits[:, :steps], first)
    assert torch.equal(state.machine.memory, half.memory)
    if steps < 11:
        assert torch.equal(logits[:, steps:], read_only(model)(x[:, steps:], half)[0])


@torch.no_grad()
@pytest.mark.parametrize("ends", [(3,), (5,), (8,), (2, 4), (5, 6, 9)])
def test_steps_count_over_calls(model: NTM, ends: tuple[int, ...]) -> None:
    x, state, parts = inputs(11), None, []
    stopping = WritesFor(model, 5)
    whole, after = stopping(x)
    for start, end in pairwise((0, *ends, 11)):
        logits, state = stopping(x[:, start:end], state)
        parts.append(logits)
    torch.testing.assert_close(torch.cat(parts, 1), whole)
    assert state is not None
    assert state.steps == after.steps == 11
    torch.testing.assert_close(tuple(state.machine), tuple(after.machine))


@torch.no_grad()
def test_long_sequences_are_predicted_in_passes(model: NTM, monkeypatch) -> None:
    """Of an NTM that stops writing as of one that does not: its memory stays bounded."""
    stopping = WritesFor(model, 5)
    whole = ModulePredictor(stopping)(inputs := torch.randn(4, 23, 2))
    seen = steps_of_passes(WritesFor, monkeypatch)
    monkeypatch.setattr(predictor, "STEPS_OF_A_PASS", 8)
    torch.testing.assert_close(ModulePredictor(stopping)(inputs), whole)
    assert seen == [8, 8, 7]


def test_a_machine_that_stops_writing_is_a_copy(model: NTM) -> None:
    stopping = WritesFor(model, 2)
    x = inputs(4)
    with torch.no_grad():
        before, _ = stopping(x)
        model.output_bias.add_(1.0)
        assert torch.equal(stopping(x)[0], before)


def test_bad_steps_and_other_models_are_refused(model: NTM) -> None:
    with pytest.raises(InputError, match="steps must be a whole number of at least 1, not 0"):
        WritesFor(model, 0)
    with pytest.raises(InputError, match="only an NTM writes to a memory, not LSTM"):
        WritesFor(LSTM(1, 1, hidden_size=4), 3)  # type: ignore[arg-type]
