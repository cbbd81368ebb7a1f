"""What a file costs in words and as JSON, and which bounds are asked where none are named."""

import math

import pytest

from ntmlab.evaluation.prefix import LooksAhead
from ntmlab.optimal import FilterPredictor, named_filter
from ntmlab.streams import evaluate
from ntmlab.streams.code import default_model
from ntmlab.streams.evaluate import Costs, Row, default_bounds, evaluate_file
from ntmlab.streams.formats import Layout
from ntmlab.streams.opening import opened

KNOWN = {"kt-1": Row(2500.0, "state carried"), "gzip": Row(3200.5, "a byte a symbol")}


def costs(**more):
    return Costs(Layout("bytes", 256), 4, 1000, {**KNOWN, **more})


def test_bits_a_symbol_are_bits_by_symbols_not_by_sequences():
    assert costs().described() == "read as bytes: 4 sequences, 1,000 symbols of 256 letters"
    _, *rows = costs().table().splitlines()
    assert [row.split(maxsplit=3) for row in rows] == [
        ["kt-1", "2.500000", "2,500.0", "state carried"],
        ["gzip", "3.200500", "3,200.5", "a byte a symbol"],
    ]
    told = costs().record()
    assert told["models"]["gzip"]["bits_per_symbol"] == 3.2005
    assert (told["letters"], told["sequences"], told["symbols"]) == (256, 4, 1000)


def test_an_infinite_cost_is_explained_and_null_in_json():
    found = costs(sure=Row(math.inf, "state carried"))
    assert found.table().splitlines()[-2:] == [
        f"sure   {'inf':>13}  {'inf':>16}  state carried",
        "inf: a symbol came that it had given probability 0",
    ]
    assert found.record()["models"]["sure"] == {
        "bits": None,
        "bits_per_symbol": None,
        "how": "state carried",
    }


@pytest.mark.parametrize(
    ("letters", "orders", "depth"),
    [(2, [0, 1, 2, 4, 8, 16], 16), (4, [0, 1, 2, 4, 8], 8), (256, [0, 1, 2], 2)],
)
def test_the_usual_bounds_are_a_ladder_to_the_usual_depth(letters, orders, depth):
    trees = [f"mixture-0-{depth}", f"ctw-{depth}", f"ppm-{depth}"]
    known = [*(f"kt-{order}" for order in orders), *trees, "gzip", "bz2", "xz"]
    assert default_bounds(letters) == known


def test_a_code_is_by_context_trees_of_up_to_16_letters_and_else_by_back_off():
    known = {2: "ctw-16", 15: "ctw-4", 16: "ctw-4", 17: "ppm-3", 256: "ppm-2"}
    assert {letters: default_model(letters) for letters in known} == known


def test_what_looks_ahead_and_is_scored_all_the_same_is_marked(tmp_path, monkeypatch):
    exact = FilterPredictor(named_filter("kt-0", 2))
    made = {"kt-0": exact, "mine": LooksAhead(exact, "looks ahead")}
    monkeypatch.setattr(evaluate, "bound", lambda name, task, unchecked: made[name])
    (tmp_path / "bits").write_text("0110101\n0111\n")
    with opened(str(tmp_path / "bits")) as stream:
        found = evaluate_file(stream, Layout("bits", 2, "01"), ["mine", "kt-0"], unchecked=True)
    assert list(found.rows) == ["mine (looks ahead)", "kt-0"]
    costs = [row.bits for row in found.rows.values()]
    assert costs[0] == pytest.approx(costs[1])
    assert (found.sequences, found.symbols) == (2, 11)
