"""The page's kernels for the browser: the scans and draws in C++, compiled to WebAssembly.

Built once for all machines, in a checkout with ``ziglang``: ``make wasm``. A wheel carries the
built file.
"""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from ntmlab.errors import InputError
from ntmlab.files import replacing

HERE = Path(__file__).parent
PACKAGE = HERE.parent.parent
BUILT = HERE / "kernels.wasm"  # ignored by git; in wheels

FOLDERS = ("kernels", "kernels/native", "optimal/scan", "explore/wasm")
SOURCES = (
    *("kernels/ntm_scan/scan.cpp", "kernels/lstm_scan/scan.cpp"),
    *(f"optimal/scan/{name}.cpp" for name in ("scans", "trees", "grove", "chain")),
    *("explore/wasm/scans.cpp", "explore/wasm/exact.cpp", "explore/wasm/draws.cpp"),
)

# As CMakeLists.txt has them for the native kernels: NaN stays NaN. The module starts nothing by
# itself (reactor), and names of this machine's folders stay out of it.
FLAGS = (
    *("-target", "wasm32-wasi", "-mcpu=generic+simd128", "-mexec-model=reactor"),
    *("-O3", "-std=gnu++20", "-fno-math-errno", "-fno-trapping-math", "-fno-exceptions"),
    *("-fno-rtti", "-fvisibility=hidden", "-Wno-bitwise-conditional-parentheses"),
    *("-DNTMLAB_ISA=baseline", "-s", "-Wl,--gc-sections"),
)


def kernels() -> bytes:
    """The compiled module; raises InputError, one line, where it was not built."""
    if not BUILT.exists():
        raise InputError(
            "the page without a server needs kernels.wasm, which this install lacks: take a wheel, "
            "or run make wasm in a checkout"
        )
    return BUILT.read_bytes()


def command(out: Path) -> list[str]:
    """What compiles the module: the same bytes wherever it runs with the same toolchain."""
    paths = [f"-I{folder}" for folder in FOLDERS]
    return [sys.executable, "-m", "ziglang", "c++", *FLAGS, *paths, *SOURCES, "-o", str(out)]


def build(out: Path = BUILT) -> None:
    """Compiles the module; raises InputError without sources or toolchain."""
    if not all((PACKAGE / source).exists() for source in SOURCES):
        raise InputError("the sources of kernels.wasm are not in this install, only in a checkout")
    if find_spec("ziglang") is None:
        raise InputError("kernels.wasm is compiled by ziglang: pip install -r wasm.lock")
    with replacing(out) as partial:
        subprocess.run(command(partial), cwd=PACKAGE, check=True)
        partial.chmod(0o644)
