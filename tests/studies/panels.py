"""Where the panels of a picture stand."""

from itertools import pairwise


def places_in_rows(axes, rows):
    """The places of axes by name, which stand in these rows of names, from left to right."""
    place = {name: ax.get_position() for name, ax in axes.items()}
    for row in rows:
        assert all(place[a].x1 < place[b].x0 for a, b in pairwise(row))
        assert len({round(place[name].y1, 3) for name in row}) == 1
    for above, below in pairwise(rows):
        assert min(place[name].y0 for name in above) > max(place[name].y1 for name in below)
    assert sorted(name for row in rows for name in row) == sorted(axes)
    return place
