"""Checks as tests of pytest."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ntmlab.evaluation.checks.check import NAMES
from ntmlab.evaluation.checks.predictor import check_predictor
from ntmlab.sequences import Task

if TYPE_CHECKING:
    import pytest


def parametrize_with_checks(
    models: Mapping[str, Callable[[], object]], task: Task | str
) -> "pytest.MarkDecorator":
    """A decorator that makes a test of every check of every model.

    ``models`` maps names to factories without arguments. The test takes ``check`` and calls it; it
    fails with the check's message, and is skipped where a check does not apply::

        @parametrize_with_checks({"gru": lambda: GRU(1, 1)}, "dynamic-ngrams")
        def test_models(check):
            check()
    """
    import pytest

    def one(make: Callable[[], object], name: str) -> Callable[[], None]:
        def run() -> None:
            (found,) = check_predictor(make(), task, names=[name])
            if found.passed is None:
                pytest.skip(found.message)
            assert found.passed, f"{found.name}: {found.message}"

        return run

    every: list[Any] = [
        pytest.param(one(make, name), id=f"{model}-{name}")
        for model, make in models.items()
        for name in NAMES
    ]
    return pytest.mark.parametrize("check", every)
