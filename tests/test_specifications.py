"""Specifications in one string: what stands in them, and what none is."""

import pytest

from ntmlab import DynamicNGrams, InputError
from ntmlab.specifications import Specification, parse_specification

KNOWN = {"source": 0}


@pytest.mark.parametrize(
    ("text", "variant", "options"),
    [
        ("source", None, {}),
        ("source:kind", "kind", {}),
        ("source:kind,a=3", "kind", {"a": 3}),
        ("source:a=0.5/2,b=true,c=word", None, {"a": [0.5, 2], "b": True, "c": "word"}),
        ("source:a=b=c", None, {"a": "b=c"}),
    ],
)
def test_what_stands_in_one(text, variant, options):
    assert parse_specification(text, "task", KNOWN) == Specification("source", variant, options)


@pytest.mark.parametrize("options", ["=3", "a=", "one,two", "a-b=3", ",", "a=3,,b=4"])
def test_what_is_no_option(options):
    with pytest.raises(InputError, match="options are key=value between commas, not"):
        parse_specification(f"source:{options}", "task", KNOWN)


def test_an_option_is_given_once():
    with pytest.raises(InputError, match="a is given twice"):
        parse_specification("source:a=3,a=3", "task", KNOWN)


@pytest.mark.parametrize("prior", [(0.5, 0.5), (3.0, 1.0)])
@pytest.mark.parametrize("order", [1, 2, 5])
def test_a_letter_less_is_what_a_model_that_counts_must_beat(order, prior):
    found = DynamicNGrams(order=order, length=20, prior=prior).references()
    assert list(found) == ([f"kt-{order - 2}"] if order > 1 else [])
    if order > 1:
        inputs = DynamicNGrams(order=order, length=20).sample(3, seed=0).inputs
        less = DynamicNGrams(order=order - 1, length=20, prior=prior).optimal()
        assert (found[f"kt-{order - 2}"](inputs) == less(inputs)).all()
