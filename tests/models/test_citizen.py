"""What PyTorch does to modules, done to the NTM, the LSTM and, for comparison, `torch.nn.LSTM`."""

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations, prune

from ntmlab import LSTM, NTM, InputError
from tests.tolerances import relative_rms

I, O = 2, 3  # noqa: E741  inputs and outputs
OURS: dict[str, Any] = {
    "ntm": lambda: NTM(I, O, controller_size=6, slots=5, slot_width=3),
    "lstm": lambda: LSTM(I, O, hidden_size=5, layers=2),
}
CASES = OURS | {"torch": lambda: nn.LSTM(I, O, batch_first=True)}
PAGE = Path(__file__).parents[2] / "docs" / "layer.md"


@pytest.fixture(params=CASES)
def model(request: pytest.FixtureRequest) -> Any:
    torch.manual_seed(0)
    return CASES[request.param]()


@pytest.fixture(params=OURS)
def ours(request: pytest.FixtureRequest) -> Any:
    torch.manual_seed(0)
    return OURS[request.param]()


def drawn(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_dtypes(model: Any, dtype: torch.dtype) -> None:
    """As in float64 from the same rounded weights, but for the roundings of a step.

    A step hands on what was rounded four times (sum, activation, product, sum), by half an epsilon
    at most each time, and independent errors add as squares over the steps.
    """
    steps, inputs = 6, drawn(4, 6, I).to(dtype)
    model = model.to(dtype)
    expected = copy.deepcopy(model).double()(inputs.double())[0]
    logits = model(inputs)[0]
    logits.sum().backward()
    assert logits.dtype == dtype
    assert relative_rms(logits, expected) <= (4 * steps) ** 0.5 * torch.finfo(dtype).eps / 2


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("controller", ["feedforward", "lstm"])
def test_slots_without_weight_give_finite_gradients_in_half_precision(
    controller: Any, dtype: torch.dtype
) -> None:
    """Weightings on one slot of many, where the others' are 0 in half precision."""
    torch.manual_seed(0)
    sizes = {"controller_size": 6, "slots": 16, "slot_width": 3, "output_reads": True}
    options = {"weighting_start": "first", "strength_bias": 20.0, "controller": controller}
    model = NTM(I, O, **sizes, **options)
    model = model.to(dtype)
    logits = model(drawn(4, 9, I).to(dtype))[0]
    logits.float().square().mean().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.isfinite().all(), name
    assert model.head_weights.grad.any()


def test_modes_of_the_whole_process(model: Any) -> None:
    expected = model(drawn(4, 6, I))[0]
    with torch.inference_mode():
        assert torch.equal(model(drawn(4, 6, I))[0], expected)
    torch.use_deterministic_algorithms(True)
    try:
        model(drawn(4, 6, I))[0].sum().backward()
    finally:
        torch.use_deterministic_algorithms(False)


@pytest.mark.parametrize("name", CASES)
def test_the_default_dtype_is_that_of_a_new_model(name: str) -> None:
    old = CASES[name]()
    torch.set_default_dtype(torch.float64)
    try:
        assert CASES[name]()(torch.randn(4, 6, I))[0].dtype == torch.float64
        assert old(drawn(4, 6, I).float())[0].dtype == torch.float32
    finally:
        torch.set_default_dtype(torch.float32)


def test_sizes_on_the_meta_device_and_weights_later(model: Any) -> None:
    empty = copy.deepcopy(model).to("meta")
    assert empty(drawn(4, 6, I).to("meta"))[0].shape == (4, 6, O)
    for assign in (False, True):
        filled = copy.deepcopy(empty).to_empty(device="cpu")
        filled.load_state_dict(model.state_dict(), assign=assign)
        assert torch.equal(filled(drawn(4, 6, I))[0], model(drawn(4, 6, I))[0])


def test_a_state_dict_is_loaded_strictly(model: Any) -> None:
    whole = model.state_dict()
    first = next(iter(whole))
    lacking = {name: part for name, part in whole.items() if name != first}
    for wrong in (lacking, whole | {"other": torch.zeros(1)}, whole | {first: torch.zeros(7)}):
        with pytest.raises(RuntimeError, match=r"Missing key|Unexpected key|size mismatch"):
            model.load_state_dict(wrong)
    assert model.load_state_dict(lacking, strict=False).missing_keys == [first]


def test_weights_that_are_made_of_others(ours: Any) -> None:
    expected = ours(drawn(4, 6, I))[0]
    normed = copy.deepcopy(ours)
    for name in ("input_weights", "output_weights"):
        parametrizations.weight_norm(normed, name)
    torch.testing.assert_close(normed(drawn(4, 6, I))[0], expected)
    spectral = parametrizations.spectral_norm(copy.deepcopy(ours), "output_weights")
    pruned = prune.l1_unstructured(copy.deepcopy(ours), "output_weights", amount=0.5)
    assert (pruned.output_weights == 0).float().mean() >= 0.4
    for made in (normed, spectral, pruned):
        made(drawn(4, 6, I))[0].sum().backward()
        grads = {name: p.grad for name, p in made.named_parameters() if "output_weights" in name}
        assert grads
        assert all(grad is not None for grad in grads.values())


@pytest.mark.parametrize("options", [{"foreach": True}, {"fused": True}])
@pytest.mark.parametrize("kind", [torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD])
def test_optimizers_and_norms(model: Any, kind: Any, options: dict[str, bool]) -> None:
    optimizer, losses = kind(model.parameters(), lr=0.01, **options), []
    for _ in range(8):
        loss = (model(drawn(4, 6, I))[0] - 0.5).square().mean()
        optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        assert norm.isfinite()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]


