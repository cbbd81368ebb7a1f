"""The table of all models: one small cell trained, measured, gone on with and drawn again."""

import json

import pytest

from ntmlab import InputError
from ntmlab.cli import main
from ntmlab.models import MODELS
from ntmlab.studies import table
from ntmlab.studies.table import cell as cells
from ntmlab.training import TrainingError

BUDGET = table.Budget(sequences=32, search=16, seeds=(0,))
CELL = table.Cell("hidden Markov", "gru")


def test_every_kind_of_model_is_a_row():
    assert table.SIZES.keys() == MODELS.keys()
    assert all(text.partition(":")[0] == kind for kind, own in table.SIZES.items() for text in own)
    with pytest.raises(InputError, match="did you mean 'three letters'"):
        table.cells(["three leters"])


def test_a_cell_is_trained_once_measured_and_drawn_again(tmp_path, monkeypatch, capsys):
    found = table.measure_cell(CELL, BUDGET, tmp_path, sequences=20)
    assert [one["rate"] for one in found["search"][:2]] == [3e-3, 1e-2]
    best = min(found["search"], key=lambda one: one["kl"])
    assert (found["chosen"], found["rate"]) == (best["model"], best["rate"])
    (run,) = found["runs"]
    assert run["kl"] > 0
    assert run["beyond"] > 0
    assert run["state_bytes"] == 2 * 4 * (64 if "64" in found["chosen"] else 32)
    monkeypatch.setattr(cells, "complete", lambda *given: pytest.fail("trained again"))
    assert table.measure_cell(CELL, BUDGET, tmp_path, sequences=20) == found
    capsys.readouterr()
    assert main(["table", "--out", str(tmp_path), "--redraw", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cells"] == [found]
    text = table.to_text([found])
    assert f"| {run['kl']:.3f} ± " in text
    assert "| ntm | not run |" in text


def test_what_fails_stands_in_the_table(tmp_path, monkeypatch):
    def fails(recipe, seed, path):
        raise TrainingError("the loss is nan")

    monkeypatch.setattr(cells, "complete", fails)
    found = table.measure_cell(CELL, BUDGET, tmp_path)
    assert found["runs"] == []
    assert [one["failed"] for one in found["search"]] == ["the loss is nan"] * 3
    assert "every run of the search failed" in table.to_text([found])


def test_a_stopped_run_ends_the_command(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cells, "complete", lambda *given: False)
    command = ["table", "--out", str(tmp_path), "--models", "gru", "--sources", "hidden Markov"]
    assert main(command) == 1
    assert "the same command goes on" in capsys.readouterr().err


def test_a_budget_has_sequences(capsys):
    assert main(["table", "--sequences", "0"]) == 2
    assert "at least 1" in capsys.readouterr().err
