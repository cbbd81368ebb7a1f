"""A task or model in one string: ``name``, ``name:key=value,key=value`` or ``name:variant``."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ntmlab.errors import InputError
from ntmlab.foreign import is_foreign
from ntmlab.given import is_number
from ntmlab.records import whole_number

MOST_CHARACTERS = 1000


class Specification(NamedTuple):
    """A name, the variant chosen by a word without a key, and options."""

    name: str
    variant: str | None
    options: dict[str, Any]

    def named(self, key: str, where: str) -> dict[str, Any]:
        """The options, the variant as that of a key; raises InputError where it is given too."""
        if key in self.options:
            raise InputError(f"{where}: {key} is given twice")
        return {key: self.variant} | self.options


def parse_specification(text: str, kind: str, known: Mapping[str, object]) -> Specification:
    """The parts of a specification; ``kind`` (task, model) begins each complaint.

    A name that is not among the known ones but reads as ``package.module:factory`` is the user's
    own; its options follow a second colon.

    >>> parse_specification("dynamic-ngrams:order=4,prior=0.5/2", "task", {"dynamic-ngrams": 0})
    Specification(name='dynamic-ngrams', variant=None, options={'order': 4, 'prior': [0.5, 2]})
    >>> parse_specification("hmm:mess3", "task", {"hmm": 0})
    Specification(name='hmm', variant='mess3', options={})
    >>> parse_specification("mine.py_:Die:sides=4", "task", {})
    Specification(name='mine.py_:Die', variant=None, options={'sides': 4})

    Raises InputError for an empty name, a key without a value, a key given twice or two variants.
    """
    if len(text) > MOST_CHARACTERS:
        raise InputError(f"{kind}: a specification has at most {MOST_CHARACTERS} characters")
    head, _, rest = text.partition(":")
    if head not in known:
        factory, _, options = rest.partition(":")
        if is_foreign(f"{head}:{factory}"):
            head, rest = f"{head}:{factory}", options
    if not head:
        raise InputError(f"{kind} {text!r} has no name")
    return _with_options(head, rest, f"{kind} {text}")


def _with_options(name: str, text: str, where: str) -> Specification:
    variant, options = None, {}
    for part in text.split(",") if text else []:
        key, equals, value = part.partition("=")
        if not equals and variant is None and key:
            variant = key
        elif not (equals and re.fullmatch(r"\w+", key) and value):
            raise InputError(f"{where}: options are key=value between commas, not {part!r}")
        elif key in options:
            raise InputError(f"{where}: {key} is given twice")
        else:
            options[key] = parse_value(value)
    return Specification(name, variant, options)


def parse_value(text: str) -> Any:
    """A value: JSON, or numbers between slashes, or text where it is neither.

    >>> parse_value("3"), parse_value("0.5/2"), parse_value("mess3"), parse_value("true")
    (3, [0.5, 2], 'mess3', True)
    """
    parts = text.split("/")
    try:
        values = [json.loads(part, parse_int=whole_number) for part in parts]
    except (ValueError, RecursionError):
        return text
    if len(values) == 1:
        return values[0]
    return values if all(map(is_number, values)) else text


def spell_value(text: str) -> str:
    """The one spelling of a value: texts that `parse_value` reads as one value are spelled alike.

    >>> [spell_value(text) for text in ("1e-3", "0.0010", "8", "[0.5, 2]", "0.50/2", "adam")]
    ['0.001', '0.001', '8', '0.5/2', '0.5/2', 'adam']
    """
    value = parse_value(text)
    for spelled in (_written(value), json.dumps(value)):
        again = parse_value(spelled)
        if type(again) is type(value) and again == value:
            return spelled
    return text


def write_specification(name: str, options: Mapping[str, Any], variant: str | None = None) -> str:
    """The specification of a name with options, as `parse_specification` reads it.

    >>> write_specification("dynamic-ngrams", {"order": 4, "prior": (0.5, 2.0)})
    'dynamic-ngrams:order=4,prior=0.5/2.0'
    >>> write_specification("hmm", {"length": 50}, variant="mess3")
    'hmm:mess3,length=50'
    """
    parts = [] if variant is None else [variant]
    parts += [f"{key}={_written(value)}" for key, value in options.items()]
    return ":".join([name, ",".join(parts)] if parts else [name])


def _written(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "/".join(map(_written, value))
    return value if isinstance(value, str) else json.dumps(value)


def folder_name(text: str, longest: int, kept: int) -> str:
    """Specifications and settings as the name of a folder.

    One of more than ``longest`` characters is cut to ``kept`` of them and 9 more, which tell it
    from others that begin alike.

    >>> folder_name("hmm:mess3-gru:layers=2", 100, 91), folder_name("hmm:mess3-gru:layers=2", 9, 9)
    ('hmm-mess3-gru-layers=2', 'hmm-mess3-5dceb997')
    """
    name = re.sub(r"[^\w=.+-]+", "-", text)
    if len(name) <= longest:
        return name
    return f"{name[:kept]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
