"""The table of all models: one small cell trained, measured, gone on with and drawn again."""

import json

import pytest

from ntmlab import InputError
from ntmlab.cli import main
from ntmlab.errors import Remark
from ntmlab.models import MODELS
from ntmlab.studies import table
from ntmlab.studies.table import cell as cells
from ntmlab.training import TrainingError

BUDGET = table.Budget(sequences=32, search=16, seeds=(0,))
CELL = table.Cell("hidden Markov", "gru")

AHEAD = """
import torch

class Ahead(torch.nn.Linear):
    def __init__(self, input_size, output_size):
        super().__init__(input_size, output_size)

    def forward(self, inputs):
        return super().forward(inputs.roll(-1, 1))
"""


POSITIONS = """
import torch

class Positions(torch.nn.Module):
    def __init__(self, input_size, output_size):
        super().__init__()
        self.positions = torch.nn.Embedding(128, output_size)
        self.weights = torch.nn.Linear(input_size, output_size)

    def forward(self, inputs):
        return self.weights(inputs) + self.positions(torch.arange(inputs.shape[1]))
"""


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


def test_a_model_of_one_s_own_is_a_row(tmp_path, capsys):
    """By code, as a registered name stands for it."""
    own = "tests.models.own:GRU"
    command = ["table", "--out", str(tmp_path), "--models", own, "--sources", "hidden Markov"]
    assert main([*command, "--sequences", "32", "--search", "16"]) == 0
    said = capsys.readouterr().out
    assert f"| `{own}`, rate " in said
    assert "| gru | not run |" in said
    (folder,) = (tmp_path / "hidden-Markov").iterdir()
    assert ":" not in folder.name
    assert len(list(folder.glob("*/config.json"))) == 3
    assert main(["table", "--models", "no-such"]) == 2
    assert "unknown model of the table" in capsys.readouterr().err
    (found,) = table.read_cells(tmp_path)
    assert list(found["code"]) == [own]
    budget = table.Budget(**found["budget"] | {"seeds": tuple(found["budget"]["seeds"])})
    found["code"][own] = "another"
    (folder / "cell.json").write_text(json.dumps(found))
    with pytest.warns(Remark, match=f"the file of {own} has changed since"):
        table.measure_cell(table.Cell("hidden Markov", own), budget, tmp_path, found["measured"])
    found["runs"][0]["state_bytes"] = None
    assert "| none |" in table.to_text([found])


def test_one_that_looks_ahead_is_no_row(tmp_path, capsys, monkeypatch):
    (tmp_path / "ahead_models.py").write_text(AHEAD)
    monkeypatch.chdir(tmp_path)
    command = ["table", "--out", str(tmp_path), "--sources", "hidden Markov"]
    assert main([*command, "--models", "ahead_models:Ahead"]) == 2
    assert "looks ahead" in capsys.readouterr().err
    assert not list(tmp_path.glob("hidden*"))


def test_what_fails_stands_in_the_table(tmp_path, monkeypatch):
    def fails(recipe, seed, path, also):
        raise TrainingError("the loss is nan")

    monkeypatch.setattr(cells, "complete", fails)
    found = table.measure_cell(CELL, BUDGET, tmp_path)
    assert found["runs"] == []
    assert [one["failed"] for one in found["search"]] == ["the loss is nan"] * 3
    assert "every run of the search failed" in table.to_text([found])


def test_a_model_that_ends_at_some_position_has_its_row_and_the_next_cell_is_trained(
    tmp_path, capsys, monkeypatch
):
    """Learned positions, as GPT-2 has them: no answer beyond, which is no reason to end."""
    (tmp_path / "position_models.py").write_text(POSITIONS)
    monkeypatch.chdir(tmp_path)
    own = "position_models:Positions"
    command = ["table", "--sources", "three letters", "--models", own, "gru"]
    assert main([*command, "--sequences", "32", "--search", "16", "--json"]) == 0
    other, cell = json.loads(capsys.readouterr().out)["cells"]
    (run,) = cell["runs"]
    assert "index out of range" in run["beyond_failed"]
    assert run["kl"] > 0
    assert "beyond" not in run
    assert other["runs"][0]["beyond"] > 0
    assert f"| failed: {run['beyond_failed']} |" in table.to_text([cell, other])


