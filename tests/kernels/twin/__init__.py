"""A GPU's stand-in on the CPU: the scan's source compiled by a C++ compiler, run fiber by fiber."""

import atexit
import ctypes
import hashlib
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from ntmlab.kernels.ntm_scan.gpu.plan import Plan, Sizes, make_plan, source

COMPILER = shutil.which("g++") or shutil.which("clang++")
FOLDER = Path(tempfile.mkdtemp(prefix="ntmlab-twin-"))  # of this process, removed at its end
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

ENTRY = """
extern "C" int twin_run(const {kind}* arguments, int width, int height, int floats) {{
  return twin::Launch<const {kind}>::run(ntm_{name}, *arguments, width, height, kThreads, floats);
}}
extern "C" int twin_own_floats() {{ return k{kind}Floats; }}
extern "C" int twin_slot_vectors() {{ return kSlot4; }}
extern "C" int twin_kept() {{ return kKept; }}
"""


class Twin:
    """An engine whose plan is that of a GPU with so many bytes of shared memory a block."""

    def __init__(self, limit: int = 232_448, processors: int = 132, **chosen: int) -> None:
        self.limit, self.processors, self.chosen = limit, processors, chosen
        self.launches: list[str] = []

    def plan(self, z: Sizes, *, backward: bool) -> Plan:
        """As a GPU's."""
        plan = make_plan(
            z, backward=backward, limit=self.limit, processors=self.processors, **self.chosen
        )
        assert plan is not None
        return plan

    def run(self, name: str, plan: Plan, z: Sizes, arguments: ctypes.Structure) -> None:
        """Runs a pass."""
        library = build(name, plan.macros(z))
        self.launches.append(name)
        status = library.twin_run(ctypes.byref(arguments), *plan.grid(z), plan.floats)
        assert status == 0, {1: "the threads wait for each other", 2: "out of shared memory"}[
            status
        ]


@cache
def build(name: str, macros: tuple[str, ...]) -> ctypes.CDLL:
    """The library of a pass at some sizes."""
    here = Path(__file__).parent / "device.hpp"
    kind = name.capitalize()
    code = here.read_text() + _without_device(source(name)) + ENTRY.format(kind=kind, name=name)
    code = code.replace("#pragma once", "")
    key = hashlib.sha256("\n".join([code, *macros]).encode()).hexdigest()[:20]
    library = FOLDER / f"{key}.so"
    file = FOLDER / f"{key}.cpp"
    file.write_text(code)
    flags = ["-std=c++20", "-O1", "-shared", "-fPIC", "-Wno-unknown-pragmas", *macros]
    assert COMPILER is not None
    subprocess.run([COMPILER, *flags, "-o", library, file], check=True)
    return ctypes.CDLL(str(library))


def _without_device(code: str) -> str:
    """A source without what device.cuh says of a GPU."""
    return code[code.index("// Sizes, places and sums") :]
