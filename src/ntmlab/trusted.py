"""Whether a file may name code: a run's recipe, a card of weights, a code of sequences."""

import os
import sys
from pathlib import Path
from typing import Final

from ntmlab.errors import InputError
from ntmlab.registered import registered

TRUST: Final = "NTMLAB_TRUST"  # packages, between commas, that files may name


def check_trusted(name: str, where: str) -> None:
    """Raises InputError unless a file may name this code: ``where`` says which file does.

    Code in the current folder is the user's own, and what a package registers is meant to be found;
    other packages count if the environment variable ``NTMLAB_TRUST`` names them. What is typed on
    the command line needs no such leave.
    """
    if any(name == known.factory for known in registered().values()):
        return
    top = name.partition(":")[0].partition(".")[0]
    if top in os.environ.get(TRUST, "").replace(" ", "").split(","):
        return
    here = Path.cwd().resolve()
    found = [here / f"{top}.py", here / top]
    shadowed = top in sys.stdlib_module_names or top == "ntmlab"
    if shadowed or not any(path.exists() for path in found):
        raise InputError(
            f"{where} names code, {name}, that is not in the current folder; if you trust it, set "
            f"{TRUST}={top}"
        )
