"""Studies: one question measured, a folder each, with its claims, its report and its picture.

No study imports another; what they share stands beside the folders. `paper` puts them together.
"""
