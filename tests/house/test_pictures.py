"""Every public drawing: one convention of grey, one look whatever others have set, plain names."""

from itertools import combinations, pairwise

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from matplotlib.text import Text

from ntmlab.errors import InputError
from ntmlab.evaluation import Comparison
from ntmlab.evaluation.compare import Profile
from ntmlab.figures import Curve, MemoryUse, curves, memory, save, strips
from ntmlab.figures.machine import Box, MachineUse, machine
from ntmlab.figures.settings import SettingLine, against
from ntmlab.figures.width import in_column, printed_at, printed_width
from ntmlab.studies.beyond.picture import BeyondView, beyond
from ntmlab.studies.generalise.picture import Pair, generalise
from ntmlab.studies.inside.picture import InsideView, inside
from ntmlab.studies.items.picture import ItemsLine, cost_by_items
from ntmlab.studies.losses.measure import Part
from ntmlab.studies.losses.picture import PARTS, losses
from ntmlab.studies.nearest.measure import Nearest
from ntmlab.studies.nearest.picture import nearest
from ntmlab.studies.seeds import Goal, reached
from ntmlab.studies.seeds.picture import seeds
from ntmlab.studies.sorting.measure import fit_priority
from ntmlab.studies.sorting.picture import sort_example, sort_fit, sort_use

T, N, W = 12, 6, 3
NAME = "A$_1$ at 5 $"  # mathematics, if anybody reads it so


def uniform(*shape):
    return np.random.default_rng(0).uniform(size=shape)


def profile(*values):
    return Profile(np.array(values), np.full(len(values), 0.1), np.full(len(values), 99))


def draw_strips(**look):
    bits = np.round(uniform(1, 80, 1)).astype(np.float32)
    predictions = {"Optimal": 0.5 + 0 * uniform(1, 80, 1), NAME: uniform(1, 80, 1)}
    return strips(Comparison(bits, bits, bits[:, :, 0] * 0 + 1, predictions, "Optimal"), **look)


def use():
    weightings = uniform(T, 1, N)
    return MemoryUse(uniform(T, 1, W) - 0.5, weightings, weightings, uniform(T))


def draw_memory():
    return memory(use(), np.round(uniform(T)), arrows=[3], written_after=1)["inputs"]


def draw_nearest():
    blocks, weights = np.array([0, 4, 8, 12]), np.array([0.5, 0.3, 0.1])
    bits, by_block = np.arange(3.0), Profile(uniform(3, 3), 0.1 * uniform(3, 3), blocks[1:])
    own = Nearest([NAME, "kt-5", "coin"], bits, bits, blocks, by_block, weights, 0.1)
    return nearest({NAME: own})["weights"]


def draw_machine():
    own = use()
    parts = (uniform(T, W), uniform(T, 2), own.adds, own.write_weightings)
    whole = MachineUse(*parts, uniform(T, 1, W), own.read_weightings)
    return machine(whole, boxes=[Box("inputs", None, (1, 2), None, "green", NAME)])["inputs"]


def draw_heads():
    heads = (uniform(T, 4, W), uniform(T, 4, N))
    return machine(MachineUse(uniform(T, W), uniform(T, 2), *heads, *heads))["inputs"]


def draw_curves():
    points = np.arange(1.0, T + 1)
    return curves([Curve(NAME, points * 1000, 140 - points, 7 - points / 2)])[0]


def draw_generalise():
    return generalise([Pair(NAME, np.round(uniform(T, W)), uniform(T, W))])[0][0]


def draw_sort_use():
    fit = fit_priority(uniform(T), np.eye(T)[:, :N] + 0.01)
    return sort_use(fit, uniform(T, N), uniform(T, N), priorities=uniform(T))[0]


def draw_inside():
    reads, one = uniform(4, N), {NAME: profile(0.3, 0.2, 0.1)}
    single = {NAME: Profile(np.array(0.4), np.array(0.1), np.array(9))}
    return inside(InsideView(reads, reads, 2, 1, uniform(3), one, single, single))["read"]


def draw_losses():
    part = Part(["a", "b"], profile(0.1, 0.02), np.array([1.0, 2.0]), np.array([0.1, 0.2]))
    return losses({NAME: dict.fromkeys(PARTS, part)})["visit"]


