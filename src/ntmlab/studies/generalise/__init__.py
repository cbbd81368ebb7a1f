"""Targets and outputs at sizes beyond those of training: Figures 4, 5 and 8."""
