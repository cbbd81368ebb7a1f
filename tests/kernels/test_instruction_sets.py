"""The kernels and the filters by each way that they were compiled for, one process a set."""

from pathlib import Path

import pytest

from tests import instruction_sets

TESTS = Path(__file__).parents[1]
SCANS = ("kernels/test_ntm_scan.py", "equal_the")
FILTERS = ("optimal/test_native.py", "(equals_the_readable and 19-33) or trees_of_every")
EXTREMES = ("kernels/test_extremes.py", "nan_is_where and not (inf or 3e or 1e or 1.0)")  # NaN


@pytest.mark.parametrize("name", instruction_sets.EACH)
def test_what_is_compiled_equals_the_readable_reference(name: str) -> None:
    tried = [SCANS, FILTERS, *([EXTREMES] if name == "baseline" else [])]
    files = [str(TESTS / file) for file, _ in tried]
    wanted = " or ".join(f"({Path(file).stem} and ({which}))" for file, which in tried)
    assert instruction_sets.run_tests(name, files, wanted) > 20


@pytest.mark.slow
def test_every_number_that_is_none_or_too_large_on_the_least_set() -> None:
    file = str(TESTS / EXTREMES[0])
    assert instruction_sets.run_tests("baseline", [file], "nan_is_where") > 20
