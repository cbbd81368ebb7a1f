"""Whether the gradients that training follows still point downhill.

    python tools/gradients.py MODEL [--limits 10 1 0.1] [--sequences 400]

For each limit on what a step sends back (a recipe's clip_steps, in nats): the norm of single
sequences' gradients, how far the mean directions of two halves of the sequences agree (cosine; 0 is
noise), and what a step of Adam's size along the mean direction does to the cost of other sequences,
in bits. MODEL is a shipped NTM, a run folder or a weights file.
"""

import argparse
import math
import sys

import torch
from torch import Tensor, nn

from ntmlab.errors import InputError
from ntmlab.models import NTM
from ntmlab.sequences import Sequences
from ntmlab.tasks import make_task
from ntmlab.training.cost import NATS_TO_BITS, mean_cost
from ntmlab.weights import load_weights, read_card, weights_path

STEPS = (1e-4, 3e-4, 1e-3)
SEED, OTHER_SEED = 7, 8  # neither validation's nor the shipped scores'


@torch.no_grad()
def mean_bits(model: NTM, sequences: Sequences) -> float:
    """Mean cost of sequences in bits."""
    return mean_cost(model, sequences).item() * NATS_TO_BITS


def gradients(model: NTM, sequences: Sequences) -> Tensor:
    """The gradient of each sequence's cost, (sequences, parameters)."""
    parameters, rows = list(model.parameters()), []
    for row in range(len(sequences.inputs)):
        cost = mean_cost(model, sequences.take(slice(row, row + 1)))
        parts = torch.autograd.grad(cost, parameters)
        rows.append(torch.cat([part.flatten() for part in parts]))
    return torch.stack(rows)


@torch.no_grad()
def after_step(model: NTM, step: Tensor, sequences: Sequences) -> float:
    """Mean cost with the weights moved by a step; the weights are put back."""
    parameters = list(model.parameters())
    before = nn.utils.parameters_to_vector(parameters).clone()
    nn.utils.vector_to_parameters(before + step, parameters)
    bits = mean_bits(model, sequences)
    nn.utils.vector_to_parameters(before, parameters)
    return bits


def report(model: NTM, limit: float, sequences: Sequences, others: Sequences, base: float) -> str:
    """The table's row for one limit; ``base`` is what the others cost now."""
    model.clip_gradient = limit
    found = gradients(model, sequences)
    norms = found.norm(dim=1, keepdim=True)
    directions = found / norms.clamp(min=1e-30)
    halves = (directions[0::2].mean(0), directions[1::2].mean(0))
    agreement = nn.functional.cosine_similarity(*halves, dim=0).item()
    adam = directions.mean(0) / directions.square().mean(0).sqrt().clamp(min=1e-12)
    changes = [after_step(model, -size * adam, others) - base for size in STEPS]
    cells = [f"{limit:g}", f"{norms.median():.3g}", f"{norms.max():.3g}", f"{agreement:.2f}"]
    return "  ".join(f"{cell:>12}" for cell in [*cells, *(f"{change:+.3f}" for change in changes)])


def main() -> int:
    """Prints the table; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--limits", type=float, nargs="+", default=[math.inf, 10, 3, 1, 0.3])
    parser.add_argument("--sequences", type=int, default=400)
    given = parser.parse_args()
    try:
        path = weights_path(given.model)
        model, card = load_weights(path), read_card(path)
        if not isinstance(model, NTM):
            raise InputError(f"{given.model} is no NTM: other models have no limit between steps")
        task = make_task(card["task"], **card["task_options"])
        if given.sequences < 2:
            raise InputError(f"--sequences must be at least 2, not {given.sequences}")
        if not min(given.limits) > 0:
            raise InputError(f"--limits must be positive, not {min(given.limits):g}")
        sequences = task.sample(given.sequences, SEED)
        others = task.sample(given.sequences, OTHER_SEED)
    except InputError as error:
        print(f"gradients: {error}", file=sys.stderr)
        return 2
    base = mean_bits(model, others)
    print(f"{given.model}: {base:.3f} bits on {given.sequences} sequences")
    names = [
        "limit",
        "median norm",
        "largest norm",
        "halves agree",
        *(f"step {s:g}" for s in STEPS),
    ]
    print("  ".join(f"{name:>12}" for name in names))
    for limit in given.limits:
        print(report(model, limit, sequences, others, base), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
