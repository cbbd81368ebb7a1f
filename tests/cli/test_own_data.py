"""``ntmlab evaluate --file``: what it costs, and one line for what is wrong with a file."""

import bz2
import gzip
import io
import json
import lzma
import sys

import numpy as np
import pytest

from ntmlab.letters import write_letters
from ntmlab.streams.opening import zstd_module
from tests.cli.commands import run


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def bits(count, seed=0):
    symbols = (np.random.default_rng(seed).random(count) < 0.3).astype(int)
    return write_letters(symbols, 2)


def costs(capsys, *arguments):
    status, out, err = run(capsys, "evaluate", *arguments, "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    return found, {name: row["bits"] for name, row in found["models"].items()}


def test_the_cost_of_lines_is_that_of_predict(folder, capsys):
    (folder / "lines").write_text(f"{bits(300)}\n{bits(70, 1)}\n")
    models = ["kt-2", "ctw-4", "mixture-0-2", "ppm-3", "coin"]
    found, cost = costs(capsys, "--file", "lines", "--models", *models)
    assert (found["sequences"], found["symbols"], found["optimum"]) == (2, 370, None)
    _, out, _ = run(capsys, "predict", "--file", "lines", "--models", *models, "--json")
    for name in models:
        total = 0.0
        for line in map(json.loads, out.splitlines()):
            p = np.array(line["predictions"][name])
            one = np.array([sign == "1" for sign in line["bits"]])
            total -= np.log2(np.where(one, p, 1 - p)).sum()
        assert cost[name] == pytest.approx(total, rel=1e-9)
    _, joined = costs(capsys, "--file", "lines", "--models", "kt-0", "--joined")
    assert joined["kt-0"] < costs(capsys, "--file", "lines", "--models", "kt-0")[1]["kt-0"]


def test_a_table_says_what_it_is(folder, capsys):
    (folder / "b").write_bytes(bytes(range(256)) * 30)
    status, out, _ = run(capsys, "evaluate", "--file", "b", "--models", "kt-1", "gzip", "xz")
    assert status == 0
    first, *rows = out.splitlines()
    assert "read as bytes: 1 sequence, 7,680 symbols of 256 letters" in first
    assert "no optimum: each row is a bound" in first
    assert [row.split()[0] for row in rows] == ["model", "kt-1", "gzip", "xz"]


def test_compressors_say_that_they_take_all_lines_as_one(folder, capsys):
    """What lines share costs them little, and no predictor that is begun afresh may know it."""
    (folder / "same").write_text(f"{bits(1000)}\n" * 50)
    (folder / "one").write_text(bits(1000) * 50)
    models = ("--models", "kt-0", "xz", "gzip")
    found, cost = costs(capsys, "--file", "same", *models)
    whole, joined = costs(capsys, "--file", "same", "--joined", *models)
    single, alone = costs(capsys, "--file", "one", *models)
    for name in ("xz", "gzip"):
        assert cost[name] == joined[name] == alone[name] < 0.2 * cost["kt-0"]
        assert found["models"][name]["how"].endswith(" a byte, all lines as one")
        assert whole["models"][name]["how"].endswith(" a byte")
        assert single["models"][name]["how"].endswith(" a byte")
    assert found["models"]["kt-0"]["how"] == "state carried"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, "zstd"])
def test_compressed_files_are_read_and_told_when_cut(folder, capsys, pack):
    if pack == "zstd":
        pack = pytest.importorskip("backports.zstd").compress
        assert zstd_module()
    text = bits(4000).encode()
    (folder / "packed").write_bytes(pack(text))
    (folder / "plain").write_bytes(text)
    whole = costs(capsys, "--file", "plain", "--models", "kt-1")[1]
    assert costs(capsys, "--file", "packed", "--models", "kt-1")[1] == whole
    (folder / "packed").write_bytes(pack(text)[:-9])
    status, out, err = run(capsys, "evaluate", "--file", "packed", "--models", "kt-1")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "packed" in err


@pytest.mark.parametrize(
    ("content", "options", "reason"),
    [
        (b"", [], "empty"),
        (b"\n", ["--format", "bits"], "line 1, is empty"),
        (b"01\n\n1\n", [], "line 2, is empty"),
        (b"01\n012", ["--format", "bits"], "line 2, has '2' at character 3; only 0 and 1 count"),
        (b"acgt\nacxt", ["--alphabet", "acgt"], "line 2, has 'x' at character 3"),
        (b"aaa", ["--format", "letters"], "1 letter"),
        ("".join(map(chr, range(0x4E00, 0x4F80))).encode(), ["--format", "letters"], "at most 256"),
        (b"1,2\n3,x,4", ["--format", "integers", "--alphabet", "9"], "line 2, has 'x' at place 2"),
        (b"0,1,,2,1", ["--format", "integers"], "line 1, has '' at place 3; a comma has a whole"),
        (b"1 2 900", ["--format", "integers"], "901 numbers"),
        (
            b"1 2 9",
            ["--format", "integers", "--alphabet", "4"],
            "'9' at place 3; only numbers from",
        ),
        (b"\xff\xfe", ["--format", "bits"], "no text"),
        (b"01", ["--alphabet", "00"], "twice"),
        (b"01", ["--format", "bytes", "--alphabet", "01"], "its own"),
        (b"01", ["--models", "optimal"], "no optimal"),
        (b"01", ["--models", "kt-1", "kt-1"], "twice"),
        (b"ab", ["--models", "lstm"], "256"),
    ],
)
def test_what_is_wrong_is_one_line(folder, capsys, content, options, reason):
    (folder / "own").write_bytes(content)
    status, out, err = run(capsys, "evaluate", "--file", "own", *options)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert reason in err


def test_standard_input_and_wrong_use(folder, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"acgt\n" * 9)))
    found, _ = costs(capsys, "--file", "-", "--alphabet", "acgt", "--models", "kt-1", "xz")
    assert (found["sequences"], found["symbols"]) == (9, 36)
    assert "must be said" in run(capsys, "evaluate", "--file", "-")[2]
    assert "--alphabet" in run(capsys, "evaluate", "--file", "-", "--format", "letters")[2]
    assert "either a task" in run(capsys, "evaluate")[2]
    assert "are for --file" in run(capsys, "evaluate", "copy", "--joined")[2]
    assert "no file" in run(capsys, "evaluate", "--file", "nothing")[2]
