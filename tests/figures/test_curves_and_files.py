"""Learning curves, and pictures on disk."""

import numpy as np
import pytest

from ntmlab import DynamicNGrams, InputError, compare
from ntmlab.figures import Curve, curves, save, strips


def curve(label, gap, rows=4):
    x = np.arange(1, rows + 1) * 1000.0
    values = np.full(rows, gap)
    return Curve(label, x, 130.0 + values, values)


def test_seeds_become_a_line_in_a_band():
    runs = [curve("NTM", 1.0), curve("NTM", 2.0), curve("NTM", 4.0, rows=6), curve("LSTM", 8.0)]
    left, right = curves(runs)
    ntm, lstm = right.get_lines()
    np.testing.assert_allclose(ntm.get_xdata(), [1, 2, 3, 4])  # as far as all seeds go
    np.testing.assert_allclose(ntm.get_ydata(), 2.0)
    np.testing.assert_allclose(lstm.get_ydata(), 8.0)
    assert ntm.get_linestyle() != lstm.get_linestyle()
    (band,) = right.collections
    ys = band.get_paths()[0].vertices[:, 1]
    assert (ys.min(), ys.max()) == (1.0, 4.0)
    assert right.get_yscale() == "log"
    optimum = left.get_lines()[-1]
    assert optimum.get_label() == "optimal"
    np.testing.assert_allclose(optimum.get_ydata(), 130.0)


def test_one_row_and_a_gap_below_zero():
    left, right = curves([curve("a", -0.01, rows=1)])
    assert np.isnan(right.get_lines()[0].get_ydata()).all()
    assert left.get_lines()[0].get_marker() == "o"


def test_nothing_to_draw():
    with pytest.raises(InputError, match="no runs"):
        curves([])
    late = curve("a", 1.0)
    with pytest.raises(InputError, match="no row in common"):
        curves([late, late._replace(sequences=late.sequences + 1)])


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_pictures_are_reproducible_and_their_arrays_lie_beside(tmp_path, ending):
    task = DynamicNGrams(length=40)

    def draw(name):
        comparison = compare(task.sample(1, seed=0), {"Optimal": task.optimal()})
        path = tmp_path / f"{name}.{ending}"
        save(strips(comparison).figure, path, {"Input": comparison.targets[0, :, 0]})
        return path

    first, second = draw("a"), draw("b")
    assert first.read_bytes() == second.read_bytes()
    arrays = np.load(first.with_suffix(".npz"), allow_pickle=False)
    np.testing.assert_array_equal(arrays["Input"], task.sample(1, seed=0).targets[0, :, 0])
    assert len(list(tmp_path.iterdir())) == 4


def test_paths_that_cannot_be_written(tmp_path):
    figure = curves([curve("a", 1.0)])[0].figure
    (tmp_path / "folder.png").mkdir()
    for path in ("x.gif", "x", "missing/x.png", "folder.png"):
        with pytest.raises(InputError, match="cannot write"):
            save(figure, tmp_path / path, {})
    assert [p.name for p in tmp_path.iterdir()] == ["folder.png"]
