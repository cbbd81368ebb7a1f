"""What trying several starts would give a recipe, from the results of its seeds.

    python tools/starts.py RECIPE [--each 8000 16000] [--starts 2 3 4 6]

A recipe with ``starts`` goes on with the one that costs least in training over the second half of
its ``start_sequences``. The results of single starts say beforehand how often that would reach each
of the recipe's goals: the expected part over all sets of so many seeds of which the one that cost
least is looked at, and in brackets from where to where the part of other seeds may lie, at 95 %
(Wilson's interval for as many seeds as decide it: of 32, where the best of 6 is taken, 9). Seeds
that started again from other weights are left out; a constant rate until then is taken for granted.
Even seeds, odd ones and all: what is found on the one half is judged on the other.
"""

import argparse
import sys
from collections.abc import Sequence
from math import comb
from typing import NamedTuple

from ntmlab.errors import InputError, unknown_name
from ntmlab.records import Record
from ntmlab.runs.results import Result, read_result, shipped_runs
from ntmlab.runs.success import wilson
from ntmlab.studies.seeds.goals import GOALS


def cost_of_start(rows: Sequence[Record], each: int) -> float:
    """The mean training cost, in bits, of the rows that end in the second half of a start."""
    ends = [0, *(row["sequences"] for row in rows)]
    costs = [
        (after - before, row["train_bits"])
        for before, after, row in zip(ends, ends[1:], rows, strict=False)
        if each < 2 * after and before < each
    ]
    return float(sum(n * bits for n, bits in costs) / sum(n for n, _ in costs))


class Part(NamedTuple):
    """An expected part of successes, and how many seeds decide it."""

    mean: float
    seeds: float

    def __str__(self) -> str:
        """In per cent, with the interval."""
        low, high = wilson(self.mean * self.seeds, self.seeds)
        return f"{self.mean:.0%} ({low:.0%} to {high:.0%})"


def chosen(costs: Sequence[float], good: Sequence[bool], starts: int) -> Part:
    """The expected part of successes where the least costly of so many is taken.

    Seeds count by how often they are taken; as many equal ones as have their sum of squares decide.

    >>> chosen([1.0, 2.0, 3.0], [True, False, False], 2)
    Part(mean=0.6666666666666666, seeds=1.8)
    """
    n = len(costs)
    order = sorted(range(n), key=costs.__getitem__)
    taken = [comb(n - 1 - rank, starts - 1) / comb(n, starts) for rank in range(n)]
    mean = sum(part for part, run in zip(taken, order, strict=True) if good[run])
    return Part(mean, 1 / sum(part * part for part in taken))


def lines(
    recipe: str, results: Sequence[Result], each: Sequence[int], starts: Sequence[int]
) -> list[str]:
    """The table: a line for each goal, half of the seeds and length of a start."""
    head = "".join(f"{f'best of {k}':>20}" for k in starts)
    found = [f"{'seeds':>6} {'of':>4} {'each':>8} {'single':>8}{head}"]
    for goal in GOALS[recipe]:
        found.append(f"{recipe}: {goal.text}")
        for name, kept in (("even", (0,)), ("odd", (1,)), ("all", (0, 1))):
            some = [result for result in results if result.seed % 2 in kept]
            good = [goal.measure(result) <= goal.most for result in some]
            for sequences in each:
                costs = [cost_of_start(result.metrics, sequences) for result in some]
                parts = "".join(
                    f"{chosen(costs, good, k)!s:>20}" if k <= len(some) else f"{'-':>20}"
                    for k in starts
                )
                single = sum(good) / len(good)
                found.append(f"{name:>6} {len(some):>4} {sequences:>8,} {single:>8.0%}{parts}")
    return found


def main() -> int:
    """Prints the table; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("recipe", metavar="RECIPE")
    parser.add_argument("--each", type=int, nargs="+", default=[8_000, 16_000])
    parser.add_argument("--starts", type=int, nargs="+", default=[2, 3, 4, 6])
    given = parser.parse_args()
    try:
        if given.recipe not in GOALS:
            raise unknown_name("recipe with goals", given.recipe, GOALS)
        results = [read_result(path) for path in shipped_runs(given.recipe)]
        results = [result for result in results if not result.metrics[-1].get("restarts")]
        most = min(result.sequences for result in results)
        if not all(1 <= each <= most for each in given.each):
            raise InputError(f"--each takes numbers from 1 to {most:,}, which all were trained on")
        if min(given.starts) < 1:
            raise InputError("--starts takes numbers from 1")
    except InputError as error:
        print(f"starts: {error}", file=sys.stderr)
        return 2
    print("\n".join(lines(given.recipe, results, given.each, given.starts)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
