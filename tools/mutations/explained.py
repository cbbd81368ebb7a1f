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
    "src/ntmlab/evaluation/checks/causality.py: MEASURED: Final = 2  # rows of each batch whose "
    "rounding is measured at 18: 2 -> 3": "a third row is measured, which is as good",
    "src/ntmlab/evaluation/checks/decode.py: nats = abs(len(code.bits) * math.log(2) - claimed) < "
    "SLACK_BITS at 55: < -> <=": "two real numbers that are equal to the last bit",
    "src/ntmlab/evaluation/adapters/windows.py: return np.concatenate(last, axis=-1)"
    ".reshape(rows * (steps + 1), -1) at 74: 1 -> 2": (
        "NumPy takes any negative size for the one that follows from the others"
    ),
    "src/ntmlab/evaluation/checks/predictor.py: return (*LENGTHS, task.steps) if 1 <= task.steps "
    "<= LONGEST else LENGTHS at 37: 1 -> 2": "one step is among the lengths anyway",
    "src/ntmlab/training/machines.py: if len(self.rows) == 1: at 29: 1 -> 0": (
        "what is done for several runs is right for one, too, and copies more"
    ),
}
