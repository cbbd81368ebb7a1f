"""``ntmlab check``: lines, JSON, and the exit status."""

import json

import pytest

from ntmlab.evaluation.checks import NAMES
from tests.cli.commands import run

FACTORIES = """
import torch

class Model(torch.nn.Module):
    def __init__(self, input_size, output_size, ahead=False):
        super().__init__()
        self.cells = torch.nn.GRU(input_size, 8, batch_first=True)
        self.read, self.ahead = torch.nn.Linear(8, output_size), ahead

    def forward(self, x, state=None):
        hidden, state = self.cells(x, state)
        return self.read(hidden.flip(1) if self.ahead else hidden), state

def good(input_size, output_size):
    return Model(input_size, output_size)

def ahead(input_size, output_size):
    return Model(input_size, output_size, True)

def breaks():
    def predict(inputs):
        raise RuntimeError("no\\nway")
    return predict
"""


@pytest.fixture
def mine(tmp_path, monkeypatch):
    (tmp_path / "checked_models.py").write_text(FACTORIES)
    monkeypatch.chdir(tmp_path)
    return "checked_models"


def test_a_right_model_passes_on_any_task(mine, capsys):
    for task in ("dynamic-ngrams:order=3", "hmm:mess3", "copy"):
        status, out, err = run(capsys, "check", f"{mine}:good", "--task", task)
        assert (status, err) == (0, ""), out
        lines = out.splitlines()
        assert [line.split()[1] for line in lines[1:-1]] == list(NAMES)
        assert lines[-1].endswith(" passed")


def test_a_wrong_one_is_a_failure_in_lines_and_json(mine, capsys):
    status, out, _ = run(capsys, "check", f"{mine}:ahead")
    assert status == 1
    (line,) = (line for line in out.splitlines() if line.split()[1] == "causality")
    assert line.startswith("FAILED")
    assert line.endswith(" bits")
    assert "failed: " in out.splitlines()[-1]
    status, out, _ = run(capsys, "check", f"{mine}:ahead", "--json")
    found = json.loads(out)
    assert (status, found["task"], list(found)) == (
        1,
        "dynamic-ngrams",
        ["model", "task", "checks"],
    )
    checks = {check["name"]: check for check in found["checks"]}
    assert list(checks) == list(NAMES)
    leak = checks["causality"]
    assert {"passed", "length", "step", "other", "size", "bits", "message"} < set(leak)
    assert leak["passed"] is False
    assert checks["rows"]["passed"] is True


def test_a_predictor_that_fails_is_one_line_a_check(mine, capsys):
    status, out, err = run(capsys, "check", f"{mine}:breaks", "--json")
    checks = {check["name"]: check for check in json.loads(out)["checks"]}
    assert (status, err) == (1, "")
    assert "RuntimeError: no way" in checks["shape"]["message"]
    assert checks["causality"]["passed"] is None


@pytest.mark.filterwarnings("default")
def test_a_slow_model_is_said_to_be_at_its_second_pass(mine, capsys, monkeypatch):
    monkeypatch.setattr("ntmlab.evaluation.checks.outputs.SLOW", 0.0)
    status, _, err = run(capsys, "check", f"{mine}:good", "--only", "shape")
    assert (status, len(err.splitlines())) == (0, 1)
    assert "a pass of one row takes 0.0 s" in err


def test_shipped_and_exact_predictors_by_name(capsys):
    for name in ("lstm", "optimal"):
        only = ("--only", "causality", "state", "decode", "--lengths", 1, 2, 5)
        status, out, _ = run(capsys, "check", name, *only)
        assert status == 0
        assert len(out.splitlines()) == 5


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("nothing",), "unknown model"),
        (("optmal",), "did you mean 'optimal'"),
        (("mine.py",), "one of your own is module:factory"),
        (("runs/nothing",), "there is no run folder or weights file 'runs/nothing'"),
        (("lstm", "--only", "casuality"), "did you mean 'causality'"),
        (("lstm", "--lengths", 0), "--lengths are from 1"),
        (("lstm", "--lengths", 5, 0, 7), "--lengths are from 1 to 200 steps, not 0"),
        (("lstm", "--lengths", 5, 201, 7), "--lengths are from 1 to 200 steps, not 201"),
        (("lstm", "--task", "hmm:mess3"), "has 1 inputs"),
        (("oracle",), "sees the drawn parameters"),
    ],
)
def test_bad_input(capsys, arguments, reason):
    status, out, err = run(capsys, "check", *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert reason in err
