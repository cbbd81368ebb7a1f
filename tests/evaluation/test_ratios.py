"""Means over steps with errors over sequences."""

import numpy as np

from ntmlab.evaluation.ratios import Ratio, cosine


def test_errors_cover_the_mean_though_steps_of_a_sequence_are_alike():
    """With all steps of a sequence equal, the error is that of as many numbers as sequences."""
    draws = np.random.default_rng(0).normal(size=500)
    values = np.repeat(draws[:, None], 30, axis=1)
    profile = Ratio.of(values, np.ones(values.shape, bool)).profile()
    np.testing.assert_allclose(profile.mean, draws.mean())
    np.testing.assert_allclose(profile.se, draws.std(ddof=1) / np.sqrt(500))
    assert profile.steps == 500 * 30


def test_errors_cover_the_mean_of_uneven_sequences():
    generator = np.random.default_rng(1)
    misses = []
    for _ in range(400):
        level = generator.normal(size=(60, 1))
        values = level + generator.normal(size=(60, 10))
        counted = np.arange(10) < generator.integers(1, 11, (60, 1))
        profile = Ratio.of(values, counted).profile()
        misses.append(profile.mean / profile.se)
    assert 0.85 < np.std(misses) < 1.2


def test_bins_leave_out_negatives_and_gather_what_is_beyond():
    values = np.array([[1.0, 2, 3, 4], [5, 6, 7, 8]])
    bins = np.array([[0, 2, -1, 9], [1, 1, 0, -1]])
    ratio = Ratio.by_bin(values, bins, 3)
    assert ratio.sums.tolist() == [[1, 0, 6], [7, 11, 0]]
    assert ratio.counts.tolist() == [[1, 0, 2], [1, 2, 0]]
    profile = ratio.profile()
    np.testing.assert_allclose(profile.mean, [4, 5.5, 3])


def test_joined_is_as_if_at_once_and_stacked_keeps_apart():
    values = np.random.default_rng(0).normal(size=(9, 5))
    counted = values > -1
    whole = Ratio.of(values, counted)
    parts = Ratio.joined([Ratio.of(values[i : i + 3], counted[i : i + 3]) for i in (0, 3, 6)])
    assert parts.profile() == whole.profile()
    pair = Ratio.stacked([whole, Ratio.of(2 * values, counted)]).profile()
    np.testing.assert_allclose(pair.mean, whole.profile().mean * np.array([1, 2]))


def test_means_without_steps_are_not_numbers():
    profile = Ratio.by_bin(np.ones((3, 2)), np.zeros((3, 2), np.int64), 2).profile()
    assert profile.mean[0] == 1
    assert np.isnan(profile.mean[1])
    assert profile.steps.tolist() == [6, 0]


def test_the_error_where_one_sequence_has_all_steps_is_no_number():
    """Not 0, which would say that another such sequence has the same."""
    sums, counts = np.array([[2.0, 1, 6], [4, 0, 0]]), np.array([[2.0, 1, 3], [2, 0, 0]])
    mean, se, _ = Ratio(sums, counts).profile()
    assert mean.tolist() == [1.5, 1.0, 2.0]
    np.testing.assert_allclose(se[0], 0.5)  # sums less 1.5 for each step: -1, 1; sqrt(2 * 2) / 4
    assert np.isnan(se[1:]).all()  # of however many steps
    assert np.isnan(Ratio(np.array([0.3]), np.array([3.0])).profile().se)


def test_cosine():
    first = np.array([[1.0, 0], [1, 1], [0, 0]])
    second = np.array([[0.0, 2], [-3, -3], [1, 0]])
    np.testing.assert_allclose(cosine(first, second), [0, -1, 0])


def test_the_error_of_a_mean_over_uneven_sequences_by_hand():
    """Sums 2 of 1 step and 2 of 3 steps: mean 1, what is left 1 and -1, sqrt(2 * 2 / 1) / 4."""
    mean, se, steps = Ratio(np.array([[2.0], [2.0]]), np.array([[1.0], [3.0]])).profile()
    assert (mean.item(), se.item(), steps.item()) == (1.0, 0.5, 4)


def test_the_angle_is_the_same_of_vectors_of_any_length():
    first, second = np.array([3.0, 4.0]), np.array([[4.0, 3.0], [0.0, 0.0], [-3.0, -4.0]])
    for scale in (1e-6, 0.1, 1.0, 1e6):
        np.testing.assert_allclose(cosine(scale * first, scale * second), [0.96, 0, -1], rtol=1e-12)
