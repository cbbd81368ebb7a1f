"""The first second: what the package imports, and when."""

import subprocess
import sys

import pytest

import ntmlab

USE = "import sys, ntmlab\n{}\nprint(*sys.modules)"
EVERY_NAME = "for name in ntmlab.__all__: getattr(ntmlab, name)"


def modules_after(code: str) -> set[str]:
    """What a fresh Python holds after some lines."""
    command = [sys.executable, "-c", USE.format(code)]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


def test_the_package_alone_imports_nothing_heavy():
    assert not {"torch", "numpy", "matplotlib"} & modules_after("")


def test_no_public_name_brings_pictures_or_training():
    held = modules_after(EVERY_NAME)
    assert "torch" in held
    assert not {"matplotlib", "ntmlab.figures", "ntmlab.training", "ntmlab.recipes"} & held


COMMAND = "from ntmlab.cli import main\ntry: main({!r})\nexcept SystemExit: pass"
TRAINING = {"ntmlab.training", "ntmlab.recipes", "ntmlab.sweeps", "rich"}
COMPILERS = {"torch._dynamo", "torch._inductor", "sympy", "ntmlab.kernels.cuda"}
HEAVY = (
    TRAINING | COMPILERS | {"matplotlib.pyplot", "ntmlab.evaluation.checks", "ntmlab.studies.paper"}
)


@pytest.mark.parametrize(
    ("arguments", "kept_out"),
    [
        (["--help"], {"torch", "numpy", "matplotlib", "rich", "logging"}),
        (["predict", "0110", "--models", "ntm"], HEAVY | {"matplotlib"}),
        (["figure", "--out", "strips.png"], HEAVY),
    ],
)
def test_a_command_holds_only_what_it_needs(arguments, kept_out, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert not kept_out & modules_after(COMMAND.format(arguments))


def test_python_runs_the_package_as_its_script():
    command = [sys.executable, "-m", "ntmlab", "--version"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert said == f"ntmlab {ntmlab.__version__}\n"


PROGRAM = "from ntmlab.__main__ import program\nsys.argv = ['ntmlab', {!r}]\n{}\nprogram()"


@pytest.mark.parametrize(
    ("argument", "before", "status", "said"),
    [
        ("--version", "", 0, f"ntmlab {ntmlab.__version__}\n"),
        ("nonsense", "", 2, ""),
        ("--version", "atexit.register(print, 'end')", 0, f"ntmlab {ntmlab.__version__}\nend\n"),
        ("--version", "threading.Timer(0.5, print, ['late']).start()", 0,
         f"ntmlab {ntmlab.__version__}\nlate\n"),
    ],
    ids=["done", "wrong use", "work left for the end", "a thread that goes on"],
)  # fmt: skip
def test_the_program_ends_with_its_status_and_loses_nothing(argument, before, status, said):
    code = f"import atexit, sys, threading\n{PROGRAM.format(argument, before)}"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (status, said)


def test_output_that_nobody_takes_is_a_failure_of_the_program():
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "ntmlab", "list", "tasks"]
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert ended.returncode == 1
    assert "No space left" in ended.stderr
    assert "Traceback" not in ended.stderr
