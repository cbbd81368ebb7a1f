"""cuDNN's switches around one call: whether it runs, and float32 that stays float32."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch


@contextmanager
def cudnn(*, enabled: bool) -> Iterator[None]:
    """A context in which PyTorch's recurrent operations take cuDNN or not, and never TF32.

    Not `torch.backends.cudnn.flags`: that fails where `torch.backends.fp32_precision` was set. As
    there, the switches are those of the whole process.
    """
    switches: Any = torch.backends.cudnn
    recurrent = getattr(switches, "rnn", None)  # since PyTorch 2.9
    place, name = (switches, "allow_tf32") if recurrent is None else (recurrent, "fp32_precision")
    was_enabled, precision = switches.enabled, getattr(place, name)
    exact: Any = "ieee" if isinstance(precision, str) else False
    rounds = precision not in (exact, "none")
    switches.enabled = enabled
    try:
        if rounds:
            setattr(place, name, exact)
        yield
    finally:
        switches.enabled = was_enabled
        if rounds:
            setattr(place, name, precision)
