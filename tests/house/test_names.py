"""The light table of names says what the classes say, and lists need no PyTorch."""

import subprocess
import sys

import pytest

from ntmlab import names
from ntmlab.models import MODELS
from ntmlab.tasks import TASKS
from ntmlab.weights import shipped

LIST = "import sys; from ntmlab.cli import main; main(['list', sys.argv[1]]); print(*sys.modules)"


def test_tasks_are_described_as_their_classes_are():
    assert {name: task.__doc__.splitlines()[0] for name, task in TASKS.items()} == names.TASKS


def test_every_kind_of_model_is_described():
    assert list(names.KINDS) == list(MODELS)


@pytest.mark.parametrize("what", ["tasks", "models"])
def test_lists_import_nothing_heavy(what):
    command = [sys.executable, "-c", LIST, what]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    modules = said.pop().split()
    assert not {"torch", "numpy", "matplotlib"} & set(modules)
    listed = {line.split()[0] for line in said}
    if what == "tasks":
        assert listed == set(TASKS)
    else:
        short = {full: alias for alias, full in names.ALIASES.items()}
        assert listed == {
            *names.EXACT,
            *names.KINDS,
            *(short.get(name, name) for name in shipped()),
        }
