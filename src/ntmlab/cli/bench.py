"""``ntmlab bench``: the kernels beside their references, checked first."""

import argparse
import sys
from typing import Any

import torch

from ntmlab.bench import CheckError, Measurement, cases, measure, peak_flops
from ntmlab.records import to_line
from ntmlab.runs.environment import environment


def run(arguments: argparse.Namespace) -> int:
    """Prints a line per case as it is measured, or one JSON object at the end."""
    torch.manual_seed(0)
    peak = peak_flops()
    where = environment()
    if not arguments.json:
        print(f"{where['processor']}, {where['threads']} threads, kernels: {where['kernels']},")
        print(f"peak {peak / 1e9:.0f} GFLOP/s (multiply-adds alone); sequences per second")
    results = []
    for case in cases():
        if arguments.only and arguments.only not in case.name:
            continue
        try:
            result = measure(case, peak, arguments.rounds)
        except CheckError as error:
            print(f"ntmlab bench: not timed: {error}", file=sys.stderr)
            return 1
        results.append(result)
        if not arguments.json:
            print(line(result), flush=True)
    if arguments.json:
        print(to_line({"environment": where, "peak": peak, "cases": [*map(record, results)]}))
    return 0


def line(result: Measurement) -> str:
    """A case as text: rates, ratios, and the share of what the arithmetic alone would allow."""
    rates = ", ".join(f"{name} {rate:,.0f}" for name, rate in result.rates.items())
    ratios = ", ".join(f"{ratio:.1f} x {name}" for name, ratio in result.ratios().items())
    floor = f"floor {result.floor:,.0f} ({result.first / result.floor:.0%})"
    return f"{result.case:<30} {rates}; {ratios}; {floor}"


def record(result: Measurement) -> dict[str, Any]:
    """A case as JSON."""
    return {
        "case": result.case,
        "sequences_per_second": result.rates,
        "ratios": result.ratios(),
        "floor": result.floor,
    }
