"""How long training is said to take: that of the steps measured, times as many as there are."""

from types import SimpleNamespace

import numpy as np
import pytest

from ntmlab.recipes import RECIPES
from ntmlab.training import estimate


@pytest.mark.parametrize(("longest", "times"), [(0, 1.0), (400, 1 / np.log(2))])
def test_the_first_step_warms_up_and_the_others_tell(monkeypatch, longest, times):
    """Sequences twice as long at most are 1 / ln 2 times as long in the mean."""
    now, taken = [0.0], []
    monkeypatch.setattr(estimate.time, "perf_counter", lambda: now[0])

    def cost(model, batch):
        now[0] += 2.0 if taken else 100.0
        taken.append(batch.inputs.shape)
        return SimpleNamespace(backward=lambda: None)

    monkeypatch.setattr(estimate, "mean_cost", cost)
    settings = ["batch=8", "sequences=4000", "model.slots=8", f"longest={longest}"]
    recipe = RECIPES["ngrams-quick"].override([*settings, "task.length=200"])
    assert estimate.estimated_seconds(recipe) == pytest.approx(2.0 * 4000 / 8 * times)
    assert taken == [(8, 200, 1)] * 5
