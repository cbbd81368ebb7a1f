"""Learning curves."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from ntmlab.errors import InputError
from ntmlab.figures import Curve, curves
from ntmlab.figures.curves import COLUMN_PANEL

OPTIMUM = 133.0


def curve(label, gap, points=4, step=1000.0):
    x = np.arange(points) * step
    gap = np.full(points, gap)
    return Curve(label, x, OPTIMUM + gap, gap)


def labelled(ax):
    return {line.get_label(): line for line in ax.get_lines() if line.get_label()[0] != "_"}


def test_seeds_are_a_median_in_a_band():
    left, right = curves(
        [curve("NTM", 1.0), curve("LSTM", 8.0), curve("NTM", 2.0), curve("NTM", 4.0)]
    )
    assert list(labelled(left)) == ["NTM (3 seeds)", "LSTM", "optimal"]
    for ax, offset in ((left, OPTIMUM), (right, 0.0)):
        line = labelled(ax)["NTM (3 seeds)"]
        np.testing.assert_allclose(line.get_xdata(), [0, 1, 2, 3])  # thousands
        np.testing.assert_allclose(line.get_ydata(), offset + 2.0)
        (band,) = ax.collections
        heights = band.get_paths()[0].vertices[:, 1]
        assert (heights.min(), heights.max()) == (offset + 1.0, offset + 4.0)
    assert right.get_yscale() == "log"
    assert "thousands" in left.get_xlabel()
    assert "bits per sequence" in left.get_ylabel()


def test_labels_differ_in_more_than_colour():
    left, _ = curves([curve(label, 1.0) for label in "abcdef"])
    looks = [(line.get_linestyle(), line.get_marker()) for line in left.get_lines()[:6]]
    assert len({marker for _, marker in looks}) == 6


def test_optimum_is_a_line_given_or_implied():
    for optimum, expected in ((None, OPTIMUM), (131.5, 131.5)):
        left, right = curves([curve("a", 2.0)], optimum=optimum)
        assert set(labelled(left)["optimal"].get_ydata()) == {expected}
        assert "optimal" not in labelled(right)


def test_an_implied_optimum_is_the_median_which_one_odd_run_does_not_move():
    odd = curve("c", 3.0)
    left, _ = curves([curve("a", 2.0), curve("b", 1.0), odd._replace(bits=odd.bits + 90)])
    assert set(labelled(left)["optimal"].get_ydata()) == {OPTIMUM}


def test_tasks_have_an_optimum_each_and_none_is_cut_off():
    """The line of the first run's task stood for all, and what cost less was below the axis."""
    low = curve("b", 1.0)
    low = low._replace(bits=low.bits - 90)
    left, _ = curves([curve("a", 2.0), low], optimum=[OPTIMUM, OPTIMUM - 90])
    flat = {line.get_ydata()[0] for line in left.get_lines() if len({*line.get_ydata()}) == 1}
    assert {OPTIMUM, OPTIMUM - 90} <= flat
    assert left.get_ylim()[0] < OPTIMUM - 90


def test_every_seed_is_a_thin_line_as_far_as_it_goes():
    short, long = curve("a", 1.0, points=3), curve("a", 3.0, points=6)
    _, right = curves([short, long])
    line = labelled(right)["a (2 seeds)"]
    np.testing.assert_allclose(line.get_xdata(), [0, 1, 2])
    thin = [other for other in right.get_lines() if other.get_gid() == "seed"]
    np.testing.assert_allclose(thin[0].get_xdata(), [0, 1, 2])
    np.testing.assert_allclose(thin[1].get_xdata(), [0, 1, 2, 3, 4, 5])
    np.testing.assert_allclose(thin[1].get_ydata(), 3.0)
    assert all(other.get_linewidth() < line.get_linewidth() for other in thin)


def test_runs_of_different_steps_meet_on_straight_lines():
    fine = Curve("a", np.array([0.0, 1e3, 2e3]), np.array([8.0, 6, 4]), np.array([8.0, 6, 4]))
    coarse = Curve("a", np.array([0.0, 2e3]), np.array([4.0, 2]), np.array([4.0, 2]))
    _, right = curves([fine, coarse])
    np.testing.assert_allclose(labelled(right)["a (2 seeds)"].get_ydata(), [6, 4.5, 3])


def test_runs_without_a_common_range_are_drawn_all_the_same():
    late = curve("a", 3.0)
    _, right = curves([curve("a", 1.0), late._replace(sequences=late.sequences + 1e6)])
    assert [len(line.get_xdata()) for line in right.get_lines()] == [0, 4, 4]


def test_gaps_not_above_zero_stand_at_the_edge_and_are_marked():
    run = curve("a", 0.5)
    run.gap[2] = -0.01
    _, right = curves([run])
    assert right.get_ylim()[0] == 0.1
    np.testing.assert_allclose(labelled(right)["a"].get_ydata(), [0.5, 0.5, 0.1, 0.5])
    (marks,) = [line for line in right.get_lines() if line.get_gid() == "clipped"]
    np.testing.assert_allclose(marks.get_xdata(), [2])
    assert (marks.get_marker(), marks.get_linestyle()) == ("v", "None")
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["0 or less"]
    draw(right)


