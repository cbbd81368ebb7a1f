"""Programs of the maintainers: what measures, ships, and writes the documentation."""
