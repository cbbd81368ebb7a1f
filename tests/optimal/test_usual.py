"""What exact predictors take where nothing is said: every default, once more."""

import inspect

import numpy as np

import ntmlab.optimal as exact

FAIR = 0.5
USUAL = {
    "KT": {"letters": 2, "context": 5, "prior": FAIR},
    "BackOff": {"letters": 2, "context": 5},
    "Capped": {"letters": 2, "context": 5, "most": 8, "prior": FAIR},
    "ChangePoints": {"letters": 2, "hazard": 0.02, "prior": FAIR, "most_runs": None},
    "Coin": {"letters": 2},
    "ContextKT": {"prior": (FAIR, FAIR), "optimum": False},
    "ContextTrees": {"letters": 2, "depth": 5, "split": 0.5, "prior": FAIR},
    "Decayed": {"letters": 2, "context": 5, "keep": 0.98, "prior": FAIR},
    "FilterPredictor": {"optimum": False},
    "Forward": {"start": None},
    "Lags": {"letters": 2, "most": 5, "prior": FAIR},
    "Mixture": {"weights": None},
    "Padded": {"letters": 2, "context": 5, "prior": FAIR},
    "PartitionTree": {"letters": 2, "depth": 8, "split": 0.5, "prior": FAIR},
    "Window": {"letters": 2, "context": 5, "length": 100, "prior": FAIR},
    "coin": {"outputs": 1},
    "contexts": {"letters": 2},
    "named_filter": {"letters": 2, "context": None},
    "named_predictor": {"letters": 2, "context": None},
}


def usual(name: str) -> dict[str, object]:
    parameters = inspect.signature(getattr(exact, name)).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def test_what_is_not_said_is_usual() -> None:
    callables = [n for n in exact.__all__ if n not in ("Filter", "NGramContexts")]
    assert {name: found for name in callables if (found := usual(name))} == USUAL


def test_a_change_point_filter_says_how_long_the_run_is_one_number_a_length():
    """By hand: with KT the second letter of a kind has 3/4 in its run, and 1/2 in a new one."""
    filter_ = exact.ChangePoints(hazard=0.25)
    state, expected = filter_.start(2), ([1], [1 / 4, 3 / 4], [1 / 4, 3 / 22, 27 / 44])
    for run in expected:
        found = filter_.describe(state)["run_length"]
        np.testing.assert_allclose(found, [run, run], rtol=1e-12)
        assert found.shape == (2, len(run))
        state = filter_.update(state, np.array([1, 0]))


def test_what_is_known_before_every_step_is_filled_up_with_zeros_behind():
    """The run lengths of above, and of a filter that knows as many numbers at every step."""
    found = exact.described(exact.ChangePoints(hazard=0.25), np.array([[1, 1], [0, 0]]))
    expected = [[1, 0, 0], [1 / 4, 3 / 4, 0], [1 / 4, 3 / 22, 27 / 44]]
    np.testing.assert_allclose(found["run_length"], [expected] * 2, rtol=1e-12)
    found = exact.described(exact.KT(2, 0), np.array([[1, 1], [0, 1]]))
    counts = [[[0, 0], [0, 1], [0, 2]], [[0, 0], [1, 0], [1, 1]]]
    assert found["counts here"].tolist() == counts
    assert found["counts"][:, :, 0].tolist() == counts
