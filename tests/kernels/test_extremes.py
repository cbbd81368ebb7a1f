"""Numbers that are not finite, or no weightings: what is NaN in the reference is NaN natively."""

import pytest
import torch
from torch import Tensor

from ntmlab.kernels.backend import native_module
from tests.kernels.test_autograd import CASES, Scan, leaves

pytestmark = [
    pytest.mark.skipif(native_module() is None, reason="native kernels were not built"),
    pytest.mark.usefixtures("one_thread"),
]

NAN, INF = float("nan"), float("inf")
# A square beyond float32; a weighting that is none; less than the smallest normal number.
SPECIAL = [NAN, INF, -INF, 3e19, -1.0, 1e-40]


def where_nan(scan: Scan, backend: str, tensors: list[Tensor]) -> list[Tensor]:
    """Where outputs and gradients of a random weighting of them are NaN."""
    given = leaves(tensors)
    outputs = [output for output in scan(backend, *given) if output.numel()]
    generator = torch.Generator().manual_seed(5)
    factors = [torch.randn(output.shape, generator=generator) for output in outputs]
    gradients = torch.autograd.grad(outputs, given, factors, materialize_grads=True)
    return [tensor.isnan() for tensor in (*outputs, *gradients)]


@pytest.mark.parametrize("special", SPECIAL)
@pytest.mark.parametrize("name", CASES)
def test_nan_is_where_the_reference_has_it(name: str, special: float) -> None:
    scan, draw = CASES[name]
    for place, tensor in enumerate(draw()):
        for index in {tensor.numel() // 2, tensor.numel() - 1} if tensor.numel() else ():
            tensors = draw()
            tensors[place].view(-1)[index] = special
            found = where_nan(scan, "native", tensors)
            expected = where_nan(scan, "reference", tensors)
            for number, (one, other) in enumerate(zip(found, expected, strict=True)):
                assert torch.equal(one, other), (place, index, number)


def test_an_infinite_input_beside_units_that_fill_no_vector() -> None:
    scan, draw = CASES["ntm"]
    tensors = draw()
    tensors[0][1, 2, 0] = INF
    for found, expected in zip(scan("native", *tensors), scan("reference", *tensors), strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)
