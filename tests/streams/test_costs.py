"""What a file costs in words and as JSON, and which bounds are asked where none are named."""

import math

import pytest

from ntmlab.streams.evaluate import Costs, Row, default_bounds
from ntmlab.streams.formats import Layout

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
