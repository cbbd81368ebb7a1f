"""Shipping runs: what is kept, which seed's weights, and what is refused."""

import importlib.util
import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from ntmlab import InputError
from ntmlab.cli import main
from ntmlab.recipes import own_recipe
from ntmlab.runs.results import read_result, shipped_runs
from ntmlab.sweeps.attempts import Sweep
from ntmlab.sweeps.study import Study, add_study
from ntmlab.sweeps.units import Unit
from ntmlab.training import find_recipe, train
from ntmlab.weights import load_model, read_card, shipped

TOOL = Path(__file__).parents[2] / "tools/ship.py"
TINY = [
    *("model.controller_size=4", "model.slots=6", "fewest_slots=0"),
    *("batch=8", "sequences=32", "validate_every=16"),
]


@pytest.fixture(scope="module")
def ship():
    """The tool as a module; it scores few sequences."""
    spec = importlib.util.spec_from_file_location("ship", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.SEQUENCES, module.SEQUENCES_AT_SIZES = 40, 6
    return module


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Three seeds of copy and one of N-grams, tiny."""
    home = tmp_path_factory.mktemp("runs")
    copy = find_recipe("copy-ntm").override(TINY)
    ngrams = find_recipe("ngrams-quick").override([*TINY, "task.length=10"])
    for seed in range(3):
        assert train(copy, seed, home / f"copy{seed}")
    assert train(ngrams, 5, home / "ngrams5")
    return home


@pytest.fixture
def root(tmp_path):
    """A checkout without any results."""
    (tmp_path / "src/ntmlab/weights").mkdir(parents=True)
    return tmp_path


def content(root):
    return {p.relative_to(root): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def last(run, key):
    return json.loads((run / "metrics.jsonl").read_text().splitlines()[-1])[key]


def with_last(run, home, **changes):
    """A copy of a run whose last row of metrics says something else."""
    copied = home / run.name
    shutil.copytree(run, copied)
    *rows, end = (copied / "metrics.jsonl").read_text().splitlines()
    rows.append(json.dumps({**json.loads(end), **changes}))
    (copied / "metrics.jsonl").write_text("\n".join(rows) + "\n")
    return copied


def test_a_sweep_is_shipped_as_a_whole_or_not_at_all(ship, runs, root, tmp_path):
    recipe = find_recipe("copy-ntm").override(TINY)
    sweep = Sweep(tmp_path / "sweep")
    add_study(sweep, Study({f"s{k}": Unit(recipe, k, {}) for k in range(2)}, "cpu", 1))
    shutil.copytree(runs / "copy0", sweep.run("s0"))
    before = content(root)
    with pytest.raises(InputError, match="1 of 2 runs are not finished, s1 among them"):
        ship.ship([sweep.path], root)
    assert content(root) == before
    shutil.copytree(runs / "copy1", sweep.run("s1"))
    assert ship.runs_of(sweep.path) == [sweep.run("s0"), sweep.run("s1")]
    ship.ship([sweep.path], root)
    assert len(shipped_runs("copy-ntm", root / "results")) == 2


def test_a_run_is_kept_less_its_weights_and_scored(ship, runs, root, capsys):
    ship.ship([runs / "copy0", runs / "ngrams5"], root)
    kept = root / "results/copy-ntm/seed0"
    names = {"config.json", "environment.json", "metrics.jsonl", "timing.jsonl", "score.json"}
    assert {path.name for path in kept.iterdir()} == names
    assert (kept / "metrics.jsonl").read_bytes() == (runs / "copy0/metrics.jsonl").read_bytes()
    result = read_result(kept)
    assert (result.score["sequences"], result.score["seed"]) == (40, 1)
    assert [size["length"] for size in result.score["sizes"]] == [10, 20, 30, 50, 120]
    assert all(0 < size["wrong_rate"] < 1 for size in result.score["sizes"])
    assert "sizes" not in read_result(root / "results/ngrams-quick/seed5").score
    assert 0 < result.seconds < 600
    card = read_card(root / "src/ntmlab/weights/copy-ntm.safetensors")
    assert card["score"] == result.score
    assert {"command", "chosen", "commit", "processor", "threads", "seconds"} <= card.keys()
    assert "--seed 0" in card["command"]
    assert "--set model.slots=6" in card["command"]
    assert "about" not in card["command"]
    capsys.readouterr()
    assert main(["curves", str(kept), "--out", str(root / "c.png")]) == 0


def test_the_best_seed_by_validation_is_shipped_whatever_the_order(ship, runs, root):
    seeds = [runs / f"copy{seed}" for seed in range(3)]
    best = min(range(3), key=lambda seed: last(seeds[seed], "bits"))
    weights = root / "src/ntmlab/weights/copy-ntm.safetensors"
    ship.ship([seeds[best]], root)
    ship.ship([seeds[(best + 1) % 3], seeds[(best + 2) % 3]], root)
    card = read_card(weights)
    assert (card["seed"], card["chosen"][-9:]) == (best, "s 0, 1, 2")
    expected = load_model(str(seeds[best])).state_dict()
    assert all((expected[k] == v).all() for k, v in load_model(str(weights)).state_dict().items())
    assert [path.name for path in shipped_runs("copy-ntm", root / "results")] == [
        "seed0",
        "seed1",
        "seed2",
    ]


def test_bits_rank_answers_and_gaps_rank_ngrams(ship, runs, root, tmp_path):
    better = with_last(runs / "copy1", tmp_path / "a", bits=0.0, kl=99.0)
    ship.ship([runs / "copy0", better], root)
    assert read_card(root / "src/ntmlab/weights/copy-ntm.safetensors")["seed"] == 1
    config = json.loads((runs / "ngrams5/config.json").read_text())
    worse = with_last(runs / "ngrams5", tmp_path / "b", bits=0.0, kl=99.0)
    (worse / "config.json").write_text(json.dumps({**config, "seed": 6}))
    ship.ship([runs / "ngrams5", worse], root)
    assert read_card(root / "src/ntmlab/weights/ngrams-quick.safetensors")["seed"] == 5


def test_shipping_twice_changes_nothing(ship, runs, root, monkeypatch):
    seeds = [runs / "copy0", runs / "copy1"]
    ship.ship(seeds, root)
    before = content(root)
    monkeypatch.setattr(ship, "evaluate", None)  # nor is anything scored again
    ship.ship(seeds, root)
    ship.ship(seeds[:1], root)
    assert content(root) == before


def test_what_cannot_go_is_refused_and_nothing_written(ship, runs, root, tmp_path):
    unfinished = with_last(runs / "copy0", tmp_path / "a", sequences=16)
    with pytest.raises(InputError, match="not finished: 16 of 32"):
        ship.ship([runs / "copy1", unfinished], root)
    other = with_last(runs / "copy0", tmp_path / "b", bits=1.0)
    with pytest.raises(InputError, match="different runs of one seed"):
        ship.ship([runs / "copy0", other], root)
    config = json.loads((other / "config.json").read_text())
    config["recipe"]["learning_rate"], config["seed"] = 0.5, 9
    (other / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match="different settings"):
        ship.ship([runs / "copy0", other], root)
    with pytest.raises(InputError, match="not a run folder"):
        ship.ship([tmp_path], root)
    assert content(root / "src") == {}
    assert not (root / "results").exists()


def test_large_weights_are_halved_and_the_largest_left_out(ship, runs, root, monkeypatch):
    monkeypatch.setattr(ship, "LARGE", 100)
    monkeypatch.setattr(ship, "LEFT_OUT", ("ngrams-quick",))
    ship.ship([runs / "copy0", runs / "ngrams5"], root)
    (weights,) = (root / "src/ntmlab/weights").glob("*.safetensors")
    assert weights.stem == "copy-ntm"
    assert {t.dtype for t in load_file(weights).values()} == {torch.float16}
    assert (root / "results/ngrams-quick/seed5/score.json").exists()
    before = content(root)
    ship.ship([runs / "copy0"], root)
    assert content(root) == before


def test_the_wheel_stays_small():
    assert sum(path.stat().st_size for path in shipped().values()) < 12_000_000


def test_lost_weights_of_the_best_seed_are_asked_for(ship, runs, root, tmp_path):
    ship.ship([with_last(runs / "copy0", tmp_path / "a", bits=0.0)], root)
    (root / "src/ntmlab/weights/copy-ntm.safetensors").unlink()
    with pytest.raises(InputError, match="seed 0 of copy-ntm is the best; give its run too"):
        ship.ship([runs / "copy1"], root)


def test_a_run_of_any_model_and_task_is_shipped_with_its_command(ship, root, tmp_path):
    recipe = own_recipe("hmm:mess3,length=8", "lstm:hidden_size=3").override(
        ["sequences=32", "validate_every=16", "model.layers=2"]
    )
    assert train(recipe, 4, tmp_path / "run")
    ship.ship([tmp_path / "run"], root)
    (card,) = [read_card(path) for path in (root / "src/ntmlab/weights").glob("*.safetensors")]
    assert card["command"].startswith("ntmlab train --task hmm:")
    words = card["command"].split()
    again = own_recipe(words[3], words[5]).override(words[9::2])
    settings = [{**one.to_json(), "name": "", "about": ""} for one in (again, recipe)]
    assert settings[0] == settings[1]


def test_what_training_alone_has_is_in_the_command_too(ship):
    recipe = find_recipe("recall-quick").override(["training.alike=0.2", "training_after=9"])
    words = ship.command(recipe, 3).split()
    assert find_recipe(words[2]).override(words[6::2]) == recipe


def test_weights_whose_code_is_elsewhere_are_not_shipped(ship, root, tmp_path, capsys):
    recipe = own_recipe("hmm:mess3,length=8", "tests.models.own:GRU:width=3")
    assert train(recipe.override(["sequences=32"]), 0, tmp_path / "run")
    ship.ship([tmp_path / "run"], root)
    assert not list((root / "src/ntmlab/weights").glob("*.safetensors"))
    assert len(list((root / "results").glob("*/seed0/score.json"))) == 1
    assert "not in the package; no weights" in capsys.readouterr().out
