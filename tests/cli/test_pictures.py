"""Commands that draw the paper's figures: pictures, arrays, and refusals in one line."""

import json

import numpy as np
import pytest
import torch

from ntmlab import LSTM, NTM
from ntmlab.studies.paper import FIGURES
from ntmlab.tasks import TASKS
from ntmlab.training import RECIPES
from ntmlab.weights import save_model
from ntmlab.weights.trained import load_trained
from tests.cli.commands import run
from tests.sweeps.cases import Inline

SMALL = {"controller_size": 6, "slots": 12, "slot_width": 5}


@pytest.fixture
def saved(tmp_path):
    """Saves an untrained model for a task; returns its file."""

    def save(name, *, heads=1, baseline=False, **options):
        torch.manual_seed(0)
        task = TASKS[name](**options)
        sizes = (task.input_size, task.output_size)
        if baseline:
            model = LSTM(*sizes, hidden_size=4, layers=1)
        else:
            model = NTM(*sizes, read_heads=heads, write_heads=heads, **SMALL)
        path = tmp_path / f"{name}-{heads}.safetensors"
        save_model(model, path, {"task": name, "task_options": task.options()})
        return path

    return save


def test_generalise_saves_targets_and_outputs(capsys, saved, tmp_path):
    out = tmp_path / "g.png"
    weights = saved("copy", width=3)
    status, text, _ = run(capsys, "generalise", weights, "--length", 4, 9, "--out", out)
    assert status == 0
    arrays = np.load(out.with_suffix(".npz"))
    assert arrays["length 9-targets"].shape == arrays["length 9-outputs"].shape == (9, 3)
    differ = sum(
        ((arrays[f"length {n}-outputs"] > 0.5) != (arrays[f"length {n}-targets"] > 0.5)).sum()
        for n in (4, 9)
    )
    assert f"{differ} of 39 bits wrong" in text
    weights = saved("repeat-copy", baseline=True)
    sizes = ("--length", 2, 3, "--repeats", 4)
    status, _, _ = run(capsys, "generalise", weights, *sizes, "--out", out)
    assert status == 0
    assert np.load(out.with_suffix(".npz"))["length 3, repeats 4-targets"].shape == (13, 9)


@pytest.mark.parametrize(
    ("task", "sizes", "titles"),
    [
        ("recall", ("--items", 3, 4), {"items 3", "items 4"}),
        ("recall", (), {f"items {n}" for n in (6, 8, 10, 12, 15, 20)}),
        ("sort", (), {"as in training"}),
        ("repeat-copy", ("--length", 3), {"length 3, repeats 10"}),
    ],
)
def test_generalise_draws_every_task_of_answers(capsys, saved, tmp_path, task, sizes, titles):
    out = tmp_path / "g.png"
    status, _, err = run(capsys, "generalise", saved(task), *sizes, "--out", out)
    assert (status, err) == (0, "")
    names = {name.rpartition("-")[0] for name in np.load(out.with_suffix(".npz"))}
    assert names == titles


@pytest.mark.parametrize(
    ("task", "heads", "sizes"),
    [
        ("copy", 1, ("--length", 5)),
        ("repeat-copy", 2, ("--repeats", 2)),
        ("recall", 3, ("--items", 3)),
        ("sort", 2, ()),
        ("dynamic-ngrams", 1, ("--length", 40)),
    ],
)
def test_memory_draws_every_task(capsys, saved, tmp_path, task, heads, sizes):
    out = tmp_path / "m.png"
    status, text, _ = run(capsys, "memory", saved(task, heads=heads), *sizes, "--out", out)
    assert (status, str(out) in text) == (0, True)
    arrays = np.load(out.with_suffix(".npz"))
    assert arrays["write_weightings"].shape[1:] == (heads, 12)


@pytest.mark.parametrize(("options", "seed"), [((), 14), (("--seed", 0), 0)])
def test_memory_shows_the_sequence_of_the_seed_that_is_given(
    capsys, saved, tmp_path, options, seed
):
    out, task = tmp_path / "m.png", TASKS["dynamic-ngrams"](length=20)
    weights = saved("dynamic-ngrams", length=20)
    assert run(capsys, "memory", weights, *options, "--out", out)[0] == 0
    shown = np.load(out.with_suffix(".npz"))["bits"]
    assert shown.tolist() == task.sample(1, seed).targets[0, :, 0].tolist()


