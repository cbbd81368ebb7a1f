"""Letters as text."""

import pytest

from ntmlab import InputError
from ntmlab.letters import read_letters


@pytest.mark.parametrize("letters", [3, 12, 40])
def test_numbers_between_commas_are_read_for_any_alphabet(letters):
    assert read_letters("0,2, 1", letters, "it") == [0, 2, 1]
    for wrong in (f"0,{letters}", "0,,1", "0,-1", "0,a", "0,²"):
        with pytest.raises(
            InputError, match=f"only numbers from 0 to {letters - 1}, between commas"
        ):
            read_letters(wrong, letters, "it")
