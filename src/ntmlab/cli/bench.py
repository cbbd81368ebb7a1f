"""``ntmlab bench``: kernels or exact predictors beside their references, checked first."""

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch

from ntmlab.bench import (
    CASES,
    CheckError,
    Measurement,
    cases,
    measure,
    measure_filter,
    peak_flops,
)
from ntmlab.records import to_line
from ntmlab.runs.environment import environment


def run(arguments: argparse.Namespace) -> int:
    """Prints a line per case as it is measured, or one JSON object at the end."""
    torch.manual_seed(0)
    kernels = arguments.what == "kernels"
    peak = peak_flops() if kernels else None
    where = environment()
    if not arguments.json:
        print(f"{where['processor']}, {where['threads']} threads, kernels: {where['kernels']},")
        about = f"peak {peak / 1e9:.0f} GFLOP/s (multiply-adds alone); " if peak else ""
        print(f"{about}sequences per second")
    results = []
    for timed in chosen(arguments.only or "", peak, arguments.rounds):
        try:
            results.append(timed())
        except CheckError as error:
            print(f"ntmlab bench: not timed: {error}", file=sys.stderr)
            return 1
        if not arguments.json:
            print(line(results[-1]), flush=True)
    if arguments.json:
        print(to_line({"environment": where, "peak": peak, "cases": [*map(record, results)]}))
    return 0


def chosen(only: str, peak: float | None, rounds: int) -> Iterator[Callable[[], Measurement]]:
    """What times each case with this in its name: of kernels, where a peak is known."""
    if peak is None:
        yield from (partial(measure_filter, name, rounds) for name in CASES if only in name)
    else:
        yield from (partial(measure, case, peak, rounds) for case in cases() if only in case.name)


def line(result: Measurement) -> str:
    """A case as text: rates, ratios, and the share of what the arithmetic alone would allow."""
    rates = ", ".join(f"{name} {rate:,.0f}" for name, rate in result.rates.items())
    parts = [rates, ", ".join(f"{ratio:.1f} x {name}" for name, ratio in result.ratios().items())]
    if result.floor is not None:
        parts.append(f"floor {result.floor:,.0f} ({result.first / result.floor:.0%})")
    return f"{result.case:<30} {'; '.join(parts)}"


def record(result: Measurement) -> dict[str, Any]:
    """A case as JSON."""
    return {
        "case": result.case,
        "sequences_per_second": result.rates,
        "ratios": result.ratios(),
        "floor": result.floor,
    }