@pytest.mark.parametrize(("options", "length"), [(("--length", 5), 5), ((), 20)])
def test_memory_shows_the_size_that_is_given_else_that_of_the_paper(
    capsys, saved, tmp_path, options, length
):
    out, weights = tmp_path / "m.png", saved("copy")
    task = load_trained(str(weights)).make_task({"length": length})
    assert run(capsys, "memory", weights, *options, "--out", out)[0] == 0
    steps = np.load(out.with_suffix(".npz"))["write_weightings"].shape[0]
    assert steps == task.sample(1, 0).inputs.shape[1]


@pytest.mark.parametrize(("options", "seed"), [((), 0), (("--seed", 3), 3)])
def test_generalise_and_a_fit_are_of_the_seed_that_is_given(capsys, saved, tmp_path, options, seed):
    out = tmp_path / "g.png"
    given = ("--length", 4, *options, "--width", 7, "--out", out)
    weights = saved("copy", width=3)
    assert run(capsys, "generalise", weights, *given)[0] == 0
    drawn = load_trained(str(weights)).make_task({"length": 4}).sample(1, seed)
    targets = np.load(out.with_suffix(".npz"))["length 4-targets"]
    assert targets.tolist() == drawn.targets[0][drawn.mask[0] > 0].tolist()
    dots = int.from_bytes(out.read_bytes()[16:20], "big")  # the width that a PNG says
    task = TASKS["sort"](count=6, kept=4)
    weights = saved("sort", heads=2, count=6, kept=4)
    assert run(capsys, "memory", weights, "--fit", *options, "--width", 3.5, "--out", out)[0] == 0
    priorities = np.load(out.with_suffix(".npz"))["priorities"]
    expected = task.sample(1, seed).inputs[0, :6, task.width]
    np.testing.assert_allclose(priorities, expected, atol=1e-6)
    assert dots == 2 * int.from_bytes(out.read_bytes()[16:20], "big")


def test_memory_draws_letters_as_it_draws_answers(capsys, saved, tmp_path):
    out = tmp_path / "m.png"
    weights = saved("dynamic-ngrams", letters=3, order=2, length=20)
    status, text, _ = run(capsys, "memory", weights, "--out", out)
    assert (status, text.endswith("on one sequence of dynamic-ngrams\n")) == (0, True)
    said = np.load(out.with_suffix(".npz"))["outputs"]
    np.testing.assert_allclose(said.sum(-1), 1, atol=1e-12)  # letters, not independent bits


def test_memory_fits_locations_to_priorities(capsys, saved, tmp_path):
    out = tmp_path / "fit.png"
    weights = saved("sort", heads=2, count=6, kept=4)
    status, text, _ = run(capsys, "memory", weights, "--fit", "--out", out)
    assert (status, "R²" in text) == (0, True)
    arrays = np.load(out.with_suffix(".npz"))
    assert arrays["priorities"].shape == (6,)
    assert arrays["r_squared"].shape == (100, 2)


def test_every_figure_names_recipes_there_are():
    assert sorted(FIGURES) == list(range(3, 19))
    assert {name for figure in FIGURES.values() for name in figure.models} <= set(RECIPES)


@pytest.mark.parametrize("number", [13, 14, 15, 16])
def test_reproduce_from_what_is_shipped(capsys, tmp_path, number):
    out = tmp_path / "figure.png"
    status, text, _ = run(capsys, "reproduce", number, "--out", out)
    assert (status, str(out) in text) == (0, True)
    assert out.exists()
    assert out.with_suffix(".npz").exists()


def test_reproduce_from_scratch_trains_and_says_how_long(capsys, tmp_path, monkeypatch):
    for name in FIGURES[11].models:
        tiny = ["sequences=32", "batch=16", "validate_every=32", "restarts=0", "restart_every=0"]
        tiny += (
            ["model.hidden_size=4"]
            if name.endswith("-lstm") and "ntm" not in name
            else [
                "model.controller_size=4",
                "model.slots=6",
                "fewest_slots=0",
                "model.read_heads=1",
                "model.write_heads=1",
            ]
        )
        monkeypatch.setitem(RECIPES, name, RECIPES[name].override(tiny))
    monkeypatch.setattr("ntmlab.studies.paper.scratch.Processes", lambda threads: Inline())
    out, runs = tmp_path / "f.png", tmp_path / "runs"
    arguments = ("--from-scratch", "--runs", runs, "--out", out)
    status, _, err = run(capsys, "reproduce", 11, *arguments)
    assert status == 0
    assert err.count("training recall-") == 3
    assert "here" in err
    assert {path.name for path in runs.iterdir()} == {f"{n}-seed0" for n in FIGURES[11].models}
    assert set(np.load(out.with_suffix(".npz"))) >= {"items", "recall-ntm-bits", "recall-lstm-bits"}
    status, _, err = run(capsys, "reproduce", 10, *arguments)  # the runs are there already
    assert (status, "training" in err) == (0, False)
    card = runs / "recall-ntm-seed0/model.json"  # a kill between last row and last weights
    card.write_text(json.dumps(json.loads(card.read_text()) | {"sequences": 16}))
    status, _, err = run(capsys, "reproduce", 10, *arguments)
    assert (status, err.count("training recall-")) == (0, 1)
    assert json.loads(card.read_text())["sequences"] == 32


