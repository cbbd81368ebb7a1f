"""Breaks the sources on purpose, one thing at a time, and finds which tests do not notice.

    python -m tools.mutants [--operators 60] [--seed 0] [--of FOLDER...] [--only TEXT] [--native]
                            [--green] [--again]

Named mutants (tools/mutations/) are edits with the tests that have to notice them; operators are
swapped at places that a seed draws; with ``--of`` these alone, in these folders of the package.
Each is applied to a copy of the tree in build/mutants, where its tests run until the first that
fails. Before, all tests that are named have to pass (``--green`` takes that as known). Those in C++
are built there too, without optimisation, and only run with ``--native``. What was found is kept in
build/mutants/found.jsonl, by the mutant and the contents of its file and tests, so that an
interrupted campaign goes on; ``--again`` forgets it. Prints one JSON object with tries and
survivors.

Every mutant is a fork of a process that has PyTorch loaded already, and the package not.
"""

import argparse
import doctest
import hashlib
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from tools.mutations import NAMED, Mutant, drawn

ROOT: Final = Path(__file__).parents[1]
PLACE: Final = ROOT / "build" / "mutants"
TREE: Final = PLACE / "tree"
FOUND: Final = PLACE / "found.jsonl"
SECONDS: Final = 900.0  # a mutant that runs on for longer is noticed
OF_ONE_TEST: Final = 100.0  # and of the processor, so that what else runs there decides nothing
# Passed, failed, not collected, crashed, ran on.
ENDS: Final = (0, 1, 2, -signal.SIGSEGV, -signal.SIGABRT, -signal.SIGPROF)
NOTHING_TO_RUN: Final = 5  # pytest's status where all tests are left out, as slow ones
COMPILED: Final = (".hpp", ".cpp")
MODULES: Final = {"kernels": "", "optimal": "optimal/", "streams": "streams/"}
# The editable install's own finder would find the sources that are not broken.
SITE: Final = """import sys
sys.meta_path[:] = [f for f in sys.meta_path if type(f).__name__ != "ScikitBuildRedirectingFinder"]
"""

Record = dict[str, Any]


def copy_tree() -> None:
    """A fresh copy of what git tracks or would track, with the compiled modules."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    shutil.rmtree(TREE, ignore_errors=True)
    for name in listed.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, TREE / name)
    installed = Path(sys.prefix).glob("lib/python*/site-packages/ntmlab/*/_native*.so")
    for module in installed:
        shutil.copy2(module, TREE / "src/ntmlab" / module.parent.name / module.name)
    (PLACE / "site").mkdir(exist_ok=True)
    (PLACE / "site" / "sitecustomize.py").write_text(SITE)


def load() -> None:
    """What every test needs and no mutant changes, imported once; the package is the copy's."""
    exec(SITE, {})
    assert "ntmlab" not in sys.modules
    source = str(TREE / "src")
    sys.path.insert(0, source)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(PLACE / "site"), source])
    os.environ["OMP_NUM_THREADS"] = "1"
    for name in (
        "torch",
        "numpy",
        "pytest",
        "safetensors.torch",
        "hypothesis",
        "matplotlib.pyplot",
    ):
        __import__(name)


class Bounded:
    """A plugin of pytest: a test that takes too much of the processor ends all of them."""

    def pytest_runtest_logstart(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, OF_ONE_TEST)


def tested(tests: Sequence[str], file: str) -> tuple[int, str]:
    """Runs tests in a fork until the first that fails: pytest's exit status, and its last lines.

    Those within the docstrings of ``file`` come first, if it is a module of the package.
    """
    log = PLACE / "log.txt"
    if (child := os.fork()) == 0:
        os.setsid()
        os.chdir(TREE)
        with log.open("w") as said:
            for stream in (1, 2):
                os.dup2(said.fileno(), stream)
        import pytest

        if file.startswith("src/ntmlab/") and file.endswith(".py") and examples_fail(file):
            os._exit(1)
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:doctest", "-m", "not slow"]
        options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of what is loaded already
        options += ["-o", "addopts=--strict-markers --import-mode=importlib"]
        ends = []
        for stage in stages(tests):
            ends.append(int(pytest.main([*options, *stage], plugins=[Bounded()])))
            if ends[-1] not in (0, NOTHING_TO_RUN):
                os._exit(ends[-1])
        os._exit(min(ends))
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return code, "\n".join(log.read_text(errors="replace").splitlines()[-4:])
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 1, "it ran on"


def stages(tests: Sequence[str]) -> list[list[str]]:
    """What pytest is given one after the other: files first, then the folders without them.

    Of a folder and a file in it pytest makes the folder, whose files come by their names.

    >>> stages(["tests/b/test_c.py", "tests/b", "tests/a/test_d.py"])
    [['tests/b/test_c.py', 'tests/a/test_d.py'], ['tests/b', '--ignore=tests/b/test_c.py']]
    """
    folders = [test for test in tests if not test.partition("::")[0].endswith(".py")]
    files = [test for test in tests if test not in folders]
    known = [f for f in files if any(f.startswith(f"{folder}/") for folder in folders)]
    rest = [*folders, *(f"--ignore={file}" for file in known if "::" not in file)]
    return [stage for stage in (files, rest if folders else []) if stage]


def examples_fail(file: str) -> bool:
    """Whether an example within a module's docstrings gives another answer, or none."""
    name = file.removeprefix("src/").removesuffix(".py").removesuffix("/__init__")
    try:
        return doctest.testmod(importlib.import_module(name.replace("/", "."))).failed > 0
    except Exception as error:  # the module itself is broken
        print(f"{name}: {error!r}", flush=True)
        return True


