"""Cost of the native NTM scan against one size at a time, as numbers and curves.

    python benchmarks/ntm_scaling.py --out benchmarks/results/NAME

One repetition is a forward and a backward pass with all gradients; the fastest of several counts.
Every other size is the paper's: 200 steps, 128 slots of width 20, 100 units, batch 64. Writes
NAME.json and NAME.png. Nothing is timed before the scan equals its float64 reference.
"""

import argparse
import json
import math
import time
from pathlib import Path
from typing import Literal

import matplotlib
import torch

matplotlib.use("Agg")
from matplotlib import pyplot

from ntmlab import NTM
from ntmlab.bench.cases import against_reference
from ntmlab.bench.measure import confirm
from ntmlab.runs.environment import environment

PAPER = {"steps": 200, "slots": 128, "width": 20, "batch": 64, "threads": 2}
SIZES = {
    "steps": (1, 25, 50, 100, 200, 400, 800),
    "slots": (16, 32, 64, 128, 256, 512),
    "width": (5, 10, 20, 40, 80),
    "batch": (1, 4, 8, 16, 32, 64, 128),
    "threads": (1, 2),
}
Controller = Literal["feedforward", "lstm"]
CONTROLLERS: tuple[Controller, ...] = ("feedforward", "lstm")


def seconds(controller: Controller, repeats: int, **sizes: int) -> float:
    """Seconds of one forward and backward pass over a batch."""
    size = PAPER | sizes
    torch.set_num_threads(size["threads"])
    torch.manual_seed(0)
    model = NTM(1, 1, controller=controller, slots=size["slots"], slot_width=size["width"])
    inputs = torch.randint(2, (size["batch"], size["steps"], 1)).float()
    best = math.inf
    for _ in range(repeats + 1):
        start = time.perf_counter()
        model.zero_grad()
        model(inputs)[0].square().sum().backward()
        best = min(best, time.perf_counter() - start)
    return best


def draw(results: dict[str, dict[str, dict[str, float]]], path: Path) -> None:
    """Milliseconds against each size, both axes logarithmic, a dotted line for linear growth."""
    figure, axes = pyplot.subplots(1, len(SIZES), figsize=(16, 3.6), layout="constrained")
    for ax, name in zip(axes, SIZES, strict=True):
        for controller in CONTROLLERS:
            points = results[controller][name]
            x, y = [int(k) for k in points], [1e3 * v for v in points.values()]
            ax.loglog(x, y, "o-", label=controller, markersize=4)
            last = [y[-1] * (v / x[-1]) ** (-1 if name == "threads" else 1) for v in x]
            ax.loglog(x, last, ":", color="0.6", zorder=0)
        ax.set_xlabel(name)
        ax.set_xticks(x, [str(v) for v in x])
        ax.minorticks_off()
    axes[0].set_ylabel("milliseconds, forward and backward")
    axes[0].legend(title="controller", frameon=False)
    figure.savefig(path, dpi=120)


def main() -> None:
    """Checks, times, writes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    results: dict[str, dict[str, dict[str, float]]] = {}
    for controller in CONTROLLERS:
        confirm(controller, against_reference(NTM(1, 1, controller=controller)))
        results[controller] = {}
        for name, values in SIZES.items():
            times = {str(v): seconds(controller, arguments.repeats, **{name: v}) for v in values}
            results[controller][name] = times
            row = ", ".join(f"{v}: {1e3 * s:.1f} ms" for v, s in times.items())
            print(f"{controller}, {name}: {row}", flush=True)
    record = {"environment": environment(), "paper": PAPER, "seconds": results}
    arguments.out.with_suffix(".json").write_text(json.dumps(record, indent=1) + "\n")
    draw(results, arguments.out.with_suffix(".png"))


if __name__ == "__main__":
    main()
