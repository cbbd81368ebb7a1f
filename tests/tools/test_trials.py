"""The tool that trains with one thing changed at a time, and the page made of what it writes."""

import json
import sys

import pytest

from tests.sweeps.cases import Inline
from tools import trials
from tools.docs.trials import trials_page


@pytest.fixture
def tool(monkeypatch):
    changes = {"as it is": [], "half the batch": ["batch=8"]}
    monkeypatch.setattr(trials, "TRIALS", {"ngrams-quick": trials.Trials(64, (0, 1), changes)})
    monkeypatch.setattr(trials, "Processes", lambda threads, jobs: Inline())
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
    monkeypatch.setattr(Inline, "start", None)  # nothing is left to train
    assert run(tool, monkeypatch, tmp_path) == 0
    assert json.loads(file.read_text()) == found
    page = trials_page(tmp_path / "results")
    order = sorted(found["trials"], key=lambda trial: sum(trial["costs"]))
    cells = {"as it is": "| **as it is** |", "half the batch": "| half the batch |"}
    places = [page.index(cells[trial["change"]]) for trial in order]
    assert places == sorted(places)
    assert "`batch=8`" in page


def test_a_change_that_is_another_now_is_trained_and_the_rest_is_kept(tool, monkeypatch, tmp_path):
    assert run(tool, monkeypatch, tmp_path) == 0
    file = tmp_path / "results/ngrams-quick.json"
    before = json.loads(file.read_text())["trials"]
    tool.TRIALS["ngrams-quick"].changes["half the batch"][0] = "batch=4"
    assert run(tool, monkeypatch, tmp_path) == 0
    after = json.loads(file.read_text())["trials"]
    assert after[0] == before[0]
    assert after[1]["costs"] != before[1]["costs"]


def test_unknown_recipes_get_one_line(tool, monkeypatch, tmp_path, capsys):
    assert run(tool, monkeypatch, tmp_path, "nothing") == 2
    assert capsys.readouterr().err.startswith("trials: no trials of 'nothing'")
    assert run(tool, monkeypatch, tmp_path, "--jobs", "0") == 2
    assert capsys.readouterr().err == "trials: --jobs must be at least 1, not 0\n"
