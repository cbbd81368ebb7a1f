"""Cost by number of items: what the artists show."""

import numpy as np
import pytest

from ntmlab import InputError
from ntmlab.studies.items import ItemsLine, cost_by_items


def test_cost_by_items_draws_means_and_errors():
    items = np.array([6.0, 10.0, 15.0])
    lines = [ItemsLine("NTM", items, items / 10, items / 100)]
    ax = cost_by_items(lines, trained=6)
    np.testing.assert_array_equal(ax.containers[0].lines[0].get_xdata(), items)
    assert ax.get_xlabel() == "items in a sequence"
    assert "bits" in ax.get_ylabel()
    with pytest.raises(InputError, match="no model"):
        cost_by_items([])
    with pytest.raises(InputError, match="as many"):
        cost_by_items([ItemsLine("x", items, items[:2], items)])
