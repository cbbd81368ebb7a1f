"""Pictures on disk, each with the arrays behind it."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure, SubFigure
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.figures.style import style
from ntmlab.files import replacing, write_atomically

# Endings, and the metadata that keeps the time of day out of the file.
FORMATS: dict[str, dict[str, Any]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
}


def save(figure: Figure | SubFigure, path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes a picture (.png, .svg or .pdf) and, beside it, its arrays as .npz.

    Each file is either wholly there or not at all, and the same data gives the same picture, byte
    for byte. Raises InputError for another ending or a path that cannot be written.
    """
    check_path(path)
    root = figure.get_figure(root=True)
    assert root is not None
    picture, numbers = io.BytesIO(), io.BytesIO()
    with style():
        root.savefig(picture, format=path.suffix[1:].lower(), metadata=FORMATS[path.suffix.lower()])
    np.savez_compressed(numbers, **arrays)  # type: ignore[arg-type]
    write_atomically(path.with_suffix(".npz"), numbers.getvalue())
    write_atomically(path, picture.getvalue())


def check_path(path: Path) -> None:
    """Raises InputError unless a picture can be written there: before any work is done."""
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"cannot write {path}: pictures end in {', '.join(FORMATS)}")
    if path.is_dir():
        raise InputError(f"cannot write {path}: it is a folder")
    with replacing(path, commit=False):
        pass
