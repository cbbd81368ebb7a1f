"""Exact predictors are timed once they equal their own steps."""

import math
from types import SimpleNamespace

import pytest

from ntmlab.bench import CASES, CheckError, Measurement, measure_filter, optimal
from ntmlab.cli import bench, main
from ntmlab.optimal import FilterPredictor


def test_rates_are_of_what_they_are_called():
    result = measure_filter("KT, 5 bits of context", rounds=1)
    assert list(result.rates)[:2] == ["ntmlab", "step by step"]
    assert all(rate > 0 and math.isfinite(rate) for rate in result.rates.values())
    assert result.floor is None


def test_what_is_off_its_steps_is_refused(monkeypatch):
    monkeypatch.setattr(FilterPredictor, "__call__", lambda self, inputs: inputs.double() * 0 + 0.3)
    with pytest.raises(CheckError, match="off by"):
        measure_filter("lags 1 to 5", rounds=1)


def test_the_command(capsys, monkeypatch):
    monkeypatch.setattr(optimal, "BATCH", 60)
    assert main(["bench", "--what", "optimal", "--only", "KT", "--rounds", "1"]) == 0
    said = capsys.readouterr().out
    assert [name for name in CASES if name in said] == ["KT, 5 bits of context"]
    assert "step by step" in said


@pytest.mark.parametrize(
    ("what", "name"),
    [("optimal", "measure_filter"), ("code", "measure_code"), ("kernels", "measure")],
)
def test_every_case_is_timed_in_so_many_rounds(capsys, monkeypatch, what, name):
    asked = []

    def timed(case, *given):
        asked.append(given[-1])
        return Measurement(str(case), {"ours": 1.0}, None)

    monkeypatch.setattr(bench, name, timed)
    monkeypatch.setattr(bench, "peak_flops", lambda: 1.0)
    monkeypatch.setattr(bench, "cases", lambda: iter([SimpleNamespace(name="one")]))
    assert main(["bench", "--what", what, "--rounds", "3"]) == 0
    assert set(asked) == {3}
