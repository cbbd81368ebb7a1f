"""What a release carries. Built without a compiler: all of it but the compiled modules."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from ntmlab import __version__
from ntmlab.errors import InputError
from ntmlab.explore.wasm import BUILT
from tools import wheel as release
from tools.installed import EXTRAS, bare, check_place
from tools.wheel import STABLE, check_stable, floors, folders_named, makers, offline

ROOT = Path(__file__).parents[2]
MAKE = """
import sys
from scikit_build_core import build
out, objects = sys.argv[1:]
build.build_sdist(out)
build.build_wheel(out, {"build-dir": objects})
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with both: a wheel for no compiler, and the source."""
    folder = tmp_path_factory.mktemp("release")
    command = [sys.executable, "-c", MAKE, folder / "dist", folder / "objects"]
    without = os.environ | {"CXX": "no-compiler"}
    subprocess.run(command, cwd=ROOT, env=without, check=True, capture_output=True)
    return folder / "dist"


@pytest.fixture(scope="module")
def wheel(built):
    return next(built.glob("*.whl"))


@pytest.fixture(scope="module")
def tracked():
    """Files of the package and its results that the repository has, as they are now."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("needs a checkout")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--"]
    places = ["src/ntmlab", "results"]
    done = subprocess.run([*command, *places], cwd=ROOT, check=True, capture_output=True, text=True)
    return {name for name in done.stdout.split() if (ROOT / name).exists()}


def test_a_wheel_has_every_file_but_the_sources_of_its_modules(wheel, tracked):
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {
        name.removeprefix("src/") if name.startswith("src/") else f"ntmlab/{name}"
        for name in tracked
        if not name.endswith((".cpp", ".hpp"))
    }
    assert found == expected | ({"ntmlab/explore/wasm/kernels.wasm"} if BUILT.exists() else set())


def test_a_wheel_says_version_script_and_licence(wheel):
    assert wheel.name.startswith(f"ntmlab-{__version__}-")
    with zipfile.ZipFile(wheel) as archive:
        told = {
            Path(name).name: archive.read(name)
            for name in archive.namelist()
            if ".dist-info/" in name
        }
    assert f"\nVersion: {__version__}\n".encode() in told["METADATA"]
    assert b"ntmlab=ntmlab.__main__:program" in told["entry_points.txt"].replace(b" ", b"")
    assert told["LICENSE"] == (ROOT / "LICENSE").read_bytes()


def test_a_wheel_names_no_folder_of_the_machine(wheel):
    assert list(folders_named(wheel)) == []


def test_a_source_has_all_that_a_wheel_is_built_of(built, tracked):
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        found = {name.partition("/")[2] for name in archive.getnames()}
    beside = {"CMakeLists.txt", "LICENSE", "README.md", "pyproject.toml", "CITATION.cff"}
    assert tracked | beside <= found


def test_tools_of_a_release_are_those_of_every_other_build():
    pinned = [
        dict(re.findall(r"^([\w-]+)==(.+)$", (ROOT / name).read_text(), re.M))
        for name in ("requirements.lock", "wheel.lock")
    ]
    for tool in ("cmake", "nanobind", "ninja", "scikit_build_core"):
        assert pinned[0][tool] == pinned[1][tool], tool


def test_floors_are_the_oldest_tools_that_are_taken():
    assert floors() == ["scikit-build-core==0.11", "nanobind==2.4"]


def test_floors_of_what_runs_are_all_that_it_asks_for():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found = floors("project", EXTRAS)
    assert found[:2] == ["torch==2.8", "numpy==1.26"]
    extras = [text for name in EXTRAS for text in told["optional-dependencies"][name]]
    assert len(found) == len(told["dependencies"]) + len(extras)
    assert "backports.zstd==1; python_version < '3.14'" in found


def test_a_wheel_is_built_without_a_network_or_that_is_said(capsys):
    before = offline()
    code = "import socket; socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run([*before, sys.executable, "-c", code], capture_output=True, text=True)
    if before:
        assert "unreachable" in done.stderr
    else:
        assert "the network in reach" in capsys.readouterr().out


def test_what_is_installed_has_no_compiler(tmp_path):
    (tmp_path / "python").symlink_to(sys.executable)
    with bare(tmp_path) as environment:
        assert shutil.which("bash", path=environment["PATH"])
        assert not {name for name in environment if name.startswith("PYTHON")}
    (tmp_path / "cmake").touch(mode=0o755)
    with pytest.raises(InputError, match="has a compiler: cmake"), bare(tmp_path):
        pass


def test_a_package_of_the_checkout_is_not_taken_for_the_wheel_s():
    with pytest.raises(InputError, match=r"the wheel is not what .* runs: .*src"):
        check_place(Path(sys.executable), dict(os.environ))


def test_a_wheel_is_built_once(monkeypatch):
    """The same file twice: the second would be looked for after the first was renamed."""
    monkeypatch.setattr(release, "version_of", lambda python: python.removeprefix("python"))
    asked = ["python3.11", "python3.13", "python3.11", "python3.12", "python3.9"]
    assert makers(asked) == ["python3.11", "python3.13", "python3.9"]
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert told["tool"]["scikit-build"]["wheel"]["py-api"] == f"cp{STABLE[0]}{STABLE[1]}"


def test_every_module_keeps_to_the_stable_abi():
    """Else a wheel for 3.12 and later has one that only 3.12 finds, and later ones are slow."""
    modules = re.findall(r"nanobind_add_module\(.*", (ROOT / "CMakeLists.txt").read_text())
    assert len(modules) == 3
    assert all(" STABLE_ABI " in module for module in modules)


def test_a_module_for_one_python_is_found_in_a_wheel_for_many(tmp_path):
    wheel = tmp_path / "ntmlab-1-cp312-abi3-linux_x86_64.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("ntmlab/a/_native.abi3.so", "")
        archive.writestr("ntmlab/b/_native.cpython-312-x86_64-linux-gnu.so", "")
    with pytest.raises(InputError, match=r"only: ntmlab/b/_native.cpython-312"):
        check_stable(wheel)
