"""What a run's checkpoint says of itself to a sweep."""

import pytest
import torch
from safetensors.torch import save_file

from ntmlab.runs.folder import RunFolder
from ntmlab.sweeps.carry import saved


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        ('{"sequences": 640, "attempt": 3}', (640, 3)),
        ('{"sequences": 640}', (640, 0)),  # as they were before attempts were numbered
        ('{"attempt": 3}', (0, 0)),
        ("[", (0, 0)),
    ],
)
def test_sequences_and_attempt_or_zeros(progress, expected, tmp_path):
    checkpoint = RunFolder(tmp_path).checkpoint
    assert saved(tmp_path) == (0, 0)
    checkpoint.write_bytes(b"no checkpoint")
    assert saved(tmp_path) == (0, 0)
    save_file({"weight": torch.zeros(1)}, checkpoint, {"progress": progress})
    assert saved(tmp_path) == expected
