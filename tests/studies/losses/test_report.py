"""Losses in words, as JSON and as arrays: each number where its name stands."""

import numpy as np
import pytest

from ntmlab.evaluation.ratios import Profile
from ntmlab.evaluation.score import Score
from ntmlab.studies.losses.measure import Losses, Part
from ntmlab.studies.losses.report import drawing, read_parts, to_json, to_text

NAMES = ["0–9", "10–19"]


def found(scale):
    """Losses no two numbers of which are alike."""
    values = scale * np.array([1.0, 2.0])
    steps = Profile(values / 16, values / 64, np.array([300, 400]))
    part = Part(NAMES, steps, values, values / 4)
    close = Profile(np.float64(0.75), np.float64(0.125), np.int64(700))
    score = Score(*(scale * np.arange(1.0, 7.0)))
    nothing = np.zeros(3)
    return Losses(score, {"position": part}, close, 0.5, np.zeros((3, 4)), None, nothing, nothing)


@pytest.fixture
def both():
    return {"one": found(1.0), "other": found(3.0)}


def test_the_table_has_bits_a_sequence_with_their_errors(both):
    table = to_text(both, []).partition("bits a sequence by position\n")[2].splitlines()
    assert table[0].split() == ["one", "other"]
    rows = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in table[1:]]
    assert rows == [
        ["0–9", "1.000 ± 0.250", "3.000 ± 0.750"],
        ["10–19", "2.000 ± 0.500", "6.000 ± 1.500"],
    ]


def test_arrays_and_json_have_sums_means_errors_and_steps(both):
    arrays = drawing(both).arrays
    place = "other/position"
    assert arrays[f"{place}/names"].tolist() == NAMES
    assert arrays[f"{place}/bits"].tolist() == [3, 6]
    assert arrays[f"{place}/bits_se"].tolist() == [0.75, 1.5]
    assert arrays[f"{place}/bits_per_step"].tolist() == [0.1875, 0.375]
    assert arrays[f"{place}/steps"].tolist() == [300, 400]
    told = to_json(both["other"])
    assert told["close"] == {"mean": 0.75, "se": 0.125, "steps": 700}
    assert (told["bits"], told["kl"], told["worst_share"]) == (3, 15, 0.5)
    again = read_parts(told)["position"]
    for own, expected in zip(again[1:], both["other"].parts["position"][1:], strict=True):
        np.testing.assert_array_equal(own, expected)
