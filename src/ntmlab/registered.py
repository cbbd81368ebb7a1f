"""Models that installed packages register under names of their own: entry points ``ntmlab.models``.

A package says in its pyproject.toml

    [project.entry-points."ntmlab.models"]
    my-gru = "my_package.models:make_gru"

and ``my-gru``, with options as in ``my-gru:width=8``, stands for that factory from then on.
"""

import functools
import os
import re
import sys
from pathlib import Path
from typing import Final, NamedTuple

from ntmlab.errors import InputError
from ntmlab.foreign import described, is_foreign
from ntmlab.names import ALIASES, EXACT, KINDS

GROUP: Final = "ntmlab.models"

_NAME = re.compile(r"[A-Za-z0-9][\w.+-]*")


class Registered(NamedTuple):
    """What a package registers: a factory, and why it cannot be taken, None if it can."""

    factory: str
    package: str
    broken: str | None


def registered() -> dict[str, Registered]:
    """The models that packages register, by name; packages that cannot be read under their own."""
    return _registered(tuple(sys.path))


def registered_factory(text: str) -> str | None:
    """The specification ``package.module:factory`` of a registered name, options included.

    None for what is not registered, as is what reads ``package.module:factory`` itself; raises
    InputError for a name that cannot be taken.
    """
    name, colon, options = text.partition(":")
    could_be = _NAME.fullmatch(name) is not None and ("=" in options or not colon)
    if not could_be or _is_taken(name) or name not in registered():
        return None
    found = registered()[name]
    if found.broken:
        raise InputError(f"model {name}: package {found.package} {found.broken}")
    return f"{found.factory}{colon}{options}"


@functools.lru_cache(1)
def _registered(path: tuple[str, ...]) -> dict[str, Registered]:
    from importlib import metadata  # takes as long as a list of models does

    found: dict[str, Registered] = {}
    packages: set[str] = set()
    for package in metadata.distributions():
        try:
            name = str(package.name)
            points = [] if name in packages else package.entry_points.select(group=GROUP)
        except Exception as error:  # whatever a damaged package has in its files
            place = str(getattr(package, "_path", "of unknown place"))
            found[place] = Registered("", place, f"cannot be read: {described(error)}")
            continue
        packages.add(name)
        for point in points:
            found[point.name] = _one(point.name, point.value, name, found.get(point.name))
    return dict(sorted(found.items()))


def _one(name: str, factory: str, package: str, other: Registered | None) -> Registered:
    broken = None
    if not _NAME.fullmatch(name):
        broken = f"registers {name!r}, which is no name"
    elif not is_foreign(factory):
        broken = f"registers it as {factory!r}, which is no package.module:factory"
    elif other is not None and other.factory != factory:
        broken = f"registers it as {factory}, and {other.package} as {other.factory}"
    elif _is_taken(name):
        broken = "registers a name that ntmlab has"
    return Registered(factory, package, broken)


def _is_taken(name: str) -> bool:
    """Whether a name is one of this package's own."""
    card = Path(__file__).parent / "weights" / f"{name}.json"
    return name in {*KINDS, *ALIASES, *EXACT} or os.path.exists(card)  # False if it is too long
