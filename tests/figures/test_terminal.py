"""The strips as text."""

import re
from itertools import pairwise

import pytest

from ntmlab.errors import InputError
from ntmlab.figures import strips_text

LABEL = len("Optimal ")


def plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_rows_wrap_to_the_width_in_step(comparison):
    text = strips_text(comparison, 1, width=LABEL + 40, colour=False)
    assert all(len(line) <= LABEL + 40 for line in text.splitlines())
    first, second, _ = text.split("\n\n")
    for block, steps in ((first, range(0, 40)), (second, range(40, 60))):
        rows = {line[:LABEL].strip(): line[LABEL:] for line in block.splitlines() if line[0] != " "}
        assert list(rows) == ["Input", "Optimal", "A", "B"]
        bits = comparison.targets[1, steps, 0]
        assert rows["Input"] == "".join("█" if bit else " " for bit in bits)
        assert len(rows["A"]) == len(steps)


def test_arrows_stand_beneath_the_row_that_departs(comparison):
    lines = strips_text(comparison, 1, width=200, colour=False).splitlines()
    marked = {}
    for row, beneath in pairwise(lines):
        if "▲" in beneath:
            marked[row.split()[0]] = [m.start() - LABEL for m in re.finditer("▲", beneath)]
    assert marked == {"A": [12, 40], "B": [12, 30]}
    assert "▲" not in strips_text(comparison, 1, arrows=0)
    marked = []
    for number, block in enumerate(strips_text(comparison, 1, width=LABEL + 20).split("\n\n")):
        for row, beneath in pairwise(plain(block).splitlines()):
            places = [m.start() - LABEL for m in re.finditer("▲", beneath)]
            marked += [(number, row.split()[0], place) for place in places]
    assert marked == [(0, "A", 12), (0, "B", 12), (1, "B", 10), (2, "A", 0)]  # lines of 20 steps


def test_ticks_stand_above_their_steps(comparison):
    head = strips_text(comparison, window=(25, 60), width=100, colour=False).splitlines()[0]
    assert [(m.group(), m.start() - LABEL) for m in re.finditer(r"\d+", head)] == [
        ("30", 5), ("40", 15), ("50", 25)
    ]  # fmt: skip


def test_shades_turn_round(comparison):
    comparison.probabilities["A"][0, :4, 0] = 0.0, 0.25, 0.5, 1.0
    for dark_is_one, expected in ((True, " ░▒█"), (False, "█▓▒ ")):
        text = strips_text(comparison, width=100, colour=False, dark_is_one=dark_is_one)
        row = next(line for line in text.splitlines() if line.startswith("A"))
        assert row[LABEL : LABEL + 4] == expected


def test_colours_show_the_same_with_greys_behind(comparison):
    comparison.probabilities["A"][1, :2, 0] = 0.0, 1.0
    text = strips_text(comparison, 1, width=100)
    rows = {line.split()[0]: line for line in text.split("\n\n")[0].splitlines()}
    assert plain(rows["Input"])[LABEL:] == "".join(f"{b:.0f}" for b in comparison.targets[1, :, 0])
    assert rows["A"][LABEL:].startswith("\x1b[48;5;231m \x1b[48;5;16m ")
    assert text.count("\x1b[1;31m▲\x1b[0m") == 4
    assert rows["B"].endswith("\x1b[0m")


def test_caption_and_scale(comparison):
    text = " ".join(strips_text(comparison, 1, width=70, colour=False).split())
    assert "KL(Optimal ‖ model)" in text
    assert f"Optimal {comparison.cost('Optimal')[1].sum():.2f}" in text
    assert "P(next bit = 1): 0 ' ░▒▓█' 1." in text


def test_narrow_terminals_and_wrong_input(comparison):
    assert "▲" in strips_text(comparison, 1, width=1)
    assert strips_text(comparison, width=None)
    with pytest.raises(InputError, match="window"):
        strips_text(comparison, window=(0, 99))