def test_hooks_are_called(model: Any) -> None:
    seen: list[str] = []
    model.register_forward_pre_hook(lambda *_: seen.append("before"))
    model.register_forward_hook(lambda *_: seen.append("after"))
    model.register_full_backward_pre_hook(lambda *_: seen.append("back"))
    model.register_full_backward_hook(lambda *_: seen.append("done"))
    model(drawn(4, 6, I).requires_grad_())[0].sum().backward()
    assert seen == ["before", "after", "back", "done"]


def test_frozen_weights_and_inputs_without_gradient(model: Any) -> None:
    frozen = next(iter(model.parameters())).requires_grad_(False)
    model(drawn(4, 6, I))[0].sum().backward()
    assert frozen.grad is None
    model.requires_grad_(False)
    assert not model(drawn(4, 6, I))[0].requires_grad
    inputs = drawn(4, 6, I).requires_grad_()
    model(inputs)[0].sum().backward()
    assert inputs.grad is not None


@pytest.mark.parametrize(
    "view",
    [
        lambda x: x[:1].expand(4, 6, I),
        lambda x: x.transpose(0, 1).contiguous().transpose(0, 1),
        lambda x: torch.stack([x, x], -1)[..., 0],
        lambda x: x.flip(1)[:, ::2],
    ],
    ids=["expanded", "transposed", "strided", "every second"],
)
def test_inputs_of_any_strides(model: Any, view: Any) -> None:
    inputs = view(drawn(4, 6, I)).requires_grad_()
    plain = inputs.detach().clone(memory_format=torch.contiguous_format).requires_grad_()
    found, expected = (
        torch.autograd.grad(model(given)[0].square().sum(), given)[0] for given in (inputs, plain)
    )
    torch.testing.assert_close(found, expected)


def test_shared_memory_and_data_parallel(model: Any) -> None:
    expected = model(drawn(4, 6, I))[0]
    assert torch.equal(model.share_memory()(drawn(4, 6, I))[0], expected)
    assert torch.equal(nn.DataParallel(model)(drawn(4, 6, I))[0], expected)


