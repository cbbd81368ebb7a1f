"""``ntmlab bench``: kernels or exact predictors beside their references, checked first."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

import torch

from ntmlab.bench import (
    CASES,
    CODES,
    CheckError,
    Measurement,
    cases,
    measure,
    measure_code,
    measure_filter,
    peak_flops,
)
from ntmlab.bench.gpu import GPU_CASES, exact_products, measure_on_gpu, measured_rates
from ntmlab.errors import InputError
from ntmlab.records import to_line
from ntmlab.runs.environment import environment
from ntmlab.training.device import find_device


def run(arguments: argparse.Namespace) -> int:
    """Prints a line per case as it is measured, or one JSON object at the end."""
    if arguments.rounds < 1:
        raise InputError(f"--rounds must be at least 1, not {arguments.rounds}")
    torch.manual_seed(0)
    bench = on_gpu(arguments) if arguments.device != "cpu" else on_cpu(arguments)
    results: list[Measurement] = []
    for timed in bench.timed:
        try:
            found = timed()
        except CheckError as error:
            print(f"ntmlab bench: not timed: {error}", file=sys.stderr)
            return 1
        if not arguments.json:
            print("\n".join([*([] if results else bench.head), line(found)]), flush=True)
        results.append(found)
    if not results:
        raise InputError(f"--only {arguments.only}: no case has this in its name")
    if arguments.json:
        about = {"environment": bench.environment, **bench.ceilings}
        print(to_line({**about, "cases": [*map(record, results)]}))
    return 0


class Bench(NamedTuple):
    """What is to be timed, and where."""

    environment: dict[str, Any]
    ceilings: dict[str, Any]  # what the machine can do at most
    head: list[str]
    timed: Iterable[Callable[[], Measurement]]


def on_cpu(arguments: argparse.Namespace) -> Bench:
    """Kernels where their peak is known, exact predictors, or codes."""
    where, only = environment(), arguments.only or ""
    if arguments.what == "code":
        names = [name for name in CODES if only in name]
        timed = [partial(measure_code, name, arguments.rounds) for name in names]
        return Bench(where, {}, [f"{where['processor']}, one core; symbols per second"], timed)
    peak = peak_flops() if arguments.what == "kernels" else None
    about = f"peak {peak / 1e9:.0f} GFLOP/s (multiply-adds alone); " if peak else ""
    head = [
        f"{where['processor']}, {where['threads']} threads, kernels: {where['kernels']},",
        f"{about}sequences per second",
    ]
    return Bench(where, {"peak": peak}, head, chosen(only, peak, arguments.rounds))


def chosen(only: str, peak: float | None, rounds: int) -> Iterator[Callable[[], Measurement]]:
    """What times each case with this in its name: of kernels, where a peak is known."""
    if peak is None:
        yield from (partial(measure_filter, name, rounds) for name in CASES if only in name)
    else:
        yield from (partial(measure, case, peak, rounds) for case in cases() if only in case.name)


def on_gpu(arguments: argparse.Namespace) -> Bench:
    """Kernels on a GPU; raises InputError where there is none."""
    if arguments.what != "kernels":
        raise InputError("exact predictors and codes are of the CPU; give no --device with them")
    device, where = find_device(arguments.device, "lstm"), environment(arguments.device)
    exact_products()
    rates = measured_rates(device)
    head = [
        f"{where['gpu']}, PyTorch {where['torch']}, float32 without TF32, copy "
        f"{rates.bytes / 1e12:.2f} TB/s, product {rates.flops / 1e12:.1f} TFLOP/s;",
        "sequences per second, forward + backward + weight gradients, as CUDA graphs",
    ]
    names = [name for name in GPU_CASES if (arguments.only or "") in name]
    timed = (partial(measure_on_gpu, name, rates, device, arguments.rounds) for name in names)
    ceilings = {"bytes_per_second": rates.bytes, "flops_per_second": rates.flops}
    return Bench(where, ceilings, head, timed)


def line(result: Measurement) -> str:
    """A case as text: rates, ratios, and the share of what the arithmetic alone would allow."""
    rates = ", ".join(f"{name} {rate:,.0f}" for name, rate in result.rates.items())
    parts = [rates, ", ".join(f"{ratio:.1f} x {name}" for name, ratio in result.ratios().items())]
    if result.floor is not None:
        floors = result.floors or {"": result.floor}
        by = min(floors, key=lambda name: floors[name])
        parts.append(
            f"floor{by and f' by {by}'} {result.floor:,.0f} ({result.first / result.floor:.0%})"
        )
    if result.memory is not None:
        parts.append(f"peak memory {result.memory / 2**20:,.0f} MiB")
    return f"{result.case:<30} {'; '.join(parts)}"


def record(result: Measurement) -> dict[str, Any]:
    """A case as JSON."""
    found = {
        "case": result.case,
        f"{'symbols' if result.case in CODES else 'sequences'}_per_second": result.rates,
        "ratios": result.ratios(),
        "floor": result.floor,
    }
    if result.memory is not None:
        found |= {"floors": result.floors, "peak_memory_bytes": result.memory}
    return found
