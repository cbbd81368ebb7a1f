"""Answers in one piece: a JSON header, then the arrays it describes.

Layout, little endian: the header's length in bytes (uint32), the header in UTF-8, zeros up to a
multiple of 4, then each array as float32 in C order. ``header["arrays"]`` maps a name to its shape
and its offset in bytes from the first array.
"""

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

ALIGNMENT = 4


def pack(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """The bytes of an answer.

    >>> unpack(pack({"a": 1}, {"x": np.ones((2, 1))}))
    ({'a': 1}, {'x': array([[1.],
           [1.]], dtype=float32)})
    """
    places: dict[str, Any] = {}
    parts: list[bytes] = []
    offset = 0
    for name, array in arrays.items():
        part = np.ascontiguousarray(array, dtype="<f4").tobytes()
        places[name] = {"shape": list(array.shape), "offset": offset}
        parts.append(part)
        offset += len(part)
    text = json.dumps({**header, "arrays": places}, allow_nan=False).encode()
    padding = b"\0" * (-(4 + len(text)) % ALIGNMENT)
    return b"".join([struct.pack("<I", len(text)), text, padding, *parts])


def unpack(content: bytes) -> tuple[dict[str, Any], dict[str, NDArray[np.float32]]]:
    """The header, without its places, and the arrays of packed bytes."""
    (length,) = struct.unpack_from("<I", content)
    header = json.loads(content[4 : 4 + length])
    first = -(-(4 + length) // ALIGNMENT) * ALIGNMENT
    arrays = {}
    for name, place in header.pop("arrays").items():
        count = int(np.prod(place["shape"]))
        flat = np.frombuffer(content, "<f4", count, first + place["offset"])
        arrays[name] = flat.reshape(place["shape"])
    return header, arrays