def test_threads_at_once(ours: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def gradient(row: int) -> Tensor:
        logits = ours(drawn(4, 6, I)[row : row + 1])[0]
        return torch.autograd.grad(logits.square().sum(), next(iter(ours.parameters())))[0]

    expected = [gradient(row) for row in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for found, one in zip(pool.map(gradient, range(4)), expected, strict=True):
            assert torch.equal(found, one)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::torch.jit.TracerWarning")
def test_torchscript_is_refused_by_name_and_traced(ours: Any) -> None:
    with pytest.raises(InputError, match=r"torch\.jit\.script cannot read") as caught:
        torch.jit.script(ours)
    assert "\n" not in str(caught.value)
    traced = torch.jit.trace(ours, (drawn(4, 6, I),), check_trace=False)
    torch.testing.assert_close(traced(2 * drawn(4, 6, I))[0], ours(2 * drawn(4, 6, I))[0])
    torch.testing.assert_close(traced(drawn(5, 6, I))[0], ours(drawn(5, 6, I))[0])
    for steps in (1, 3, 7, 12):  # never outputs of six of twelve steps
        with pytest.raises(RuntimeError, match="is invalid for input of size"):
            traced(drawn(4, steps, I))


def test_no_rows_give_none_and_gradients_of_zero(model: Any) -> None:
    """As a filter may leave of a batch, or the last of several processes get."""
    inputs = torch.zeros(0, 6, I, requires_grad=True)
    outputs, state = model(inputs)
    assert outputs.shape == (0, 6, O)
    parts = [inputs, *model.parameters()]
    gradients = torch.autograd.grad(outputs.sum() + sum(p.sum() for p in state), parts)
    assert all(g.shape == p.shape and not g.any() for g, p in zip(gradients, parts, strict=True))
    if type(model) is not nn.LSTM:
        again, _ = model(inputs[:, :2], state, lengths=[])
        assert again.shape == (0, 2, O)
        assert model.step(inputs[:, 0], state)[0].shape == (0, O)
        with pytest.raises(InputError, match="one whole number for each of 0 rows"):
            model(inputs, lengths=[6])


def test_no_steps_and_another_device_are_refused_in_one_line(ours: Any) -> None:
    for wrong in (torch.zeros(4, 0, I), torch.zeros(0, 0, I), torch.zeros(4, 6, I, device="meta")):
        with pytest.raises(InputError, match="inputs must") as caught:
            ours(wrong)
        assert "\n" not in str(caught.value)


@pytest.mark.filterwarnings("ignore:.*nested tensors:UserWarning")
def test_sparse_and_nested_inputs_are_refused_in_one_line(ours: Any) -> None:
    nested = torch.nested.nested_tensor([drawn(3, I), drawn(5, I)])
    for wrong in (drawn(4, 6, I).to_sparse(), drawn(6, I).to_sparse(), nested):
        with pytest.raises(InputError, match="inputs must be a dense tensor, not a") as caught:
            ours(wrong)
        assert "\n" not in str(caught.value)


@pytest.mark.filterwarnings("ignore:The PyTorch API of MaskedTensors is in prototype")
def test_masked_tensors_are_refused_in_one_line(ours: Any) -> None:
    masked = torch.masked.masked_tensor
    inputs, start, ends = drawn(2, 6, I), ours.initial_state(2), torch.tensor([6, 3])
    state = type(start)(*(masked(part.detach(), part.detach() == part) for part in start))
    calls = {
        "inputs": lambda: ours(masked(inputs, inputs > 0)),
        "state": lambda: ours(inputs, state),
        "lengths": lambda: ours(inputs, lengths=masked(ends, ends > 3)),
    }
    for name, call in calls.items():
        with pytest.raises(InputError, match=rf"^{name}.* not a masked one; .*get_data") as caught:
            call()
        assert "\n" not in str(caught.value)


def test_the_table_names_tests_that_exist() -> None:
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", PAGE.read_text())
    assert len(named) >= 25
    for file, name in named:
        (path,) = PAGE.parents[1].glob(f"tests/*/{file}")
        assert f"def {name}(" in path.read_text(), name
