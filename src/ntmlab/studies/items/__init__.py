"""Cost against the number of items to recall: Figure 11."""

from ntmlab.studies.items.measure import ItemsLine, measured, median_seed
from ntmlab.studies.items.picture import cost_by_items
from ntmlab.studies.items.report import drawing

__all__ = ["ItemsLine", "cost_by_items", "drawing", "measured", "median_seed"]
