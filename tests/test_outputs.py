"""What a symbol is: costs, divergences and losses against their definitions."""

import math

import numpy as np
import pytest
import torch

from ntmlab import DynamicNGrams, InputError, compare
from ntmlab.outputs import Bits, Symbols, next_symbol_outputs, of_symbol
from ntmlab.sequences import Sequences, next_symbol, observed, outputs_of, symbols_of

KINDS = [Bits(1), Bits(4), Symbols(3), Symbols(7)]


def case(outputs, seed=0):
    """Logits, targets and mask of two sequences of five steps."""
    random = torch.Generator().manual_seed(seed)
    shape = (2, 5, outputs.channels)
    logits = torch.randn(shape, generator=random, dtype=torch.float64)
    if isinstance(outputs, Bits):
        targets = (torch.rand(shape, generator=random) < 0.5).double()
    else:
        letters = torch.randint(outputs.letters, shape[:2], generator=random)
        targets = torch.nn.functional.one_hot(letters, outputs.letters).double()
    mask = torch.ones(2, 5, dtype=torch.float64)
    mask[1, 3:] = 0
    return logits, targets, mask


@pytest.mark.parametrize("outputs", KINDS, ids=str)
def test_loss_is_the_cost_in_nats(outputs):
    logits, targets, mask = case(outputs)
    p = outputs.probabilities(logits).numpy()
    bits = outputs.cost_bits(p, targets.numpy(), mask.numpy())
    nats = outputs.loss(logits, targets, mask).item()
    assert bits.sum() * math.log(2) == pytest.approx(nats, rel=1e-12)
    assert (bits[1, 3:] == 0).all()
    assert outputs.why_not(p) is None


@pytest.mark.parametrize("outputs", KINDS, ids=str)
def test_divergence_is_the_expected_difference_of_costs(outputs):
    """Over every outcome of a step, weighted with the optimum's probability."""
    mask = np.ones((1, 1))
    q, p = (outputs.probabilities(case(outputs, s)[0][:1, :1]).numpy() for s in (1, 2))
    expected = 0.0
    if isinstance(outputs, Bits):
        outcomes = np.stack(np.meshgrid(*[[0, 1]] * outputs.width), -1).reshape(-1, outputs.width)
        weights = np.where(outcomes > 0, q[0], 1 - q[0]).prod(-1)
    else:
        outcomes, weights = np.eye(outputs.letters), q[0, 0]
    for outcome, weight in zip(outcomes, weights.ravel(), strict=True):
        own, best = (outputs.cost_bits(x, outcome[None, None], mask).item() for x in (p, q))
        expected += weight * (own - best)
    assert outputs.divergence_bits(q, p, mask).item() == pytest.approx(expected, rel=1e-12)
    assert outputs.divergence_bits(q, q, mask).item() == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("outputs", KINDS, ids=str)
def test_entropy_is_the_expected_cost_of_the_truth(outputs):
    q = outputs.probabilities(case(outputs)[0]).numpy()
    entropy = outputs.entropy_bits(q, np.ones((2, 5)))
    parts = np.stack([q, 1 - q]) if isinstance(outputs, Bits) else q[None]
    expected = -(parts * np.log2(parts)).sum((0, -1))
    np.testing.assert_allclose(entropy, expected, rtol=1e-12)
    certain = np.zeros((1, 1, outputs.channels))
    certain[..., 0] = 1
    assert outputs.entropy_bits(certain, np.ones((1, 1))).item() == 0.0


def test_the_impossible_costs_infinity_and_never_nan():
    one, mask = np.ones((1, 1)), np.ones((1, 1))
    targets = np.eye(3)[None, :1]
    never = np.array([[[0.0, 0.5, 0.5]]])
    assert Symbols(3).cost_bits(never, targets, mask).item() == math.inf
    assert Symbols(3).cost_bits(never, targets, 0 * mask).item() == 0.0
    assert Symbols(3).divergence_bits(targets, never, mask).item() == math.inf
    assert Symbols(3).divergence_bits(never, np.full((1, 1, 3), 1 / 3), mask).item() > 0
    assert Bits(1).cost_bits(np.zeros((1, 1, 1)), one[..., None], mask).item() == math.inf


def test_a_divergence_is_finite_where_the_quotient_is_not():
    """Half a bit's odds over 1e-310 are more than a float holds; their logarithm is 1028.8."""
    tiny, mask = 1e-310, np.ones((1, 1))
    expected = 0.5 * (-1 - math.log2(tiny)) + 0.5 * -1
    half, little = np.full((1, 1, 1), 0.5), np.full((1, 1, 1), tiny)
    assert Bits(1).divergence_bits(half, little, mask).item() == pytest.approx(expected, rel=1e-12)
    q, p = np.array([[[0.5, 0.5, 0.0]]]), np.array([[[tiny, 1.0, 0.0]]])
    assert Symbols(3).divergence_bits(q, p, mask).item() == pytest.approx(expected, rel=1e-12)


