"""Checks as tests."""

import pytest
from _pytest.outcomes import Skipped

from ntmlab import parametrize_with_checks
from ntmlab.evaluation.checks import NAMES
from tests.evaluation.checks.planted import GRU, CausalConvolution, OneAhead


@parametrize_with_checks({"conv": CausalConvolution}, "dynamic-ngrams:order=3")
def test_a_right_model(check):
    check()


def test_a_wrong_model_fails_with_the_message():
    mark = parametrize_with_checks({"ahead": OneAhead, "gru": GRU}, "dynamic-ngrams:order=3")
    name, parameters = mark.args
    checks = {p.id: p.values[0] for p in parameters}
    assert name == "check"
    assert list(checks)[: len(NAMES)] == [f"ahead-{n}" for n in NAMES]
    with pytest.raises(AssertionError, match="later input"):
        checks["ahead-causality"]()
    checks["gru-causality"]()
    copy = parametrize_with_checks({"gru": lambda: GRU(9, 8)}, "copy").args[1]
    decode = {p.id: p.values[0] for p in copy}["gru-decode"]
    with pytest.raises(Skipped, match="asks for answers"):
        decode()
