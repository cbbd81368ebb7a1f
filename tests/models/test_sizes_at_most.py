"""Sizes that no machine holds are refused in one line that names them, before anything is made."""

import inspect

import pytest

from ntmlab import InputError
from ntmlab.cli import main
from ntmlab.models import MODELS

SIZES = [
    (kind, option.name)
    for kind, made in MODELS.items()
    for option in inspect.signature(made).parameters.values()
    if option.annotation is int
]


@pytest.mark.parametrize(("kind", "option"), SIZES)
@pytest.mark.parametrize("size", [10**9, 10**12, 10**20])
def test_a_size_beyond_all_memory_is_refused_by_its_name(kind, option, size):
    options = {"input_size": 1, "output_size": 1} | {option: size}
    with pytest.raises(InputError, match=option) as caught:
        MODELS[kind](**options)
    assert "\n" not in str(caught.value)


def test_the_command_line_says_it_in_a_line(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    given = ["train", "copy-ntm", "--set", "model.controller_size=1000000000000", "--out", "run"]
    assert main(given) == 2
    assert "controller_size must be at most 16,777,216" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
