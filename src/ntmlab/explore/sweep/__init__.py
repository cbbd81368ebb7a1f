"""The page of a sweep: how its runs stand and their curves, read from its folder as they come."""

from ntmlab.explore.sweep.app import make_sweep_app

__all__ = ["make_sweep_app"]
