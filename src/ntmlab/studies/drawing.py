"""What every study draws: a picture, the arrays behind it, and a line that says what it shows."""

from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.figure import Figure, SubFigure
from numpy.typing import NDArray

from ntmlab.figures import save
from ntmlab.figures.style import StyledFigure


class Drawing(NamedTuple):
    """A picture that is not on disk yet."""

    figure: Figure | SubFigure
    arrays: dict[str, NDArray[Any]]
    words: str

    def save(self, path: Path | str) -> None:
        """Writes the picture (.png, .svg or .pdf) and, beside it, its arrays as ``<stem>.npz``."""
        save(self.figure, path, self.arrays)

    def _repr_png_(self) -> Any:
        """What a notebook shows: the picture."""
        whole = self.figure.get_figure(root=True)
        assert isinstance(whole, StyledFigure)
        return whole._repr_png_()
