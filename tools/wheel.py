"""Builds the source and the wheels of a release in build/dist, and checks them: make wheel.

    python -m tools.wheel [PYTHON ...] [--floors]

The source is built from the checkout, a wheel from the source by each Python named (this one), in
an environment of its own with the tools of wheel.lock and, on Linux, without a network. Then
`auditwheel` says which Linux each runs on and names it so, `abi3audit` whether the stable ABI is
kept to, `twine` whether the package index takes them; no file may name a folder of this machine.
`--floors` builds with the oldest tools that pyproject.toml takes, in build/floors, and leaves the
checks out.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ntmlab.errors import InputError
from ntmlab.explore.wasm import kernels

ROOT = Path(__file__).parents[1]
DIST = ROOT / "build/dist"
STABLE = (3, 12)  # from here on Pythons share a wheel, as py-api of pyproject.toml says
OFFLINE = ("unshare", "--map-root-user", "--net")  # runs a command where there is no network


def run(*command: str | Path, before: Sequence[str] = ()) -> None:
    """Runs a program, those beside it on the path; raises CalledProcessError where it fails."""
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([*before, *command], cwd=ROOT, check=True, env=os.environ | {"PATH": path})


def offline() -> Sequence[str]:
    """``OFFLINE``, where the system has it and lets us; else nothing, and a line that says so."""
    try:
        subprocess.run([*OFFLINE, "true"], capture_output=True, check=True)
        return OFFLINE
    except (OSError, subprocess.CalledProcessError):
        print("wheels are built with the network in reach: this system cannot take it away")
        return ()


def floors(table: str = "build-system", extras: Sequence[str] = ()) -> list[str]:
    """The oldest versions that pyproject.toml takes, name==version: of the tools of the build.

    Of what runs, and of some of its extras, where ``table`` is "project".
    """
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[table]
    asked = list(told["requires" if table == "build-system" else "dependencies"])
    for extra in extras:
        asked += told["optional-dependencies"][extra]
    matched = [re.match(r"([\w.-]+)>=([\d.]+)[^;]*(;.*)?", text) for text in asked]
    return [f"{found[1]}=={found[2]}{found[3] or ''}" for found in matched if found]


def version_of(python: str) -> str:
    """The version of a Python: "3.12"."""
    asked = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


def makers(pythons: Sequence[str]) -> list[str]:
    """The Pythons that a wheel is built by: one of a version, and from 3.12 on one of all."""
    first: dict[tuple[int, ...], str] = {}
    for python in pythons:
        version = tuple(int(part) for part in version_of(python).split("."))
        first.setdefault(min(version, STABLE), python)
    return list(first.values())


def environment(python: str, tools: list[str]) -> Path:
    """The programs of an environment of a Python with these tools, made where it is not there."""
    place = ROOT / f"build/wheel-{version_of(python)}{'-floors' if '-r' not in tools else ''}"
    if not (place / "bin/pyproject-build").exists():
        run(python, "-m", "venv", "--clear", place)
        pip = place / "bin/pip"
        run(pip, "install", "--disable-pip-version-check", "--quiet", *tools)
    return place / "bin"


def build(bins: Path, what: str, source: Path, out: Path) -> Path:
    """The one file that was built of a folder: ``what`` is sdist or wheel."""
    with tempfile.TemporaryDirectory() as folder:
        command = (bins / "pyproject-build", "--no-isolation", f"--{what}", "--outdir", folder)
        run(*command, source, before=offline() if what == "wheel" else ())
        (made,) = Path(folder).iterdir()
        return Path(shutil.copy(made, out))


def wheel_of(bins: Path, source: Path, out: Path) -> Path:
    """The wheel that a Python builds of a source."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        (unpacked,) = Path(folder).iterdir()
        return build(bins, "wheel", unpacked, out)


def repaired(bins: Path, wheel: Path) -> Path:
    """The wheel under the name of the oldest Linux that it runs on; as it is elsewhere."""
    if not sys.platform.startswith("linux"):
        return wheel
    with tempfile.TemporaryDirectory() as folder:
        run(bins / "auditwheel", "repair", "--wheel-dir", folder, wheel)
        (made,) = Path(folder).iterdir()
        wheel.unlink()
        return Path(shutil.copy(made, wheel.parent))


def folders_named(wheel: Path) -> Iterator[str]:
    """Files of a wheel that name a folder of the machine it was built on."""
    told = {str(ROOT), sys.prefix, sys.base_prefix, tempfile.gettempdir() + "/", str(Path.home())}
    signs = [sign.encode() for sign in told if len(sign) > 3]
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            yield from (f"{name}: {sign.decode()}" for sign in signs if sign in content)


def check_stable(wheel: Path) -> None:
    """Raises InputError for a module that only one Python finds, in a wheel for many."""
    with zipfile.ZipFile(wheel) as archive:
        modules = [name for name in archive.namelist() if name.endswith(".so")]
    if bound := [name for name in modules if not name.endswith(".abi3.so")]:
        raise InputError(f"{wheel.name} has modules for one Python only: {', '.join(bound)}")


def check(bins: Path, wheels: list[Path], source: Path) -> None:
    """Raises InputError or CalledProcessError for what must not be released."""
    for wheel in wheels:
        if named := list(folders_named(wheel)):
            raise InputError(f"{wheel.name} names folders of this machine: {'; '.join(named)}")
        if "abi3" in wheel.name:
            check_stable(wheel)
            run(bins / "abi3audit", "--strict", wheel)
    run(bins / "twine", "check", "--strict", *wheels, source)


def main() -> None:
    """Builds, checks, and says what was made."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("pythons", nargs="*", default=[sys.executable], metavar="PYTHON")
    parser.add_argument("--floors", action="store_true", help="with the oldest tools it takes")
    given = parser.parse_args()
    kernels()  # must be there: wheels carry it
    tools = ["build", *floors(), "cmake<4", "ninja"] if given.floors else ["-r", "wheel.lock"]
    out = ROOT / "build/floors" if given.floors else DIST
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    every = [environment(python, tools) for python in makers(given.pythons)]
    source = build(every[0], "sdist", ROOT, out)
    wheels = [wheel_of(bins, source, out) for bins in every]
    if not given.floors:
        wheels = [repaired(every[0], wheel) for wheel in wheels]
        check(every[0], wheels, source)
    for path in [source, *wheels]:
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e6:.1f} MB")


def in_a_line(main: Callable[[], None]) -> None:
    """Runs a program to its end; what went wrong is a line of its own, or was said by a command."""
    try:
        main()
    except InputError as error:
        sys.exit(f"ntmlab: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"ntmlab: {Path(error.cmd[0]).name} failed")


if __name__ == "__main__":
    in_a_line(main)
