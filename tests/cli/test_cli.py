"""The command line: what it prints, and one clear line for everything wrong."""

import io
import json
import subprocess
import sys

import numpy as np
import pytest

from ntmlab import NTM, DynamicNGrams, compare
from ntmlab.weights import save_model
from tests.cli.commands import run
from tests.oracles.enumeration import next_bit_probability

PROGRAM = [sys.executable, "-c", "import sys; from ntmlab.cli import main; sys.exit(main())"]


def test_predict_prints_what_the_oracle_says(capsys):
    bits = "0110100110010110"
    status, out, err = run(capsys, "predict", bits, "--order", 3, "--json")
    row = json.loads(out)
    assert (status, err, row["bits"]) == (0, "", bits)
    numbers = tuple(map(int, bits))
    expected = [next_bit_probability(numbers[:t], 2) for t in range(len(bits))]
    np.testing.assert_allclose(row["predictions"]["optimal"], expected, atol=1e-12)


def test_predict_reads_files_and_standard_input(capsys, tmp_path, monkeypatch):
    file = tmp_path / "bits.txt"
    file.write_text("01\n1101 \n")
    _, out, _ = run(capsys, "predict", "--file", file, "--models", "optimal", "coin", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["bits"] for row in rows] == ["01", "1101"]
    assert list(rows[0]["predictions"]) == ["optimal", "coin"]
    monkeypatch.setattr("sys.stdin", io.StringIO("111\n"))
    _, out, _ = run(capsys, "predict", "-")
    assert out.splitlines()[0].split() == ["step", "bit", "optimal"]
    assert len(out.splitlines()) == 4


@pytest.mark.parametrize("at_once", [8, 2**18])
def test_predict_gives_every_line_its_own_whatever_their_lengths(
    capsys, tmp_path, monkeypatch, at_once
):
    """Two lines at a time, or all: P of a 1 is (ones + 1/2) / (bits + 1) before each bit."""
    monkeypatch.setattr("ntmlab.cli.predict.STEPS_AT_ONCE", at_once)
    lines = ["01", "1101", "10", "0", "0111", "1", "00"]
    (tmp_path / "bits.txt").write_text("\n".join(lines))
    _, out, _ = run(
        capsys, "predict", "--file", tmp_path / "bits.txt", "--models", "kt-0", "--json"
    )
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["bits"] for row in rows] == lines
    for line, row in zip(lines, rows, strict=True):
        expected = [(line[:t].count("1") + 0.5) / (t + 1) for t in range(len(line))]
        np.testing.assert_allclose(row["predictions"]["kt-0"], expected, atol=1e-12)


def test_evaluate_agrees_with_costs_recomputed_from_predict(capsys, tmp_path):
    options = ("--models", "optimal", "kt-4", "ntm", "--json")
    status, out, _ = run(
        capsys, "evaluate", "dynamic-ngrams", "--sequences", 20, "--seed", 3, *options
    )
    scores = json.loads(out)
    assert (status, scores["task"], scores["sequences"], scores["seed"]) == (
        0,
        "dynamic-ngrams",
        20,
        3,
    )
    drawn = DynamicNGrams().sample(20, seed=3).targets[:, :, 0].numpy().astype(int)
    file = tmp_path / "bits.txt"
    file.write_text("".join("".join(map(str, row)) + "\n" for row in drawn))
    _, out, _ = run(capsys, "predict", "--file", file, *options)
    rows = [json.loads(line)["predictions"] for line in out.splitlines()]
    for name, score in scores["models"].items():
        p = np.array([row[name] for row in rows])
        cost = -np.log2(np.where(drawn, p, 1 - p)).sum(1)
        assert cost.mean() == pytest.approx(score["bits"], abs=1e-5)
        assert cost.std(ddof=1) / np.sqrt(20) == pytest.approx(score["bits_se"], abs=1e-5)
        assert {"bits", "bits_se", "gap", "gap_se", "kl", "kl_se"} == score.keys()
    assert scores["models"]["optimal"]["gap"] == 0.0


def test_evaluate_one_sequence_gives_null_errors(capsys):
    arguments = ("evaluate", "dynamic-ngrams", "--sequences", 1, "--models", "coin", "--json")
    _, out, _ = run(capsys, *arguments)
    assert json.loads(out)["models"]["coin"]["bits_se"] is None


