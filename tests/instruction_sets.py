"""Tests that run once on each instruction set that the kernels were compiled for."""

import os
import subprocess
import sys

import pytest

from ntmlab.native import SETS
from ntmlab.optimal.native import native_module

HAD = native_module().instruction_sets() if native_module() else []
EACH = [
    pytest.param(name, marks=pytest.mark.skipif(name not in HAD, reason=f"here is no {name}"))
    for name in SETS
]


def environment(name, **others):
    """The environment of a process that takes this instruction set."""
    return os.environ | others | {"NTMLAB_ISA": name, "PYTHONPATH": os.pathsep.join(sys.path)}


def run_tests(name, module, file, wanted):
    """Runs the tests ``wanted`` of a file in a process of its own; they must pass on this set."""
    code = (
        f"import pytest, sys; from {module} import native_module as n; "
        f"assert n().instruction_set() == {name!r}; "
        "sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', *sys.argv[1:]]))"
    )
    command = [sys.executable, "-c", code, file, "-k", wanted]
    done = subprocess.run(command, env=environment(name), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
