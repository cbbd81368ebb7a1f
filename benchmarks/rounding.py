"""From which step on a machine's predictions depend on the processor that computes them.

    python benchmarks/rounding.py [MODEL ...] [--steps 2000] [--sequences 4] [--seed 0]

The same sequences of dynamic N-grams, longer than any of training, on each instruction set that is
to be had here and by the readable reference; for each model the first step at which any sequence's
probability is further than 1e-5 from that of the largest instruction set. Prints one JSON object.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ntmlab import LSTM, NTM, load_model, make_task
from ntmlab.kernels.backend import native_module

MODELS = ("ngrams-ntm", "ngrams-ntm-lstm", "ngrams-ntm-long", "ngrams-ntm-paper", "ngrams-lstm")
APART = 1e-5
REFERENCE = "reference"


def predicted(model: str, backend: str, given: argparse.Namespace) -> NDArray[np.float32]:
    """P of a 1 at each step, (sequences, steps)."""
    task = make_task(f"dynamic-ngrams:length={given.steps}")
    inputs = task.sample(given.sequences, seed=given.seed).inputs
    module = load_model(model)
    assert isinstance(module, NTM | LSTM)
    if backend == REFERENCE:
        module.backend = REFERENCE
    with torch.no_grad():
        logits, _ = module(torch.as_tensor(inputs))
    return np.asarray(torch.sigmoid(logits)[..., 0])


def everywhere(given: argparse.Namespace) -> dict[str, dict[str, NDArray[np.float32]]]:
    """Predictions by backend and model, each backend in a process of its own."""
    module = native_module()
    sets = list(module.instruction_sets()) if module else []
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in (*sets, REFERENCE):
            out = Path(folder) / f"{name}.npz"
            command = [sys.executable, __file__, *sys.argv[1:], "--on", name, "--out", str(out)]
            chosen = {} if name == REFERENCE else {"NTMLAB_ISA": name}
            subprocess.run(command, env=os.environ | chosen, check=True)
            with np.load(out) as arrays:
                found[name] = dict(arrays)
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("models", nargs="*", default=list(MODELS), metavar="MODEL")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--sequences", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--on", help=argparse.SUPPRESS)
    parser.add_argument("--out", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.on:
        arrays = {model: predicted(model, given.on, given) for model in given.models}
        np.savez(given.out, allow_pickle=False, **arrays)
        return
    found = everywhere(given)
    *others, last = [name for name in found if name != REFERENCE] or [REFERENCE]
    told: dict[str, object] = {"compared with": last, "steps": given.steps}
    for model in given.models:
        told[model] = {
            name: first(np.abs(found[name][model] - found[last][model]))
            for name in (*others, REFERENCE)
        }
    print(json.dumps(told, indent=1))


def first(differences: NDArray[np.float32]) -> int | None:
    """The first step at which any sequence is too far, None where none is."""
    steps = np.flatnonzero((differences > APART).any(0))
    return int(steps[0]) if len(steps) else None


if __name__ == "__main__":
    main()
