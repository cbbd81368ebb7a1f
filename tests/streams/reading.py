"""Files as the streams read them."""

from ntmlab.streams import formats
from ntmlab.streams.opening import opened


def read(folder, content, layout):
    """The sequences of a file, each whole."""
    (folder / "own").write_bytes(content)
    found, now = [], []
    with opened(str(folder / "own")) as stream:
        for piece in formats.pieces(stream, layout):
            now += piece.symbols.tolist()
            if piece.ends:
                found, now = [*found, now], []
    assert not now
    return found
