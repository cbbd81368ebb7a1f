"""Commands that measure models of dynamic N-grams: numbers, pictures, and refusals in one line."""

import json

import numpy as np
import pytest
import torch

from ntmlab import LSTM, NTM
from ntmlab.runs.folder import create
from ntmlab.studies.curves import drawing
from ntmlab.studies.curves.report import _optima, labelled
from ntmlab.tasks import TASKS
from ntmlab.training import RECIPES
from ntmlab.weights import save_model
from tests.cli.commands import run

SIZES = {"order": 3, "length": 40}


@pytest.fixture
def saved(tmp_path):
    """Saves an untrained model; returns its file."""

    def save(kind, task="dynamic-ngrams", heads=1, **sizes):
        torch.manual_seed(0)
        sizes = SIZES | sizes if task == "dynamic-ngrams" else sizes
        own = TASKS[task](**sizes)
        if kind == "lstm":
            model = LSTM(own.input_size, own.output_size, hidden_size=4, layers=1)
        else:
            small = {"controller_size": 6, "slots": 12, "slot_width": 5}
            counts = {"read_heads": heads, "write_heads": heads}
            model = NTM(own.input_size, own.output_size, **counts, **small)
        path = tmp_path / f"{kind}-{task}-{heads}-{own.steps}.safetensors"
        save_model(model, path, {"task": task, "task_options": own.options()})
        return path

    return save


@pytest.mark.parametrize("heads", [1, 2])
def test_inside_tells_numbers_and_claims(capsys, saved, tmp_path, heads):
    weights, out = saved("ntm", heads=heads), tmp_path / "i.png"
    options = ("--sequences", 12, "--out", out)
    status, text, _ = run(capsys, "inside", weights, *options, "--json")
    found = json.loads(text)
    assert (status, found["length"], found["sequences"], found["seed"]) == (0, 40, 12, 1)
    assert len(found["claims"]) == 8
    assert set(found["claims"][0]) >= {"claim", "measured", "criterion", "holds", "value"}
    arrays = np.load(out.with_suffix(".npz"))
    assert arrays["read_matrix"].shape == arrays["write_matrix"].shape == (4, 12)
    assert arrays["read_same/mean"] == pytest.approx(found["statistics"]["read_same"]["mean"])
    status, text, _ = run(capsys, "inside", weights, *options)
    claims = [line for line in text.splitlines() if line[:5] in ("yes  ", "no   ")]
    answers = ["yes" if claim["holds"] else "no" for claim in found["claims"]]
    assert [line.split()[0] for line in claims] == answers
    assert "no writes" in text


def test_inside_takes_longer_sequences(capsys, saved, tmp_path):
    options = ("--sequences", 5, "--length", 60, "--json", "--out", tmp_path / "i.png")
    _, text, _ = run(capsys, "inside", saved("ntm"), *options)
    assert json.loads(text)["length"] == 60


def test_losses_sum_to_what_evaluate_says(capsys, tmp_path):
    sizes = ("--order", 3, "--length", 40, "--sequences", 20)
    out = tmp_path / "l.svg"
    _, text, _ = run(capsys, "losses", "kt-1", "coin", *sizes, "--json", "--out", out)
    found = json.loads(text)
    models = ("--models", "kt-1", "coin", "--seed", 1, "--json")
    _, text, _ = run(capsys, "evaluate", "dynamic-ngrams", *sizes, *models)
    expected = json.loads(text)["models"]
    for name, model in found["models"].items():
        assert model["kl"] == pytest.approx(expected[name]["kl"])
        for part in model["parts"].values():
            assert sum(part["bits"]) == pytest.approx(model["kl"])
    arrays = np.load(out.with_suffix(".npz"))
    np.testing.assert_allclose(arrays["coin/visit/bits"].sum(), expected["coin"]["kl"])
    status, text, _ = run(capsys, "losses", "kt-1", "coin", *sizes, "--out", out)
    assert (status, "bits a sequence by context" in text) == (0, True)


def test_losses_are_told_of_any_next_symbol_task(capsys, tmp_path):
    options = (
        "--task",
        "hmm:mess3",
        "--length",
        30,
        "--sequences",
        10,
        "--out",
        tmp_path / "l.png",
    )
    status, text, err = run(capsys, "losses", "coin", "kt-1", *options, "--json")
    found = json.loads(text)
    assert (status, err, found["task"], found["process"]) == (0, "", "hmm", "mess3")
    assert list(found["models"]["kt-1"]["parts"]) == ["position"]
    status, text, _ = run(capsys, "losses", "coin", "kt-1", *options)
    assert (status, "by position" in text, "by visit" in text) == (0, True, False)


