"""ntmlab."""
