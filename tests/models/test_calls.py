"""The ways to call a model: one sequence alone, rows of several lengths, packed, any state."""

import io
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pack_sequence

from ntmlab import LSTM, NTM, InputError
from tests.tolerances import RELATIVE_RMS, relative_rms

I, O = 2, 3  # noqa: E741  inputs and outputs
SIZES = {"controller_size": 6, "slots": 5, "slot_width": 3}
CASES: dict[str, Any] = {
    "lstm": lambda: LSTM(I, O, hidden_size=5, layers=2),
    "ntm": lambda: NTM(I, O, output_reads=True, **SIZES),
    "ntm, lstm controller": lambda: NTM(I, O, controller="lstm", **SIZES),
}
LENGTHS = [4, 0, 7, 1, 4]


@pytest.fixture(params=CASES)
def model(request: pytest.FixtureRequest) -> Any:
    torch.manual_seed(0)
    made = CASES[request.param]().double()
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape))
    return made


def drawn(*shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def assert_close(found: Tensor, expected: Tensor) -> None:
    assert found.shape == expected.shape
    assert relative_rms(found, expected) <= RELATIVE_RMS[expected.dtype]


def with_gradients(model: Any, total: Tensor, *others: Tensor) -> list[Tensor]:
    leaves = [*model.parameters(), *others]
    found = torch.autograd.grad(total, leaves, allow_unused=True)
    return [torch.zeros_like(p) if f is None else f for f, p in zip(found, leaves, strict=True)]


def total_of(outputs: Tensor, state: Any) -> Tensor:
    return outputs.square().sum() + sum(part.square().sum() for part in state)


def alone(model: Any, inputs: Tensor, state: Any, lengths: list[int]) -> tuple[Any, list[Tensor]]:
    """Each row by itself, cut to its length, with gradients of all."""
    rows, ends, total = [], [], torch.zeros((), dtype=inputs.dtype)
    for row, length in enumerate(lengths):
        start = type(state)(*(part[row : row + 1] for part in state))
        logits, end = inputs.new_zeros(1, 0, O), start
        if length:
            logits, end = model(inputs[row : row + 1, :length], start)
        total = total + total_of(logits, end)
        rows.append(torch.nn.functional.pad(logits, (0, 0, 0, inputs.shape[1] - length)))
        ends.append(end)
    state = type(state)(*(torch.cat(parts) for parts in zip(*ends, strict=True)))
    return (torch.cat(rows), state), with_gradients(model, total, inputs)


@pytest.mark.parametrize("carried", [False, True])
@pytest.mark.parametrize("clip", [None, 0.01])
def test_rows_of_several_lengths_are_each_row_alone(
    model: Any, carried: bool, clip: float | None
) -> None:
    if clip is not None and isinstance(model, LSTM):
        pytest.skip("an LSTM has no limit of its own")
    model.clip_gradient = clip or float("inf")
    inputs = drawn(5, 7, I).requires_grad_()
    state = model.initial_state(5)
    if carried:
        state = model(drawn(5, 3, I))[1]
    (rows, ends), expected = alone(model, inputs, state, LENGTHS)
    if carried:
        state = model(drawn(5, 3, I))[1]
    tensors = (torch.tensor(LENGTHS, dtype=dtype) for dtype in (torch.int64, torch.int32))
    for lengths in (LENGTHS, *tensors, np.array(LENGTHS)):
        logits, end = model(inputs, state if carried else None, lengths)
        assert_close(logits, rows)
        for one, other in zip(end, ends, strict=True):
            assert_close(one, other)
    found = with_gradients(model, total_of(logits, end), inputs)
    for one, other in zip(found, expected, strict=True):
        assert_close(one, other)
    for row, length in enumerate(LENGTHS):
        assert not logits[row, length:].any()


def test_what_stands_beyond_a_length_is_never_read(model: Any) -> None:
    inputs = drawn(5, 7, I)
    expected, _ = model(inputs, lengths=LENGTHS)
    for row, length in enumerate(LENGTHS):
        inputs[row, length:] = torch.nan
    inputs.requires_grad_()
    logits, end = model(inputs, lengths=LENGTHS)
    assert torch.equal(logits, expected)
    found = with_gradients(model, total_of(logits, end), inputs)
    assert all(gradient.isfinite().all() for gradient in found)


def test_native_float32_as_well(model: Any) -> None:
    inputs = drawn(5, 7, I)
    expected, end = model(inputs, lengths=LENGTHS)
    found, last = model.float()(inputs.float(), lengths=LENGTHS)
    for one, other in zip([found, *last], [expected, *end], strict=True):
        assert relative_rms(one, other) <= RELATIVE_RMS[torch.float32]


def test_full_lengths_are_no_lengths(model: Any) -> None:
    assert torch.equal(model(drawn(2, 7, I), lengths=[7, 7])[0], model(drawn(2, 7, I))[0])


@pytest.mark.parametrize(
    "wrong",
    [[1, 2], [[1], [2], [3]], [1, 2, 8], [1, 2, -1], [1.0, 2, 3], [True, 2, 3], 3, "123"],
)
@pytest.mark.parametrize("tensor", [False, True])
def test_wrong_lengths_are_refused_in_one_line(model: Any, wrong: Any, tensor: bool) -> None:
    if tensor and (isinstance(wrong, str) or (isinstance(wrong, list) and wrong[0] is True)):
        pytest.skip("no such tensor")
    given = torch.tensor(wrong) if tensor else wrong
    with pytest.raises(InputError, match="lengths must be") as caught:
        model(drawn(3, 7, I), lengths=given)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("sort", [False, True])
def test_a_packed_sequence_gives_a_packed_one_as_from_torch(model: Any, sort: bool) -> None:
    lengths = sorted([4, 7, 1, 4], reverse=True) if sort else [4, 7, 1, 4]
    inputs, state = drawn(4, 7, I), model(drawn(4, 2, I))[1]
    packed = pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=sort)
    found, end = model(packed, state)
    expected, last = model(inputs, state, lengths)
    again = pack_padded_sequence(expected, lengths, batch_first=True, enforce_sorted=sort)
    assert isinstance(found, PackedSequence)
    assert_close(found.data, again.data)
    ours, theirs = found, torch.nn.LSTM(I, O).double()(packed)[0]
    assert torch.equal(ours.batch_sizes, theirs.batch_sizes)
    for name in ("sorted_indices", "unsorted_indices"):
        one, other = getattr(ours, name), getattr(theirs, name)
        assert one is other is None or torch.equal(one, other)
    for one, other in zip(end, last, strict=True):
        assert_close(one, other)
    with pytest.raises(InputError, match="leave lengths out"):
        model(packed, lengths=lengths)
    with pytest.raises(InputError, match="inputs must have shape"):
        model(pack_sequence([drawn(3, I + 1)]))


