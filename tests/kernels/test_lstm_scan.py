"""The native LSTM scan against its float64 reference and torch.nn.LSTM, and its surroundings."""

import subprocess
import sys

import pytest
import torch
from torch import Tensor

from ntmlab.kernels.backend import native_module
from ntmlab.kernels.lstm_scan import LSTMState, LSTMWeights, lstm_scan, native
from tests import instruction_sets
from tests.kernels.lstm_cases import AWKWARD, NAMES, Sizes, draw, errors, loss, results, scan
from tests.tolerances import RELATIVE_RMS, relative_rms

pytestmark = [
    pytest.mark.skipif(native_module() is None, reason="native kernels are not built"),
    pytest.mark.usefixtures("one_thread"),
]

TOLERANCE = RELATIVE_RMS[torch.float32]
SMALL = Sizes(5, 6, 3, 2, 19)


def assert_close(actual: dict[str, Tensor], expected: dict[str, Tensor]) -> None:
    found = {name: relative_rms(actual[name], expected[name]) for name in expected}
    assert all(error <= TOLERANCE for error in found.values()), found


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("sizes", AWKWARD, ids=str)
def test_equals_reference(sizes: Sizes, threads: int) -> None:
    torch.set_num_threads(threads)
    found = errors(sizes)
    assert all(error <= TOLERANCE for error in found.values()), found


@pytest.mark.slow
def test_equals_reference_at_the_papers_size() -> None:
    found = errors(Sizes(4, 200, 1, 3, 128))
    assert all(error <= TOLERANCE for error in found.values()), found


def from_torch(module: torch.nn.LSTM, units: int) -> LSTMWeights:
    """The same layers as ours: the input reaches only the first."""
    layers = range(module.num_layers)
    first = module.weight_ih_l0
    others = [torch.zeros_like(first) for _ in layers[1:]]
    below = [getattr(module, f"weight_ih_l{layer}") for layer in layers[1:]]
    return LSTMWeights(
        inputs=torch.stack([first, *others]),
        bias=torch.stack(
            [getattr(module, f"bias_ih_l{k}") + getattr(module, f"bias_hh_l{k}") for k in layers]
        ),
        recurrent=torch.stack([getattr(module, f"weight_hh_l{k}") for k in layers]),
        layers=torch.stack(below) if below else first.new_empty(0, 4 * units, units),
    )


@pytest.mark.parametrize("layers", [1, 3])
def test_equals_torch_lstm(layers: int) -> None:
    B, T, I, C = 6, 15, 4, 24  # noqa: E741
    torch.manual_seed(0)
    module = torch.nn.LSTM(I, C, layers, batch_first=True, dtype=torch.float64)
    inputs = torch.randn(B, T, I, dtype=torch.float64)
    state = [torch.randn(layers, B, C, dtype=torch.float64) for _ in range(2)]
    expected, final = module(inputs, (state[0], state[1]))
    expected.square().sum().backward()

    float_module = torch.nn.LSTM(I, C, layers, batch_first=True)
    float_module.load_state_dict(module.state_dict())
    start = LSTMState(*(part.transpose(0, 1).float() for part in state))
    hidden, end = lstm_scan(inputs.float(), from_torch(float_module, C), start, backend="native")
    hidden[:, :, -1].square().sum().backward()

    assert relative_rms(hidden[:, :, -1], expected) <= TOLERANCE
    assert relative_rms(end.hidden, final[0].transpose(0, 1)) <= TOLERANCE
    assert relative_rms(end.cell, final[1].transpose(0, 1)) <= TOLERANCE
    gradients = dict(float_module.named_parameters())
    for name, parameter in module.named_parameters():
        assert relative_rms(gradients[name].grad, parameter.grad) <= TOLERANCE, name


@pytest.mark.parametrize("wanted", instruction_sets.EACH)
def test_every_instruction_set_with_poisoned_memory(wanted: str) -> None:
    # glibc fills what malloc returns with 0x7f, 3e38 as a float: any use of it shows.
    poison = {"MALLOC_PERTURB_": "128", "MALLOC_MMAP_MAX_": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.kernels.lstm_cases"],
        env=instruction_sets.environment(wanted, **poison),
        capture_output=True,
        text=True,
        check=True,
    )
    used, error = done.stdout.split()
    assert used == wanted
    assert float(error) <= TOLERANCE


def test_outputs_and_history_are_written_completely() -> None:
    expected = results(draw(SMALL), "native")
    torch.use_deterministic_algorithms(True)  # fills new tensors with NaN
    try:
        assert torch.empty(3).isnan().all()
        actual = results(draw(SMALL), "native")
    finally:
        torch.use_deterministic_algorithms(False)
    for name in expected:
        assert torch.equal(actual[name], expected[name]), name