@pytest.mark.parametrize("gap", [57.0, 0.0, -1.0, np.nan])
@pytest.mark.parametrize("points", [1, 9])
def test_single_points_and_odd_gaps_are_drawn(gap, points):
    run = curve("a", gap, points)._replace(bits=np.full(points, 190.0))
    left, right = curves([run])
    assert labelled(left)["a"].get_marker() != "None"  # one point is seen
    low, high = left.get_ylim()
    assert low < 190 < high
    if np.isnan(gap):
        assert [text.get_text() for text in right.texts] == ["no gap: the optimum is not known"]
    draw(left)


def test_costs_far_above_the_optimum_are_cut_as_in_the_paper():
    x = np.arange(4) * 1e3
    gap = np.array([66.0, 20.0, 5.0, 2.0])
    left, _ = curves([Curve("a", x, OPTIMUM + gap, gap)])
    low, high = left.get_ylim()
    assert low < OPTIMUM < OPTIMUM + 30 < high < OPTIMUM + 40


def test_costs_of_a_run_s_second_half_are_never_cut_off():
    """Nor those within 30 bits of the worst optimum of several."""
    x, bits = np.arange(8) * 1e3, np.array([300.0, 200, 150, 120, 80, 70, 60, 55])
    left, _ = curves([Curve("a", x, bits, bits - 20)], optimum=[10.0, 20.0])
    assert 80 < left.get_ylim()[1] < 85
    falling = np.array([300.0, 200, 150, 120, 30, 25, 22, 21])
    left, _ = curves([Curve("a", x, falling, falling - 20)], optimum=[10.0, 20.0])
    assert 50 < left.get_ylim()[1] < 55


def test_without_a_gap_above_zero_the_scale_ends_at_a_thousandth():
    _, right = curves([curve("a", -1.0)])
    assert right.get_ylim()[0] == 1e-3


def test_what_begins_at_zero_has_no_place_on_a_log_scale():
    assert curves([curve("a", 1.0, 3), curve("b", 1.0, 60)])[0].get_xscale() == "linear"


def test_wrong_runs_are_refused():
    with pytest.raises(InputError, match="no runs"):
        curves([])
    run = curve("a", 1.0)
    for wrong in (run._replace(gap=run.gap[1:]), Curve("a", *[np.zeros(0)] * 3)):
        with pytest.raises(InputError, match="at least one point"):
            curves([wrong])


def test_given_axes_are_drawn_on():
    given = Figure().subplots(1, 2)
    assert curves([curve("a", 1.0)], axes=given) == tuple(given)
    draw(given[0])
    panel, legend = (part.get_window_extent() for part in (given[0], given[0].get_legend()))
    corners = ((panel.x0, panel.y1), (legend.x0, legend.y0))
    assert corners[0] == pytest.approx(corners[1], abs=10)  # pixels: it stands upon the panel


@pytest.mark.parametrize("labels", [1, 5])
def test_in_a_column_panels_are_wider_than_high_and_a_legend_takes_nothing_from_them(labels):
    runs = [curve(f"ngrams-ntm-paper-{label}", 50.0 + label) for label in range(labels)]
    left, right = curves(runs, width=3.3)
    draw(left)
    for ax in (left, right):
        place = ax.get_window_extent()
        assert 0.45 < place.height / place.width < 0.75
    (legend,) = left.figure.legends
    rest = left.figure.bbox.height - legend.get_window_extent().height
    assert rest / left.figure.dpi >= 2 * COLUMN_PANEL


def draw(ax):
    """Warnings of the drawing itself are errors too."""
    ax.figure.draw_without_rendering()


def eight(label):
    """Eight seeds of one label, which begin far above their end."""
    points = np.arange(1.0, 13) * 1000
    return [Curve(label, points, 300 / points * 1000 + seed, points / 1e3) for seed in range(8)]


def said(figure):
    (legend,) = figure.legends
    return [text.get_text() for text in legend.get_texts()]


@pytest.mark.parametrize("width", [9.0, 3.3])
def test_what_is_cut_off_and_what_bands_are_is_said(width):
    left, right = curves(eight("A"), optimum=20.0, width=width)
    assert left.figure.get_size_inches()[0] == pytest.approx(width)
    assert said(left.figure)[-3:] == [
        "band: lowest to highest seed",
        "thin: each seed; thick: their median",
        "cut off: costs go up to 307",
    ]
    assert any(line.get_gid() == "cut" for line in left.lines)  # strokes across the axis
    left.figure.draw_without_rendering()
    beside = left.get_position().y0 == pytest.approx(right.get_position().y0)
    assert beside == (width > 5)
    for ax in (left, right):
        assert ax.get_tightbbox().x0 >= 0
        assert ax.yaxis.label.get_window_extent().y0 >= 0