def test_code_that_no_run_may_name_is_refused_before_it_is_trained(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["table", "--models", "gru", "tests.models.own:GRU"]) == 2
    assert "a table names code, tests.models.own:GRU, that is not in the current folder" in (
        capsys.readouterr().err
    )
    assert not list(tmp_path.iterdir())
    monkeypatch.setenv("NTMLAB_TRUST", "tests")
    assert table.cells(["three letters"], ["tests.models.own:GRU"])


def test_a_row_a_seed_and_what_each_run_of_the_search_came_to():
    """A seed that failed has a row, with the reason where its gap would be."""
    right = {"seed": 0, "kl": 0.5, "kl_se": 0.02, "gap": 0.4, "gap_se": 0.1, "beyond": 2.0}
    right |= {"beyond_se": 0.5, "nearest": "kt-1", "distance": 0.126, "parameters": 12345}
    right |= {"state_bytes": 4096, "seconds": 59.6}
    search = [
        {"model": "gru:hidden_size=64", "rate": 3e-3, "kl": 0.456},
        {"model": "gru:hidden_size=32", "rate": 1e-2, "kl": None},
    ]
    found = {"source": "hidden Markov", "model": "gru", "chosen": "gru:hidden_size=64"}
    found |= {"rate": 3e-3, "budget": {"sequences": 100_000}, "search": search}
    untimed = right | {"seed": 2, "seconds": None}  # as where timing.jsonl was not copied
    found |= {"runs": [right, {"seed": 1, "failed": "the loss is nan"}, untimed]}
    text = table.to_text([found])
    _, own = text.split("## hidden Markov")
    rows = [line for line in own.splitlines() if line.startswith("| `gru")]
    name = "`gru:hidden_size=64`, rate 0.003"
    assert rows == [
        f"| {name} | 0 | 0.500 ± 0.020 | 0.400 ± 0.100 | 2.000 ± 0.500 | kt-1, 0.13 bits away "
        "| 12,345 | 4,096 | 100,000 sequences, 60 s |",
        f"| {name} | 1 | failed: the loss is nan |  |  |  |  |  |  |",
        f"| {name} | 2 | 0.500 ± 0.020 | 0.400 ± 0.100 | 2.000 ± 0.500 | kt-1, 0.13 bits away "
        "| 12,345 | 4,096 | 100,000 sequences |",
    ]
    assert len({line.count("|") for line in own.splitlines() if line.startswith("|")}) == 1
    log = "- gru: `gru:hidden_size=64` at 0.003 0.46; `gru:hidden_size=32` at 0.01 failed"
    assert log in own.splitlines()


def test_a_stopped_run_ends_the_command(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cells, "complete", lambda *given, also: False)
    command = ["table", "--out", str(tmp_path), "--models", "gru", "--sources", "hidden Markov"]
    assert main(command) == 1
    assert "the same command goes on" in capsys.readouterr().err


def test_a_wish_to_end_at_the_end_of_a_run_begins_no_other(tmp_path, monkeypatch):
    begun = []

    def complete(recipe, seed, path, also):
        begun.append(path)
        also.asked()
        return True

    monkeypatch.setattr(cells, "complete", complete)
    with pytest.raises(table.StoppedError):
        table.measure_cell(CELL, BUDGET, tmp_path)
    assert len(begun) == 1


def test_a_budget_has_sequences(capsys, monkeypatch):
    monkeypatch.setattr(table, "measure_cell", lambda *given: pytest.fail("trained"))
    for option in ("--sequences", "--search"):
        assert main(["table", option, "0"]) == 2
        assert "at least 1" in capsys.readouterr().err