def draw_beyond():
    one, gaps = {NAME: profile(1.0, 20.0)}, {NAME: (np.array([1.0]), np.array([0.1]))}
    return beyond(BeyondView(200, one, one, [NAME], gaps, np.array([0.5])))["long"]


def draw_against():
    line = SettingLine(NAME, ["0.001", "0.003", "0.01"], [uniform(3), uniform(2), uniform(0)])
    return against([line, line], NAME, "gap")


def draw_seeds():
    goal = Goal("at most 0.1 bits", float, 0.1, "{:.1f}".format)
    return seeds({NAME: reached(goal, [0.3, 0.02, 0.0]), "other": reached(goal, [2.0])})["seeds"]


DRAWINGS = {
    "strips": draw_strips,
    "printed": lambda: draw_strips(width=3.3, window=(0, 40), differences=True),
    "memory": draw_memory,
    "machine": draw_machine,
    "curves": draw_curves,
    "heads": draw_heads,
    "generalise": draw_generalise,
    "sort_use": draw_sort_use,
    "sort_fit": lambda: sort_fit(uniform(T), fit_priority(uniform(T), np.eye(T)), label=NAME),
    "sort_example": lambda: sort_example(uniform(T, W + 1), uniform(T, W))[0],
    "inside": draw_inside,
    "losses": draw_losses,
    "nearest": draw_nearest,
    "beyond": draw_beyond,
    "against": draw_against,
    "seeds": draw_seeds,
    "items": lambda: cost_by_items([ItemsLine(NAME, np.arange(1, 4), uniform(3), uniform(3))]),
}
every_drawing = pytest.mark.parametrize("name", DRAWINGS)


def descendants(axes):
    for ax in axes:
        yield ax
        yield from descendants(ax.child_axes)


@every_drawing
def test_black_is_one_and_every_panel_of_greys_has_its_key(name):
    figure = DRAWINGS[name]().get_figure(root=True)
    for ax in descendants(figure.axes):
        for image in ax.images:
            assert image.cmap(image.norm(image.norm.vmax))[:3] == (0, 0, 0)
            assert image.cmap(image.norm(image.norm.vmin))[:3] == (1, 1, 1)
            limits = (image.norm.vmin, image.norm.vmax)
            keys = [child for child in ax.child_axes if child.get_label() == "key"]
            (key,) = [child for child in keys if child.get_ylim() == limits]
            labels = [text.get_text() for text in key.get_yticklabels()]
            assert labels[0] == f"{image.norm.vmin:.2g}"
            assert labels[-1] == f"{image.norm.vmax:.2g}"


LEAST_TYPE = 5.5  # points, of the keys
COLUMN, PAGE = 3.3, 9.2  # inches: a column's width, and the height of a page of print


@every_drawing
def test_in_a_column_type_can_be_read_stays_within_and_numbers_stand_apart(name):
    with printed_at(COLUMN):
        figure = DRAWINGS[name]().get_figure(root=True)
    figure.draw_without_rendering()
    place = figure.get_tightbbox()
    assert place.x0 > -0.02
    assert place.x1 < figure.get_size_inches()[0] + 0.02 == pytest.approx(COLUMN + 0.02)
    assert figure.get_size_inches()[1] <= PAGE
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible():
            assert LEAST_TYPE <= text.get_fontsize() <= 8, text
    for ax in descendants(figure.axes):
        first, last = sorted(ax.get_xlim())
        ticks = zip(ax.get_xticks(), ax.get_xticklabels(), strict=False)
        shown = [t.get_window_extent() for at, t in ticks if first <= at <= last and t.get_text()]
        assert all(left.x1 < right.x0 for left, right in pairwise(shown)), ax.get_label()


def words(figure):
    """What is written in a figure that was laid out, and where."""
    for ax in descendants(figure.axes):
        for axis in (ax.xaxis, ax.yaxis):
            within = axis.get_view_interval()
            for at, tick in zip(axis.get_majorticklocs(), axis.get_major_ticks(), strict=False):
                if min(within) <= at <= max(within):
                    yield from (tick.label1, tick.label2)
            yield axis.label
        yield from (*ax.texts, ax.title)
    yield from figure.texts


