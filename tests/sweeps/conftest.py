"""What several tests of sweeps begin with."""

import pytest

from tests.sweeps.cases import LONG, undisturbed


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """The runs of `LONG` by ordinary training."""
    path = tmp_path_factory.mktemp("whole")
    undisturbed(path, LONG)
    return path