def test_evaluate_prints_a_table(capsys):
    arguments = ("evaluate", "dynamic-ngrams", "--sequences", 30, "--models", "coin", "--order", 3)
    _, out, _ = run(capsys, *arguments)
    assert "200.000 ± 0.000" in out


def test_a_users_own_model(capsys, tmp_path, monkeypatch):
    (tmp_path / "halves.py").write_text(
        "import torch\n"
        "class Half(torch.nn.Module):\n"
        "    def forward(self, x):\n"
        "        return torch.zeros(*x.shape[:2], 1)\n"
        "def predictor():\n"
        "    return lambda x: torch.full((*x.shape[:2], 1), 0.25)\n"
        "def broken():\n"
        "    raise RuntimeError('no')\n"
    )
    monkeypatch.chdir(tmp_path)
    models = ("halves:Half", "halves:predictor")
    _, out, _ = run(capsys, "predict", "01", "--json", "--models", *models)
    assert json.loads(out)["predictions"] == {
        "halves:Half": [0.5, 0.5],
        "halves:predictor": [0.25] * 2,
    }
    for name, message in [("halves:broken", "factory failed"), ("halves:none", "has no none")]:
        status, _, err = run(capsys, "predict", "01", "--models", name)
        assert (status, message in err) == (2, True)


@pytest.mark.parametrize("what", ["tasks", "models", "recipes", "parameters"])
def test_list(capsys, what):
    status, out, _ = run(capsys, "list", what)
    assert status == 0
    assert len(out.splitlines()) >= 1
    _, out, _ = run(capsys, "list", what, "--json")
    assert isinstance(json.loads(out), dict)


def test_train_evaluate_and_curves_share_a_run(capsys, tmp_path):
    out_path, picture = tmp_path / "run", tmp_path / "curves.png"
    settings = ["--set", "validate_every=40", "--set", "model.slots=8"]
    status, out, err = run(
        capsys, "train", "ngrams-quick", "--sequences", 96, "--out", out_path, *settings
    )
    assert (status, out.strip()) == (0, str(out_path))
    assert "gap" in err
    sizes = ("--order", 3, "--length", 50, "--sequences", 10)
    status, out, _ = run(
        capsys, "evaluate", "dynamic-ngrams", *sizes, "--models", out_path, "--json"
    )
    assert (status, list(json.loads(out)["models"])) == (0, [str(out_path)])
    status, _, _ = run(capsys, "curves", out_path, "--out", picture)
    assert (status, picture.exists(), picture.with_suffix(".npz").exists()) == (0, True, True)


def test_figure_writes_picture_and_arrays(capsys, tmp_path):
    picture = tmp_path / "strips.svg"
    status, out, _ = run(capsys, "figure", "--out", picture, "--seed", 4)
    assert status == 0
    assert str(picture) in out
    arrays = np.load(picture.with_suffix(".npz"), allow_pickle=False)
    sequences = DynamicNGrams().sample(1, seed=4)
    expected = compare(sequences, {"Optimal": DynamicNGrams().optimal()})
    np.testing.assert_array_equal(arrays["Optimal"], expected.probabilities["Optimal"][0, :, 0])
    np.testing.assert_array_equal(arrays["Input"], sequences.targets[0, :, 0].numpy())


