"""The file of a study, in TOML, as a person writes it."""

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ntmlab.errors import InputError, unknown_name
from ntmlab.given import check_once
from ntmlab.recipes.seeds import check_seeds, parse_seeds
from ntmlab.specifications import spell_value
from ntmlab.sweeps.study import Wanted


def read_toml(path: Path) -> tuple[Wanted, dict[str, Any]]:
    """What the file of a study wants, and its device, threads, search and ahead if it names them.

    Other keys: ``recipe`` or ``model`` and ``task``, ``seeds``, ``sequences``, and a table ``set``
    whose lists are values to take in turn. Raises InputError for anything else.
    """
    try:
        value = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"there is no file or sweep {path}") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is no study: {' '.join(str(error).split())}") from None
    own = ("device", "threads", "search", "ahead")
    known = ("recipe", "model", "task", "seeds", "sequences", "set", *own)
    for key in value:
        if key not in known:
            raise unknown_name(f"{path}: key", key, known)
    for key in ("task", "device"):
        if not isinstance(value.get(key, ""), str):
            raise InputError(f"{path}: its {key} is {value[key]}, and no name")
    seeds = value.get("seeds", 0)
    listed = parse_seeds(seeds) if isinstance(seeds, str) else check_seeds(_as_list(seeds))
    names = [[str(name) for name in _as_list(value.get(key, []))] for key in ("recipe", "model")]
    own_sequences = {"sequences": value["sequences"]} if "sequences" in value else {}
    grid = [*_flat(value.get("set", {})), *_flat(own_sequences)]
    check_once(key for key, _ in grid)
    wanted = Wanted(names[0], names[1], value.get("task"), listed, dict(grid))
    return wanted, {key: value[key] for key in own if key in value}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _flat(table: Any, prefix: str = "") -> Iterable[tuple[str, list[str]]]:
    """Each setting with its values as text; ``model.slots`` in TOML is a table in a table."""
    if not isinstance(table, dict):
        raise InputError("a study's set is a table: [set]")
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            values = _as_list(value)
            if not values:
                raise InputError(f"{prefix}{key}: give at least one value")
            yield f"{prefix}{key}", [spell_value(_text(f"{prefix}{key}", one)) for one in values]


def _text(key: str, value: Any) -> str:
    """A value of TOML as `ntmlab train --set` takes it; raises InputError for a date or a time."""
    try:
        return value if isinstance(value, str) else json.dumps(value)
    except TypeError:
        raise InputError(f"{key}: {value} is no number, word or list of them") from None
