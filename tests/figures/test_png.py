"""PNG files, read by Pillow."""

import io

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from ntmlab.figures.png import png
from ntmlab.figures.save import save
from ntmlab.figures.style import new_figure, style


def noise(height, width, opaque):
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 4), np.uint8)
    if opaque:
        pixels[..., 3] = 255
    return pixels


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 7), (5, 1), (31, 17)])
@pytest.mark.parametrize("opaque", [False, True])
def test_every_pixel_is_read_back(height, width, opaque):
    pixels = noise(height, width, opaque)
    with Image.open(io.BytesIO(png(pixels, 300))) as read:
        assert read.mode == ("RGB" if opaque else "RGBA")
        np.testing.assert_array_equal(np.asarray(read), pixels[..., : 3 if opaque else 4])
        assert read.info["dpi"] == pytest.approx((300, 300), abs=0.02)
        assert read.info.keys() == {"dpi"}  # nothing of the day or the program


def drawing():
    figure = new_figure(2, 1)
    figure.subplots().plot([3, 1, 2])
    return figure


def test_a_saved_picture_is_what_is_drawn(tmp_path):
    save(drawing(), tmp_path / "x.png", {})
    with Image.open(tmp_path / "x.png") as read:
        saved = np.asarray(read)
    figure = drawing()
    with style():
        figure.dpi = 300
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
    np.testing.assert_array_equal(saved, np.asarray(canvas.buffer_rgba())[..., :3])
    assert saved.shape == (300, 600, 3)
    assert (saved < 128).any()
