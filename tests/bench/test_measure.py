"""Nothing is timed that does not equal its reference, and rates are what they are called."""

import math
from dataclasses import replace

import pytest
import torch

from ntmlab import LSTM, NTM
from ntmlab.bench import CheckError, Measurement, measure
from ntmlab.bench.cases import Case, Check, against_reference
from ntmlab.bench.measure import confirm, repeated
from ntmlab.cli.bench import line
from ntmlab.kernels.backend import native_module

EXACT = {"logits": torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64)}


def off_by(error):
    return {"logits": EXACT["logits"] * (1 + error)}


@pytest.mark.parametrize(
    ("error", "rounding"), [(2e-5, 1e-7), (1e-2, 1e-3), (math.nan, 1e-7), (math.inf, 1e-7)]
)
def test_what_is_off_its_reference_is_refused(error, rounding):
    with pytest.raises(CheckError, match="case: logits is off"):
        confirm("case", Check(off_by(error), EXACT, off_by(rounding)))


@pytest.mark.parametrize(("error", "rounding"), [(0, 0), (9e-6, 0), (2e-5, 1e-5)])
def test_rounding_is_not_refused(error, rounding):
    confirm("case", Check(off_by(error), EXACT, off_by(rounding)))


@pytest.mark.parametrize("model", [NTM(1, 1, slots=8), LSTM(1, 1, hidden_size=8)])
def test_every_gradient_is_checked(model):
    check = against_reference(model)
    names = {"logits"} | {f"gradient of {name}" for name, _ in model.named_parameters()}
    assert set(check.found) == set(check.expected) == set(check.rounded) == names
    confirm("model", check)


def test_nothing_is_timed_before_its_check():
    calls = []
    wrong = Check(off_by(1), EXACT, EXACT)
    case = Case("case", {"ntmlab": (1, lambda: calls.append(1))}, 1.0, lambda: wrong)
    with pytest.raises(CheckError):
        measure(case, peak=1.0, rounds=1)
    assert not calls


def test_rates_and_floor():
    right = Check(EXACT, EXACT, EXACT)
    case = Case("case", {"ours": (4, lambda: None), "other": (2, lambda: None)}, 5.0, lambda: right)
    result = measure(case, peak=100.0, rounds=3)
    assert result.floor == 20.0
    assert result.ratios()["other"] == pytest.approx(result.rates["ours"] / result.rates["other"])


def test_a_line_has_rates_ratios_and_the_share_of_the_nearer_floor():
    plain = Measurement("case", {"ours": 10.0, "other": 4.0}, None)
    begin = f"{'case':<30} ours 10, other 4; 2.5 x other"
    assert line(plain) == begin
    assert line(replace(plain, floor=40.0)) == f"{begin}; floor 40 (25%)"
    floors = {"memory": 50.0, "arithmetic": 40.0}
    whole = replace(plain, floor=40.0, floors=floors, memory=300 * 2**20)
    said = f"{begin}; floor by arithmetic 40 (25%); peak memory 300 MiB"
    assert line(whole) == said


def test_a_turn_repeats_short_actions_and_takes_a_long_one_once(monkeypatch):
    clock = iter(range(100))
    monkeypatch.setattr("time.perf_counter", lambda: next(clock) * 0.03)
    calls = []
    assert repeated(lambda: calls.append(1)) == pytest.approx(0.03)
    assert len(calls) == 4
    assert repeated(lambda: [next(clock) for _ in range(9)]) == pytest.approx(0.3)


@pytest.mark.skipif(native_module() is None, reason="native kernels were not built")
def test_peak_counts_every_operation():
    lanes = {"baseline": 4, "avx2": 8, "avx512": 16}[native_module().instruction_set()]
    assert native_module().multiply_adds(10, threads=3) == 10 * 3 * 12 * lanes * 2
