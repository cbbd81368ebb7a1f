"""By what the steps of a task are divided is said where it is less than usual."""

import warnings

import pytest

from ntmlab import DynamicNGrams
from ntmlab.errors import Remark
from ntmlab.optimal import coin
from ntmlab.studies.losses.measure import losses


def test_that_contexts_are_too_many_is_said():
    with pytest.warns(Remark, match="by position alone: the 512 contexts of task dynamic-ngrams"):
        many = losses(DynamicNGrams(order=10, length=12), {"coin": coin}, 3)["coin"]
    assert list(many.parts) == ["position"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for order in (1, 9):  # no context, and as many as are told of
            losses(DynamicNGrams(order=order, length=12), {"coin": coin}, 3)
