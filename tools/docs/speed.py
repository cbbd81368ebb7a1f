"""The tables of speed, from benchmarks/results/ alone.

Such a file is what ``ntmlab bench --json`` prints on one machine, and with ``--device cuda`` one of
a GPU.
"""

import json
from pathlib import Path
from typing import Any

from ntmlab.studies import markdown

NOTHING = "No measurements are here yet: `ntmlab bench --device cuda` makes them."
OURS = "ntmlab"
BARE = f"{OURS}, no graph"


def gpu_tables(folder: Path) -> str:
    """A table for each file, in order of their names."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("gpu-*.json"))]
    return "\n\n".join(_table(bench) for bench in found) or NOTHING


def cpu_tables(folder: Path) -> str:
    """A table of each kind of processor, its latest file, in order of their days."""
    every = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*-cores.json"))]
    latest = {bench["environment"]["processor"]: bench for bench in every}
    return "\n\n".join(_cpu_table(bench) for bench in latest.values())


def _cpu_table(bench: dict[str, Any]) -> str:
    where = bench["environment"]
    head = ["", "ours, sequences a second", "as many times as", "of the floor"]
    return (
        f"{where['processor']}, {where['threads']} threads, {where['kernels']}, PyTorch "
        f"{where['torch']}:\n\n" + markdown.table(head, map(_cpu_row, bench["cases"]))
    )


def _cpu_row(case: dict[str, Any]) -> list[str]:
    """A case: ours is its first rate."""
    first = next(iter(case["sequences_per_second"].values()))
    return [
        case["case"],
        f"**{first:,.0f}**",
        "; ".join(f"{name} {ratio:,.3g}" for name, ratio in case["ratios"].items()),
        f"{first / case['floor']:.0%}" if case["floor"] else "",
    ]


def _table(bench: dict[str, Any]) -> str:
    """What a machine is, and a row a case."""
    where = bench["environment"]
    copy, product = bench["bytes_per_second"] / 1e12, bench["flops_per_second"] / 1e12
    head = ["", "ours", "without a graph", "of the floor", "peak memory", "others"]
    return (
        f"{where['gpu']}, PyTorch {where['torch']}; a copy moves {copy:.2f} TB/s, a product of "
        f"float32 matrices does {product:.1f} TFLOP/s:\n\n"
        + markdown.table(head, map(_row, bench["cases"]))
    )


def _row(case: dict[str, Any]) -> list[str]:
    """A case: ours is its first rate."""
    rates = dict(case["sequences_per_second"])
    first = rates.pop(next(iter(rates)))
    bare = rates.pop(BARE, None)
    floors = case["floors"]
    by = min(floors, key=lambda name: floors[name])
    return [
        case["case"],
        f"**{first:,.0f}**",
        "" if bare is None else f"{bare:,.0f}",
        f"{first / case['floor']:.0%} ({by})",
        f"{case['peak_memory_bytes'] / 2**20:,.0f} MiB",
        "; ".join(f"{name} {rate:,.0f}" for name, rate in rates.items()),
    ]
