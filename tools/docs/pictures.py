"""The pictures of docs/: drawn from results/ and the shipped weights, and compared with the files.

docs/explore.png, a page in a browser, is drawn by tools/page.py.
"""

import io
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure, SubFigure
from numpy.typing import NDArray
from PIL import Image

from ntmlab.figures import save
from ntmlab.studies import beyond, losses, memory
from ntmlab.studies.inside.picture import inside as draw_inside
from ntmlab.studies.inside.picture import make_view
from ntmlab.studies.losses.picture import losses as draw_losses
from ntmlab.studies.paper import draw
from ntmlab.studies.paper.figures import KINDS
from ntmlab.studies.seeds.picture import seeds as draw_seeds
from ntmlab.studies.sizes import default_seed
from ntmlab.studies.traces import machine
from ntmlab.weights.trained import load_trained
from tools.docs.ngrams import Study
from tools.docs.seeds import first_goals

Drawn = Figure | SubFigure
Pixels = NDArray[np.uint8]

WINDOW = (60, 140)  # steps of the pictures of one sequence
NEAR = 16  # of 255 levels: what another version of a font library may change
FEW = 1e-4  # of the pixels


def pictures(study: Study) -> dict[str, Callable[[], Drawn]]:
    """How each picture is drawn, by file name."""
    machines = [name.removeprefix("inside-") for name in study if name.startswith("inside-")]
    every: dict[str, Callable[[], Drawn]] = {
        "curves.png": lambda: draw(13).figure,
        "strips.png": strips_picture,
        "figure-14.png": lambda: draw(14).figure,
        "seeds.png": lambda: draw_seeds(first_goals())["seeds"].figure,
        "ngrams-losses.png": lambda: losses_picture(study["losses"]),
        "ngrams-beyond.png": lambda: beyond.drawing(study["beyond"]).figure,
    }
    for name in machines:
        every[f"ngrams-inside-{name}.png"] = partial(inside_picture, study[f"inside-{name}"])
        every[f"ngrams-memory-{name}.png"] = partial(memory_picture, name)
    return every


def strips_picture() -> Drawn:
    """What ``ntmlab figure`` draws: Figure 14 of this project's own recipes."""
    return KINDS["strips"](("ngrams-ntm", "ngrams-lstm"), None, None).figure


def losses_picture(found: dict[str, Any]) -> Drawn:
    """Where models lose bits."""
    parts = {name: losses.read_parts(record) for name, record in found["models"].items()}
    return next(iter(draw_losses(parts).values())).figure


def inside_picture(found: dict[str, Any]) -> Drawn:
    """Whether a memory counts."""
    read, write = (np.array(found["matrices"][name]) for name in ("read", "write"))
    return next(iter(draw_inside(make_view(found, read, write)).values())).figure


def memory_picture(name: str) -> Drawn:
    """A machine at work on one sequence."""
    trained = load_trained(name)
    task = trained.make_task({})
    model = machine(trained.model, name)
    return memory.drawing(name, model, task, default_seed(task), WINDOW).figure


def png(figure: Drawn) -> bytes:
    """The file of a picture."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.png"
        save(figure, path, {})
        return path.read_bytes()


def same(one: bytes, other: bytes) -> bool:
    """Whether two picture files show the same: nearly all pixels nearly alike."""
    first, second = pixels(one), pixels(other)
    if first.shape != second.shape:
        return False
    apart = np.abs(first.astype(np.int16) - second.astype(np.int16)).max(-1) > NEAR
    return bool(apart.mean() <= FEW)


def pixels(file: bytes) -> Pixels:
    """Colours of a picture, (rows, columns, 3)."""
    return np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))
