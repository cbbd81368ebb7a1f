"""``ntmlab code`` on files: bytes, letters, bits and numbers come back; damage is a line."""

import gzip
import re
import subprocess
import sys

import numpy as np
import pytest

from ntmlab.streams import code as coding
from ntmlab.streams import native
from tests.cli.commands import run

RANDOM = np.random.default_rng(1)
LINES = "".join("acgt"[i] for i in RANDOM.integers(0, 4, 900))

FILES = {
    "bytes": (bytes(RANDOM.integers(0, 256, 5000, dtype=np.uint8)), [], None),
    "text": (b"any text, with\r\nlines \n" * 40, [], None),
    "bits": (b"0110\n1\n" + b"01" * 300 + b"\n", [], None),
    "letters": (f"{LINES}\nca\n".encode(), ["--alphabet", "acgt"], None),
    "greek": ("αβγα\nββ\n".encode(), ["--format", "letters"], None),
    "integers": (b"3,1,4\n15\n", ["--format", "integers"], None),
    "joined": (b"0110\n1\n", ["--joined", "--format", "bits"], b"01101\n"),
    "packed": (gzip.compress(b"0110\n1\n"), ["--model", "kt-1", "--format", "bits"], b"0110\n1\n"),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("compiled", [True, False])
def test_a_file_comes_back(folder, capsys, monkeypatch, name, compiled):
    """Written and read by the compiled coder or by Python's, in blocks of any size."""
    content, options, expected = FILES[name]
    (folder / "file").write_bytes(content)
    monkeypatch.setattr(coding, "BLOCK", 100)
    status, out, err = run(capsys, "code", "file", *options)
    assert (status, err) == (0, "")
    symbols, bits, each = map(float, re.findall(r"[\d.]+(?= symbols| bits| a symbol)", out))
    assert bits == 8 * (folder / "file.code").stat().st_size
    assert each == pytest.approx(bits / symbols, abs=5e-5)
    if not compiled:
        monkeypatch.setattr(native, "native_module", lambda: None)
    status, out, _ = run(capsys, "code", "file.code", "--back", "--out", "again")
    assert (status, out) == (0, "again\n")
    assert (folder / "again").read_bytes() == (content if expected is None else expected)


def test_through_pipes(folder):
    """From standard input, and back to standard output."""
    ntmlab = [sys.executable, "-m", "ntmlab", "code"]
    content = bytes(RANDOM.integers(0, 9, 3000, dtype=np.uint8))
    write = [*ntmlab, "-", "--format", "bytes", "--out", "coded", "--model", "kt-1"]
    subprocess.run(write, input=content, check=True, capture_output=True)
    assert len((folder / "coded").read_bytes()) < 2000
    for source, given in (("coded", b""), ("-", (folder / "coded").read_bytes())):
        read = [*ntmlab, source, "--back"]
        assert subprocess.run(read, input=given, check=True, capture_output=True).stdout == content


def test_what_it_costs_is_the_cost(folder, capsys):
    (folder / "file").write_text("".join("0001"[i] for i in RANDOM.integers(0, 4, 20_000)))
    status, out, _ = run(capsys, "code", "file", "--format", "bits", "--model", "kt-0")
    found = int(out.split(" bits")[0].split()[-1])
    _, table, _ = run(capsys, "evaluate", "--file", "file", "--models", "kt-0", "--json")
    cost = float(table.split('"bits": ')[1].split(",")[0])
    assert status == 0
    assert cost < found < cost + 8 * 200  # a line that says what it is, and two blocks


def test_damage_is_said(folder, capsys, monkeypatch):
    """Any bit changed, or an end missing: one line, and no file."""
    monkeypatch.setattr(coding, "BLOCK", 60)
    (folder / "file").write_text("0110\n" * 40)
    run(capsys, "code", "file", "--model", "kt-1", "--format", "bits")
    data = (folder / "file.code").read_bytes()
    for place in range(0, len(data), 5):
        broken = bytearray(data)
        broken[place] ^= 1 << int(RANDOM.integers(8))
        for damaged in (bytes(broken), data[:place]):
            (folder / "damaged").write_bytes(damaged)
            status, out, err = run(capsys, "code", "damaged", "--back", "--out", "again")
            assert (status, out, err.count("\n")) == (2, "", 1)
            assert not (folder / "again").exists()


def test_blocks_in_another_order_are_said(folder, capsys, monkeypatch):
    monkeypatch.setattr(coding, "BLOCK", 4)
    (folder / "file").write_text("0110\n1011\n")
    run(capsys, "code", "file", "--model", "kt-1", "--format", "bits")
    data = (folder / "file.code").read_bytes()
    head, blocks = data[: data.index(b"\n") + 1], data[data.index(b"\n") + 1 : -32]
    half = len(blocks) // 2
    (folder / "file.code").write_bytes(head + blocks[half:] + blocks[:half] + data[-32:])
    status, _, err = run(capsys, "code", "file.code", "--back", "--out", "again")
    assert (status, "damaged" in err) == (2, True)


def test_wrong_use(folder, capsys):
    (folder / "file").write_text("0110\n")
    assert (
        "--task of sequences" in run(capsys, "code", "file", "--task", "hmm:mess3", "--joined")[2]
    )
    assert "no optimal" in run(capsys, "code", "file", "--joined", "--model", "optimal")[2]
    assert "takes all but FILE" in run(capsys, "code", "file", "--back", "--model", "kt-1")[2]
    (folder / "coded").write_bytes(
        b'{"format": "ntmlab-code-2", "model": "os:getcwd:x=1", "symbols": "bits", "letters": 2, '
        b'"alphabet": "01", "joined": false}\n'
    )
    assert "NTMLAB_TRUST" in run(capsys, "code", "coded", "--back")[2]


def test_a_model_of_one_s_own(folder, capsys):
    (folder / "coding_files.py").write_text(
        "import torch\n"
        "from tests.evaluation.checks import planted\n"
        "def right(input_size, output_size):\n"
        "    torch.manual_seed(1)\n"
        "    return planted.GRU(input_size, output_size).eval()\n"
    )
    (folder / "file").write_text("0110\n10\n")
    options = ("--model", "coding_files:right", "--format", "bits")
    assert run(capsys, "code", "file", *options)[0] == 0
    assert run(capsys, "code", "file.code", "--back")[0] == 0
