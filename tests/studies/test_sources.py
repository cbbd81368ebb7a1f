"""The studies that are of any next-symbol task, on every source there is."""

import dataclasses

import pytest

from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.studies.beyond import beyond
from ntmlab.studies.losses import losses
from ntmlab.tasks import TASKS, Source

SOURCES = [name for name, task in TASKS.items() if issubclass(task, Source)]


@pytest.mark.parametrize("name", SOURCES)
def test_losses_and_beyond_agree_with_evaluate(name):
    task = dataclasses.replace(TASKS[name](), length=16)
    own = {"coin": find_predictor("coin", task), "own": task.optimal()}
    expected = evaluate(task, own, 20, 1)["coin"]
    lost = losses(task, own, 20, 1)
    assert lost["own"].score.kl == pytest.approx(0, abs=1e-9)
    for part in lost["coin"].parts.values():
        assert part.bits.sum() == pytest.approx(expected.kl)
    found = beyond(task, own, sequences=20, seed=1, length=32)
    assert found.settings[0].scores["coin"].kl == pytest.approx(expected.kl)
    assert found.settings[-1].task.steps == 32
