"""The picture of the page: drawn with the weights that are shipped, of the page as it is."""

from PIL import Image

from tools import page


def test_the_picture_is_of_the_shipped_weights_and_page():
    """`make docs` draws it again."""
    assert page.stale() == []


def test_pictures_of_other_weights_and_pages_are_told(tmp_path, monkeypatch):
    Image.new("RGB", (2, 2)).save(tmp_path / "p.png")
    assert page.stale(tmp_path / "p.png") == ["weights", "page"]
    monkeypatch.setattr(page, "MODELS", page.MODELS[:2])
    assert page.stale() == ["weights"]
    monkeypatch.setattr(page, "PAGE", tmp_path)
    assert page.stale() == ["weights", "page"]


def test_the_state_names_a_sequence_and_models():
    state = dict(part.split("=") for part in page.state().split("&"))
    assert state["models"] == "optimal,ntm-lstm,ntm,lstm"
    assert len(state["bits"]) == 200
    assert set(state["bits"]) == {"0", "1"}