def test_losses_set_ntms_against_lstms(capsys, saved, tmp_path):
    models = (saved("ntm"), saved("lstm"))
    options = ("--order", 3, "--length", 40, "--sequences", 5, "--out", tmp_path / "l.png")
    _, text, _ = run(capsys, "losses", *models, *options, "--json")
    claims = [claim["claim"] for claim in json.loads(text)["claims"]]
    assert len(claims) == 9
    assert claims[-1] == f"{models[0]}: a significant advantage over {models[1]}"


def test_beyond_takes_the_training_task_from_the_cards(capsys, saved, tmp_path):
    out = tmp_path / "b.png"
    options = ("--sequences", 20, "--length", 120, "--out", out)
    weights = saved("ntm")
    status, text, _ = run(capsys, "beyond", weights, "kt-2", *options, "--json")
    found = json.loads(text)
    assert (status, found["training"]["order"], found["training"]["length"]) == (0, 3, 40)
    names = [setting["name"] for setting in found["settings"]]
    assert names[0] == "as in training"
    assert names[-1] == "120 bits"
    first = found["settings"][0]["models"]
    assert first["kt-2"]["kl"] == first["optimum of training"]["kl"] == 0
    assert first[str(weights)]["kl_per_200"] == pytest.approx(first[str(weights)]["kl"] * 5)
    assert len(found["long"]["by_block"]["kt-2"]["mean"]) == 3
    assert np.load(out.with_suffix(".npz"))["kt-2/by_block"].shape == (3,)
    status, text, _ = run(capsys, "beyond", weights, "kt-2", *options)
    assert (status, "kt-2 loses more than coin: never" in text) == (0, True)


def test_a_machine_that_stops_writing_stands_beside_itself(capsys, saved, tmp_path):
    weights = str(saved("ntm"))
    options = ("--sequences", 20, "--length", 120, "--out", tmp_path / "b.png", "--json")
    status, text, _ = run(capsys, "beyond", weights, "kt-2", "--writes", 60, *options)
    *short, last = json.loads(text)["settings"]
    stopping = f"{weights}, 60 writes"
    assert status == 0
    assert [*last["models"]] == [weights, stopping, "kt-2", "optimum of training"]
    for setting in short:  # none is longer than 60 steps, so that it is the same machine
        if setting["kind"] != "length":
            assert setting["models"][stopping] == setting["models"][weights]
    assert last["models"][stopping] != last["models"][weights]


def test_beyond_takes_any_next_symbol_task(capsys, tmp_path):
    options = ("--sequences", 20, "--length", 60, "--out", tmp_path / "b.png", "--json")
    status, text, err = run(capsys, "beyond", "kt-1", "--task", "hmm:mess3,length=20", *options)
    found = json.loads(text)
    assert (status, err, found["task"], found["training"]["process"]) == (0, "", "hmm", "mess3")
    assert [setting["name"] for setting in found["settings"]][-1] == "60 letters"


def test_memory_shows_a_window_with_its_arrows(capsys, saved, tmp_path):
    out = tmp_path / "m.png"
    options = ("--length", 40, "--window", "20:35", "--out", out)
    status, text, _ = run(capsys, "memory", saved("ntm"), *options)
    assert (status, "framed the slot read most" in text) == (0, True)
    arrows = np.load(out.with_suffix(".npz"))["arrows"]
    assert ((arrows >= 20) & (arrows < 35)).all()


