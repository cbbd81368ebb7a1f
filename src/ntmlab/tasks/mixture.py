"""One of finitely many sources. Legend: B batch, M sources, k letters."""

import dataclasses
import re
from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from ntmlab.errors import InputError, unknown_name
from ntmlab.given import check_whole
from ntmlab.optimal.chains import check_distribution
from ntmlab.optimal.mixture import Mixture
from ntmlab.specifications import parse_specification
from ntmlab.tasks.options import option_names
from ntmlab.tasks.source import Source, Step, choose
from ntmlab.tasks.sources import SOURCES, VARIANTS

MOST_SOURCES = 16


@dataclasses.dataclass(frozen=True)
class MixtureSource(Source):
    """Each sequence is from one of several sources, and which is not said.

    ``of`` are their specifications with a + between; commas within one are written as semicolons,
    as in ``mixture:of=dynamic-ngrams:order=2;prior=1+change-points``. ``weights`` are their
    chances, all alike unless given.

    >>> MixtureSource("coins+change-points", length=8).sample(2, seed=0).targets.shape
    torch.Size([2, 8, 1])

    Raises InputError for what is no source, sources of different alphabets, weights that are no
    chances of them, or a length below 1.
    """

    of: str = "dynamic-ngrams:order=1+dynamic-ngrams:order=3"
    length: int = 200
    weights: tuple[float, ...] | None = None

    name: ClassVar[str] = "mixture"
    form: ClassVar[tuple[str, ...]] = ("of",)

    def __post_init__(self) -> None:
        check_whole("length", self.length, 1)
        if not isinstance(self.of, str):
            raise InputError(f"of names sources with a + between, not {self.of!r}")
        texts = re.split(r"\+(?=[a-z])", self.of)
        if len(texts) > MOST_SOURCES:
            raise InputError(f"a mixture has at most {MOST_SOURCES} sources, not {len(texts)}")
        object.__setattr__(self, "_sources", tuple(_source(text, self.length) for text in texts))
        if self.weights is not None:
            given = check_distribution("weights", self.weights)
            object.__setattr__(self, "weights", tuple(map(float, given)))
        self.filter()  # alphabets and weights that do not fit show here

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources, in the mixture's length."""
        return self._sources  # type: ignore[attr-defined, no-any-return]

    @property
    def letters(self) -> int:
        """Size of the alphabet."""
        return self.sources[0].letters

    def filter(self) -> Mixture:
        """The Bayes mixture of the sources' own filters."""
        return Mixture([source.filter() for source in self.sources], self.weights)

    def walk(self, rows: int, random: np.random.Generator) -> Iterator[Step]:
        """Letters of the drawn sources, and what these know themselves."""
        drawn = choose(np.tile(self.filter().weights, (rows, 1)), random.random(rows))
        keys = random.integers(0, 2**63, size=(len(self.sources), 2), dtype=np.uint64)
        streams = [np.random.Generator(np.random.Philox(key=key)) for key in keys]
        pairs = zip(self.sources, streams, strict=True)
        every = np.arange(rows)
        for steps in zip(*(source.walk(rows, own) for source, own in pairs), strict=True):
            symbols, known = (np.stack(parts) for parts in zip(*steps, strict=True))
            yield Step(symbols[drawn, every], known[drawn, every])


def _source(text: str, length: int) -> Source:
    """A source of a specification with semicolons for commas."""
    found = parse_specification(text.replace(";", ","), "source", SOURCES)
    name, variant, options = found
    if name not in SOURCES:
        raise unknown_name("source", name, SOURCES)
    if variant is not None:
        if name not in VARIANTS:
            raise InputError(f"source {name} has no variants such as {variant!r}")
        options = found.named(VARIANTS[name], f"source {text}")
    known = set(option_names(SOURCES[name])) - {"length"}  # which is the mixture's
    for option in options:
        if option not in known:
            raise unknown_name(f"option of source {name}", option, known)
    return SOURCES[name](**options, length=length)
