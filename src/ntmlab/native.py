"""The compiled modules, and the instruction set that they run on.

Each is compiled once for each of `SETS`; a process takes the largest that its processor has, or the
one that the environment variable ``NTMLAB_ISA`` names. That of the streams is compiled once: what
one machine encodes another must decode.
"""

import importlib
import os
from types import ModuleType

from ntmlab.errors import InputError

SETS = ("baseline", "avx2", "avx512")


def compiled(name: str) -> ModuleType:
    """The compiled module of a name; ImportError where it was not built.

    Raises InputError where ``NTMLAB_ISA`` names no instruction set, or one that is not to be had.
    """
    wanted = os.environ.get("NTMLAB_ISA") or None
    if wanted is not None and wanted not in SETS:
        raise InputError(f"NTMLAB_ISA is {wanted!r}; it can be {', '.join(SETS)}, or left out")
    module = importlib.import_module(name)
    had = getattr(module, "instruction_sets", lambda: SETS)()
    if wanted is not None and wanted not in had:
        raise InputError(f"NTMLAB_ISA is {wanted}, but here are only {', '.join(had)}")
    return module
