"""A GPU's stand-in on the CPU: kernels compiled by a C++ compiler, run fiber by fiber."""

import atexit
import ctypes
import hashlib
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from ntmlab.kernels.lstm_scan.gpu import plan as lstm
from ntmlab.kernels.ntm_scan.gpu import plan as ntm

COMPILER = shutil.which("g++") or shutil.which("clang++")
FOLDER = Path(tempfile.mkdtemp(prefix="ntmlab-twin-"))  # of this process, removed at its end
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
WRONG = {1: "the threads wait for each other", 2: "out of its shared memory"}
LIMIT, PROCESSORS = 232_448, 132  # bytes of shared memory a block, and multiprocessors, of an H100

ENTRY = """
extern "C" int twin_run(const {kind}* arguments, int width, int height, int floats) {{
  return twin::Launch<const {kind}>::run({kernel}, *arguments, width, height, kThreads, floats);
}}
"""
SIZES = """
extern "C" int twin_own_floats() {{ return k{kind}Floats; }}
extern "C" int twin_slot_vectors() {{ return kSlot4; }}
extern "C" int twin_kept() {{ return kKept; }}
"""


class Twin:
    """An engine of the NTM's scan whose plan is that of a GPU with so much shared memory."""

    def __init__(self, limit: int = LIMIT, **chosen: int) -> None:
        self.limit, self.chosen = limit, chosen
        self.launches: list[str] = []

    def plan(self, z: ntm.Sizes, *, backward: bool) -> ntm.Plan:
        """As a GPU's."""
        options = {"limit": self.limit, "processors": PROCESSORS, **self.chosen}
        plan = ntm.make_plan(z, backward=backward, **options)
        assert plan is not None
        return plan

    def run(self, name: str, plan: ntm.Plan, z: ntm.Sizes, arguments: ctypes.Structure) -> None:
        """Runs a pass."""
        self.launches.append(name)
        launch(ntm_library(name, plan.macros(z)), arguments, plan.grid(z), plan.floats)


class LSTMTwin:
    """The same of the LSTM's layers."""

    def __init__(self, groups: int | None = None) -> None:
        self.groups = groups
        self.launches: list[bool] = []

    def plan(self, batch: int, units: int, *, forward: bool) -> lstm.Plan | None:
        """As a GPU's."""
        options = {"limit": LIMIT, "processors": PROCESSORS, "groups": self.groups}
        return lstm.make_plan(batch, units, forward=forward, **options)

    def run(self, plan: lstm.Plan, batch: int, arguments: ctypes.Structure) -> None:
        """Runs a pass."""
        self.launches.append(plan.forward)
        name = "forward" if plan.forward else "backward"
        entry = ENTRY.format(kind=name.capitalize(), kernel=f"lstm_{name}")
        library = build(lstm.source() + entry, plan.macros())
        launch(library, arguments, (-(-batch // plan.groups), 1), plan.floats)


def launch(
    library: ctypes.CDLL, arguments: ctypes.Structure, grid: tuple[int, int], floats: int
) -> None:
    """Runs a kernel; fails if its threads wait forever or write beyond their shared memory."""
    status = library.twin_run(ctypes.byref(arguments), *grid, floats)
    assert status == 0, WRONG[status]


def ntm_library(name: str, macros: tuple[str, ...]) -> ctypes.CDLL:
    """A pass of the NTM's scan, and the sizes that its source says."""
    kind = name.capitalize()
    entry = ENTRY.format(kind=kind, kernel=f"ntm_{name}") + SIZES.format(kind=kind)
    return build(ntm.source(name) + entry, macros)


@cache
def build(code: str, macros: tuple[str, ...]) -> ctypes.CDLL:
    """The library of a source."""
    assert COMPILER is not None
    device = (Path(__file__).parent / "device.hpp").read_text().replace("#pragma once", "")
    key = hashlib.sha256("\n".join([code, *macros]).encode()).hexdigest()[:20]
    library, file = FOLDER / f"{key}.so", FOLDER / f"{key}.cpp"
    file.write_text(device + code)
    flags = ["-std=c++20", "-O1", "-shared", "-fPIC", "-Wno-unknown-pragmas", *macros]
    subprocess.run([COMPILER, *flags, "-o", library, file], check=True)
    return ctypes.CDLL(str(library))
