"""``ntmlab code``: what was written comes back, at the model's cost, or a line says why not."""

import gzip
import io
import json
import sys

import pytest

from ntmlab import DynamicNGrams, make_task
from ntmlab.cli import code
from ntmlab.letters import write_letters
from tests.cli.commands import run

MODELS = """
import torch

from ntmlab import DynamicNGrams
from tests.evaluation.checks import planted

class Wrong(planted.GRU):
    def forward(self, inputs, state=None):
        logits, after = super().forward(inputs, state)
        return (logits if state is None else -9 * logits), after

def right(input_size, output_size):
    torch.manual_seed(1)
    return planted.GRU(input_size, output_size).eval()

class Tossed(DynamicNGrams):
    name = "tossed"

def other_each_time(input_size, output_size):
    return planted.GRU(input_size, output_size).eval()

def wrong():
    torch.manual_seed(1)
    return Wrong().eval()
"""


def drawn(task, rows=3):
    shown = task.sample(rows, seed=4).targets.numpy()
    symbols = shown[..., 0] if task.letters == 2 else shown.argmax(-1)
    return "".join(write_letters(row.astype(int), task.letters) + "\n" for row in symbols)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "coding_models.py").write_text(MODELS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("spec", "model"),
    [
        ("dynamic-ngrams", "optimal"),
        ("dynamic-ngrams", "lstm"),
        ("hmm:mess3", "kt-1"),
        ("dynamic-ngrams:letters=40,order=1", "coin"),
        ("coding_models:Tossed:order=3", "optimal"),  # a source of one's own
    ],
)
def test_sequences_come_back_at_their_cost(folder, capsys, spec, model):
    task = make_task(spec)
    text = drawn(task)
    (folder / "text").write_text(text)
    status, out, err = run(capsys, "code", "text", "--model", model, "--task", spec)
    assert (status, err) == (0, "")
    file = (folder / "text.code").read_bytes()
    bits = int(out.split(" bits")[0].split()[-1])
    assert bits == 8 * len(file)  # as of files that are no sequences
    bits -= 8 * (file.index(b"\n") + 1)
    arguments = ("evaluate", spec, "--models", model, "--sequences", 3, "--seed", 4, "--json")
    _, scores, _ = run(capsys, *arguments)
    cost = 3 * float(scores.split('"bits": ')[1].split(",")[0])
    assert cost - 1 <= bits <= cost + 2 + 8
    status, out, _ = run(capsys, "code", "text.code", "--back")
    assert (status, out) == (0, text)
    status, out, _ = run(capsys, "code", "text.code", "--back", "--out", "again")
    assert (status, (folder / "again").read_text()) == (0, text)


@pytest.mark.parametrize(
    ("command", "key"),
    [
        ("check optimal --only shape --task", "task"),
        ("probe coding_models:right --sequences 20 --task", "specification"),
        ("losses optimal --sequences 4 --out p.png --task", "specification"),
        ("nearest optimal --sequences 4 --against kt-2 --out p.png --task", "specification"),
        ("beyond kt-2 --sequences 20 --length 60 --out p.png --task", "specification"),
        ("evaluate --models optimal --sequences 4 --", "specification"),
    ],
)
def test_json_names_a_user_s_source_so_that_it_is_made_again(folder, capsys, command, key):
    name, *rest = command.split()
    spec = "coding_models:Tossed:order=3,length=30"
    status, out, err = run(capsys, name, "--json", *rest, spec)
    assert status == 0, err
    assert json.loads(out)[key] == spec


def test_a_user_s_own_model(folder, capsys):
    (folder / "text").write_text("0110\n1\n")
    status, _, err = run(capsys, "code", "text", "--model", "coding_models:wrong")
    assert (status, err.count("\n")) == (2, 1)
    assert "cannot be trusted with a code" in err
    assert run(capsys, "code", "text", "--model", "coding_models:right")[0] == 0
    assert run(capsys, "code", "text.code", "--back")[1] == "0110\n1\n"


