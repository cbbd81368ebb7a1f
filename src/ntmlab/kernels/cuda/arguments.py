"""A kernel's one argument, a structure, as its source declares it: the source is the one place."""

import ctypes
import re
from collections.abc import Mapping
from typing import Any

from torch import Tensor

_TYPES = {"float": ctypes.c_float, "int": ctypes.c_int}


def structure(source: str, name: str) -> type[ctypes.Structure]:
    """The structure of a name: pointers, floats and ints."""
    text = re.sub(r"//[^\n]*", "", source)
    found = re.search(rf"struct {name} \{{(.*?)\}};", text, re.DOTALL)
    assert found is not None
    fields = []
    for line in found[1].split(";"):
        words = line.replace("const ", "").split(None, 1)
        for member in words[1].split(",") if words else []:
            kind = ctypes.c_void_p if "*" in words[0] + member else _TYPES[words[0]]
            fields.append((member.strip("* \n"), kind))
    return type(name, (ctypes.Structure,), {"_fields_": fields})


def arguments(
    kind: type[ctypes.Structure], tensors: Mapping[str, Tensor | None], **more: Any
) -> ctypes.Structure:
    """A filled structure: tensors by name, left out where there is none or it is empty."""
    pointers = {name: t.data_ptr() for name, t in tensors.items() if t is not None and t.numel()}
    return kind(**pointers, **more)