@pytest.mark.parametrize("seeds", [["0", "1", "0"], ["-1"]])
def test_a_seed_that_is_none_or_given_twice_is_refused_before_anything_is_trained(
    seeds, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert main(["table", "--models", "gru", "--seeds", *seeds]) == 2
    assert "--seeds" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


TRIED = {"model": "gru:hidden_size=64", "rate": 3e-3, "kl": 0.5}
ROW = {"seed": 0, "kl": 0.5, "kl_se": 0.02, "gap": 0.4, "gap_se": 0.1, "beyond": 2.0}
ROW |= {"beyond_se": 0.5, "nearest": "kt-1", "distance": 0.1, "parameters": 9, "seconds": 5.0}
WHOLE = {"source": "hidden Markov", "model": "gru", "budget": {"sequences": 9}, "search": [TRIED]}
WHOLE |= {"chosen": "gru:hidden_size=64", "rate": 3e-3, "runs": [ROW | {"state_bytes": None}]}


def test_the_table_is_of_all_cells_that_are_there_whichever_were_asked_for(
    tmp_path, capsys, monkeypatch
):
    for source, model in (("hidden Markov", "gru"), ("three letters", "ssm")):
        cell = table.Cell(source, model)
        path = tmp_path / cell.folder / "cell.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(WHOLE | cell._asdict()))
    asked = []
    monkeypatch.setattr(table, "measure_cell", lambda cell, *given: asked.append(cell))
    command = ["table", "--out", str(tmp_path), "--models", "gru", "--sources", "hidden Markov"]
    assert main([*command, "--json", "--save", str(tmp_path / "saved.json")]) == 0
    assert asked == [table.Cell("hidden Markov", "gru")]
    said = json.loads(capsys.readouterr().out)
    assert [cell["model"] for cell in said["cells"]] == ["ssm", "gru"]
    assert json.loads((tmp_path / "saved.json").read_text()) == said


def test_where_nothing_can_be_written_nothing_is_trained(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(table, "measure_cell", lambda *given: pytest.fail("trained"))
    command = ["table", "--out", str(tmp_path / "table"), "--models", "gru", "--save"]
    for place in (tmp_path / "none/saved.json", tmp_path):
        assert main([*command, str(place)]) == 2
        assert f"cannot write {place}" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


DAMAGED = [
    *((WHOLE, key, f"it has no {key}") for key in WHOLE),
    *((WHOLE["runs"][0], key, f"it has no {key}") for key in WHOLE["runs"][0]),
    *((TRIED, key, f"it has no {key}") for key in TRIED),
    (WHOLE["budget"], "sequences", "it has no sequences"),
]


@pytest.mark.parametrize(("place", "key", "message"), DAMAGED, ids=lambda v: str(v)[:20])
def test_a_cell_that_lacks_something_is_refused_in_a_line(
    tmp_path, capsys, monkeypatch, place, key, message
):
    path = tmp_path / table.Cell("hidden Markov", "gru").folder / "cell.json"
    path.parent.mkdir(parents=True)
    for seconds in (None, 5.0):
        monkeypatch.setitem(WHOLE["runs"][0], "seconds", seconds)
        path.write_text(json.dumps(WHOLE))
        assert main(["table", "--out", str(tmp_path), "--redraw"]) == 0
        assert "0.500 ± 0.020" in capsys.readouterr().out
    monkeypatch.delitem(place, key)
    path.write_text(json.dumps(WHOLE))
    for asked in (["--redraw"], ["--models", "gru", "--sources", "hidden Markov"]):
        assert main(["table", "--out", str(tmp_path), *asked]) == 2
        out, err = capsys.readouterr()
        assert (out, path.read_text()) == ("", json.dumps(WHOLE))
        assert f"{path}, without which the cell is measured again, is damaged: {message}" in err
