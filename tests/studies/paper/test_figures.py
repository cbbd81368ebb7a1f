"""Every figure of the paper from Python, by one call."""

import pytest
from matplotlib.figure import Figure

from ntmlab import InputError
from ntmlab.studies.paper import FIGURES, draw, figure


@pytest.mark.parametrize("number", [13, 14, 15, 16])
def test_figures_come_from_what_is_shipped(number):
    drawn = figure(number)
    assert isinstance(drawn, Figure)
    drawn.draw_without_rendering()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:no (weights|results) of")
@pytest.mark.parametrize("number", sorted(set(FIGURES) - {13, 14, 15, 16}))
def test_the_other_figures_too(number):
    assert isinstance(figure(number), Figure)


def test_a_drawing_is_saved_with_its_arrays(tmp_path):
    drawn = draw(16, seed=3)
    assert "in order of priority" in drawn.words
    drawn.save(tmp_path / "f.svg")
    assert {path.name for path in tmp_path.iterdir()} == {"f.svg", "f.npz"}


def test_other_numbers_are_refused():
    with pytest.raises(InputError, match="3 to 18; there is no 2"):
        figure(2)
