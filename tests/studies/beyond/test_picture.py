"""What lies beyond training, drawn."""

import numpy as np
import pytest

from ntmlab.errors import InputError
from ntmlab.evaluation.ratios import Profile
from ntmlab.studies.beyond.picture import BeyondView, beyond


@pytest.fixture
def view():
    def profile(*values):
        return Profile(np.array(values), np.full(len(values), 0.1), np.full(len(values), 9))

    gaps = {"NTM": (np.array([1.0, 5.0]), np.array([0.1, 0.2]))}
    gaps["LSTM"] = (np.array([3.0, 6.0]), np.array([0.1, 0.2]))
    by_block = {"NTM": profile(1.0, 50.0, 900.0), "LSTM": profile(3.0, 9.0, 12.0)}
    references = {"coin": profile(70.0, 90.0, 90.0)}
    return BeyondView(200, by_block, references, ["as before", "other"], gaps, np.array([0, 4.0]))


def test_long_sequences_are_lines_over_the_bits_seen(view):
    axes = beyond(view)
    lines = [container.lines[0] for container in axes["long"].containers]
    assert [line.get_xdata().tolist() for line in lines] == [[200, 400, 600]] * 2
    assert lines[0].get_ydata().tolist() == [1, 50, 900]
    assert axes["long"].get_yscale() == "log"
    labels = {text.get_text() for text in axes["long"].get_legend().get_texts()}
    assert labels == {"NTM", "LSTM", "coin"}
    axes["long"].figure.draw_without_rendering()


def test_tables_are_bars_beside_the_optimum_of_training(view):
    ax = beyond(view)["tables"]
    bars = [patch.get_height() for patch in ax.patches]
    assert bars == [1, 5, 3, 6]
    centres = [patch.get_x() + patch.get_width() / 2 for patch in ax.patches]
    assert np.allclose(centres, [-0.2, 0.8, 0.2, 1.2])
    floor = ax.collections[-1].get_segments()
    assert [segment[0][1] for segment in floor] == [0, 4]
    whole = [(ends[0][0], ends[1][0]) for ends in floor]  # from one end of its bars to the other
    bars = [(ax.patches[i], ax.patches[i + 2]) for i in (0, 1)]
    np.testing.assert_allclose(
        whole, [(one.get_x(), other.get_x() + other.get_width()) for one, other in bars]
    )
    assert [text.get_text() for text in ax.get_xticklabels()] == ["as before", "other"]


def test_errors_stay_above_zero_where_a_log_scale_ends(view):
    unsure = view.by_block["NTM"]._replace(se=np.array([0.1, 500.0, 1.0]))
    bars = beyond(view._replace(by_block={"NTM": unsure}))["long"].containers[0].lines[2][0]
    lows = [bar[0, 1] for bar in bars.get_segments()]
    assert lows == pytest.approx([0.9, 0.01 * 50, 899])


def test_there_must_be_a_model(view):
    with pytest.raises(InputError, match="no models"):
        beyond(view._replace(by_block={}))


def test_every_model_and_reference_is_drawn_however_many_there_are(view):
    names = [f"model {i}" for i in range(9)]
    others = [f"reference {i}" for i in range(5)]
    own, gaps = view.by_block["NTM"], view.gaps["NTM"]
    references = dict.fromkeys(others, view.references["coin"])
    many = view._replace(
        by_block=dict.fromkeys(names, own),
        gaps=dict.fromkeys(names, gaps),
        references=references,
    )
    axes = beyond(many)
    labels = [text.get_text() for text in axes["long"].get_legend().get_texts()]
    assert sorted(labels) == sorted([*names, *others])
    assert [patch.get_height() for patch in axes["tables"].patches] == [1, 5] * 9
