"""The tool that measures the shipped models runs, and the page can be made of what it writes."""

import subprocess
import sys
from pathlib import Path

import pytest

from ntmlab.cli import main
from ntmlab.figures.style import new_figure
from ntmlab.weights import read_card, weights_path
from tools.docs.ngrams import read_study, study_blocks
from tools.docs.pictures import pictures, png, same
from tools.study import TRAINED_ON, default_models, digest, shortened

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_quick_study_fills_page_and_pictures(tmp_path):
    command = [sys.executable, str(ROOT / "tools/study.py"), "--quick", "--numbers", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    study = read_study(tmp_path)
    blocks = study_blocks(study)
    text = (ROOT / "docs/ngrams.md").read_text()
    for name, block in blocks.items():
        assert f"<!-- {name} -->" in text
        assert len(block) > 40
    assert study["losses"]["sequences"] == 20
    assert set(study["weights"]) == {*study["losses"]["models"], TRAINED_ON}
    for name in study["losses"]["models"]:
        assert name in blocks["gaps"]
    for name, draw in pictures(study).items():
        if name.startswith("ngrams-"):
            draw().draw_without_rendering()


def test_every_picture_has_a_program():
    drawn = set(pictures(read_study(ROOT / "results/study")))
    assert {path.name for path in (ROOT / "docs").glob("*.png")} == drawn | {"explore.png"}


def test_the_first_picture_is_what_the_first_command_draws(tmp_path):
    assert main(["figure", "--out", str(tmp_path / "strips.png")]) == 0
    drawn = (tmp_path / "strips.png").read_bytes()
    assert same(drawn, (ROOT / "docs/strips.png").read_bytes())
    assert not same(drawn, (ROOT / "docs/figure-14.png").read_bytes())


def test_the_study_is_of_the_shipped_weights():
    """`make study docs` measures again."""
    study = read_study(ROOT / "results/study")
    own = {name: weights_path(name) for name in default_models()}
    every = own | {TRAINED_ON: weights_path(TRAINED_ON)}
    assert study["weights"] == {name: digest(path) for name, path in every.items()}
    assert (study["losses"]["sequences"], study["losses"]["seed"]) == (20_000, 1)
    for name, path in own.items():
        score = read_card(path)["score"]["kl"]
        assert study["losses"]["models"][name]["kl"] == pytest.approx(score, rel=1e-3)


def test_other_pictures_are_told_from_these():
    drawn = new_figure(2, 1)
    line = drawn.add_subplot().plot([0, 1], [0, 1])[0]
    first = png(drawn)
    assert same(first, first)
    line.set_ydata([1, 0])
    assert not same(first, png(drawn))


def test_numbers_are_cut_to_six_digits():
    value = {"a": [1.23456789, 1e-9 / 3, True, None, 7], "b": "0.123456789"}
    assert shortened(value) == {"a": [1.23457, 3.33333e-10, True, None, 7], "b": "0.123456789"}
