"""The NTM scan held to a smaller instruction set than the processor has."""

import subprocess
import sys

import numpy as np
import pytest

from ntmlab.kernels.ntm_scan import ntm_scan
from tests import instruction_sets
from tests.kernels.test_ntm_scan import make

LIMITED = """
import sys
import numpy as np
from ntmlab import InputError
from ntmlab.kernels.ntm_scan.native import take_at_most
from tests.kernels.test_take_at_most import scanned
first, *limits = sys.argv[1:]
for name in limits:
    take_at_most(name)
np.save(first, scanned(), allow_pickle=False)
refused = {"avx10": "is no instruction set"} | ({} if limits else {"baseline": "another"})
for name, words in refused.items():
    try:
        take_at_most(name)
    except InputError as error:
        assert words in str(error), error
    else:
        raise AssertionError(name)
"""


def scanned():
    """The memory after a scan of many steps."""
    inputs, weights, state, shifts = make("odd")
    return ntm_scan(inputs.repeat(1, 40, 1), weights, state, shifts=shifts).state.memory.numpy()


@pytest.mark.slow
@pytest.mark.skipif(instruction_sets.HAD in ([], ["baseline"]), reason="here is no other set")
def test_scans_can_be_held_to_a_smaller_instruction_set(tmp_path):
    """Before the first of them, and to the bit as where the process takes it altogether."""

    def run(file, isa, *limits):
        command = [sys.executable, "-c", LIMITED, file, *limits]
        environment = instruction_sets.environment(isa)
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return np.load(tmp_path / file)

    widest = instruction_sets.HAD[-1]
    held, smallest = (
        run("held.npy", widest, "baseline"),
        run("smallest.npy", "baseline", "baseline"),
    )
    np.testing.assert_array_equal(held, smallest)
    assert (held != run("free.npy", widest)).any()
