"""The LSTM scan by PyTorch's own LSTM against the float64 reference, on the CPU and on a GPU."""

import pytest
import torch

from tests.gpu import needs_gpu
from tests.kernels.lstm_cases import AWKWARD, OUTPUTS, Sizes, draw, errors, results, scan
from tests.tolerances import RELATIVE_RMS, relative_rms

TOLERANCE = RELATIVE_RMS[torch.float32]
PAPER = Sizes(16, 112, 10, 3, 512)  # repeat copy


@pytest.mark.parametrize("sizes", AWKWARD, ids=str)
def test_equals_reference(sizes: Sizes) -> None:
    found = errors(sizes, backend="layered")
    assert all(error <= TOLERANCE for error in found.values()), found


def test_equals_reference_in_float64() -> None:
    tensors = draw(AWKWARD[5])
    expected = results(tensors, "reference", torch.float64)
    actual = results(tensors, "layered", torch.float64)
    for name, value in expected.items():
        assert relative_rms(actual[name], value) <= RELATIVE_RMS[torch.float64], name


def test_without_gradients() -> None:
    tensors = draw(AWKWARD[5])
    expected = scan(tensors, "reference")
    for actual, value in zip(scan(tensors, "layered"), expected, strict=True):
        assert relative_rms(actual, value) <= TOLERANCE


@needs_gpu
@pytest.mark.parametrize("sizes", [*AWKWARD, PAPER], ids=str)
def test_a_gpu_equals_reference(sizes: Sizes) -> None:
    found = errors(sizes, backend="layered", device="cuda")
    assert all(error <= TOLERANCE for error in found.values()), found


@needs_gpu
def test_a_gpu_repeats_itself_and_evaluates_on_this_path() -> None:
    tensors = [tensor.cuda() for tensor in draw(PAPER)]
    with torch.no_grad():
        found = scan(tensors, "auto")
    exact = results(draw(PAPER), "layered", device="cuda")
    again = results(draw(PAPER), "layered", device="cuda")
    for name, value in exact.items():
        assert torch.equal(value, again[name]), name
    for actual, name in zip(found, OUTPUTS, strict=True):
        assert torch.equal(actual.cpu(), exact[name]), name
