"""What commands hand on of their options, and what they tell of a run, is what was asked for."""

import json

import pytest

from ntmlab.cli import predict
from tests.cli.commands import run

SMALL, TASK = ("--order", 3, "--length", 12), "dynamic-ngrams:order=3,length=12"
COMMANDS = {
    "evaluate": ("dynamic-ngrams", "--models", "kt-1", *SMALL),
    "losses": ("kt-1", *SMALL),
    "nearest": ("kt-1", "--task", TASK),
    "probe": ("ngrams-lstm", "--task", TASK),
}


@pytest.mark.parametrize("command", ["evaluate", "losses", "nearest", "probe"])
def test_json_says_how_many_sequences_of_which_seed(capsys, tmp_path, command):
    drawn = ("--out", tmp_path / "it.png") if command in ("losses", "nearest") else ()
    options = (*COMMANDS[command], "--sequences", 7, "--seed", 3, "--json", *drawn)
    status, text, _ = run(capsys, command, *options)
    said = json.loads(text)
    assert (status, said["task"], said["sequences"], said["seed"]) == (0, "dynamic-ngrams", 7, 3)
    assert said["specification"].startswith("dynamic-ngrams:")
    assert "order=3" in said["specification"]


COINS = """
import dataclasses

import numpy as np

from ntmlab.optimal import KT
from ntmlab.tasks import Drawn, Source


@dataclasses.dataclass(frozen=True)
class Coins(Source):
    seed: int = 77
    sequences: int = 5
    task: str = "mine"
    scale: float = float("inf")
    letters: int = 2
    length: int = 6
    name = "coins"

    def draw(self, rows, random):
        return Drawn((random.random((rows, self.length)) < random.random((rows, 1))).astype(int))

    def filter(self):
        return KT(2, 0)
"""


def no_number(text):
    raise AssertionError(f"{text} is no JSON")


@pytest.mark.parametrize("command", ["evaluate", "losses", "nearest", "probe"])
def test_options_of_ones_own_are_not_taken_for_what_was_asked(
    capsys, tmp_path, monkeypatch, command
):
    (tmp_path / "coins_of_mine.py").write_text(COINS)
    monkeypatch.chdir(tmp_path)
    task, options = "coins_of_mine:Coins:seed=8", ("--sequences", 7, "--seed", 3, "--json")
    drawn = ("--out", tmp_path / "it.png") if command in ("losses", "nearest") else ()
    named = {
        "evaluate": (task, "--models", "kt-1"),
        "losses": ("kt-1", "--task", task),
        "nearest": ("kt-1", "--task", task),
        "probe": ("ngrams-lstm", "--task", task),
    }[command]
    status, text, _ = run(capsys, command, *named, *options, *drawn)
    said = json.loads(text, parse_constant=no_number)
    assert (status, said["task"], said["sequences"], said["seed"]) == (0, "coins", 7, 3)
    assert said["specification"] == task
    own = said.get("options", said)
    assert (own["length"], own["scale"]) == (6, None)


def test_nearest_is_told_of_the_known_predictors_that_are_named(capsys, tmp_path):
    options = ("--against", "kt-0", "coin", "--sequences", 7, "--out", tmp_path / "n.png")
    _, text, _ = run(capsys, "nearest", "kt-1", "--task", TASK, *options, "--json")
    (model,) = json.loads(text)["models"].values()
    assert model["names"] == ["kt-0", "coin"]


@pytest.mark.parametrize("together", [1, 10, 15, 17, 10**6])
def test_every_line_of_a_file_is_predicted_however_many_go_together(
    capsys, tmp_path, monkeypatch, together
):
    """Of lines of up to five letters, 1, 2, 3, 3 or all at a time."""
    monkeypatch.setattr(predict, "STEPS_AT_ONCE", together)
    lines = ["01101", "1", "000", "10101", "11", "0", "11111", "01101"]
    (tmp_path / "lines").write_text("\n".join(lines))
    _, text, _ = run(capsys, "predict", "--file", tmp_path / "lines", "--models", "kt-0", "--json")
    said = [json.loads(line) for line in text.splitlines()]
    assert [one["bits"] for one in said] == lines
    for one in said:
        bits = [int(bit) for bit in one["bits"]]
        expected = [(sum(bits[:t]) + 0.5) / (t + 1) for t in range(len(bits))]
        assert one["predictions"]["kt-0"] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("options", "row"), [((), "    ████"), (("--white-is-one",), "████")])
def test_the_grey_scale_is_turned_round_where_that_is_asked_for(capsys, options, row):
    drawn = ("--terminal", "--bits", "00001111", "--models", "kt-0", "--arrows", 0)
    _, text, _ = run(capsys, "figure", *drawn, *options)
    (shown,) = [line for line in text.splitlines() if line.startswith("Input")]
    assert shown.removeprefix("Input ").rstrip() == row