def test_other_predictions_and_damage_are_said(folder, capsys):
    (folder / "text").write_text(drawn(DynamicNGrams()))
    run(capsys, "code", "text", "--task", "dynamic-ngrams", "--model", "kt-5", "--out", "coded")
    data = (folder / "coded").read_bytes()
    (folder / "coded").write_bytes(data.replace(b'"kt-5"', b'"kt-4"'))
    status, out, err = run(capsys, "code", "coded", "--back")
    assert (status, out) == (2, "")
    assert "damaged, or model kt-4 says other things" in err
    flipped = bytearray(data)
    flipped[-9] ^= 4
    (folder / "coded").write_bytes(bytes(flipped))
    assert "damaged" in run(capsys, "code", "coded", "--back")[2]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "coded is empty"),
        (b"0110", "no code of ntmlab"),
        (b"{" * 5000 + b"\n", "coded"),
        (b'{"format": "ntmlab-code-1"}\n', "damaged head"),
        (
            b'{"format": "ntmlab-code-1", "model": "optimal", "task": "copy", "letters": 2, '
            b'"lengths": [1], "checksum": 1}\n',
            "letters",
        ),
        (
            b'{"format": "ntmlab-code-1", "model": "os:getcwd", "task": "dynamic-ngrams", '
            b'"letters": 2, "lengths": [1], "checksum": 1}\n',
            "NTMLAB_TRUST",
        ),
    ],
)
def test_what_is_no_code_is_one_line(folder, capsys, content, reason):
    (folder / "coded").write_bytes(content)
    status, out, err = run(capsys, "code", "coded", "--back")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert reason in err


@pytest.mark.parametrize("packed", [False, True])
def test_a_task_s_code_is_read_from_standard_input_too(folder, capsys, monkeypatch, packed):
    """As a file's is; both kinds may be compressed on the way."""
    (folder / "text").write_text("0120210\n0\n")
    (folder / "bits").write_text("0110\n")
    for name, options in (("text", ("--task", "hmm:mess3")), ("bits", ())):
        assert run(capsys, "code", name, *options)[0] == 0
        code = (folder / f"{name}.code").read_bytes()
        given = io.BytesIO(gzip.compress(code) if packed else code)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(given))
        status, out, err = run(capsys, "code", "-", "--back", "--out", "again")
        assert (status, out, err) == (0, "again\n", "")
        assert (folder / "again").read_text() == (folder / name).read_text()


@pytest.mark.parametrize("options", [("--format", "bits"), ("--task", "dynamic-ngrams")])
def test_a_model_whose_weights_are_drawn_each_time_codes_nothing(folder, capsys, options):
    """What it wrote could never be read again."""
    (folder / "bits").write_text("0110\n")
    given = ("code", "bits", *options, "--model")
    status, out, err = run(capsys, *given, "coding_models:other_each_time")
    assert (status, out) == (2, "")
    assert "is another one each time that it is made" in err
    assert not (folder / "bits.code").exists()
    assert run(capsys, *given, "coding_models:right")[0] == 0


def test_bad_input(folder, capsys):
    assert "no file" in run(capsys, "code", "nothing")[2]
    assert "no file nothing" in run(capsys, "code", "nothing", "--back")[2]
    assert "cannot read" in run(capsys, "code", ".", "--back")[2]
    assert "--out" in run(capsys, "code", "-")[2]
    (folder / "text").write_text("012\n")
    assert "only 0 and 1 count" in run(capsys, "code", "text", "--model", "optimal")[2]
    assert "asks for answers" in run(capsys, "code", "text", "--task", "copy")[2]


def test_where_nothing_can_be_written_nothing_is_coded(folder, capsys, monkeypatch):
    (folder / "text").write_text("0110\n")
    assert run(capsys, "code", "text", "--task", "dynamic-ngrams")[0] == 0
    for name in ("encode", "decode"):
        monkeypatch.setattr(code, name, lambda *given: pytest.fail("coded"))
    for given in (("text", "--task", "dynamic-ngrams"), ("text.code", "--back")):
        status, _, err = run(capsys, "code", *given, "--out", "none/out")
        assert (status, "cannot write none/out" in err) == (2, True)


@pytest.mark.parametrize("text", ["0110\n1001\n", "not bits alone\n"])
def test_a_predictor_of_any_letters_codes_any_file(folder, capsys, text):
    """It took the file for sequences of bits, step by step, and refused what else it is."""
    (folder / "file").write_text(text)
    assert run(capsys, "code", "file", "--model", "kt-1")[0] == 0
    said = (folder / "file.code").read_bytes()
    layout = "bits" if text[0] == "0" else "bytes"
    assert run(capsys, "code", "file", "--model", "kt-1", "--format", layout)[0] == 0
    assert (folder / "file.code").read_bytes() == said
    assert run(capsys, "code", "file.code", "--back")[1] == text
    status, _, err = run(capsys, "code", "file", "--model", "kt-1", "--task", "dynamic-ngrams")
    assert (status, "only 0 and 1 count" in err) == ((0, False) if text[0] == "0" else (2, True))
