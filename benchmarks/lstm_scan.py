"""Training speed of the LSTM scan beside torch.nn.LSTM and the readable reference.

    python benchmarks/lstm_scan.py [--threads 2] [--batch 16 64] [--sizes 3x128] [--seconds 5]

One repetition is a forward pass, a backward pass and the gradients of all weights and of the
initial state, for 200 steps of one input; output layers are outside. The contestants take turns,
so that a busy machine disturbs all alike; the fastest repetition counts. Nothing is timed before
the native scan equals the float64 reference in every output and gradient.
"""

import argparse
import sys
import time
from collections.abc import Callable

import torch
from torch import Tensor

from ntmlab.kernels.backend import native_module
from ntmlab.kernels.lstm_scan import LSTMState, LSTMWeights, lstm_scan

STEPS, INPUTS = 200, 1
TOLERANCE = 1e-5


def draw(batch: int, layers: int, units: int) -> list[Tensor]:
    """Inputs, the four weights, initial hidden and initial cell, float32."""
    torch.manual_seed(0)
    L, C, bound = layers, units, units**-0.5
    shapes = ((L, 4 * C, INPUTS), (L, 4 * C), (L, 4 * C, C), (L - 1, 4 * C, C))
    weights = [torch.empty(shape).uniform_(-bound, bound) for shape in shapes]
    state = [torch.zeros(batch, L, C) for _ in range(2)]
    return [torch.randint(2, (batch, STEPS, INPUTS)).float(), *weights, *state]


def scan_gradients(tensors: list[Tensor], backend: str) -> Callable[[], list[Tensor]]:
    """A function that computes the hidden vectors and all gradients but the inputs'."""
    leaves = [tensors[0], *(t.detach().requires_grad_() for t in tensors[1:])]
    weights, state = LSTMWeights(*leaves[1:5]), LSTMState(*leaves[5:])
    B, T, _ = leaves[0].shape
    incoming = torch.ones(B, T, *leaves[5].shape[1:], dtype=leaves[0].dtype)
    wanted = [leaf for leaf in leaves[1:] if leaf.numel() > 0]

    def run() -> list[Tensor]:
        hidden, _ = lstm_scan(leaves[0], weights, state, backend=backend)
        return [hidden, *torch.autograd.grad(hidden, wanted, incoming)]

    return run


def torch_gradients(inputs: Tensor, layers: int, units: int) -> Callable[[], list[Tensor]]:
    """The same for torch.nn.LSTM, whose input reaches the first layer and output the last."""
    module = torch.nn.LSTM(INPUTS, units, layers, batch_first=True)
    state = [torch.zeros(layers, len(inputs), units, requires_grad=True) for _ in range(2)]
    incoming = torch.ones(len(inputs), STEPS, units)
    wanted = [*module.parameters(), *state]

    def run() -> list[Tensor]:
        hidden, _ = module(inputs, (state[0], state[1]))
        return [hidden, *torch.autograd.grad(hidden, wanted, incoming)]

    return run


def worst_error(layers: int, units: int) -> float:
    """The largest relative RMS error of the native scan against the float64 reference."""
    tensors = draw(2, layers, units)
    actual = scan_gradients(tensors, "native")()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # its operations are too small to share
    expected = scan_gradients([tensor.double() for tensor in tensors], "reference")()
    torch.set_num_threads(threads)
    found = [
        (one.detach().double() - other.detach()).norm() / other.detach().norm()
        for one, other in zip(actual, expected, strict=True)
    ]
    return float(torch.stack(found).max())


def fastest(runs: dict[str, Callable[[], object]], seconds: float) -> dict[str, float]:
    """Seconds of each function's fastest repetition, all taking turns for so many seconds."""
    best = dict.fromkeys(runs, float("inf"))
    for run in runs.values():
        run()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def main() -> int:
    """Prints the table; returns 1 without timing if the native scan is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--batch", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--sizes", nargs="+", default=["3x128"], help="layers x units")
    parser.add_argument("--seconds", type=float, default=5.0, help="per case")
    parser.add_argument("--no-reference", action="store_true", help="it takes most of the time")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    module = native_module()
    if module is None:
        return 1
    print(f"{module.instruction_set()}, {options.threads} threads;", end=" ")
    print(f"sequences of {STEPS} steps a second")
    print(
        f"{'layers x units':>14} {'batch':>5} {'native':>7} {'torch':>7} {'reference':>9}", end=""
    )
    print(f" {'native/torch':>12} {'native GFLOP/s':>14}")
    for size in options.sizes:
        layers, units = map(int, size.split("x"))
        error = worst_error(layers, units)
        if not error <= TOLERANCE:
            print(f"{size}: relative RMS error {error:.1e}; not timed", file=sys.stderr)
            return 1
        products = 4 * units * (units * (2 * layers - 1) + INPUTS * layers)
        flop = 3 * 2 * STEPS * products  # forward, to the states, to the weights
        for batch in options.batch:
            tensors = draw(batch, layers, units)
            runs: dict[str, Callable[[], object]] = {
                "native": scan_gradients(tensors, "native"),
                "torch": torch_gradients(tensors[0], layers, units),
            }
            if not options.no_reference:
                runs["reference"] = scan_gradients(tensors, "reference")
            rates = {name: batch / s for name, s in fastest(runs, options.seconds).items()}
            print(f"{size:>14} {batch:>5} {rates['native']:7.0f} {rates['torch']:7.0f}", end="")
            print(f" {rates.get('reference', float('nan')):9.0f}", end="")
            print(f" {rates['native'] / rates['torch']:12.2f}", end="")
            print(f" {rates['native'] * flop / 1e9:14.0f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