def test_non_contiguous_tensors() -> None:
    tensors = draw(SMALL)
    strided = [t.flip(0).transpose(0, -1).contiguous().transpose(0, -1).flip(0) for t in tensors]
    assert not strided[0].is_contiguous()

    def weighted(outputs: tuple[Tensor, ...]) -> Tensor:  # gradients arrive transposed
        return loss(tuple(o.transpose(0, -1).exp().transpose(0, -1) for o in outputs))

    leaves = [tensor.detach().requires_grad_() for tensor in strided]
    weighted(scan(leaves, "native")).backward()
    expected = results(tensors, "native", loss=weighted)
    for name, leaf in zip(NAMES, leaves, strict=True):
        assert torch.equal(leaf.grad, expected[f"gradient of {name}"]), name


def test_expanded_gradient_and_state() -> None:
    tensors = draw(SMALL)
    start = tensors[5][:1].clone().requires_grad_()
    tensors[5] = start.expand(SMALL.B, -1, -1)
    hidden, _, _ = scan(tensors, "native")
    hidden.sum().backward()
    doubled = [tensor.detach().double() for tensor in tensors]
    origin = start.detach().double().requires_grad_()
    doubled[5] = origin.expand(SMALL.B, -1, -1)
    scan(doubled, "reference")[0].sum().backward()
    assert start.grad is not None
    assert origin.grad is not None
    assert relative_rms(start.grad, origin.grad) <= TOLERANCE


def test_no_grad_gives_the_same_and_keeps_nothing() -> None:
    tensors = [tensor.requires_grad_() for tensor in draw(SMALL)]
    expected = scan(tensors, "native")
    plain = [tensor.detach() for tensor in tensors]
    outputs, kept = native._Scan(1).forward(plain, keep=False)
    assert kept is None
    with torch.no_grad():
        actual = scan(tensors, "native")
    for one, two, other in zip(actual, outputs, expected, strict=True):
        assert not one.requires_grad
        assert torch.equal(one, other)
        assert torch.equal(two, other)


@pytest.mark.parametrize("index", range(len(NAMES)), ids=NAMES)
def test_one_gradient_alone(index: int) -> None:
    tensors = draw(SMALL)
    expected = results(tensors, "native")[f"gradient of {NAMES[index]}"]
    leaf = tensors[index].requires_grad_()
    loss(scan(tensors, "native")).backward()
    assert torch.equal(leaf.grad, expected)


@pytest.mark.parametrize("output", range(3))
def test_one_output_alone(output: int) -> None:
    def only(outputs: tuple[Tensor, ...]) -> Tensor:
        return loss((outputs[output],))

    expected = results(draw(SMALL), "reference", torch.float64, only)
    assert_close(results(draw(SMALL), "native", loss=only), expected)


def test_backward_twice_adds_the_same_gradient_again() -> None:
    tensors = [tensor.requires_grad_() for tensor in draw(SMALL)]
    total = loss(scan(tensors, "native"))
    first = torch.autograd.grad(total, tensors, retain_graph=True)
    second = torch.autograd.grad(total, tensors)
    for one, other in zip(first, second, strict=True):
        assert torch.equal(one, other)


def test_weights_changed_in_place_before_backward_are_noticed() -> None:
    tensors = [tensor.requires_grad_() for tensor in draw(SMALL)]
    total = loss(scan(tensors, "native"))
    with torch.no_grad():
        tensors[3].mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        total.backward()


def test_outputs_may_be_changed_in_place() -> None:
    tensors = [tensor.requires_grad_() for tensor in draw(SMALL)]
    hidden, _, _ = scan(tensors, "native")
    hidden.mul_(2).sum().backward()
    expected = results(tensors, "native", loss=lambda outputs: 2 * outputs[0].sum())
    assert torch.equal(tensors[3].grad, expected["gradient of weights.recurrent"])


@pytest.mark.parametrize("scale", [1e-30, 1e-6, 30.0, 1e4])
def test_extreme_weights(scale: float) -> None:
    tensors = draw(SMALL)
    scaled = [t if k == 0 else t * scale for k, t in enumerate(tensors)]
    expected = results(scaled, "reference", torch.float32)
    actual = results(scaled, "native")
    exact = results(scaled, "reference", torch.float64)
    for name in expected:
        assert actual[name].isfinite().all(), name
        # Saturated gates amplify rounding in any float32 arithmetic, PyTorch's too.
        allowed = max(TOLERANCE, 10 * relative_rms(expected[name], exact[name]))
        assert relative_rms(actual[name], exact[name]) <= allowed, name


def test_infinite_inputs_saturate_the_gates() -> None:
    tensors = draw(Sizes(3, 4, 1, 2, 5))
    tensors[0][1, 2, 0] = float("inf")
    for actual, expected in zip(scan(tensors, "native"), scan(tensors, "reference"), strict=True):
        assert actual.isfinite().all()
        assert relative_rms(actual, expected) <= TOLERANCE


