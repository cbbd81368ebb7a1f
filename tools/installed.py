"""Tries a wheel of build/dist as a stranger meets it: make installed.

    python -m tools.installed [PYTHON ...] [--floors] [--here] [--tests PATH ...]

Each Python (this one) takes the wheel that is for it into an environment of its own, away from the
sources and on a path without a compiler. There every command and every block of Python that a page
has is run, and what `--tests` names instead. `--floors` takes the oldest versions of everything
that pyproject.toml lets run; `--here` the environment that PYTHON is of, with what it holds.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ntmlab import __version__
from ntmlab.errors import InputError
from tools.wheel import DIST, ROOT, floors, in_a_line, version_of

# Those that examples of the pages need.
EXTRAS = ("explore", "transformers", "river", "search", "tensorboard", "zstd")
PAGES = (
    "tests/house/test_docs.py::test_python_blocks_run",
    "tests/house/test_snippets.py::test_commands_run",
)
PROGRAMS = ("bash", "env", "gzip", "sh", "uname")  # all that pages and tests use of a system
COMPILERS = ("c++", "cc", "g++", "gcc", "clang", "cmake", "nvcc")


def place(python: str, oldest: bool) -> Path:
    """The environment for a Python, with nothing in it where it was not there."""
    made = ROOT / f"build/installed-{version_of(python)}{'-floors' if oldest else ''}"
    if not (made / "bin/python").exists():
        subprocess.run([python, "-m", "venv", made], check=True)
    return made / "bin"


def install(python: Path, oldest: bool) -> None:
    """Takes the wheel into an environment, and what it needs, its extras and the tests."""
    pip: list[str | Path] = [python, "-m", "pip", "install", "--quiet"]
    alone = ["--no-deps", "--no-index", "--force-reinstall", "--only-binary", "ntmlab"]
    subprocess.run([*pip, *alone, "--find-links", DIST, f"ntmlab=={__version__}"], check=True)
    pinned = floors("project", EXTRAS) if oldest else []
    subprocess.run([*pip, f"ntmlab[{','.join(EXTRAS)}]", "pytest", *pinned], check=True)


@contextmanager
def bare(bins: Path) -> Iterator[dict[str, str]]:
    """The surroundings of a machine with these programs, a shell and no compiler."""
    with tempfile.TemporaryDirectory() as folder:
        for name in PROGRAMS:
            os.symlink(str(shutil.which(name)), Path(folder) / name)
        path = f"{bins}{os.pathsep}{folder}"
        if found := [name for name in COMPILERS if shutil.which(name, path=path)]:
            raise InputError(f"{bins} has a compiler: {', '.join(found)}")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        yield kept | {"PATH": path}


def check_place(python: Path, environment: dict[str, str]) -> None:
    """Raises InputError where the package is not the wheel's, or its modules do not load."""
    code = "import ntmlab.kernels._native, ntmlab.optimal._native, ntmlab.streams._native"
    asked: list[str | Path] = [python, "-c", f"{code}; print(ntmlab.__file__)"]
    said = subprocess.run(asked, env=environment, cwd="/", capture_output=True, text=True)
    if said.returncode or "site-packages" not in said.stdout:
        raise InputError(f"the wheel is not what {python} runs: {said.stdout or said.stderr}")
    print(said.stdout.strip())


def tried(python: Path, tests: list[str], oldest: bool) -> None:
    """Runs tests on what is installed; raises CalledProcessError where one fails.

    Among the oldest versions what one calls of another may since be deprecated: no error there.
    """
    with bare(python.parent) as environment:
        check_place(python, environment)
        command: list[str | Path] = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += ["-W", "default"] if oldest else []
        subprocess.run([*command, *tests], cwd=ROOT, env=environment, check=True)


def main() -> None:
    """Tries the wheels."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("pythons", nargs="*", default=[sys.executable], metavar="PYTHON")
    parser.add_argument("--floors", action="store_true", help="oldest versions of what it needs")
    parser.add_argument("--here", action="store_true", help="PYTHON's own environment")
    parser.add_argument("--tests", nargs="+", default=list(PAGES), metavar="PATH")
    given = parser.parse_args()
    for python in given.pythons:
        bins = Path(python).parent if given.here else place(python, given.floors)
        install(bins / "python", given.floors)
        tried(bins / "python", given.tests, given.floors)


if __name__ == "__main__":
    in_a_line(main)
