"""Letters as text."""

import pytest

from ntmlab import InputError
from ntmlab.letters import read_letters, write_letters


@pytest.mark.parametrize("letters", [3, 12, 40])
def test_numbers_between_commas_are_read_for_any_alphabet(letters):
    assert read_letters("0,2, 1", letters, "it") == [0, 2, 1]
    for wrong in (f"0,{letters}", "0,,1", "0,-1", "0,a", "0,²"):
        with pytest.raises(
            InputError, match=f"only numbers from 0 to {letters - 1}, between commas"
        ):
            read_letters(wrong, letters, "it")


@pytest.mark.parametrize(
    ("letters", "known"),
    [
        (2, "0 and 1"),
        (3, "0 to 2"),
        (10, "0 to 9"),
        (11, "0 to 9 and a"),
        (12, "0 to 9 and a to b"),
        (36, "0 to 9 and a to z"),
        (37, "numbers from 0 to 36"),
        (256, "numbers from 0 to 255"),
    ],
)
def test_the_letters_there_are_are_named_one_by_one_no_more_and_no_fewer(letters, known):
    with pytest.raises(InputError, match=f"^it is empty; give at least one of {known}$"):
        read_letters("", letters, "it")
    if letters <= 36:
        last = write_letters([letters - 1], letters)
        assert known.endswith(last)
        assert read_letters(last, letters, "it") == [letters - 1]
        with pytest.raises(InputError, match=f"at character 2; only {known} count"):
            read_letters(f"0{'0123456789abcdefghijklmnopqrstuvwxyz?'[letters]}", letters, "it")
