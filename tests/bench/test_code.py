"""Codes are timed once they come back, and are what the readable steps write."""

import json

import pytest

from ntmlab.bench import CODES, CheckError, code, measure_code
from ntmlab.cli import main
from ntmlab.streams.code import find_coder


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    monkeypatch.setattr(code, "MANY", 2000)
    monkeypatch.setattr(code, "FEW", 30)


@pytest.mark.parametrize("name", CODES)
def test_every_case_is_sound(name):
    rates = measure_code(name, rounds=1).rates
    assert list(rates)[:3] == ["ntmlab", "back", "in Python"]
    assert all(rate > 0 for rate in rates.values())


def test_another_code_is_not_timed(monkeypatch):
    monkeypatch.setattr(code, "find_coder", lambda model, letters: find_coder("kt-1", letters))
    with pytest.raises(CheckError, match="readable steps"):
        measure_code("KT, 2 bytes of context", rounds=1)


def test_the_command(capsys):
    assert main(["bench", "--what", "code", "--only", "trees", "--rounds", "1", "--json"]) == 0
    (case,) = json.loads(capsys.readouterr().out)["cases"]
    assert case["case"] == "context trees, 16 bits"
    assert case["symbols_per_second"]["ntmlab"] > 0