class Build:
    """The compiled modules of the copy, built again when a mutant of theirs changed a file."""

    def __init__(self) -> None:
        rules = TREE / "CMakeLists.txt"
        rules.write_text(rules.read_text().replace("-O3", "-O1"))
        command = ["cmake", "-S", str(TREE), "-B", str(PLACE / "native"), "-G", "Ninja"]
        self.run([*command, f"-DPython_EXECUTABLE={sys.executable}", "-DCMAKE_BUILD_TYPE=None"])
        self.make()

    def make(self) -> bool:
        """Whether it could be built."""
        if not self.run(["ninja", "-C", str(PLACE / "native"), "-j1"]):
            return False
        for folder, place in MODULES.items():
            for module in (PLACE / "native" / place).glob("_native*.so"):
                (TREE / "src/ntmlab" / folder / module.name).unlink(missing_ok=True)
                shutil.copy2(module, TREE / "src/ntmlab" / folder / module.name)
        return True

    def run(self, command: list[str]) -> bool:
        """Whether a command of the environment ended well."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = os.environ | {"PATH": path}
        ended = subprocess.run(command, env=environment, capture_output=True, check=False)
        return ended.returncode == 0


def tried(mutant: Mutant, build: Build | None) -> Record:
    """Applies a mutant to the copy, runs its tests, and puts the file back."""
    path = TREE / mutant.file
    whole = path.read_text()
    compiled = path.suffix in COMPILED
    try:
        path.write_text(mutant.applied(whole))
        for stale in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
            stale.unlink()
        if compiled and build is not None and not build.make():
            raise RuntimeError(f"{mutant.name} does not compile")
        begun = time.monotonic()
        status, said = tested(mutant.tests, mutant.file)
        if status not in ENDS:
            raise SystemExit(f"{mutant.name}: pytest ended with {status}:\n{said}")
        seconds = round(time.monotonic() - begun, 1)
    finally:
        path.write_text(whole)
        for stale in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
            stale.unlink()
        if compiled and build is not None:
            build.make()
    return {"mutant": mutant.name, "noticed": status != 0, "seconds": seconds, "said": said}


def check_tests(mutants: Sequence[Mutant]) -> None:
    """Ends the campaign unless the tests that mutants name pass while nothing is broken."""
    status, said = tested(sorted({test for mutant in mutants for test in mutant.tests}), "")
    if status != 0:
        raise SystemExit(f"the tests fail before anything is broken:\n{said}")


def key(mutant: Mutant) -> str:
    """Which mutant this is, of which sources and which tests."""
    parts = [mutant.file, *(test.partition("::")[0] for test in mutant.tests)]
    digest = hashlib.sha256("\0".join([mutant.name, mutant.old, mutant.new]).encode())
    for part in parts:
        paths = sorted((ROOT / part).rglob("*.py")) if (ROOT / part).is_dir() else [ROOT / part]
        digest.update(b"".join(path.read_bytes() for path in paths))
    return digest.hexdigest()[:16]


def summary(found: list[Record], seed: int) -> Record:
    """What is printed in the end."""
    survivors = [record["mutant"] for record in found if not record["noticed"]]
    return {
        "date": date.today().isoformat(),
        "seed": seed,
        "mutants": len(found),
        "noticed": len(found) - len(survivors),
        "survivors": survivors,
    }


def main() -> None:
    """Runs the campaign; ends with 1 if a mutant survives."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--operators", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--of", nargs="+", default=(), metavar="FOLDER", help="draw alone, in these"
    )
    parser.add_argument("--only", default="", help="mutants whose names hold this")
    parser.add_argument("--native", action="store_true", help="those in C++ alone")
    parser.add_argument("--green", action="store_true", help="all tests are known to pass")
    parser.add_argument("--again", action="store_true")
    given = parser.parse_args()
    places = drawn(ROOT, given.operators, given.seed, given.of)
    named = () if given.of else NAMED
    every = [m for m in (*named, *places) if given.only in m.name]
    chosen = [m for m in every if (Path(m.file).suffix in COMPILED) == given.native]
    if not chosen:
        parser.error(f"no mutant's name holds {given.only!r}")
    PLACE.mkdir(parents=True, exist_ok=True)
    if given.again:
        FOUND.unlink(missing_ok=True)
    lines = FOUND.read_text().splitlines() if FOUND.exists() else []
    known = {record["key"]: record for record in map(json.loads, lines)}
    keys = {mutant: key(mutant) for mutant in chosen}  # now: the sources may change meanwhile
    left = [mutant for mutant in chosen if keys[mutant] not in known]
    if left:
        copy_tree()
        load()
        build = Build() if given.native else None
        check_tests(left[:1] if given.green else left)
        for number, mutant in enumerate(left):
            record = {"key": keys[mutant], **tried(mutant, build)}
            known[record["key"]] = record
            with FOUND.open("a") as file:
                file.write(json.dumps(record) + "\n")
            word = "noticed" if record["noticed"] else "SURVIVES"
            about = f"{number + 1}/{len(left)} {word} {record['seconds']} s {mutant.name}"
            print(about, file=sys.stderr, flush=True)
    result = summary([known[keys[mutant]] for mutant in chosen], given.seed)
    print(json.dumps(result, indent=2, ensure_ascii=False))
    sys.exit(1 if result["survivors"] else 0)


if __name__ == "__main__":
    main()
