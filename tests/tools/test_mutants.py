"""Every mutant still applies to the sources, and names tests that there are."""

import ast
import sys
from collections import Counter
from pathlib import Path

import pytest

from tools import mutants
from tools.mutants import stages
from tools.mutations import NAMED, drawn
from tools.mutations.operators import BESIDE, edits

ROOT = Path(__file__).parents[2]
AT_ONCE = 20


@pytest.mark.parametrize("mutant", NAMED, ids=lambda mutant: mutant.name)
def test_a_mutant_applies_once_and_names_tests(mutant):
    changed = mutant.applied((ROOT / mutant.file).read_text())
    if mutant.file.endswith(".py"):
        ast.parse(changed)
    for test in mutant.tests:
        file, _, function = test.partition("::")
        assert (ROOT / file).exists()
        assert f"def {function}" in (ROOT / file).read_text() if function else True


def test_there_are_many_and_each_has_a_name_of_its_own():
    assert len(NAMED) >= 100
    assert max(Counter(mutant.name for mutant in NAMED).values()) == 1


def test_what_is_nearest_to_a_mutant_is_run_before_the_folder_that_holds_it():
    assert stages(["tests/b/test_c.py::test_d"]) == [["tests/b/test_c.py::test_d"]]
    first, rest = stages(["tests/b/test_c.py", "tests/b", "tests/e", "tests/a/test_c.py"])
    assert first == ["tests/b/test_c.py", "tests/a/test_c.py"]
    assert rest == ["tests/b", "tests/e", "--ignore=tests/b/test_c.py"]
    assert stages(["tests/b"]) == [["tests/b"]]


def test_what_is_without_effect_is_not_drawn():
    for rule in ("x.reshape(-1, n)", "x < 0.5", "warn(about, Remark, stacklevel=2)"):
        assert not list(edits(rule))
    assert len(list(edits("warn(about, Remark, 2)"))) == 2


def test_operators_are_drawn_by_a_seed_and_leave_programs():
    some = ["optimal", "streams"]
    found = drawn(ROOT, AT_ONCE, 0, some)
    assert found == drawn(ROOT, AT_ONCE, 0, some) != drawn(ROOT, AT_ONCE, 1, some)
    for mutant in found:
        assert mutant.applied(mutant.old) != mutant.old
        ast.parse(mutant.new)
        assert all((ROOT / test).exists() for test in mutant.tests)


def test_they_are_drawn_of_given_folders_with_the_tests_of_their_names():
    found = drawn(ROOT, AT_ONCE, 0, ["studies", "streams"])
    assert {mutant.file.split("/")[2] for mutant in found} == {"studies", "streams"}
    for mutant in found:
        assert f"tests/{mutant.file.split('/')[2]}" in mutant.tests
        assert {*BESIDE.get(mutant.file.split("/")[2], ())} <= {*mutant.tests}
    assert all((ROOT / test).exists() for tests in BESIDE.values() for test in tests)
    assert found != drawn(ROOT, AT_ONCE, 1, ["studies", "streams"])


def test_a_name_that_no_mutant_has_is_said(monkeypatch, capsys):
    """None tried and none that survives was read as a campaign that found nothing."""
    monkeypatch.setattr(sys, "argv", ["mutants", "--only", "no_such_name"])
    with pytest.raises(SystemExit) as left:
        mutants.main()
    assert left.value.code == 2
    assert "no mutant's name holds 'no_such_name'" in capsys.readouterr().err
