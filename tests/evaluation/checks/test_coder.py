"""The arithmetic coder: exact, and as short as the probabilities say."""

from fractions import Fraction

import numpy as np
import pytest
import torch

from ntmlab import InputError, make_task
from ntmlab.evaluation.checks.code import Coded, read_coded
from ntmlab.evaluation.checks.coder import _HALF, END_BITS, TOTAL, Decoder, Encoder, frequencies
from ntmlab.evaluation.checks.decode import Code, _coded, _decoded, _encoded
from ntmlab.evaluation.checks.probes import Probes
from ntmlab.evaluation.checks.subject import Subject
from ntmlab.outputs import Bits


def coded(symbols, probabilities):
    encoder = Encoder()
    for symbol, p in zip(symbols, probabilities, strict=True):
        encoder.put(int(symbol), p)
    return encoder.finish()


@pytest.mark.parametrize("letters", [2, 3, 17])
@pytest.mark.parametrize("sharpness", [0.01, 1.0, 30.0])
def test_sequences_come_back_at_their_cost(letters, sharpness):
    random = np.random.default_rng(letters)
    for length in (1, 2, 5, 400):
        p = random.dirichlet([1 / sharpness] * letters, size=length)
        symbols = [int(random.choice(letters, p=row)) for row in p]
        bits = coded(symbols, p)
        decoder = Decoder(bits)
        assert [decoder.get(row) for row in p] == symbols
        given = np.maximum(p[np.arange(length), symbols], 1 / TOTAL)
        assert len(bits) <= -np.log2(given).sum() + END_BITS + 1e-6 * length + 1e-6
        assert set(bits) <= {0, 1}


@pytest.mark.parametrize("letters", [2, 3, 17])
def test_a_code_is_a_number_within_the_part_of_the_line_that_is_the_sequence_s(letters):
    """Worked out in fractions, by no decoder, and whatever bits follow.

    The coder's own borders are whole numbers of 2^-62 of a part that is four of its own at most.
    """
    random, slack = np.random.default_rng(letters), Fraction(1, 2**55)
    for length in (1, 2, 8):
        p = random.dirichlet([1.0] * letters, size=length)
        symbols = random.integers(0, letters, length).tolist()
        low, width = Fraction(0), Fraction(1)
        for symbol, row in zip(symbols, p, strict=True):
            shares = frequencies(row)
            low += width * Fraction(sum(shares[:symbol]), TOTAL)
            width *= Fraction(shares[symbol], TOTAL)
        bits = coded(symbols, p)
        value = Fraction(int("".join(map(str, bits)), 2), 2 ** len(bits))
        assert width > 100 * slack
        assert low - slack <= value
        assert value + Fraction(1, 2 ** len(bits)) <= low + width + slack


def test_the_end_costs_two_bits_and_no_letter_more_than_forty():
    """As docs and checks say; that of what is said to be impossible 40."""
    assert (TOTAL, END_BITS) == (2**40, 2)
    for symbols, cost in (([], 0), ([1] * 3, 0), ([0], 40), ([0] * 3, 120)):
        found = len(coded(symbols, [np.array([0.0, 1.0])] * len(symbols)))
        assert cost <= found <= cost + 2


@pytest.mark.parametrize("p", [0.0, 1e-300, 1e-9, 0.5, 1 - 1e-9, 1.0])
def test_certain_and_impossible_symbols(p):
    """P = 1/2 lies on every grid's edge, and what cannot come may come."""
    each = [np.array([1 - p, p])] * 50
    for symbols in ([0] * 50, [1] * 50, [0, 1] * 25):
        decoder = Decoder(coded(symbols, each))
        assert [decoder.get(row) for row in each] == symbols


def test_an_interval_that_ends_on_the_half_is_not_below_it():
    """Its last number is of the upper half, so that no bit is certain yet."""
    encoder = Encoder()
    encoder._high = _HALF
    encoder.put(1, np.array([0.1, 0.9]))
    assert encoder.bits == []


def test_frequencies_are_whole_and_sum():
    for p in ([1 / 3] * 3, [0.0, 1.0], [1e-15, 0.5, 0.5 - 1e-15]):
        found = frequencies(np.array(p))
        assert sum(found) == TOTAL
        assert min(found) >= 1


def test_another_probability_decodes_otherwise():
    """So that the check of a model's own predictions can fail."""
    p = [np.array([0.5, 0.5])] * 40
    symbols = [0, 1] * 20
    decoder = Decoder(coded(symbols, p))
    assert [decoder.get(np.array([0.4, 0.6])) for _ in p] != symbols


@pytest.mark.parametrize(("p", "floored"), [(0.25, False), (2.5 / TOTAL, False), (0.0, True)])
def test_what_the_code_takes_for_likelier_than_it_is_said_to_be_is_noted(p, floored):
    """So that a sequence that is claimed to cost more than its code may pass."""
    subject = Subject(lambda inputs: torch.full((*inputs.shape[:2], 1), p).double(), Bits(1))
    code = _encoded(subject, torch.zeros(3, 1), np.array([0, 1, 0]))
    assert code.floored is floored


def test_a_code_read_by_another_predictor_is_noticed():
    symbols = np.array([1, 0, 1, 1, 0, 1])
    encoder = Encoder()
    for symbol in symbols:
        encoder.put(int(symbol), np.array([0.1, 0.9]))
    code = Code(encoder.finish(), floored=False)

    def said(p):
        return Subject(lambda inputs: torch.full((*inputs.shape[:2], 1), p), Bits(1))

    assert _decoded(said(0.9), 2, symbols, code) is None
    found = _decoded(said(0.3), 2, symbols, code)
    assert found is not None
    assert "is decoded as" in found.message


def test_where_each_symbol_takes_a_pass_so_many_are_coded_as_take_four_seconds():
    subject = Subject(lambda inputs: inputs, Bits(1))
    probes = Probes(make_task("dynamic-ngrams"), [64], numbers=True)
    probes.seconds = {64: 0.4}  # of four rows

    def seconds(symbols):
        """Of two rows, there and back: passes of 1, 2, ... steps."""
        return 2 * 2 * sum(0.1 * steps / 64 for steps in range(1, symbols + 1))

    coded = _coded(subject, probes, [64])
    assert seconds(coded - 1) < 4 < seconds(coded + 2)
    probes.seconds = {64: 400.0}
    assert _coded(subject, probes, [64]) == 8  # fewer would say too little
    probes.seconds = {64: 1e-3}
    assert _coded(subject, probes, [64]) == 64
    subject.stateless = None  # a step is a step
    probes.seconds = {64: 400.0}
    assert _coded(subject, probes, [64]) == 64


def test_a_head_that_asks_for_more_than_a_hundred_million_symbols_is_damaged():
    """Or some damaged bytes would be decoded for days."""
    coded = Coded("kt-1", "dynamic-ngrams", 2, [1, 10**8 - 1], 0, b"")
    assert read_coded(coded.to_bytes(), "it") == coded
    with pytest.raises(InputError, match="it has a damaged head"):
        read_coded(coded._replace(lengths=[2, 10**8 - 1]).to_bytes(), "it")