def make_run(path, seed, *settings):
    """A run folder with two validations and no weights."""
    folder = create(path, RECIPES["ngrams-quick"].override(settings), seed)
    rows = [{"sequences": n, "bits": 60.0 + seed, "gap": 2.0, "kl": 1.0 + seed} for n in (10, 20)]
    folder.metrics.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_curves_join_seeds_of_a_recipe_and_part_other_settings(capsys, tmp_path):
    runs = [
        make_run(tmp_path / "a", 0),
        make_run(tmp_path / "b", 1),
        make_run(tmp_path / "c", 0, "learning_rate=0.5", "model.slots=9"),
    ]
    out = tmp_path / "c.png"
    status, _, _ = run(capsys, "curves", *runs, "--out", out)
    labels = {name.rsplit("-", 1)[0].split("-", 1)[1] for name in np.load(out.with_suffix(".npz"))}
    assert status == 0
    assert labels == {
        "ngrams-quick learning_rate=0.003 model.slots=32",
        "ngrams-quick learning_rate=0.5 model.slots=9",
    }
    status, _, _ = run(capsys, "curves", *runs[:2], "--out", out)
    arrays = np.load(out.with_suffix(".npz"))
    for seed in (0, 1):  # the gap is Σ KL, not the paired difference
        assert arrays[f"{seed}-ngrams-quick-sequences"].tolist() == [10, 20]
        assert arrays[f"{seed}-ngrams-quick-bits"].tolist() == [60 + seed] * 2
        assert arrays[f"{seed}-ngrams-quick-gap"].tolist() == [1 + seed] * 2
    shown = make_run(tmp_path / "e", 2, "training.prior=0.3/0.3")
    run(capsys, "curves", runs[0], shown, "--out", out)
    label = "ngrams-quick training.prior=[0.3, 0.3]"
    assert {"0-ngrams-quick-gap", f"1-{label}-gap"} < {*np.load(out.with_suffix(".npz"))}
    lines = drawing([runs[0], shown]).figure.axes[0].get_lines()
    across = {line.get_ydata()[0] for line in lines if list(line.get_xdata()) == [0, 1]}
    assert across == {58, 60}  # the optimum of each
    rounded = [{"bits": bits, "gap": 2.0} for bits in (60.0, 60.0005, 60.01)]
    assert _optima([*rounded, {"bits": 9.0}]) == [58, pytest.approx(58.01)]
    config = json.loads((runs[1] / "config.json").read_text())
    config["recipe"]["about"] = "the same in other words"
    (runs[1] / "config.json").write_text(json.dumps(config))
    assert [label for label, _ in labelled(runs[:2])] == ["ngrams-quick"] * 2
    again = make_run(tmp_path / "d", 1)
    status, text, err = run(capsys, "curves", *runs[:2], again, "--out", tmp_path / "new.png")
    assert (status, text, err.count("\n")) == (2, "", 1)
    assert "are the same seed, 1, of ngrams-quick" in err
    assert not (tmp_path / "new.png").exists()


def test_wrong_use_gets_one_clear_line(capsys, saved, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ntm, lstm, copy = saved("ntm"), saved("lstm"), saved("ntm", "copy")
    long = saved("ntm", length=80)
    sure = "import torch\ndef model():\n    return lambda x: torch.ones_like(x).double()\n"
    (tmp_path / "certain.py").write_text(sure)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    before = sorted(tmp_path.iterdir())
    wrong = [
        (("inside", lstm), "has no memory to look into; `ntmlab losses"),
        (("inside", copy), "contexts of bits; task copy has none"),
        (("inside", "optimal"), "'optimal' is an exact predictor"),
        (("memory", "kt-1"), "'kt-1' is an exact predictor"),
        (("memory", "mine:GRU"), "mine:GRU is code, and this asks for a trained model"),
        (("inside", ntm, "--sequences", 3), "at least 4 sequences"),
        (("inside", ntm, "--length", 5), "needs sequences of 14 to 2000 bits, not 5"),
        (("inside", ntm, "--seed", -1), "seed must be"),
        (("inside", ntm, "--out", "x.gif"), ".png"),
        (("losses", copy), "task copy asks for answers"),
        (("losses", "coin", "--sequences", 1), "at least 2"),
        (("losses", "coin", "--task", "hmm:mess9"), "did you mean 'mess3'"),
        (("losses", "coin", "coin"), "named twice"),
        (("losses", "certain:model", "--sequences", 5), "exactly 0 or 1"),
        (("beyond", "certain:model", "--sequences", 20), "exactly 0 or 1"),
        (("losses",), "required"),
        (("beyond", copy), "task copy asks for answers"),
        (("beyond", "coin", "--sequences", 5), "at least 20"),
        (("beyond", "coin", "--length", 300), "at least twice the 200 steps of training"),
        (("beyond", ntm, long), "trained on different sizes of the task"),
        (("beyond", ntm, "--writes", 0), "--writes must be a whole number of at least 1, not 0"),
        (("beyond", "coin", "--writes", 9), "--writes is for NTMs, and there is none"),
        (("evaluate", "--file", copy, "--writes", 9), "--writes is for a task"),
        (("memory", copy, "--window", "3:5"), "--window is for sequences of bits"),
        (("memory", ntm, "--window", "3:500"), "window 3:500 does not lie within"),
    ]
    for arguments, message in wrong:
        status, out, err = run(capsys, *arguments)
        assert (status, out, err.count("\n")) == (2, "", 1), (arguments, err)
        assert message in err, (arguments, err)
    assert sorted(tmp_path.iterdir()) == before