def test_vanishing_gradients_are_not_slow_or_wrong() -> None:
    sizes = Sizes(4, 600, 1, 1, 16)
    tensors = draw(sizes)
    tensors[2][:, 16:32] = -5.0  # forget at once: gradients shrink by e^-5 a step
    tensors[3] *= 0.1

    def last(outputs: tuple[Tensor, ...]) -> Tensor:
        return outputs[0][:, -1].sum()

    expected = results(tensors, "reference", torch.float64, last)
    actual = results(tensors, "native", loss=last)
    del expected["gradient of state.hidden"], expected["gradient of state.cell"]  # 1e-1000
    assert_close(actual, expected)


def test_nan_stays_in_its_sequence_and_its_future() -> None:
    tensors = draw(Sizes(5, 6, 2, 2, 19))
    tensors[0][3, 2, 1] = float("nan")
    hidden, _, final_cell = scan(tensors, "native")
    assert hidden[3, 2:].isnan().all()
    assert final_cell[3].isnan().all()
    assert hidden[3, :2].isfinite().all()
    assert hidden[[0, 1, 2, 4]].isfinite().all()


def test_nan_reaches_the_weights_gradients() -> None:
    tensors = draw(SMALL)
    tensors[6][0, 0, 0] = float("nan")
    found = results(tensors, "native")
    expected = results(tensors, "reference")
    for name in expected:
        assert torch.equal(found[name].isnan(), expected[name].isnan()), name


def test_steps_one_at_a_time_equal_the_whole_scan() -> None:
    tensors = draw(SMALL)
    hidden, final_hidden, final_cell = scan(tensors, "native")
    state = tensors[5:]
    for t in range(SMALL.T):
        step, *state = scan([tensors[0][:, t : t + 1], *tensors[1:5], *state], "native")
        assert relative_rms(step[:, 0], hidden[:, t]) <= TOLERANCE
    assert relative_rms(state[0], final_hidden) <= TOLERANCE
    assert relative_rms(state[1], final_cell) <= TOLERANCE


def test_compiled_caller_falls_back() -> None:
    tensors = draw(SMALL)

    @torch.compile(backend="eager")
    def doubled(inputs: Tensor) -> Tensor:
        return 2 * scan([inputs * 2, *tensors[1:]], "native")[0]

    expected = 2 * scan([tensors[0] * 2, *tensors[1:]], "native")[0]
    assert torch.equal(doubled(tensors[0]), expected)


@pytest.mark.parametrize("backend", ["native", "reference"])
@pytest.mark.parametrize("index", range(len(NAMES)), ids=NAMES)
def test_wrong_shapes(index: int, backend: str) -> None:
    tensors = draw(SMALL)
    tensors[index] = tensors[index][..., :-1]
    with pytest.raises(ValueError, match="must have shape"):
        scan(tensors, backend)
    tensors[index] = tensors[index][0]
    with pytest.raises(ValueError, match="must"):
        scan(tensors, backend)


@pytest.mark.parametrize(
    "sizes", [Sizes(0, 3, 1, 1, 4), Sizes(2, 0, 1, 1, 4), Sizes(2, 3, 0, 1, 4)]
)
def test_empty_sequences(sizes: Sizes) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        scan(draw(sizes), "native")


def test_mixed_dtypes() -> None:
    tensors = draw(SMALL)
    tensors[3] = tensors[3].double()
    with pytest.raises(ValueError, match=r"weights\.recurrent must be torch\.float32"):
        scan(tensors, "auto")


def test_binding_checks_shapes_itself() -> None:
    module = native_module()
    assert module is not None
    B, T, _, L, C = SMALL
    arrays = dict(zip(native.NAMES, draw(SMALL), strict=True)) | {
        "hidden": torch.empty(B, T, L, C),
        "final_hidden": torch.empty(B, L, C),
        "final_cell": torch.empty(B, L, C),
    }

    def forward(threads: int = 1, **others: Tensor) -> None:
        module.lstm_scan_forward(arrays | others, keep=False, threads=threads)

    forward()
    with pytest.raises(ValueError, match="hidden must have shape"):
        forward(hidden=torch.empty(B, T - 1, L, C))
    with pytest.raises(ValueError, match="inputs must have 3 dimensions"):
        forward(inputs=torch.empty(B, T))
    with pytest.raises(ValueError, match="nothing takes an array named hiden"):
        forward(hiden=torch.empty(B, T, L, C))
    with pytest.raises(ValueError, match="at least 1"):
        forward(threads=0)
    with pytest.raises(RuntimeError, match="cast"):
        forward(inputs=arrays["inputs"].double())
    for name in ("bias", *native.OUTPUTS):
        del arrays[name]
    with pytest.raises(ValueError, match="bias is missing"):
        forward()
    with pytest.raises(ValueError, match="kept must have shape"):
        module.lstm_scan_backward(arrays | {"kept": torch.empty(7)}, threads=1)