def test_one_sequence_alone_as_from_torch(model: Any) -> None:
    inputs, state = drawn(7, I), model(drawn(1, 2, I))[1]
    small = type(state)(*(part.squeeze(0) for part in state))
    logits, end = model(inputs, small)
    expected, last = model(inputs[None], state)
    assert_close(logits, expected[0])
    for one, other in zip(end, last, strict=True):
        assert_close(one, other[0])
    steps, carried = [], small
    for step in inputs:
        one, carried = model.step(step, carried)
        steps.append(one)
    assert_close(torch.stack(steps), logits)
    with pytest.raises(InputError, match=r"cut a sequence \(T, I\)"):
        model(inputs, lengths=[7])
    with pytest.raises(InputError, match=r"state\.\w+ must (be|have shape)"):
        model(inputs, state)


def test_a_state_in_any_container(model: Any) -> None:
    _, state = model(drawn(3, 4, I))
    expected = model(drawn(3, 5, I), state)[0]
    parts = list(state)
    for given in (
        parts,
        tuple(parts),
        state._asdict(),
        dict(reversed(state._asdict().items())),
        [parts[:1], tuple(parts[1:])],
        ((parts[0], (parts[1:],)),),
    ):
        assert torch.equal(model(drawn(3, 5, I), given)[0], expected)
    for wrong in (
        {"memory": parts[0]},
        dict.fromkeys(state._fields, 1),
        {1: 2},
        [parts, parts],
    ):
        with pytest.raises(InputError, match="state must be tensors"):
            model(drawn(3, 5, I), wrong)


def test_a_state_is_saved_as_a_tuple(model: Any) -> None:
    """So that it is read without trusting the file, as that of `torch.nn.LSTM`."""
    _, state = model(drawn(3, 4, I))
    buffer = io.BytesIO()
    torch.save(tuple(state), buffer)
    buffer.seek(0)
    again = torch.load(buffer, weights_only=True)
    assert torch.equal(model(drawn(3, 5, I), again)[0], model(drawn(3, 5, I), state)[0])


@torch.no_grad()
def test_an_initial_state_may_be_written_into(model: Any) -> None:
    """It is no view of the weights: who clears a memory in it clears no learned one."""
    before = {name: weights.clone() for name, weights in model.state_dict().items()}
    for batch in (1, 3):
        for part in model.initial_state(batch):
            part.fill_(7.0)
    assert all(torch.equal(now, before[name]) for name, now in model.state_dict().items())


def test_the_batch_comes_first(model: Any) -> None:
    assert type(model)(**model.options(), batch_first=True).options() == model.options()
    with pytest.raises(InputError, match="batch_first=False"):
        type(model)(**model.options(), batch_first=False)
