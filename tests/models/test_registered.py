"""Models that installed packages register: names as any other; broken ones are a line each."""

import json
import subprocess
import sys

import pytest

from ntmlab import InputError
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.models import make_model, names_code, split_model
from ntmlab.recipes import own_recipe
from ntmlab.registered import registered
from ntmlab.tasks import make_task
from ntmlab.trusted import check_trusted
from tests.cli.commands import run

CODE = """
import torch


class Tiny(torch.nn.Module):
    def __init__(self, input_size, output_size, width=4):
        super().__init__()
        self.cells = torch.nn.GRU(input_size, width, batch_first=True)
        self.read = torch.nn.Linear(width, output_size)

    def forward(self, inputs, state=None):
        hidden, state = self.cells(inputs, state)
        return self.read(hidden), state
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Installs a package that registers what its argument says."""
    monkeypatch.syspath_prepend(tmp_path)

    def add(points, package="tiny-package"):
        name = package.replace("-", "_")
        (tmp_path / f"{name}.py").write_text(CODE)
        folder = tmp_path / f"{name}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (folder / "entry_points.txt").write_text(f"[ntmlab.models]\n{points}\n")
        sys.path.insert(0, str(tmp_path / name))  # what is registered is read anew for another path

    return add


def test_a_registered_name_is_a_model_as_any_other(install, tmp_path, capsys):
    install("tiny-gru = tiny_package:Tiny")
    assert names_code("tiny-gru")
    assert names_code("tiny-gru:width=8")
    assert split_model("tiny-gru:width=8") == ("tiny_package:Tiny", {"width": 8})
    model = make_model("tiny-gru:width=8", input_size=1, output_size=1)
    assert model.module.cells.hidden_size == 8
    recipe = own_recipe("dynamic-ngrams", "tiny-gru:width=8")
    assert recipe.name == "dynamic-ngrams-tiny-gru-width=8"
    check_trusted(recipe.model, "a card")
    find_predictor("tiny-gru", make_task("hmm:mess3"))
    status, out, _ = run(capsys, "list", "models")
    assert status == 0
    assert "tiny-gru" in out
    assert "registered by tiny-package" in out


def test_the_command_line_takes_it(install, tmp_path, capsys):
    install("tiny-gru = tiny_package:Tiny")
    only = ("--only", "causality", "--lengths", 7, "--json")
    status, out, _ = run(capsys, "check", "tiny-gru:width=3", *only)
    assert (status, json.loads(out)["checks"][0]["passed"]) == (0, True)
    status, out, _ = run(
        capsys, "evaluate", "dynamic-ngrams", "--models", "tiny-gru", "--sequences", 2
    )
    assert status == 0
    assert "tiny-gru" in out
    arguments = ("--task", "dynamic-ngrams:length=8", "--model", "tiny-gru", "--sequences", 16)
    folder = tmp_path / "run"
    assert run(capsys, "train", *arguments, "--out", folder)[0] == 0
    assert run(capsys, "evaluate", "dynamic-ngrams", "--models", folder, "--sequences", 2)[0] == 0


@pytest.mark.parametrize(
    ("points", "name", "reason"),
    [
        ("odd = tiny_package", "odd", "registers it as 'tiny_package', which is no package"),
        ("odd = tiny_package:Tiny.made", "odd", "which is no package.module:factory"),
        ("odd = no_such_package:Tiny", "odd", "cannot import no_such_package"),
        ("odd = tiny_package:Huge", "odd", "tiny_package has no Huge"),
        ("odd = tiny_package:CODE", "odd", "tiny_package has no CODE"),
    ],
)
def test_a_broken_one_is_one_line(install, capsys, points, name, reason):
    install(points)
    status, out, err = run(capsys, "check", name)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert reason in err


def test_names_of_our_own_are_not_taken_over(install, capsys):
    install("lstm = tiny_package:Tiny\nngrams-ntm = tiny_package:Tiny\nkt-K = tiny_package:Tiny")
    assert split_model("lstm") == ("lstm", {})
    assert not names_code("ngrams-ntm")
    status, out, err = run(capsys, "list", "models")
    assert (status, "tiny-package" in out) == (0, False)
    assert "lstm: package tiny-package registers a name that ntmlab has" in err


def test_two_packages_of_one_name_are_said(install, capsys):
    install("odd = tiny_package:Tiny")
    install("odd = other_package:Tiny", package="other-package")
    with pytest.raises(InputError, match=r"registers it as .* and .*-package as"):
        split_model("odd")


def test_a_package_that_cannot_be_read_is_passed_over(install, capsys):
    install("odd = tiny_package:Tiny")
    install("nothing that could be read", package="other-package")
    assert split_model("odd") == ("tiny_package:Tiny", {})
    status, _, err = run(capsys, "list", "models")
    assert (status, err.count("\n")) == (0, 1)
    assert "other_package" in err
    assert "cannot be read" in err


def test_help_does_not_look_for_packages():
    code = (
        "import sys; from ntmlab.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    )
    code += "print('importlib.metadata' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert said.stdout.splitlines()[-1] == "False"


def test_what_reads_as_code_is_that_code(install):
    install("tiny_package = other:Thing")
    assert split_model("tiny_package:Tiny") == ("tiny_package:Tiny", {})
    assert registered()["tiny_package"].factory == "other:Thing"
