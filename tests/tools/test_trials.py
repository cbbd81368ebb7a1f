"""The tool that trains with one thing changed at a time, and the page made of what it writes."""

import json
import sys

import pytest

from tools import trials
from tools.docs.trials import trials_page


@pytest.fixture
def tool(monkeypatch):
    changes = {"as it is": [], "half the batch": ["batch=8"]}
    monkeypatch.setattr(trials, "TRIALS", {"ngrams-quick": trials.Trials(64, (0, 1), changes)})
    return trials


def run(tool, monkeypatch, folder, *recipes) -> int:
    where = ["--runs", str(folder / "runs"), "--results", str(folder / "results")]
    monkeypatch.setattr(sys, "argv", ["trials", *recipes, *where])
    return tool.main()


def test_changes_are_trained_once_and_make_the_page(tool, monkeypatch, tmp_path):
    assert run(tool, monkeypatch, tmp_path) == 0
    file = tmp_path / "results/ngrams-quick.json"
    found = json.loads(file.read_text())
    assert (found["sequences"], found["seeds"], found["measured"]) == (64, [0, 1], "kl")
    plain, half = found["trials"]
    assert (plain["settings"], half["settings"]) == ([], ["batch=8"])
    assert len({*plain["costs"], *half["costs"]}) == 4
    monkeypatch.setattr("ntmlab.training.train", None)  # nothing is left to train
    monkeypatch.setattr("ntmlab.training.resume", None)
    assert run(tool, monkeypatch, tmp_path) == 0
    assert json.loads(file.read_text()) == found
    page = trials_page(tmp_path / "results")
    order = sorted(found["trials"], key=lambda trial: sum(trial["costs"]))
    cells = {"as it is": "| **as it is** |", "half the batch": "| half the batch |"}
    places = [page.index(cells[trial["change"]]) for trial in order]
    assert places == sorted(places)
    assert "`batch=8`" in page


def test_runs_of_other_settings_are_refused(tool, monkeypatch, tmp_path, capsys):
    assert run(tool, monkeypatch, tmp_path) == 0
    tool.TRIALS["ngrams-quick"].changes["half the batch"][0] = "batch=4"
    assert run(tool, monkeypatch, tmp_path) == 2
    assert "other settings" in capsys.readouterr().err


def test_unknown_recipes_get_one_line(tool, monkeypatch, tmp_path, capsys):
    assert run(tool, monkeypatch, tmp_path, "nothing") == 2
    assert capsys.readouterr().err.startswith("trials: no trials of 'nothing'")
