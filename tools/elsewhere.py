"""Compiles every C++ source for machines that this one is not: make elsewhere.

    python -m tools.elsewhere [TARGET ...]

Linux and macOS on 64-bit ARM, by the Zig of wasm.lock: Clang with the headers of all systems.
Nothing is linked or run: what is found is a source that does not compile there, or with a warning.
"""

import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nanobind

from ntmlab.errors import InputError
from ntmlab.explore.wasm import PACKAGE

TARGETS = ("aarch64-linux-gnu.2.28", "aarch64-macos.11.0")
FOLDERS = (
    "kernels/native",
    "kernels/ntm_scan",
    "kernels/lstm_scan",
    "optimal/scan",
    "streams/native",
)
# As CMakeLists.txt has them, without optimisation. Clang has a name for `&` between truths, as the
# kernels write it so that no branch is taken.
FLAGS = ("-std=gnu++20", "-fPIC", "-fno-math-errno", "-fno-trapping-math", "-DNTMLAB_ISA=baseline")
WARNINGS = ("-Wall", "-Wextra", "-Werror", "-Wno-bitwise-conditional-parentheses")
OTHERS = (nanobind.include_dir(), sysconfig.get_path("include"))  # their warnings are not ours


def sources() -> list[Path]:
    """All that the wheels' modules are made of."""
    return sorted(path for folder in FOLDERS for path in (PACKAGE / folder).glob("*.cpp"))


def command(target: str, source: Path, out: Path) -> list[str]:
    """What compiles a source for a target."""
    include = ["-I" + str(PACKAGE / folder) for folder in ("kernels", "kernels/native")]
    include += [word for folder in OTHERS for word in ("-isystem", folder)]
    zig = [sys.executable, "-m", "ziglang", "c++", "-target", target]
    return [*zig, *FLAGS, *WARNINGS, *include, "-c", str(source), "-o", str(out)]


def failing(targets: list[str]) -> Iterator[str]:
    """Each source that does not compile for a target."""
    with tempfile.TemporaryDirectory() as folder:
        for target in targets:
            for source in sources():
                made = command(target, source, Path(folder) / "made.o")
                if subprocess.run(made, check=False).returncode:
                    yield f"{source.relative_to(PACKAGE)} for {target}"


def main(targets: list[str]) -> None:
    """Raises InputError for what does not compile."""
    if failed := list(failing(targets or list(TARGETS))):
        raise InputError(f"these do not compile: {', '.join(failed)}")
    print(f"{len(sources())} sources compile for {', '.join(targets or TARGETS)}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except InputError as error:
        sys.exit(f"ntmlab: {error}")
