"""Packages that few commands need: extras of the installation."""

import importlib
from typing import Any

from ntmlab.errors import InputError


def import_extra(name: str, extra: str) -> Any:
    """A package of an extra; raises InputError, which names it, where it is missing."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise InputError(f"this needs {name}: pip install 'ntmlab[{extra}]'") from None
