"""Plain-loop oracles for dynamic N-grams, written from the definition, not from the code."""

import itertools
import math
from collections import defaultdict


def all_sequences(length):
    """Every bit sequence of a length."""
    return list(itertools.product((0, 1), repeat=length))


def log_beta(a, b):
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def sequence_probability(bits, context_bits, prior=(0.5, 0.5)):
    """P(bits) from the Beta integral: B(a + ones, b + zeros) / B(a, b) for each context."""
    a, b = prior
    counts = defaultdict(lambda: [0, 0])
    for t in range(context_bits, len(bits)):
        counts[bits[t - context_bits : t]][bits[t]] += 1
    log_p = -math.log(2) * min(context_bits, len(bits))
    for zeros, ones in counts.values():
        log_p += log_beta(a + ones, b + zeros) - log_beta(a, b)
    return math.exp(log_p)


def next_bit_probability(bits, context_bits, prior=(0.5, 0.5)):
    """P(next = 1 | bits), as a quotient of two sequence probabilities."""
    joint = sequence_probability((*bits, 1), context_bits, prior)
    return joint / sequence_probability(tuple(bits), context_bits, prior)
