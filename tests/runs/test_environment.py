"""What is recorded of the machine: the name of its processor, wherever the system says it."""

import platform
from pathlib import Path

import pytest

from ntmlab.runs.environment import processor

GIVEN = "vendor_id : a\nmodel name\t: Small One @ 2 GHz\nflags : x\nmodel name : Other\n"


@pytest.mark.parametrize(
    ("given", "known", "expected"),
    [
        (GIVEN, "by the system", "Small One @ 2 GHz"),
        ("flags : x\n", "by the system", "by the system"),
        ("flags : x\n", "", "of this kind"),
        (None, "by the system", "by the system"),
        (None, "", "of this kind"),
    ],
)
def test_the_processor_has_a_name(given, known, expected, monkeypatch):
    def read(self, encoding):
        assert str(self) == "/proc/cpuinfo"
        if given is None:
            raise FileNotFoundError
        return given

    monkeypatch.setattr(Path, "read_text", read)
    monkeypatch.setattr(platform, "processor", lambda: known)
    monkeypatch.setattr(platform, "machine", lambda: "of this kind")
    assert processor() == expected
