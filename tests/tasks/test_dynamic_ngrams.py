"""Dynamic N-grams: what is drawn, and that it is the same everywhere."""

import hashlib

import numpy as np
import pytest
import torch

from ntmlab import DynamicNGrams, InputError
from ntmlab.optimal.contexts import contexts
from ntmlab.sequences import next_symbol as as_sequences
from ntmlab.tasks import make_task
from ntmlab.tasks.draws import TRAINING_START

# SHA-256 of the bits of the evaluation set: the first 1000 sequences of seed 0, one byte a bit.
EVALUATION_SHA256 = "28a090d42eaa7e0594694ffc791ca26297f618aa1aa514b2a6a60622b04dd6a8"


def bits(sequences):
    return sequences.targets[:, :, 0].numpy().astype(np.uint8)


def test_evaluation_set_is_the_recorded_one():
    drawn = bits(DynamicNGrams().sample(1000, seed=0))
    assert hashlib.sha256(drawn.tobytes()).hexdigest() == EVALUATION_SHA256


def test_a_sequence_depends_on_seed_and_number_only():
    task = DynamicNGrams(length=30)
    whole = task.sample(3000, seed=7)
    for start, count in [(0, 1), (5, 300), (255, 2), (2047, 800), (2999, 1)]:
        part = task.sample(count, seed=7, start=start)
        assert torch.equal(part.inputs, whole.inputs[start : start + count])
        assert torch.equal(part.targets, whole.targets[start : start + count])
    far = task.sample(2, seed=7, start=TRAINING_START)
    assert not torch.equal(far.targets, whole.targets[:2])


def test_a_shorter_length_gives_the_first_bits():
    long, short = DynamicNGrams(length=50).sample(9, 3), DynamicNGrams(length=20).sample(9, 3)
    assert torch.equal(long.targets[:, :20], short.targets)


def test_seeds_differ():
    task = DynamicNGrams()
    assert not torch.equal(task.sample(1, seed=1).targets, task.sample(1, seed=2).targets)


def test_every_sequence_has_its_own_table():
    tables = DynamicNGrams().tables(300, seed=0)
    assert tables.shape == (300, 32)
    assert len(np.unique(tables)) == tables.size


@pytest.mark.parametrize("prior", [(0.5, 0.5), (2.0, 1.0), (0.2, 0.7)])
def test_tables_have_the_moments_of_their_prior(prior):
    tables = DynamicNGrams(prior=prior).tables(4000, seed=5)
    a, b = prior
    mean, variance = a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))
    error = 5 / np.sqrt(tables.size)
    assert tables.mean() == pytest.approx(mean, abs=error * np.sqrt(variance))
    assert tables.var() == pytest.approx(variance, abs=error * 0.3)


def test_bits_follow_the_table():
    task = DynamicNGrams(order=3, length=400)
    drawn = bits(task.sample(500, seed=11))
    table = task.tables(500, seed=11)
    context = contexts(drawn.astype(np.int64), 2)
    scored = context >= 0
    p = np.take_along_axis(table, np.maximum(context, 0), axis=1)
    standardised = ((drawn - p) / np.sqrt(p * (1 - p) + 1e-12))[scored]
    assert abs(standardised.mean()) < 5 / np.sqrt(scored.sum())
    assert drawn[:, :2].mean() == pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(1000))


@pytest.mark.parametrize("letters", [2, 3])
def test_the_truth_is_the_table_from_the_first_whole_context_on(letters):
    task = DynamicNGrams(order=3, length=6, letters=letters)
    sequences, table = task.sample(5, seed=3, truth=True), task.tables(5, seed=3)
    truth = sequences.truth.numpy()
    symbols = sequences.targets.numpy().argmax(-1) if letters > 2 else bits(sequences).astype(int)
    context = contexts(symbols, 2, letters)
    assert (truth[:, :2] == (0.5 if letters == 2 else 1 / letters)).all()
    for t in range(2, 6):
        own = table[np.arange(5), context[:, t]].reshape(5, -1)
        np.testing.assert_allclose(truth[:, t], own, atol=1e-15)


def test_alignment_and_mask():
    sequences = DynamicNGrams(length=12).sample(4, seed=0)
    assert (sequences.inputs[:, 0] == 0).all()
    assert torch.equal(sequences.inputs[:, 1:], sequences.targets[:, :-1])
    assert (sequences.mask == 1).all()  # every bit is scored, the first included
    assert {t.dtype for t in sequences[:3]} == {torch.float32}


@pytest.mark.parametrize(
    "options",
    [{"order": 0}, {"order": 18}, {"length": 0}, {"length": -3}, {"prior": (0.5, 0.0)}],
)
def test_wrong_sizes_are_refused(options):
    with pytest.raises(InputError):
        DynamicNGrams(**options)


def test_wrong_draws_are_refused():
    for arguments in [(0, 0), (-1, 0), (1, -1), (1, 2**64), (1, 0, -1)]:
        with pytest.raises(InputError):
            DynamicNGrams().sample(*arguments)


def test_make_task_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'dynamic-ngrams'"):
        make_task("dynamic-ngram")
    with pytest.raises(InputError, match="lenght"):
        make_task("dynamic-ngrams", lenght=3)


def test_the_longest_context_and_a_single_bit():
    assert DynamicNGrams(order=17, length=1).sample(1, seed=0).targets.shape == (1, 1, 1)
    assert as_sequences([[1]]).inputs.tolist() == [[[0.0]]]


def test_a_part_of_a_mixture_has_its_prior_the_ones_first_too():
    """Beta(3, 1): a 1 has the chance 3/4 in the mean, with a spread of 0.194."""
    task = make_task("mixture:of=dynamic-ngrams:order=1;prior=3/1", length=2)
    drawn = task.sample(4000, seed=0, truth=True)
    assert drawn.truth[:, 0].mean().item() == pytest.approx(0.75, abs=5 * 0.194 / 4000**0.5)
    assert task.optimal()(drawn.inputs[:1])[0, 0].item() == pytest.approx(0.75)
