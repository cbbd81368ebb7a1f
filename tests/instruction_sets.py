"""Tests that run once on each instruction set that the kernels were compiled for."""

import os
import re
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


def run_tests(name, files, wanted):
    """Runs the tests ``wanted`` of some files in one process; they must pass on this set."""
    code = (
        "import pytest, sys\n"
        "from ntmlab.kernels import backend\n"
        "from ntmlab.optimal import native\n"
        "taken = {each.native_module().instruction_set() for each in (backend, native)}\n"
        f"assert taken == {{{name!r}}}\n"
        "sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', *sys.argv[1:]]))"
    )
    command = [sys.executable, "-c", code, *files, "-k", wanted]
    done = subprocess.run(command, env=environment(name), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return int(re.search(r"(\d+) passed", done.stdout)[1])
