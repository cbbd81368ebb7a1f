"""The tool that says from single starts what several would give."""

import itertools
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from tools import starts


def test_only_the_second_half_counts():
    rows = [{"sequences": 10 * n, "train_bits": float(n)} for n in range(1, 9)]
    assert starts.cost_of_start(rows, 40) == 3.5
    assert starts.cost_of_start(rows, 10) == 1.0
    assert starts.cost_of_start(rows, 60) == 5.0
    uneven = [{"sequences": 32, "train_bits": 1.0}, {"sequences": 48, "train_bits": 4.0}]
    assert starts.cost_of_start(uneven, 48) == 2.0


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_the_expected_part_is_that_over_all_sets(size):
    draw = np.random.default_rng(size)
    costs, good = draw.random(7).tolist(), (draw.random(7) < 0.5).tolist()
    sets = list(itertools.combinations(range(7), size))
    right = np.mean([good[min(some, key=costs.__getitem__)] for some in sets])
    found = starts.chosen(costs, good, size)
    assert found.mean == pytest.approx(right)
    taken = [min(some, key=costs.__getitem__) for some in sets]
    parts = np.bincount(taken, minlength=7) / len(taken)
    assert found.seeds == pytest.approx(1 / (parts**2).sum())


def test_nine_seeds_decide_what_the_best_of_six_of_32_does():
    assert round(starts.chosen(list(range(32)), [True] * 32, 6).seeds) == 9
    assert "of 32, where the best of 6 is taken, 9)" in str(starts.__doc__)


def test_a_table_of_each_half(monkeypatch, capsys):
    def result(path):
        rows = [
            {"sequences": 100, "train_bits": float(path)},
            {"sequences": 200, "train_bits": 0.0},
        ]
        return SimpleNamespace(
            seed=path, metrics=rows, sequences=200, score={"bits": 1.0 if path > 2 else 0.0}
        )

    monkeypatch.setattr(starts, "shipped_runs", lambda recipe: range(6))
    monkeypatch.setattr(starts, "read_result", result)
    monkeypatch.setattr(sys, "argv", ["starts", "sort-ntm", "--each", "100", "--starts", "2", "4"])
    monkeypatch.setattr(
        starts, "GOALS", {"sort-ntm": (SimpleNamespace(text="all", measure=bits, most=0.5),)}
    )
    assert starts.main() == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[2] == ["even", "3", "100", "67%", "100%", "(32%", "to", "100%)", "-"]
    assert lines[3][:5] == ["odd", "3", "100", "33%", "67%"]
    assert lines[4][:5] == ["all", "6", "100", "50%", "80%"]
    assert lines[4][8:] == ["100%", "(33%", "to", "100%)"]  # 1.92 / (1.92 + 1.96²)


def bits(result):
    return result.score["bits"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["recall-ntm", "--each", "1000000"], "--each takes numbers from 1 to 160,000"),
        (["recall-ntm", "--each", "0"], "--each takes numbers from 1"),
        (["recall-ntm", "--starts", "0"], "--starts takes numbers from 1"),
        (["recall"], "unknown recipe with goals 'recall'"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(arguments, said, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["starts", *arguments])
    assert starts.main() == 2
    assert said in capsys.readouterr().err
