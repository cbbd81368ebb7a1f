"""Pictures on disk, each with the arrays behind it."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.figure import Figure, SubFigure
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.figures.style import style
from ntmlab.files import check_writable, replacing_all

# The endings, and the metadata that keeps the time of day out of the file.
FORMATS: Final[dict[str, dict[str, None]]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None},
}


def save(figure: Figure | SubFigure, path: Path | str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes a picture (.png, .svg or .pdf) and, beside it, its arrays as ``<stem>.npz``.

    Both files appear wholly written or not at all, and the same data gives the same bytes. Raises
    InputError for another ending, a path that cannot be written, or an array of Python objects,
    which only pickle could hold.
    """
    path = Path(path)
    check_path(path)
    numbers, ending = path.with_suffix(".npz"), path.suffix.lower()
    whole = figure.get_figure(root=True)
    assert whole is not None
    with style(), replacing_all([numbers, path]) as (new_numbers, new_picture):
        write_arrays(new_numbers, arrays)
        whole.savefig(new_picture, format=ending[1:], metadata=FORMATS[ending])


def check_path(path: Path) -> None:
    """Raises InputError unless a picture can be written there, and its arrays beside it.

    To be asked before long work.
    """
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"cannot write {path}: a picture ends in {', '.join(FORMATS)}")
    check_writable(path)
    check_writable(path.with_suffix(".npz"))


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """An uncompressed .npz as `numpy.savez` writes it, less pickles and the time of day."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            values = np.asanyarray(array)
            if values.dtype.hasobject:
                raise InputError(f"array {name!r} holds Python objects, not numbers")
            entry = zipfile.ZipInfo(f"{name}.npy")  # dated 1980, whatever the day
            with archive.open(entry, "w", force_zip64=True) as file:
                np.lib.format.write_array(file, values, allow_pickle=False)
