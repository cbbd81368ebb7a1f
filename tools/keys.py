"""Which other items a model's lookups in associative recall take for the query.

    python tools/keys.py MODEL [--items 6] [--sequences 20000] [--seed 1]

One of 64 vectors is like another by chance. A model that finds the query by one of its three
vectors alone says the wrong item wherever another item has that vector too, and is right elsewhere.
For each way in which the query shares vectors with another item (x, one place for each vector) the
table has its part of the sequences, their mean cost in bits, and what they add to the mean of all.
A second one has the same for the bits in which the nearest other item differs from the query: 0, 1
and so on of 18. MODEL is a shipped model, a run folder or a weights file.
"""

import argparse
import sys

from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.evaluation.scored import SEQUENCES_AT_ONCE, predict
from ntmlab.sequences import Predictor
from ntmlab.tasks import Recall


def equal_bits(inputs: Tensor, task: Recall) -> Tensor:
    """Which bits of each item are the query's, (B, items, vectors, bits) of bool.

    Inputs (B, T, I) are of sequences with ``task.max_items`` items each.
    """
    steps = task.item_length + 1
    shown = inputs[:, : (task.max_items + 1) * steps, : task.width].unflatten(1, (-1, steps))
    equal: Tensor = shown[:, :-1, 1:] == shown[:, -1:, 1:]
    return equal


def shared(equal: Tensor) -> list[str]:
    """Which of the query's vectors another item has at the same place: x or a dot for each."""
    alike = equal.all(-1)
    others = ~alike.all(-1, keepdim=True)
    found = (alike & others).any(1)
    return ["".join("x" if vector else "." for vector in row) for row in found.tolist()]


def nearest(equal: Tensor) -> list[str]:
    """In how many bits the nearest other item differs from the query; of two equal items, in 0."""
    apart = (~equal).flatten(2).sum(2)
    return [str(bits) for bits in apart.sort(1).values[:, 1].tolist()]


def table(head: str, names: list[str], costs: list[float], *, by_name: bool) -> list[str]:
    """A line for each name, most costly in all first or in order of the names' numbers."""
    named: dict[str, list[float]] = {}
    for name, cost in zip(names, costs, strict=True):
        named.setdefault(name, []).append(cost)
    order = sorted(named, key=lambda name: int(name) if by_name else -sum(named[name]))
    lines = [f"{head:>8}  {'part':>8}  {'bits':>8}  {'adds':>8}"]
    for name in order:
        part, mean = len(named[name]) / len(costs), sum(named[name]) / len(named[name])
        lines.append(f"{name:>8}  {part:>8.2%}  {mean:>8.3f}  {part * mean:>8.3f}")
    return [*lines, f"{'all':>8}  {1:>8.2%}  {sum(costs) / len(costs):>8.3f}"]


def report(task: Recall, predictor: Predictor, sequences: int, seed: int) -> list[str]:
    """The lines of both tables."""
    costs, vectors, bits = list[float](), list[str](), list[str]()
    for start in range(0, sequences, SEQUENCES_AT_ONCE):
        drawn = task.sample(min(SEQUENCES_AT_ONCE, sequences - start), seed, start)
        said = predict(predictor, drawn, "the model")
        cost = task.outputs.cost_bits(said, drawn.targets.numpy(), drawn.mask.numpy()).sum(1)
        equal = equal_bits(drawn.inputs, task)
        costs += cost.tolist()
        vectors += shared(equal)
        bits += nearest(equal)
    return [
        *table("shared", vectors, costs, by_name=False),
        *table("nearest", bits, costs, by_name=True),
    ]


def main() -> int:
    """Prints the table; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--items", type=int, default=6)
    parser.add_argument("--sequences", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    try:
        task = Recall(min_items=given.items, max_items=given.items)
        if given.sequences < 1:
            raise InputError(f"--sequences must be at least 1, not {given.sequences}")
        lines = report(task, find_predictor(given.model, task), given.sequences, given.seed)
    except InputError as error:
        print(f"keys: {error}", file=sys.stderr)
        return 2
    print("\n".join([given.model, *lines]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
