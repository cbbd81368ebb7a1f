"""Time in tests of the checks: the processor's, and little of it to shrink what was found."""

import time

import pytest

from ntmlab.evaluation.checks import causality, rows, state


@pytest.fixture(autouse=True)
def own_time(monkeypatch):
    """What takes long is tried less, or not at all: here it is the processor's time that counts."""
    monkeypatch.setattr(time, "monotonic", time.process_time)


@pytest.fixture
def short_search(monkeypatch):
    """A failure is found, named and told; the smallest that shows it is not looked for as long."""
    for module in (causality, rows, state):
        monkeypatch.setattr(module, "SECONDS_TO_SHRINK", 0.3)