def test_without_a_likeliest_letter_there_is_no_number():
    """It would be scored as a guess."""
    never = torch.tensor([[[-math.inf] * 3, [0.0, -math.inf, -math.inf]]])
    p = Symbols(3).probabilities(never)
    assert p[0, 0].isnan().all()
    assert p[0, 1].tolist() == pytest.approx([1.0, 0.0, 0.0], abs=1e-15)
    assert "nan at step 0 of sequence 0" in Symbols(3).why_not(p.numpy())


@pytest.mark.parametrize("outputs", KINDS, ids=str)
@pytest.mark.parametrize("size", [1e3, 1e30, math.inf])
def test_no_logit_makes_anything_certain(outputs, size):
    logits = torch.zeros(1, 2, outputs.channels)
    logits[0, 0, 0], logits[0, 1, 0] = size, -size
    p = outputs.probabilities(logits).numpy()
    assert ((p > 0) & (p < 1)).all()
    assert outputs.why_not(p) is None


def test_three_letters_at_a_third_cost_what_they_cost():
    """Scored as independent bits they would cost 55.1."""
    sequences = DynamicNGrams(order=2, letters=3, length=20).sample(3, seed=0)
    third = lambda inputs: torch.full((*inputs.shape[:2], 3), 1 / 3)  # noqa: E731
    assert compare(sequences, {"third": third}).score("third").bits == pytest.approx(
        31.6993, abs=1e-4
    )
    independent = lambda inputs: torch.full((*inputs.shape[:2], 3), 0.5)  # noqa: E731
    with pytest.raises(InputError, match=r"sum to 1\.5"):
        compare(sequences, {"independent": independent})


def test_letters_that_may_be_bits_must_be_said():
    sequences = next_symbol([[0, 2, 1]], letters=3)
    bare = Sequences(*sequences[:3])
    with pytest.raises(InputError, match=r"outputs=Symbols\(3\)"):
        outputs_of(bare)
    assert outputs_of(bare._replace(outputs=Symbols(3))) == Symbols(3)
    assert outputs_of(Sequences(*next_symbol([[0, 1]])[:3])) == Bits(1)


@pytest.mark.parametrize("letters", [2, 3, 256])
def test_letters_come_back_from_inputs_and_targets(letters):
    symbols = np.random.default_rng(0).integers(0, letters, (4, 9))
    sequences = next_symbol(symbols, letters)
    assert (symbols_of(sequences.targets, letters) == symbols).all()
    assert (observed(sequences.inputs, letters) == symbols[:, :-1]).all()
    assert not sequences.inputs[:, 0].any()
    d = next_symbol_outputs(letters)
    p = d.distribution(sequences.targets.double().numpy())
    assert (of_symbol(p, symbols) == 1).all()
    with pytest.raises(InputError):
        next_symbol(symbols * 0 + letters, letters)
    with pytest.raises(InputError):
        observed(sequences.inputs * 0.5, letters)


@pytest.mark.parametrize("outputs", [Bits(2), Symbols(3)])
def test_losses_of_several_batches_are_each_ones_loss(outputs):
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(2, 3, 4, outputs.channels, generator=generator)
    targets = torch.zeros_like(logits)
    targets[..., 0] = 1
    mask = (torch.rand(2, 3, 4, generator=generator) > 0.5).float()
    each = [outputs.loss(*parts) for parts in zip(logits, targets, mask, strict=True)]
    torch.testing.assert_close(outputs.losses(logits, targets, mask), torch.stack(each))


@pytest.mark.parametrize("letters", [-1, 0, 1, 2, 257])
def test_two_letters_are_a_bit_and_257_are_too_many(letters):
    with pytest.raises(InputError, match=f"symbols are of 3 to 256 letters, not {letters}"):
        Symbols(letters)


def test_as_few_and_as_many_letters_as_there_may_be_cost_a_guess():
    for letters in (3, 256):
        guess = np.full((1, 1, letters), 1 / letters)
        targets = np.eye(letters, dtype=np.float32)[None, :1]
        cost = Symbols(letters).cost_bits(guess, targets, np.ones((1, 1), np.float32))
        assert cost[0, 0] == pytest.approx(math.log2(letters))


def test_several_bits_are_no_alphabet():
    assert Bits(1).distribution(np.array([0.25])).tolist() == [0.75, 0.25]
    with pytest.raises(InputError, match="2 independent bits a step are no alphabet"):
        Bits(2).distribution(np.array([0.25, 0.5]))


@pytest.mark.parametrize("outputs", [Bits(3), Symbols(3)])
@pytest.mark.parametrize("wrong", [-0.1, 1.1, np.nan, np.inf])
def test_what_is_no_probability_is_found_whatever_the_sum(outputs, wrong):
    given = np.full((2, 4, 3), 1 / 3)
    assert outputs.why_not(given) is None
    given[1, 2] = [wrong, 1 - wrong, 0]
    assert "step 2 of sequence 1" in outputs.why_not(given)