@every_drawing
@pytest.mark.parametrize("width", [COLUMN, pytest.param(7.0, marks=pytest.mark.slow)])
def test_in_print_no_words_stand_on_others(name, width):
    with printed_at(width):
        figure = DRAWINGS[name]().get_figure(root=True)
    figure.draw_without_rendering()
    place = figure.get_tightbbox()
    assert -0.02 < place.x0 < place.x1 < figure.get_size_inches()[0] + 0.02
    shown = [text for text in words(figure) if text.get_visible() and text.get_text()]
    assert len(shown) > 2
    places = [(text.get_text(), text.get_window_extent().padded(-0.5)) for text in shown]
    for (one, here), (other, there) in combinations(places, 2):
        assert not here.overlaps(there), (one, other)


def test_a_figure_is_drawn_later_as_it_was_made():
    with printed_at(COLUMN):
        figure = draw_curves().get_figure(root=True)
    assert not in_column()
    figure.axes[0].set_xlim(0, 7)  # asks for ticks that were not there yet
    figure.draw_without_rendering()
    assert {t.get_fontsize() for t in figure.axes[0].get_xticklabels()} == {6.5}


@pytest.mark.parametrize("width", [1.9, 41, float("nan")])
def test_a_width_that_is_none_of_a_page(width):
    with pytest.raises(InputError, match="width must be from 2 to 40 inches"), printed_at(width):
        pass
    assert printed_width() is None


SETTINGS = {
    "font.size": 20,
    "font.family": "monospace",
    "text.color": "green",
    "axes.grid": True,
    "axes.labelcolor": "green",
    "axes.titlesize": 30,
    "xtick.direction": "in",
    "xtick.minor.visible": True,
    "lines.dashed_pattern": [1, 1],
    "legend.loc": "center",
    "image.origin": "lower",
    "image.interpolation": "bilinear",
    "figure.facecolor": "yellow",
    "figure.constrained_layout.w_pad": 0.3,
    "savefig.bbox": "tight",
    "savefig.transparent": True,
    "savefig.dpi": 30,
    "errorbar.capsize": 4,
    "path.sketch": (3, 50, 10),
    "text.parse_math": True,
}


def written(name, path):
    """The bytes of the picture as its figure writes itself."""
    figure = DRAWINGS[name]().get_figure(root=True)
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    return path.read_bytes()


@pytest.mark.parametrize("name", [n for n in DRAWINGS if n != "heads"])  # machine, of more heads
def test_the_picture_is_the_same_whatever_others_have_set(name, tmp_path):
    before = written(name, tmp_path / "a.svg")
    with mpl.style.context(SETTINGS):
        assert written(name, tmp_path / "b.svg") == before


@pytest.mark.parametrize("look", ["ggplot", "dark_background", SETTINGS], ids=["a", "b", "c"])
def test_what_is_saved_is_the_same_in_the_style_of_others(look, tmp_path):
    save(draw_strips().figure, tmp_path / "a.svg", {})
    with mpl.style.context(look):
        save(draw_strips().figure, tmp_path / "b.svg", {})
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_a_setting_of_others_shows_where_nothing_guards_against_it(tmp_path):
    """The settings of the test above do change a figure that is not in the look."""
    figure = mpl.figure.Figure()
    figure.add_subplot().plot([1, 2], label="$a$")
    figure.savefig(tmp_path / "a.svg", metadata={"Date": None})
    with mpl.style.context(SETTINGS):
        figure.savefig(tmp_path / "b.svg", metadata={"Date": None})
    assert (tmp_path / "a.svg").read_bytes() != (tmp_path / "b.svg").read_bytes()


@every_drawing
def test_dollars_in_names_are_dollars(name):
    figure = DRAWINGS[name]().get_figure(root=True)
    figure.draw_without_rendering()
    texts = [text for text in figure.findobj(mpl.text.Text) if text.get_text()]
    assert not any(text.get_parse_math() for text in texts)
    assert not any("mathdefault" in text.get_text() for text in texts)  # of log scales
