"""Random LSTM scans and their comparison with the float64 reference, for tests in this process,
in workers and (``python -m tests.kernels.lstm_cases``) under another environment.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor

from ntmlab.kernels.lstm_scan import LSTMState, LSTMWeights, layered, lstm_scan
from tests.tolerances import relative_rms

NAMES = (
    "inputs",
    "weights.inputs",
    "weights.bias",
    "weights.recurrent",
    "weights.layers",
    "state.hidden",
    "state.cell",
)
OUTPUTS = ("hidden", "final hidden", "final cell")


class Sizes(NamedTuple):
    """B batch, T time, I inputs, L layers, C units."""

    B: int
    T: int
    I: int  # noqa: E741
    L: int
    C: int


AWKWARD = (
    Sizes(1, 1, 1, 1, 1),
    Sizes(2, 2, 1, 1, 16),
    Sizes(2, 3, 2, 1, 5),
    Sizes(3, 7, 33, 2, 31),
    Sizes(5, 4, 17, 2, 17),
    Sizes(9, 40, 3, 4, 33),
    Sizes(1, 300, 1, 3, 20),
    Sizes(13, 21, 16, 2, 64),
    Sizes(33, 20, 1, 3, 40),
    Sizes(70, 9, 2, 2, 7),
)


def draw(sizes: Sizes, seed: int = 0) -> list[Tensor]:
    """The seven tensors of a scan, in the order of ``NAMES``, float32."""
    B, T, I, L, C = sizes  # noqa: E741
    generator = torch.Generator().manual_seed(seed)
    shapes = ((B, T, I), (L, 4 * C, I), (L, 4 * C), (L, 4 * C, C), (L - 1, 4 * C, C))
    tensors = [torch.randn(shape, generator=generator) for shape in (*shapes, (B, L, C), (B, L, C))]
    for weights in tensors[3:5]:
        weights /= C**0.5
    return tensors


def scan(tensors: list[Tensor], backend: str) -> tuple[Tensor, Tensor, Tensor]:
    """The outputs in the order of ``OUTPUTS``."""
    weights, state = LSTMWeights(*tensors[1:5]), LSTMState(*tensors[5:])
    if backend == "layered":
        hidden, final = layered.lstm_scan(tensors[0], weights, state)
    else:
        hidden, final = lstm_scan(tensors[0], weights, state, backend=backend)
    return hidden, *final


def loss(outputs: tuple[Tensor, ...]) -> Tensor:
    """A fixed random linear function of all outputs, so that every one has a gradient."""
    generator = torch.Generator().manual_seed(1)
    total = outputs[0].new_zeros(())
    for output in outputs:
        factors = torch.randn(output.shape, generator=generator)
        total = total + (output * factors.to(output)).sum()
    return total


def results(
    tensors: list[Tensor],
    backend: str,
    dtype: torch.dtype = torch.float32,
    loss: Callable[[tuple[Tensor, ...]], Tensor] = loss,
    device: str = "cpu",
) -> dict[str, Tensor]:
    """Outputs and gradients by name."""
    leaves = [t.detach().to(device, dtype, copy=True).requires_grad_() for t in tensors]
    outputs = scan(leaves, backend)
    loss(outputs).backward()
    found = dict(zip(OUTPUTS, outputs, strict=True))
    for name, leaf in zip(NAMES, leaves, strict=True):
        found[f"gradient of {name}"] = torch.zeros_like(leaf) if leaf.grad is None else leaf.grad
    return {name: tensor.detach().cpu() for name, tensor in found.items()}


@cache
def exact(sizes: Sizes, seed: int = 0) -> dict[str, Tensor]:
    """Outputs and gradients by name of the float64 reference, on one thread (small operations)."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return results(draw(sizes, seed), "reference", torch.float64)
    finally:
        torch.set_num_threads(threads)


def errors(
    sizes: Sizes,
    seed: int = 0,
    backend: str = "native",
    device: str = "cpu",
) -> dict[str, float]:
    """Relative RMS error of every output and gradient of a float32 scan."""
    tensors, expected = draw(sizes, seed), exact(sizes, seed)
    actual = results(tensors, backend, device=device)
    return {name: relative_rms(actual[name], expected[name]) for name in expected}


def worst_error(seed: int = 0) -> float:
    """The largest of all errors over the awkward sizes; NaN if any is."""
    found = [error for sizes in AWKWARD for error in errors(sizes, seed).values()]
    return float(torch.tensor(found).max())


if __name__ == "__main__":
    from ntmlab.kernels._native import instruction_set

    print(instruction_set(), worst_error())
