"""One thing broken on purpose."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """An edit of one file, and the tests that have to notice it."""

    name: str
    file: str  # in the repository
    old: str  # stands there once
    new: str
    tests: tuple[str, ...]  # files of tests, or single ones

    def applied(self, text: str) -> str:
        """The text with the edit; raises ValueError unless what it replaces stands there once."""
        if (count := text.count(self.old)) != 1:
            raise ValueError(f"{self.name}: {count} places in {self.file} hold {self.old!r}")
        return text.replace(self.old, self.new)


def mutants(file: str, tests: str, **edits: tuple[str, str]) -> list[Mutant]:
    """Mutants of one file, named by its path and what is wrong; ``tests`` are between spaces."""
    stem = file.removeprefix("src/ntmlab/").removesuffix(".py")
    return [
        Mutant(f"{stem}: {name.replace('_', ' ')}", file, old, new, tuple(tests.split()))
        for name, (old, new) in edits.items()
    ]
