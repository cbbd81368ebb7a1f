"""Sweeps: many runs of one study, on one machine or many, none of which is lost."""
