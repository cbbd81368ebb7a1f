"""Memory in use."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from ntmlab.errors import InputError
from ntmlab.figures import MemoryUse, memory, recurrences
from ntmlab.figures.style import ARROW_RED
from ntmlab.figures.width import printed_at

T, N, W = 30, 16, 4
BITS = np.random.default_rng(1).integers(0, 2, T)
PANELS = ["add vectors", "write weightings", "predictions", "inputs", "read weightings"]


def use(reads=1, writes=1):
    """Reads go round slots 9, 3 and 12; writes follow a step later."""
    generator = np.random.default_rng(0)
    read, write = np.full((T, reads, N), 0.001), np.full((T, writes, N), 0.001)
    place = np.tile([9, 3, 12], T)[:T]
    read[np.arange(T), :, place] = 0.9
    write[1:] = read[:-1, :1]
    adds = generator.uniform(-0.5, 0.5, (T, writes, W))
    return MemoryUse(adds, write, read, generator.uniform(size=T))


def image(ax):
    (found,) = ax.images
    return np.asarray(found.get_array())


def arrows(ax):
    return [text for text in ax.texts if (text.get_gid() or "").startswith("arrow/")]


def test_panels_are_the_arrays_on_one_axis_of_time():
    trace = use()
    axes = memory(trace, BITS, slots="all")
    assert list(axes) == PANELS
    assert [ax.get_label() for ax in axes.values()] == PANELS
    np.testing.assert_array_equal(image(axes["add vectors"]), trace.adds[:, 0].T)
    np.testing.assert_array_equal(image(axes["write weightings"]), trace.write_weightings[:, 0].T)
    np.testing.assert_array_equal(image(axes["predictions"])[0], trace.predictions)
    np.testing.assert_array_equal(image(axes["inputs"])[0], BITS)
    np.testing.assert_array_equal(image(axes["read weightings"]), trace.read_weightings[:, 0].T)
    figure = axes["inputs"].figure
    figure.draw_without_rendering()
    boxes = [ax.get_window_extent() for ax in axes.values()]
    assert all(a.y0 > b.y1 for a, b in pairwise(boxes))
    assert {ax.get_xlim() for ax in axes.values()} == {(-0.5, T - 0.5)}
    assert len({(round(box.x0), round(box.x1)) for box in boxes}) == 1


def test_steps_are_numbered_beneath_the_lowest_panel_alone():
    *above, lowest = memory(use(), BITS, arrows=[4]).values()
    for ax in (*above, lowest):
        shown = [tick.label1.get_visible() for tick in ax.xaxis.get_major_ticks()]
        assert set(shown) == {ax is lowest}
        assert ax.get_xlabel() == ("step" if ax is lowest else "")


def test_black_is_one_and_the_grey_of_adds_is_centred():
    axes = memory(use(), BITS)
    for name in PANELS[1:]:
        (shown,) = axes[name].images
        assert shown.cmap(shown.norm(1.0))[:3] == (0, 0, 0)
        assert shown.cmap(shown.norm(0.0))[:3] == (1, 1, 1)
    (adds,) = axes["add vectors"].images
    assert adds.norm.vmin == -adds.norm.vmax == -np.abs(use().adds).max()


@pytest.mark.parametrize(
    ("slots", "shown"),
    [("used", [3, 9, 12]), ("first use", [9, 3, 12]), ([12, 5], [12, 5]), ("all", list(range(N)))],
)
def test_slots_shown_are_the_same_for_reads_and_writes(slots, shown):
    trace = use()
    axes = memory(trace, BITS, slots=slots)
    for name, values in zip(
        PANELS[1::3], (trace.write_weightings, trace.read_weightings), strict=True
    ):
        np.testing.assert_array_equal(image(axes[name]), values[:, 0, shown].T)
    labels = [label.get_text() for label in axes["read weightings"].get_yticklabels()]
    assert labels == [str(slot) for slot in shown][:: 1 if len(shown) < 8 else 2]


def test_without_a_used_slot_all_are_shown():
    blank = use()._replace(
        read_weightings=np.zeros((T, 1, N)), write_weightings=np.zeros((T, 1, N))
    )
    assert image(memory(blank, BITS)["read weightings"]).shape == (N, T)


def test_several_heads_have_a_panel_each_or_one_is_chosen():
    trace = use(reads=2, writes=3)
    axes = memory(trace, BITS)
    assert list(axes) == [
        "add vectors 1", "add vectors 2", "add vectors 3",
        "write weightings 1", "write weightings 2", "write weightings 3",
        "predictions", "inputs", "read weightings 1", "read weightings 2",
    ]  # fmt: skip
    chosen = memory(trace, BITS, read_head=1, write_head=2)
    assert list(chosen) == PANELS
    np.testing.assert_array_equal(image(chosen["add vectors"]), trace.adds[:, 2].T)
    with pytest.raises(InputError, match="no read head 2"):
        memory(trace, BITS, read_head=2)


def test_arrows_point_up_under_the_weightings():
    axes = memory(use(), BITS, arrows=[4, 20])
    for name, ax in axes.items():
        found = arrows(ax)
        assert [arrow.xy for arrow in found] == ([(4, 0), (20, 0)] if "weight" in name else [])
        for arrow in found:
            assert arrow.xyann[1] < 0  # the tail is below the tip
            assert to_hex(arrow.arrow_patch.get_facecolor()) == ARROW_RED
    figure = axes["inputs"].figure
    figure.draw_without_rendering()
    last = axes["read weightings"]
    ticks = max(tick.get_window_extent().y1 for tick in last.get_xticklabels())
    assert ticks < min(arrow.arrow_patch.get_window_extent().y0 for arrow in arrows(last))


def test_a_window_shows_its_steps():
    trace = use()
    axes = memory(trace, BITS, window=(10, 20), arrows=[4, 12])
    assert axes["inputs"].get_xlim() == (9.5, 19.5)
    np.testing.assert_array_equal(image(axes["inputs"])[0], BITS[10:20])
    np.testing.assert_array_equal(image(axes["add vectors"]), trace.adds[10:20, 0].T)
    assert [arrow.xy[0] for arrow in arrows(axes["read weightings"])] == [12]


def test_slots_and_greys_are_those_of_the_window_alone():
    """What is used, and added most, outside it changes nothing."""
    trace = use()
    trace.read_weightings[25, 0, 5], trace.adds[2] = 0.9, 7.0
    axes = memory(trace, BITS, window=(10, 20))
    assert image(axes["read weightings"]).shape == (3, 10)  # slots 3, 9 and 12
    (adds,) = axes["add vectors"].images
    assert adds.norm.vmax == np.abs(trace.adds[10:20]).max() < 0.5


def test_recurrences_of_a_context():
    assert recurrences([0, 0, 0, 0, 1, 0, 0], "00") == [2, 3, 4]
    assert recurrences([0, 1], "01") == []  # there is no step after it
    for wrong in ("", "012"):
        with pytest.raises(InputError, match="context"):
            recurrences(BITS, wrong)


def test_wrong_input_is_refused():
    trace = use()
    wrong = [
        (trace._replace(predictions=trace.predictions[1:]), BITS, {}, "one sequence"),
        (trace._replace(adds=trace.adds[None]), BITS, {}, "one sequence"),
        (trace, BITS[:, None], {}, "one sequence"),
        (trace, BITS, {"slots": [N]}, "slots"),
        (trace, BITS, {"slots": "some"}, "slots"),
        (trace, BITS, {"arrows": [T]}, "arrows"),
        (trace, BITS, {"window": (0, T + 1)}, "window"),
    ]
    for given, bits, options, message in wrong:
        with pytest.raises(InputError, match=message):
            memory(given, bits, **options)


def test_given_axes_are_filled():
    given = Figure().subplots(2)
    axes = memory(use(), BITS, ax=given[1])
    assert given[1].child_axes == list(axes.values())
    assert not given[0].child_axes


def test_the_slot_read_is_framed_and_so_is_its_write_later():
    axes = memory(use(), BITS, arrows=[4, T - 1], written_after=1)
    slots = [3, 9, 12]

    def frames(name):
        found = [patch for patch in axes[name].patches if (patch.get_gid() or "")[:6] == "frame/"]
        return [(p.get_x() + p.get_width() / 2, p.get_y() + p.get_height() / 2) for p in found]

    places = [slots.index([9, 3, 12][step % 3]) for step in (4, T - 1)]
    assert frames("read weightings") == [(4, places[0]), (T - 1, places[1])]
    assert frames("write weightings") == [(5, places[0])]  # the last write would be after the end
    assert not memory(use(), BITS, arrows=[4])["read weightings"].patches


@pytest.mark.parametrize("window", [slice(4, 5), slice(3, 6), None])
def test_frames_stay_within_their_panel_and_of_one_step_there_is_one_number(window):
    axes = memory(use(), BITS, arrows=[4], window=window)
    figure = axes["inputs"].get_figure(root=True)
    figure.draw_without_rendering()
    for ax in axes.values():
        for patch in ax.patches:
            assert ax.get_window_extent().padded(1).fully_contains(*patch.get_window_extent().min)
            assert ax.get_window_extent().padded(1).fully_contains(*patch.get_window_extent().max)
    (left, right), ticks = axes["inputs"].get_xlim(), axes["inputs"].get_xticks()
    shown = [tick for tick in ticks if left <= tick <= right]
    assert all(tick == int(tick) for tick in shown)
    assert len(shown) == 1 or window != slice(4, 5)


def test_the_slot_that_several_heads_read_most_is_framed_for_all_of_them():
    """0.6 of one head at slot 9, 0.9 of the other at slot 12."""
    trace = use(reads=2)
    trace.read_weightings[3] = 0.001
    trace.read_weightings[3, 0, 9], trace.read_weightings[3, 1, 12] = 0.6, 0.9
    axes = memory(trace, BITS, arrows=[3], written_after=1)
    for name in ("read weightings 1", "read weightings 2"):
        (frame,) = [p for p in axes[name].patches if (p.get_gid() or "") == "frame/3"]
        assert frame.get_y() + frame.get_height() / 2 == [3, 9, 12].index(12)


def test_faint_weightings_are_seen():
    (shown,) = memory(use(), BITS)["write weightings"].images
    assert shown.cmap(shown.norm(0.04))[0] == pytest.approx(0.8, abs=0.01)


def test_arrows_miss_the_title_of_the_next_panel():
    axes = memory(use(), BITS, arrows=[1])
    figure = axes["inputs"].figure
    figure.draw_without_rendering()
    tail = arrows(axes["write weightings"])[0].arrow_patch.get_window_extent().y0
    title = axes["predictions"]._left_title.get_window_extent().y1
    assert tail > title


@pytest.mark.parametrize(("late", "words"), [(1, "1 step later"), (2, "2 steps later")])
def test_a_legend_says_what_arrows_and_frames_mean(late, words):
    axes = memory(use(), BITS, arrows=[4], about_arrows="01 has come", written_after=late)
    said = [text.get_text() for text in axes["add vectors"].get_legend().get_texts()]
    assert said[0] == "01 has come"
    assert said[1].endswith(words)
    assert memory(use(), BITS)["add vectors"].get_legend() is None


@pytest.mark.parametrize("width", [None, 3.35])
def test_the_legend_stands_clear_of_the_title(width):
    with printed_at(width):
        axes = memory(use(), BITS, arrows=[4], about_arrows="01 has come", written_after=1)
    above = axes["add vectors"]
    above.figure.draw_without_rendering()
    legend, title = above.get_legend().get_window_extent(), above._left_title.get_window_extent()
    assert legend.y0 > title.y1 or legend.x0 > title.x1
