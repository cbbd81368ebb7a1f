"""The peak of memory that work on a long sequence of bits takes, each in a fork of one process.

``python -m tests.evaluation.peaks BITS NAME...`` prints MiB above what was there before, as JSON.
"""

import contextlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from ntmlab import DynamicNGrams, load_model
from ntmlab.cli import main
from ntmlab.models import ModulePredictor
from ntmlab.sequences import next_symbol

SHORT = 1000  # of what is done first, so that all is imported
FILE = Path(tempfile.gettempdir()) / f"ntmlab-bits-{os.getpid()}.txt"


def inputs(bits: int) -> torch.Tensor:
    """Next-symbol inputs of bits at random."""
    return next_symbol(np.random.default_rng(0).integers(2, size=(1, bits))).inputs


def command(*arguments: str) -> Callable[[int], None]:
    """A command on a file of so many bits."""

    def run(bits: int) -> None:
        drawn = np.random.default_rng(0).integers(ord("0"), ord("2"), size=bits, dtype=np.uint8)
        FILE.write_bytes(drawn.tobytes())
        words = [str(FILE) if word == "FILE" else word for word in arguments]
        words = [word.replace("BITS", str(bits)) for word in words]
        with Path(os.devnull).open("w") as null, contextlib.redirect_stdout(null):
            status = main(words)
        assert not status, status

    return run


CASES: dict[str, Callable[[int], object]] = {
    "optimal": lambda bits: DynamicNGrams().optimal()(inputs(bits)),
    "evaluate --file": command(
        *("evaluate", "--file", "FILE", "--models", "kt-3", "ctw-5", "ppm-3", "mixture-0-3")
    ),
    "evaluate --file lstm": command("evaluate", "--file", "FILE", "--models", "ngrams-lstm"),
    "evaluate --file ntm": command("evaluate", "--file", "FILE", "--models", "ngrams-ntm"),
    "evaluate": command(
        *("evaluate", "dynamic-ngrams", "--length", "BITS", "--sequences", "1"),
        *("--models", "optimal", "kt-3"),
    ),
    "predict": command("predict", "--file", "FILE", "--models", "kt-3"),
    "predict --json": command("predict", "--file", "FILE", "--models", "kt-3", "--json"),
    "predict lstm": command("predict", "--file", "FILE", "--models", "ngrams-lstm", "--json"),
    "predict ntm": command("predict", "--file", "FILE", "--models", "ngrams-ntm", "--json"),
    "code": command("code", "FILE", "--format", "bits", "--model", "kt-3", "--out", f"{FILE}.code"),
    "sample": lambda bits: DynamicNGrams(length=bits).sample(1, seed=0),
    "ntm": lambda bits: ModulePredictor(load_model("ngrams-ntm"))(inputs(bits)),
}


def peak_mib(work: Callable[[int], object], bits: int) -> float:
    """MiB above what this process held before."""
    with contextlib.redirect_stdout(io.StringIO()):
        work(SHORT)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = _status("VmRSS")
    work(bits)
    return _status("VmHWM") - before


def _status(field: str) -> float:
    (line,) = (x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith(field))
    return int(line.split()[1]) / 1024


def in_a_fork(name: str, bits: int) -> float:
    """As `peak_mib`, with nothing left of what was done before."""
    receive, send = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.write(send, str(peak_mib(CASES[name], bits)).encode())
        finally:
            os._exit(0)
    os.close(send)
    os.waitpid(child, 0)
    with os.fdopen(receive) as found:
        return float(found.read())


if __name__ == "__main__":
    torch.set_num_threads(1)
    length, *asked = sys.argv[1:]
    try:
        print(json.dumps({name: in_a_fork(name, int(length)) for name in asked or CASES}))
    finally:
        for left in FILE.parent.glob(f"{FILE.name}*"):
            left.unlink()