def test_a_card_without_a_task_is_refused(capsys, saved):
    weights = saved("copy")
    card = json.loads(weights.with_suffix(".json").read_text())
    weights.with_suffix(".json").write_text(json.dumps({**card, "task": "songs"}))
    status, _, err = run(capsys, "memory", weights)
    assert (status, "unknown task 'songs'" in err, err.count("\n")) == (2, True, 1)


def test_wrong_use_gets_one_clear_line(capsys, saved, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ntmlab.studies.paper.figures.shipped", dict)
    copy = saved("copy")
    lstm = saved("recall", baseline=True)
    wrong = [
        (("reproduce", 2), "3 to 18"),
        (("reproduce", 4), "no weights of copy-ntm are shipped"),
        (("reproduce", 16, "--out", "x.gif"), ".png"),
        (("reproduce", 16, "--device", "cuda"), "give --from-scratch"),
        (("reproduce", 7, "--from-scratch", "--device", "gpu"), "unknown device 'gpu'"),
        (("train", "copy-ntm", "--device", "cuda"), "finds no CUDA device here"),
        (("generalise", "ntm"), "task dynamic-ngrams asks for the next symbol"),
        (("generalise", copy, "--length", 0), "length must be"),
        (("generalise", copy, "--repeats", 3), "copy has no --repeats"),
        (("generalise", copy, "--length", 1, 2, "--repeats", 1, 2, 3), "as many as the other"),
        (("memory", lstm), "has no memory"),
        (("memory", copy, "--items", 3), "copy has no --items"),
        (("memory", copy, "--fit"), "is for task sort, not copy"),
        (("memory", "nothing"), "unknown model"),
    ]
    for arguments, message in wrong:
        status, out, err = run(capsys, *arguments)
        assert (status, out, err.count("\n")) == (2, "", 1), arguments
        assert message in err


@pytest.mark.filterwarnings("always")
def test_figure_11_comes_from_the_scores_of_all_seeds(capsys, tmp_path, monkeypatch):
    """The median seed at every number of items; recipes without results are named."""
    recipe = RECIPES["recall-ntm"]
    for seed, scale in enumerate((3.0, 1.0, 2.0)):
        folder = tmp_path / f"results/recall-ntm/seed{seed}"
        folder.mkdir(parents=True)
        config = {"format": "ntmlab-run-1", "recipe": recipe.to_json(), "seed": seed}
        (folder / "config.json").write_text(json.dumps(config))
        (folder / "metrics.jsonl").write_text('{"sequences": 1, "bits": 1.0}\n')
        sizes = [{"items": n, "bits": scale * n, "bits_se": scale} for n in (6, 20)]
        (folder / "score.json").write_text(json.dumps({"sizes": sizes}))
    monkeypatch.setattr("ntmlab.runs.results.results_folder", lambda: tmp_path / "results")
    out = tmp_path / "f.png"
    status, text, err = run(capsys, "reproduce", 11, "--out", out)
    assert (status, "medians over seeds" in text) == (0, True)
    assert "no results of recall-ntm-lstm, recall-lstm are shipped; left out" in err
    arrays = np.load(out.with_suffix(".npz"))
    assert arrays["items"].tolist() == [6, 20]
    assert arrays["recall-ntm-bits"].tolist() == [12, 40]
    assert arrays["recall-ntm-error"].tolist() == [2, 2]
    monkeypatch.setattr("ntmlab.runs.results.results_folder", lambda: tmp_path)
    status, _, err = run(capsys, "reproduce", 11, "--out", out)
    assert (status, "no results of recall-ntm" in err, err.count("\n")) == (2, True, 1)
