"""Sequences as a code, driven by a model's own predictions, step by step.

A file has a line of JSON, which names the model, the task and the lengths, and then the bits. The
decoder needs the same model on a machine that rounds alike; a checksum says whether it had it.
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.checks.coder import Decoder, Encoder
from ntmlab.evaluation.checks.decode import distribution
from ntmlab.evaluation.checks.subject import Subject
from ntmlab.letters import write_letters
from ntmlab.records import parse_object, to_line
from ntmlab.sequences import input_channels, next_symbol

FORMAT: Final = "ntmlab-code-1"
MOST_SYMBOLS: Final = 10**8
MOST_HEADER: Final = 2**20


class Coded(NamedTuple):
    """What a file holds."""

    model: str
    task: str
    letters: int
    lengths: list[int]
    checksum: int
    bits: bytes

    def to_bytes(self) -> bytes:
        """The file."""
        head = {"format": FORMAT, **self._asdict()}
        head.pop("bits")
        return f"{to_line(head)}\n".encode() + self.bits


def encode(
    subject: Subject, sequences: list[list[int]], letters: int, model: str, task: str
) -> Coded:
    """The code of some sequences, one after the other, each begun afresh."""
    encoder = Encoder()
    for symbols in sequences:
        said = _Predictions(subject, letters)
        for symbol in symbols:
            encoder.put(symbol, said.next())
            said.came(symbol)
    bits = np.packbits(np.array(encoder.finish(), dtype=np.uint8)).tobytes()
    lengths = [len(symbols) for symbols in sequences]
    return Coded(model, task, letters, lengths, checksum(sequences, letters), bits)


def decode(subject: Subject, coded: Coded) -> list[list[int]]:
    """The sequences of a code; raises InputError if the model says other things than it did."""
    decoder = Decoder(_bits(coded.bits))
    sequences = []
    for length in coded.lengths:
        said, symbols = _Predictions(subject, coded.letters), []
        for _ in range(length):
            symbols.append(decoder.get(said.next()))
            said.came(symbols[-1])
        sequences.append(symbols)
    if checksum(sequences, coded.letters) != coded.checksum:
        raise InputError(
            f"the code is damaged, or model {coded.model} says other things here than where it was "
            "written: another version, weights, machine or number of threads"
        )
    return sequences


def read_coded(data: bytes, where: str) -> Coded:
    """What a file holds; raises InputError if it is no such file."""
    head, newline, bits = data.partition(b"\n")
    fits = newline and len(head) <= MOST_HEADER and head.startswith(b"{")
    found = parse_object(head.decode(errors="replace"), where) if fits else {}
    if found.get("format") != FORMAT:
        raise InputError(f"{where} is no code of ntmlab (format {FORMAT})")
    lengths = found.get("lengths")
    texts = all(isinstance(found.get(name), str) for name in ("model", "task"))
    numbers = all(isinstance(found.get(name), int) for name in ("letters", "checksum"))
    whole = isinstance(lengths, list) and all(type(n) is int and n > 0 for n in lengths)
    if not (texts and numbers and whole and sum(lengths) <= MOST_SYMBOLS):  # type: ignore[arg-type]
        raise InputError(f"{where} has a damaged head")
    return Coded(**{name: found[name] for name in Coded._fields[:-1]}, bits=bits)


def checksum(sequences: Iterable[Iterable[int]], letters: int) -> int:
    """CRC-32 of the text of some sequences, a line each."""
    lines = "\n".join(write_letters(symbols, letters) for symbols in sequences)
    return zlib.crc32(lines.encode())


class _Predictions:
    """What a model says of one sequence, symbol by symbol."""

    def __init__(self, subject: Subject, letters: int) -> None:
        self.subject, self.step = subject, subject.stepper()
        one_each = next_symbol([[*range(letters), 0]], letters).inputs[0]
        self.inputs: list[Tensor] = list(one_each[1:])
        self.shown = torch.zeros(input_channels(letters))

    def next(self) -> Array:
        return distribution(self.subject, self.step(self.shown))

    def came(self, symbol: int) -> None:
        self.shown = self.inputs[symbol]


def _bits(data: bytes) -> Iterator[int]:
    for byte in data:
        for place in range(7, -1, -1):
            yield byte >> place & 1
