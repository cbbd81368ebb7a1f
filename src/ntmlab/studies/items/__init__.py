"""Cost against the number of items to recall: Figure 11."""
