"""Other work on the machine takes none of the time that a check gives itself."""

import time

import pytest


@pytest.fixture(autouse=True)
def own_time(monkeypatch):
    """What takes long is tried less, or not at all: here it is the processor's time that counts."""
    monkeypatch.setattr(time, "monotonic", time.process_time)
