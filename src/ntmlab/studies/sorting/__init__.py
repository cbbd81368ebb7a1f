"""Where a machine writes what it is to sort: Figures 16 and 17."""
