"""What content tells, on features made of the counts."""

import numpy as np
import pytest

from ntmlab import make_task
from ntmlab.errors import InputError
from ntmlab.studies.fits import explained
from ntmlab.studies.inside.content import count_targets
from tests.studies.inside.cases import drawn_bits, perfect


@pytest.fixture(scope="module")
def usage():
    return perfect(drawn_bits(sequences=40, length=100))


def fits(usage, features):
    return explained(features, count_targets(usage), usage.contexts >= 0)


def test_content_that_is_the_logit_explains_it_and_nothing_of_the_controls(usage):
    found = fits(usage, usage.reads)
    assert found["logit"].mean == pytest.approx(1, abs=1e-5)
    assert found["ratio"].mean > 0.8
    for control in ("another context", "another sequence"):
        assert abs(found[control].mean) < 0.1
    assert found["total"].mean < 0.3  # a logit does not tell how often


def test_noise_of_a_known_size_gives_a_known_r2(usage):
    kept = usage.contexts >= 0
    size = usage.reads[..., 0][kept].std()
    noise = np.random.default_rng(0).normal(0, size, usage.reads.shape)
    logit = fits(usage, usage.reads + noise * np.array([1, 0, 0, 0]))["logit"]
    assert logit.mean == pytest.approx(0.5, abs=4 * logit.se)
    assert 0 < logit.se < 0.05


def test_shuffled_content_explains_nothing(usage):
    order = np.random.default_rng(0).permutation(len(usage.bits))
    shuffled = np.random.default_rng(1).permuted(usage.reads[order], axis=1)
    assert abs(fits(usage, shuffled)["logit"].mean) < 0.05


def test_features_that_fit_only_one_half_do_not_count(usage):
    """A feature that tells the logit in half of the sequences, its negative in the others."""
    signs = np.where(np.arange(len(usage.bits)) < len(usage.bits) // 2, 1.0, -1.0)
    assert fits(usage, usage.reads * signs[:, None, None])["logit"].mean < -1


def test_a_constant_in_the_target_changes_nothing(usage):
    """R² is of squares about the mean, so that nothing about the target's zero matters."""
    logit = count_targets(usage)["logit"]
    targets = {"as it is": logit, "far from 0": 1 - 3 * logit}
    noisy = usage.reads + np.random.default_rng(2).normal(size=usage.reads.shape)
    found = explained(noisy, targets, usage.contexts >= 0)
    assert found["far from 0"].mean == pytest.approx(found["as it is"].mean, abs=1e-4)
    assert 0.2 < found["as it is"].mean < 0.9


@pytest.mark.parametrize("copies", [1, 3])
def test_a_penalty_is_a_part_of_the_mean_square_of_features(copies):
    """Features of mean square 1 that tell apart: a penalty of 3 leaves a quarter of their weight.

    The rest, three quarters of the target, is what the fit misses.
    """
    signs = np.array([[1.0, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]])[:copies]
    features = np.tile(signs.T, (4, 1, 1))  # (4, 4, copies), of mean 0 and square to each other
    target, kept = features.sum(-1), np.ones(features.shape[:2], bool)
    (found,) = explained(features, {"sum": target}, kept, ridges=[3.0]).values()
    assert found.mean == pytest.approx(1 - 0.75**2)


def test_targets_are_functions_of_the_counts():
    usage = perfect(np.array([[1, 1, 1, 1, 0, 1, 1, 1]] * 2))
    found = count_targets(usage)
    last = {name: values[0, -1] for name, values in found.items()}
    # the context of the last bit is 011: never seen; the one at step 4 is 111 with a single one
    assert (last["logit"], last["total"], last["ratio"]) == (0, 0, 0.5)
    assert found["logit"][0, 4] == pytest.approx(np.log(3))
    assert found["difference"][0, 4] == 1
    assert found["ones"][0, 4] == pytest.approx(np.log(2))
    assert found["ratio"][0, 4] == 0.75
    assert (found["logit"][:, :3] == 0).all()


def test_the_optimal_logit_is_that_of_the_prior():
    """It was of ½ and ½ whatever the task's tables are drawn from."""
    task = make_task("dynamic-ngrams", order=4, length=40, prior=(0.2, 3))
    drawn = task.sample(4, seed=0)
    usage = perfect(drawn.targets[:, :, 0].numpy().astype(int))
    optimal = task.optimal()(drawn.inputs)[..., 0].numpy()
    found = count_targets(usage, task.prior)
    counted = usage.contexts >= 0
    assert found["logit"][counted] == pytest.approx(np.log(optimal / (1 - optimal))[counted])
    assert found["ratio"][counted] == pytest.approx(optimal[counted])


def test_a_fit_needs_two_sequences_of_each_half():
    usage = perfect(drawn_bits(sequences=3))
    with pytest.raises(InputError, match="at least 4"):
        fits(usage, usage.reads)


def test_controls_are_of_another_context_and_of_the_next_sequence():
    """Of counts that tell contexts and sequences apart."""
    usage = perfect()
    sequences, _, size = usage.ones.shape
    ones = np.arange(size) + size * np.arange(sequences)[:, None, None] + 0 * usage.ones
    found = count_targets(usage._replace(ones=ones, zeros=0 * ones))
    has = usage.contexts >= 0
    own = np.exp(found["logit"]) / 2 - 0.5  # the number that the context has
    other, following = (
        np.exp(found[f"another {what}"]) / 2 - 0.5 for what in ("context", "sequence")
    )
    number = np.maximum(usage.contexts, 0)
    row = size * np.arange(sequences)[:, None]
    np.testing.assert_allclose(own[has], (number + row)[has])
    np.testing.assert_allclose(following[has], (number + np.roll(row, -1))[has])
    assert ((other - row)[has].round() != number[has]).all()
    assert set((other - row)[has].round().astype(int)) == set(range(size))
