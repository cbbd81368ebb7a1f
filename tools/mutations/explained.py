"""Why some mutants cannot be noticed: what they change has no effect that anybody relies on."""

from typing import Final

EXPLAINED: Final[dict[str, str]] = {
    "kernels/ntm_scan/addressing.hpp: strength slopes beyond its limit": (
        "the gradient is set to 0 beyond the limit a second time, where it is written"
    ),
    "kernels/operators: missing gradients are ones": (
        "a kernel gives a gradient for each tensor that needs one; the zero is for the types alone"
    ),
    "evaluation/checks/decode: decoder sees the sequence": (
        "a symbol is shown only after it was decoded, so that both are the same"
    ),
}
