"""Pictures and their arrays on disk."""

import time

import numpy as np
import pytest
from matplotlib.figure import Figure

from ntmlab.errors import InputError
from ntmlab.figures import save, strip_arrays, strips
from ntmlab.figures.save import check_path

HEADS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


@pytest.mark.parametrize("ending", ["png", "svg", pytest.param("pdf", marks=pytest.mark.slow)])
def test_same_data_gives_the_same_bytes(tmp_path, comparison, ending):
    pictures, arrays = [], []
    for name in ("a", "b"):
        path = tmp_path / f"{name}.{ending}"
        save(strips(comparison, 1).figure, path, strip_arrays(comparison, 1))
        pictures.append(path.read_bytes())
        arrays.append(path.with_suffix(".npz").read_bytes())
        time.sleep(1.1 if name == "a" else 0)  # a time of day would show
    assert pictures[0] == pictures[1]
    assert pictures[0].startswith(HEADS[ending])
    assert arrays[0] == arrays[1]
    assert len(list(tmp_path.iterdir())) == 4  # nothing temporary is left


def test_arrays_lie_beside_without_pickles(tmp_path, comparison):
    expected = strip_arrays(comparison, 1) | {"file": np.arange(3), "text": np.array(["a", "bc"])}
    save(strips(comparison).figure, tmp_path / "x.PNG", expected)
    with np.load(tmp_path / "x.npz", allow_pickle=False) as loaded:
        assert set(loaded) == set(expected)
        for name, values in expected.items():
            np.testing.assert_array_equal(loaded[name], values)
            assert loaded[name].dtype == values.dtype


@pytest.mark.parametrize("name", ["x.gif", "x", "x.npz", "missing/x.png", "folder.png"])
def test_paths_that_cannot_be_written(tmp_path, name):
    (tmp_path / "folder.png").mkdir()
    for attempt in (lambda path: save(Figure(), path, {}), check_path):
        with pytest.raises(InputError, match="cannot write"):
            attempt(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.png"]


def test_another_ending_lists_the_three(tmp_path):
    with pytest.raises(InputError, match=r"\.png, \.svg, \.pdf"):
        save(Figure(), tmp_path / "x.jpg", {})


class Broken(Figure):
    """A figure whose drawing fails."""

    def savefig(self, *args, **options):
        """Writes half a file."""
        args[0].write_bytes(b"half")
        raise OSError("no space left")


@pytest.mark.parametrize(
    ("figure", "arrays"),
    [(Broken(), {}), (Figure(), {"x": np.array([object()])})],
    ids=["picture fails", "arrays fail"],
)
def test_if_one_file_fails_both_stay_as_they_were(tmp_path, figure, arrays):
    for name in ("x.png", "x.npz"):
        (tmp_path / name).write_bytes(b"old")
    with pytest.raises((OSError, InputError)):
        save(figure, tmp_path / "x.png", arrays)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "x.png": b"old",
        "x.npz": b"old",
    }


def test_arrays_that_cannot_take_their_name_leave_no_picture(tmp_path):
    (tmp_path / "x.npz").mkdir()
    for attempt in (lambda path: save(Figure(), path, {}), check_path):  # before long work
        with pytest.raises(InputError, match=r"x\.npz: it is a folder"):
            attempt(tmp_path / "x.png")
    assert [path.name for path in tmp_path.iterdir()] == ["x.npz"]
