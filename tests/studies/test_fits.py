"""Linear fits beside NumPy's: what is fitted, what is predicted, and by which penalty."""

import numpy as np
import pytest

from ntmlab.errors import InputError
from ntmlab.studies.fits import explained

RANDOM = np.random.default_rng(0)
B, T, F = 5, 12, 3
FEATURES = RANDOM.normal(size=(B, T, F))
KEPT = RANDOM.random((B, T)) < 0.7
TARGETS = {
    "close": FEATURES @ [1.0, -2.0, 0.5] + 3 + 0.1 * RANDOM.normal(size=(B, T)),
    "far": RANDOM.normal(size=(B, T)),
}
TARGETS["close"][~KEPT] = 1e3  # what is not kept counts nowhere


def predictions(target):
    """Of the two first sequences from the three others, and the other way round."""
    said = np.empty((B, T))
    for fitted, other in (([0, 1], [2, 3, 4]), ([2, 3, 4], [0, 1])):
        rows = FEATURES[fitted][KEPT[fitted]]
        design = np.hstack([rows, np.ones((len(rows), 1))])
        weights = np.linalg.lstsq(design, target[fitted][KEPT[fitted]], rcond=None)[0]
        said[other] = FEATURES[other] @ weights[:-1] + weights[-1]
    return said


@pytest.mark.parametrize("name", TARGETS)
def test_each_half_is_predicted_from_the_other(name):
    target = TARGETS[name]
    missed = np.where(KEPT, (target - predictions(target)) ** 2, 0).sum(1)  # of each sequence
    square = np.where(KEPT, (target - target[KEPT].mean()) ** 2, 0).sum(1)
    ratio = missed.sum() / square.sum()
    error = np.sqrt(((missed - ratio * square) ** 2).sum() * B / (B - 1)) / square.sum()
    found = explained(FEATURES, TARGETS, KEPT)[name]
    assert found.mean == pytest.approx(1 - ratio, abs=1e-5)
    assert found.se == pytest.approx(error, abs=1e-5)
    assert found.steps == KEPT.sum()


def test_each_target_has_the_penalty_that_predicts_it_best():
    single = {ridge: explained(FEATURES, TARGETS, KEPT, [ridge]) for ridge in (1e-9, 10.0)}
    best = {name: max(single, key=lambda r: single[r][name].mean) for name in TARGETS}
    assert best == {"close": 1e-9, "far": 10.0}
    both = explained(FEATURES, TARGETS, KEPT, list(single))
    assert both == {name: single[ridge][name] for name, ridge in best.items()}


@pytest.mark.parametrize("features", [2, 60])  # fewer than the steps that are fitted, and more
def test_neither_where_a_target_lies_nor_where_features_do_matters(features):
    """The constant was as dear as a weight: R² fell to -65,000 for a target about 1,000."""
    random, kept = np.random.default_rng(0), np.ones((8, 10), bool)
    given = random.normal(size=(8, 10, features))
    target = given @ random.normal(size=features) + random.normal(size=(8, 10))
    plain = [explained(given, {"it": target}, kept, [ridge])["it"] for ridge in (1e-9, 1e-2, 1.0)]
    for ridge, one in zip((1e-9, 1e-2, 1.0), plain, strict=True):
        for shift, lift in ((0, 1000), (50, 0), (-7, 7)):
            (moved,) = explained(given + shift, {"it": target + lift}, kept, [ridge]).values()
            assert moved[:2] == pytest.approx(one[:2], rel=1e-5)


def test_features_that_never_change_tell_the_mean():
    flat = explained(
        np.full((4, 10, 2), 3.0), {"it": np.full((4, 10), 5.0)}, np.ones((4, 10), bool)
    )
    assert np.isnan(flat["it"].mean)  # nothing varies that could be explained
    half = np.arange(40.0).reshape(4, 10) % 2
    told = explained(np.full((4, 10, 2), 3.0), {"it": half}, np.ones((4, 10), bool))["it"]
    assert told.mean == pytest.approx(0)


def test_a_fit_needs_two_sequences_for_each_half():
    few = {name: target[:4] for name, target in TARGETS.items()}
    assert explained(FEATURES[:4], few, KEPT[:4])["close"].mean > 0.9
    with pytest.raises(InputError, match="at least 4 sequences, not 3"):
        explained(FEATURES[:3], {"far": TARGETS["far"][:3]}, KEPT[:3])
