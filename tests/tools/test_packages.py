"""The page of public packages has a row for each that is listed, and says what failed."""

from pathlib import Path

import pytest
import torch

from ntmlab.errors import Remark
from tools import packages
from tools.guests import GUESTS, WIDTH, Guest, Layered, made

FAILED = [
    {"name": "shape", "passed": True, "message": "right"},
    {"name": "state", "passed": False, "message": "pieces differ"},
    {"name": "decode", "passed": None, "message": "skipped"},
]


def test_rows_count_what_was_tried_and_name_what_failed():
    assert packages.row(GUESTS[0], FAILED) == "| mingru-pytorch 0.2.1 | minGRU | 1 of 2 | state |"
    assert "- **state**: pieces differ" in packages.section(GUESTS[0], FAILED)
    assert packages.section(GUESTS[0], FAILED[:1]) == ""


def test_the_page_is_of_the_packages_that_are_listed():
    written = packages.PAGE.read_text().split("## What the failures say")[0]
    for guest in GUESTS:
        assert f"| {guest.package} {guest.version} | {guest.what} |" in written
    assert written.count("\n| ") == len(GUESTS) + 1


def test_a_package_that_cannot_be_made_is_a_row(monkeypatch):
    monkeypatch.setattr(packages, "FOLDER", Path("nowhere"))
    absent = next(guest for guest in GUESTS if guest.package == "mambapy")
    (check,) = packages.checked(absent)
    assert check["passed"] is False
    assert check["message"] == "ModuleNotFoundError: No module named 'mambapy'"


@pytest.mark.parametrize("state", [None, "state"])
def test_a_layer_becomes_a_model_of_bits(state):
    def make():
        cells = torch.nn.GRU(WIDTH, WIDTH, batch_first=True)
        return Layered(cells, lambda layer, x, s: layer(x, s))

    model = made(Guest("torch", "2", "GRU", make, state))
    with pytest.warns(Remark, match="no letter"):  # the start and a spare one, of four
        logits, carried = model(torch.zeros(2, 5, 1))
    assert logits.shape == (2, 5, 1)
    assert (carried is None) == (state is None)
