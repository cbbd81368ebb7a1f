"""The tool that measures the shipped models runs, and the page can be made of what it writes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tools.docs.ngrams import read_study, study_blocks
from tools.study import shortened

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_quick_study_fills_the_page(tmp_path):
    numbers, pictures = tmp_path / "numbers", tmp_path / "pictures"
    pictures.mkdir()
    command = [sys.executable, str(ROOT / "tools/study.py"), "--quick"]
    command += ["--numbers", str(numbers), "--pictures", str(pictures)]
    subprocess.run(command, check=True, capture_output=True)
    blocks = study_blocks(read_study(numbers))
    text = (ROOT / "docs/ngrams.md").read_text()
    for name, block in blocks.items():
        assert f"<!-- {name} -->" in text
        assert len(block) > 40
    losses = json.loads((numbers / "losses.json").read_text())
    assert losses["sequences"] == 20
    for name in losses["models"]:
        assert name in blocks["gaps"]
    drawn = {path.name for path in pictures.glob("*.png")}
    by_hand = {"explore.png"}  # a page in a browser, not a figure
    assert drawn == {path.name for path in (ROOT / "docs").glob("*.png")} - by_hand


def test_numbers_are_cut_to_six_digits():
    value = {"a": [1.23456789, 1e-9 / 3, True, None, 7], "b": "0.123456789"}
    assert shortened(value) == {"a": [1.23457, 3.33333e-10, True, None, 7], "b": "0.123456789"}