@pytest.mark.parametrize("width", [3.3, 5.0, 7.0, 9.0])
def test_a_legend_of_long_labels_stays_within_its_figure(width):
    labels = [f"ngrams-ntm-lstm-paper-{number}" for number in range(6)]
    runs = [curve(label, 1.0 + seed) for label in labels for seed in range(3)]
    figure = curves(runs, width=width)[0].figure
    figure.draw_without_rendering()
    (legend,) = figure.legends
    here = legend.get_window_extent()
    assert 0 <= here.x0 < here.x1 <= figure.bbox.width


@pytest.mark.parametrize(
    ("width", "label", "columns"),
    [
        (9.0, "LSTM", 3),
        (9.0, "x" * 45, 2),
        (3.3, "x" * 40, 1),
    ],
)
def test_a_legend_has_as_many_columns_as_its_labels_leave_room_for_and_at_most_three(
    width, label, columns
):
    figure = curves([curve(f"{label}{i}", 1.0) for i in range(6)], width=width)[0].figure
    figure.draw_without_rendering()
    texts = figure.legends[0].get_texts()
    assert len({round(text.get_window_extent().x0) for text in texts}) == columns


def test_nothing_is_said_where_nothing_is_cut_and_a_seed_stands_alone():
    points = np.arange(1.0, 5) * 1000
    left, _ = curves([Curve("A", points, 21 + 0 * points, points / 1e3)], optimum=20.0)
    assert said(left.figure) == ["A", "optimal"]
    assert not any(line.get_gid() == "cut" for line in left.lines)


def test_many_seeds_are_fainter_than_few():
    def alpha(runs):
        ax = curves(runs)[0]
        return {line.get_alpha() for line in ax.lines if line.get_gid() == "seed"}

    assert max(alpha(eight("A"))) < min(alpha(eight("A")[:3]))


def test_a_label_trained_far_longer_does_not_hide_the_others():
    short, long = eight("A"), Curve("B", np.arange(1.0, 61) * 1000, *np.full((2, 60), 25.0))
    for ax in curves([*short, long], optimum=20.0):
        assert ax.get_xscale() == "log"
        assert ax.get_xlim()[0] == 1
        ax.figure.draw_without_rendering()
        assert {t.get_text() for t in ax.get_xticklabels()} >= {"1", "10"}
    cut = long._replace(sequences=long.sequences[:50], bits=long.bits[:50], gap=long.gap[:50])
    assert curves([*short, cut], optimum=20.0)[0].get_xscale() == "linear"


@pytest.mark.parametrize("long", [1, 9])
def test_markers_of_labels_stand_at_different_steps(long):
    run = curve("a", 2.0, points=60)._replace(sequences=np.arange(1.0, 61) * 1000)
    other = run._replace(label="b", sequences=run.sequences * long)
    lines = labelled(curves([run, other])[1]).values()
    marked = [line.get_xdata()[line.get_markevery()] for line in lines]
    assert [len(steps) for steps in marked] == [8, 8] or long > 1
    assert not set(marked[0]) & set(marked[1])
    for steps in marked:
        apart = np.diff(np.log(steps) if long > 1 else steps)
        assert apart.max() < 4 * apart.min()


def test_a_width_that_is_none_is_refused():
    with pytest.raises(InputError, match="width must be 2 inches or more, not 1"):
        curves(eight("A"), width=1.0)


def test_a_line_ends_where_other_weights_begin():
    """Of two seeds that start again at one point and one of them at another, and of each alone."""
    x, gap = np.arange(1.0, 7) * 1000, np.array([8.0, 4, 8, 4, 2, 1])
    runs = [
        Curve("a", x, OPTIMUM + gap, gap, start=np.array(start))
        for start in ([0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 0, 0])
    ]

    for ax in curves(runs):
        thin = [line for line in ax.lines if line.get_gid() == "seed"]
        (median,) = [line for line in ax.lines if len(line.get_xdata()) > 2 and line not in thin]
        ended = [np.isnan(line.get_ydata()).nonzero()[0].tolist() for line in (*thin, median)]
        assert ended == [[2], [2, 5], [2]]
        assert [len(line.get_xdata()) for line in (*thin, median)] == [7, 8, 7]
        assert not np.isnan(median.get_ydata()[median.get_markevery()]).any()
    (alone, _) = curves(runs[1:])
    (line,) = [line for line in alone.lines if len(line.get_xdata()) > 2]
    kept = ~np.isnan(line.get_ydata())
    assert line.get_xdata()[kept].tolist() == (x / 1000).tolist()
    assert line.get_ydata()[kept].tolist() == (OPTIMUM + gap).tolist()
    texts = [text.get_text() for text in alone.figure.legends[0].get_texts()]
    assert "a line ends: other weights" in texts
    plain, _ = curves([run._replace(start=None) for run in runs])
    assert all("ends" not in text.get_text() for text in plain.figure.legends[0].get_texts())
