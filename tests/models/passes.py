"""What a model is asked for, pass after pass."""

from typing import Any

import pytest
from torch import Tensor, nn


def steps_of_passes(kind: type[nn.Module], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The steps of every pass from now on; a hook would make a model one of a user's."""
    seen: list[int] = []
    forward = kind.forward

    def watched(self: nn.Module, inputs: Tensor, *given: Any) -> Any:
        seen.append(inputs.shape[1])
        return forward(self, inputs, *given)

    monkeypatch.setattr(kind, "forward", watched)
    return seen
