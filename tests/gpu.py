"""The mark of tests that need a GPU: chosen by ``-m gpu``, skipped where there is none."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

_SKIP = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")


def needs_gpu(test: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a test."""
    return pytest.mark.gpu(_SKIP(test))