def test_figure_of_given_bits_in_the_terminal(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    status, out, _ = run(capsys, "figure", "--bits", "0110" * 10, "--terminal", "--window", "5:30")
    assert status == 0
    assert "Optimal" in out
    assert not list(tmp_path.iterdir())


@pytest.fixture
def two_inputs(tmp_path):
    """Weights of a model that does not fit the task."""
    save_model(NTM(2, 1, slots=4, slot_width=2, controller_size=3), tmp_path / "m.safetensors", {})
    return tmp_path / "m.safetensors"


WRONG = [
    (["predict", "01a1"], "'a' at character 3"),
    (["predict", "01 1"], "' ' at character 3"),
    (["predict", ""], "empty"),
    (["predict"], "give either"),
    (["predict", "01", "--file", "x"], "give either"),
    (["predict", "--file", "missing.txt"], "no file missing.txt"),
    (["predict", "--file", "empty.txt"], "empty.txt is empty"),
    (["predict", "--file", "bad.txt"], "line 2"),
    (["predict", "--file", "gap.txt"], "line 2"),
    (["predict", "--file", "binary.bin"], "not a text file"),
    (["predict", "--file", "."], "cannot read"),
    (["predict", "01", "--models", "ntn"], "did you mean 'ntm'"),
    (["predict", "01", "--models", "coin", "coin"], "named twice"),
    (["predict", "01", "--models", "kt-99"], "between 0 and 16"),
    (["predict", "01", "--models", "no.such:thing"], "cannot import"),
    (["predict", "01", "--models", "m.safetensors"], "2 inputs"),
    (["predict", "01", "--models", "json:JSONDecoder"], "must be callable"),
    (["predict", "01", "--order", "0"], "order must be"),
    (["evaluate", "dynamic-ngram"], "did you mean 'dynamic-ngrams'"),
    (["evaluate", "dynamic-ngrams", "--sequences", "0"], "from 1 to"),
    (["evaluate", "dynamic-ngrams", "--sequences", "-5"], "from 1 to"),
    (["evaluate", "dynamic-ngrams", "--sequences", "ten"], "invalid int"),
    (["evaluate", "dynamic-ngrams", "--length", "0"], "length must be"),
    (["evaluate", "dynamic-ngrams", "--seed", "-1"], "seed must be"),
    (["evaluate", "copy", "--length", "0"], "length must be a whole number at least 1"),
    (["evaluate", "copy", "--length", "10000000"], "too long"),
    (["evaluate", "copy", "--repeats", "3"], "copy has no --repeats; it takes --length"),
    (["evaluate", "copy", "--order", "3"], "copy has no --order"),
    (["evaluate", "repeat-copy", "--items", "3"], "no --items; it takes --length, --repeats"),
    (["evaluate", "recall", "--items", "1"], "items must be a whole number at least 2"),
    (["evaluate", "sort", "--length", "3"], "sort has no --length; it takes no sizes"),
    (["evaluate", "dynamic-ngrams", "--items", "3"], "dynamic-ngrams has no --items"),
    (["evaluate", "copy", "--models", "ntm"], "1 inputs"),
    (["evaluate", "copy", "--models", "kt-3"], "asks for answers"),
    (["evaluate", "dynamic-ngrams", "--prior", "0", "1"], "prior"),
    (["evaluate", "--file", "bad.txt", "--sequences", "9"], "--sequences is for a task"),
    (["evaluate", "--file", "bad.txt", "--length", "9"], "--length is for a task"),
    (["train"], "RECIPE"),
    (["train", "ngram-ntm"], "did you mean"),
    (["train", "ngrams-quick", "--set", "batsh=3"], "did you mean 'batch'"),
    (["train", "ngrams-quick", "--sequences", "0"], "at least 1"),
    (["train", "ngrams-quick", "--seed", "-2"], "--seed must be"),
    (["train", "ngrams-quick", "--out", "bad.txt"], "not an empty folder"),
    (["train", "ngrams-quick", "--out", "bad.txt/run"], "cannot create"),
    (["train", "--resume", "nowhere"], "not a run folder"),
    (["train", "ngrams-quick", "--resume", "nowhere"], "nothing else"),
    (["curves", "nowhere"], "not a run folder"),
    (["curves", "nowhere", "--tensorboard", "t", "--width", "9"], "no --out or --width with it"),
    (["figure", "--out", "strips.gif"], ".png"),
    (["figure", "--out", "nowhere/strips.png"], "nowhere"),
    (["figure", "--bits", "012"], "'2' at character 3"),
    (["figure", "--file", "empty.txt"], "is empty"),
    (["figure", "--window", "9:3"], "window"),
    (["figure", "--window", "x"], "window"),
    (["figure", "--window", "190:300"], "window"),
    (["figure", "--arrows", "-1"], "--arrows"),
    (["figure", "--arrow-models", "kt-3"], "kt-3"),
    (["figure", "--seed", "1", "--bits", "01"], "not allowed with"),
    (["figure", "--terminal", "--out", "strips.png"], "--out is for a picture"),
    (["figure", "--terminal", "--no-close-up"], "--no-close-up is for a picture"),
    (["reproduce", "3", "--seed", "1"], "figure 3 draws no sequences"),
    (["sweep", "--recipe", "ngrams-quick", "--out", "bad.txt/sweep"], "cannot create"),
    (["sweep", "--recipe", "ngrams-quick", "--show", "--csv", "--json"], "--csv or --json"),
    (["sweep", "--recipe", "ngrams-quick", "--show", "--dry-run"], "--show or --dry-run"),
    (["sweep", "--recipe", "ngrams-quick", "--slurm", "mem_gb=4"], "give --on slurm with it"),
    (["explore", "--sweep", ".", "--unchecked"], "no models, --task, --static or --unchecked"),
    (["explore", "--static", "page", "--port", "0"], "serves nothing: no --open, --port"),
    (["bench", "--rounds", "0"], "--rounds must be at least 1, not 0"),
    (["bench", "--what", "code", "--only", "zzz"], "--only zzz: no case has this in its name"),
    (["list", "nothing"], "invalid choice"),
    (["nonsense"], "invalid choice"),
    ([], "no command"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=lambda v: " ".join(v)[:40])
def test_bad_input_gets_one_clear_line(
    capsys, tmp_path, monkeypatch, two_inputs, arguments, message
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.txt").write_text("\n")
    (tmp_path / "bad.txt").write_text("01\n0x\n")
    (tmp_path / "gap.txt").write_text("01\n\n01\n")
    (tmp_path / "binary.bin").write_bytes(b"\xff\xfe\x00")
    before = sorted(tmp_path.iterdir())
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert message in err
    assert sorted(tmp_path.iterdir()) == before


def test_help_answers_without_heavy_imports():
    code = "import sys, ntmlab.cli.parser as p; p.make_parser().format_help(); print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not {"torch", "numpy", "matplotlib", "rich"} & set(result.stdout.split())


def test_a_closed_pipe_is_no_traceback(tmp_path):
    file = tmp_path / "bits.txt"
    file.write_text("0101\n" * 20_000)
    command = [*PROGRAM, "predict", "--file", str(file), "--models", "coin"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.read(100)
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    process.wait()


def test_evaluate_copy_takes_width_from_the_card_and_counts_wrong_bits(capsys, tmp_path):
    path = tmp_path / "run"
    settings = ["task.width=3", "task.max_length=4", "model.slots=8", "validate_every=32"]
    flags = [part for setting in settings for part in ("--set", setting)]
    status, _, err = run(capsys, "train", "copy-quick", "--sequences", 64, "--out", path, *flags)
    assert (status, "of bits wrong" in err) == (0, True)
    arguments = ("evaluate", "copy", "--models", "optimal", path, "--length", 9, "--sequences", 20)
    status, out, _ = run(capsys, *arguments, "--json")
    result = json.loads(out)
    assert result["options"] == {
        "width": 3,
        "min_length": 9,
        "max_length": 9,
        "blanks": 0,
    }
    score = result["models"][str(path)]
    assert score["wrong_bits"] == pytest.approx(score["wrong_rate"] * 27)
    assert 0 < score["wrong_rate"] < 1
    assert result["models"]["optimal"]["wrong_bits"] == 0
    _, out, _ = run(capsys, *arguments)
    assert "wrong rate" in out


def test_evaluate_repeat_copy_counts_the_end_marker_apart(capsys):
    sizes = ("--length", 2, "--repeats", 20)
    _, out, _ = run(capsys, "evaluate", "repeat-copy", "--models", "optimal", "coin", *sizes)
    assert "wrong end marks" in out
    assert "(length 2, repeats 20)" in out


def test_ctrl_c_at_the_first_moment_is_a_line(capsys, monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr("ntmlab.cli.make_parser", interrupted)
    assert run(capsys, "list", "tasks") == (1, "", "ntmlab: interrupted\n")


@pytest.mark.parametrize(
    "command",
    [
        ("evaluate", "--file", ""),
        ("train", "--resume", ""),
        ("train", "copy-quick", "--out", ""),
        ("explore", ""),
        ("curves", ""),
    ],
)
def test_an_argument_without_text_is_not_one_that_was_left_out(capsys, command):
    status, out, err = run(capsys, *command)
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert f"an argument is empty, after {command[-2]}: give a value or leave it out" in err


def test_ctrl_c_while_an_object_is_cleared_away_is_heard():
    program = """
import signal, sys, time, types
import ntmlab.cli

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it

class Busy:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

def run(arguments):
    Busy()
    time.sleep(60)
    return 0

sys.modules["ntmlab.cli.list"] = types.SimpleNamespace(run=run)
sys.argv = ["ntmlab", "list", "tasks"]
sys.exit(ntmlab.cli.main())
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", "ntmlab: interrupted\n")
