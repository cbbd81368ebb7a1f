"""What lies beyond training in words and as JSON: each number where its name stands."""

import numpy as np
import pytest

from ntmlab import DynamicNGrams
from ntmlab.evaluation.ratios import Profile
from ntmlab.evaluation.score import Score
from ntmlab.studies.beyond.measure import TRAINED, Beyond, Long, Setting
from ntmlab.studies.beyond.report import break_lines, drawing, to_json, to_text

TASK = DynamicNGrams(order=2, length=50)


def scored(n):
    """A score no two numbers of which are alike."""
    return Score(n + 0.1, n + 0.2, n + 0.3, n + 0.4, n + 0.5, n + 0.6)


@pytest.fixture
def found():
    own = {"ours": scored(1), TRAINED: scored(2)}
    other = {"ours": scored(3), TRAINED: scored(4)}
    excess = {"ours": (5.125, 0.625), TRAINED: (0.0, 0.0)}
    settings = [
        Setting("training", "as in training", TASK, 100, own, excess),
        Setting("length", "100 bits", DynamicNGrams(order=2, length=100), 10, other, excess),
    ]

    def profile(*means):
        return Profile(np.array(means), np.array(means) / 8, np.full(len(means), 500))

    by_block = {"ours": profile(6.0, 7.0), "coin": profile(8.0, 9.0), TRAINED: profile(0.0, 0.0)}
    below = {"ours": {"coin": 50, "kt-1": None}, TRAINED: {"coin": 0}}
    return Beyond(7, settings, Long(50, 10, by_block, below))


def test_each_table_has_its_own_numbers(found):
    def cells(*pairs):
        return [f"{value:.3f} ± {error:.3f}" for value, error in pairs]

    tables = [part.splitlines() for part in to_text(found).split("\n\n")]
    rows = [[line[36:].split("  ") for line in table] for table in tables]
    rows = [[[cell.strip() for cell in row if cell.strip()] for row in table] for table in rows]
    divergence, paired, excess, along, _ = rows
    assert divergence[0] == paired[0] == excess[0] == ["ours", TRAINED]
    assert divergence[1:] == [cells((1.5, 1.6), (2.5, 2.6)), cells((3.5, 3.6), (4.5, 4.6))]
    assert paired[1:] == [cells((1.3, 1.4), (2.3, 2.4)), cells((3.3, 3.4), (4.3, 4.4))]
    assert excess[1:] == 2 * [cells((5.125, 0.625), (0, 0))]
    assert tables[3][0] == "Σ KL of each 50 steps, 10 long sequences"
    assert along[1:] == [["ours", "coin"], cells((6, 0.75), (8, 1)), cells((7, 0.875), (9, 1.125))]
    assert [line[:36].strip() for line in tables[3][2:]] == ["1–50", "51–100"]


def test_steps_are_counted_from_1_and_the_optimum_falls_behind_nothing(found):
    assert break_lines(found) == [
        "ours loses more than coin: first at step 51",
        "ours loses more than kt-1: never",
    ]


def test_json_and_arrays_have_values_errors_and_gaps_of_200_steps(found):
    told = to_json(TASK, found)
    short, long = (setting["models"]["ours"] for setting in told["settings"])
    assert (short["kl"], short["gap"], short["excess"], short["excess_se"]) == (
        1.5,
        1.3,
        5.125,
        0.625,
    )
    assert (short["kl_per_200"], short["kl_per_200_se"]) == pytest.approx((1.5 * 4, 1.6 * 4))
    assert (long["kl_per_200"], long["kl_per_200_se"]) == pytest.approx((3.5 * 2, 3.6 * 2))
    arrays = drawing(told).arrays
    assert arrays["ours/by_block"].tolist() == [6, 7]
    assert arrays["coin/by_block_se"].tolist() == [1, 1.125]
    assert arrays["settings"].tolist() == ["as in training"]  # lengths are the other panel
    assert (arrays["ours/tables"].tolist(), arrays["ours/tables_se"].tolist()) == ([1.5], [1.6])
    assert arrays["floor"].tolist() == [2.5]
