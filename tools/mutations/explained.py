"""Why some mutants cannot be noticed: what they change has no effect that anybody relies on."""

from typing import Final

EXPLAINED: Final[dict[str, str]] = {}
