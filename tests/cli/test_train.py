"""``ntmlab train`` with several seeds or none trained, and ``ntmlab list runs``."""

import json
import re
import shlex
import signal

import pytest

from ntmlab.recipes.seeds import parse_seeds
from ntmlab.training.loop import Observer
from ntmlab.training.progress import Display
from ntmlab.training.step import HostStep
from tests.cli.commands import run
from tests.training.test_loop import RECIPE, SETTINGS, assert_same_run, stopped_after

OPTIONS = [part for setting in SETTINGS for part in ("--set", setting)]


def test_seeds_make_ordinary_runs_and_the_same_command_goes_on(capsys, tmp_path):
    stopped_after(tmp_path / "ngrams-quick-seed1", 250)
    command = ("train", "ngrams-quick", *OPTIONS, "--out", tmp_path, "--seeds", "0:2")
    expected = [str(tmp_path / f"ngrams-quick-seed{seed}") for seed in (0, 1)]
    status, out, _ = run(capsys, *command)
    assert (status, out.splitlines()) == (0, expected)
    options = (*OPTIONS, "--seed", 1, "--out", tmp_path / "alone")
    assert run(capsys, "train", "ngrams-quick", *options)[0] == 0
    assert_same_run(tmp_path / "alone", tmp_path / "ngrams-quick-seed1")
    before = (tmp_path / "ngrams-quick-seed0/checkpoint.safetensors").stat().st_mtime_ns
    status, again, err = run(capsys, *command)
    assert (status, again, err.count(", finished before\n")) == (0, out, 2)
    after = (tmp_path / "ngrams-quick-seed0/checkpoint.safetensors").stat().st_mtime_ns
    assert before == after
    status, out, err = run(capsys, *command, "--set", "batch=8")
    assert (status, out, "run of other settings" in err) == (2, "", True)


@pytest.mark.filterwarnings("default")
def test_a_finished_run_says_so_and_what_can_be_done_with_it(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = "a run"  # whose name a shell would split
    status, out, err = run(capsys, "train", "ngrams-quick", *OPTIONS, "--out", path)
    assert (status, out) == (0, f"{path}\n")
    status, out, said = run(capsys, "train", "--resume", path)
    assert (status, out) == (0, f"{path}\n")
    assert said.startswith("finished, 480 sequences")
    assert said.count("\n") == 1
    assert err.endswith(said)  # which the run said at its end as well
    curves, evaluate, longer = (shlex.split(x)[1:] for x in re.findall(r"ntmlab [^;\n]+", said))
    assert run(capsys, *curves, "--out", "curves.png")[0] == 0
    assert run(capsys, *evaluate, "--sequences", "4")[0] == 0
    _, _, taken = run(capsys, "train", "ngrams-quick", *OPTIONS, "--out", path)
    assert "--resume 'a run' goes on with it" in taken
    assert longer.pop() == "N"
    status, _, err = run(capsys, *longer, "496")
    assert (status, "its rate fell to 0" in err) == (0, True)


def test_ctrl_c_at_the_end_of_a_seed_begins_no_other(capsys, tmp_path, monkeypatch):
    row = Display.row

    def interrupted(self, metrics):
        row(self, metrics)
        if metrics["sequences"] == RECIPE.sequences:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Display, "row", interrupted)
    command = ("train", "ngrams-quick", *OPTIONS, "--out", tmp_path, "--seeds", "0:2")
    status, out, err = run(capsys, *command)
    assert (status, out.split()) == (1, [str(tmp_path / "ngrams-quick-seed0")])
    assert err.endswith("stopped; go on with: the same command\n")


def test_a_seed_that_fails_leaves_the_others_to_be_trained(capsys, tmp_path, monkeypatch):
    take = HostStep.take

    def poisoned(self, sequences):
        if self.course.seed == 0:
            sequences.targets.fill_(float("nan"))
        take(self, sequences)

    monkeypatch.setattr(HostStep, "take", poisoned)
    command = ("train", "ngrams-quick", *OPTIONS, "--out", tmp_path, "--seeds", "0:2")
    status, out, err = run(capsys, *command)
    assert (status, out.split()) == (1, [str(tmp_path / "ngrams-quick-seed1")])
    assert "loss nan" in err
    status, out, _ = run(capsys, "list", "runs", tmp_path)
    assert (status, "seed 0, 0 of 480, failed" in out) == (0, True)


def test_seeds_that_step_together_are_the_runs_that_they_are_alone(capsys, tmp_path):
    command = ("train", "ngrams-quick", *OPTIONS, "--seeds", "0:2")
    assert run(capsys, *command, "--out", tmp_path / "alone")[0] == 0
    status, out, err = run(capsys, *command, "--together", "--out", tmp_path / "both")
    paths = [tmp_path / "both" / f"ngrams-quick-seed{seed}" for seed in (0, 1)]
    assert (status, out.splitlines()) == (0, list(map(str, paths)))
    assert "960 sequences" in err  # of both
    for path in paths:
        assert_same_run(path, tmp_path / "alone" / path.name)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (("ngrams-quick", "--together"), "--together is for several runs"),
        (("copy-lstm", "--seeds", "0:2", "--together"), "only NTMs step together, not lstm"),
        (("--resume", "x", "--together"), "nothing else"),
    ],
)
def test_together_is_for_seeds_of_ntms(capsys, command, expected):
    status, out, err = run(capsys, "train", *command)
    assert (status, out, expected in err) == (2, "", True)
    assert len(err.splitlines()) == 1


def test_a_dry_run_prints_the_configuration_and_makes_nothing(capsys, tmp_path):
    command = ("train", "ngrams-quick", *OPTIONS, "--seed", 3, "--out", tmp_path / "x", "--dry-run")
    status, out, _ = run(capsys, *command)
    shown = json.loads(out)
    assert (status, shown["seed"], shown["out"]) == (0, 3, str(tmp_path / "x"))
    assert shown["recipe"] == RECIPE.to_json()
    assert not list(tmp_path.iterdir())


def test_runs_are_listed_with_how_far_they_are(capsys, tmp_path):
    stopped_after(tmp_path / "half", 250)
    (tmp_path / "deep").mkdir()
    stopped_after(tmp_path / "deep/short", 16)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad/config.json").write_text("{")
    status, out, err = run(capsys, "list", "runs", tmp_path, "--json")
    found = json.loads(out)
    assert (status, "damaged" in err) == (0, True)
    assert set(found) == {str(tmp_path / name) for name in ("half", "deep/short")}
    half = found[str(tmp_path / "half")]
    assert (half["sequences"], half["of"], half["state"]) == (208, 480, "stopped")
    assert half["bits"] > 0
    assert "bits" not in found[str(tmp_path / "deep/short")]
    stopped_by = run(capsys, "list", "runs", tmp_path)[1]
    assert "ngrams-quick, seed 1, 208 of 480, stopped" in stopped_by


def test_a_run_that_trains_is_listed_as_training(capsys, tmp_path):
    from ntmlab.training import train

    seen = []
    asked = Observer(row=lambda row: seen.append(run(capsys, "list", "runs", tmp_path)[1]))
    assert train(RECIPE, 1, tmp_path / "run", also=asked)
    assert "112 of 480, training" in seen[0]
    assert "finished" in run(capsys, "list", "runs", tmp_path)[1]


def test_seeds_are_ranges_and_numbers():
    assert parse_seeds("0:4") == [0, 1, 2, 3]
    assert parse_seeds("5, 1,8:10") == [5, 1, 8, 9]
    assert parse_seeds(f"{2**63 - 1}") == [2**63 - 1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("train", "ngrams-quick", "--seeds", "3:1"), "is empty"),
        (("train", "ngrams-quick", "--seeds", ""), "an argument is empty, after --seeds"),
        (("train", "ngrams-quick", "--seeds", "1,1"), "given twice"),
        (("train", "ngrams-quick", "--seeds", "x:3"), "takes A:B"),
        (("train", "ngrams-quick", "--seeds", "0:99999999999"), "at most"),
        (("train", "ngrams-quick", "--seeds", f"{2**63}"), "between 0 and 2^63 - 1"),
        (("train", "ngrams-quick", "--seeds", "0:2", "--seed", "1"), "not both"),
        (("train", "--resume", "x", "--seeds", "0:2"), "nothing else"),
        (("train", "--resume", "x", "--dry-run"), "--dry-run is of a new run"),
        (("list", "tasks", "x"), "for `ntmlab list runs`"),
        (("list", "runs", "nowhere"), "not a folder"),
    ],
)
def test_wrong_use_is_a_line(capsys, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, *arguments)
    assert (status, out, message in err, err.count("\n")) == (2, "", True, 1)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("ngrams-quick", "--set", "learning_rate=1e-3,3e-3", "--seed", "4"),
            "learning_rate must be of type float, not '1e-3,3e-3'; values in turn are a sweep: "
            "ntmlab sweep --recipe ngrams-quick --seeds 4 --set learning_rate=1e-3,3e-3",
        ),
        (
            ("--model", "gru", "--task", "hmm:mess3", "--seeds", "0:4", "--jobs", "2"),
            "several runs at once are a sweep: "
            "ntmlab sweep --model gru --task hmm:mess3 --seeds 0:4 --jobs 2",
        ),
    ],
)
def test_what_a_sweep_does_is_refused_with_its_command(capsys, arguments, message):
    status, out, err = run(capsys, "train", *arguments)
    assert (status, out, err) == (2, "", f"ntmlab train: error: {message}\n")
    sweep = message.partition("ntmlab sweep ")[2].split()
    assert run(capsys, "sweep", *sweep, "--dry-run")[0] == 0


def test_a_wrong_value_with_brackets_is_no_sweep(capsys):
    _, _, err = run(capsys, "train", "ngrams-quick", "--set", "learning_rate=[1,2]")
    assert err == "ntmlab train: error: learning_rate must be of type float, not [1, 2]\n"


def test_sequences_and_what_comes_after_so_many_are_looked_at_together(capsys):
    """One after another, the first was refused for a length that the other changes."""
    command = ("train", "recall-ntm-lstm", "--dry-run", "--set", "training_after=200000")
    status, out, _ = run(capsys, *command, "--sequences", 300_000)
    assert (status, json.loads(out)["recipe"]["training_after"]) == (0, 200_000)
    status, _, err = run(capsys, *command, "--sequences", 40)
    assert status == 2
    assert "training_after must be from 0 to below sequences, 40, not 200,000" in err
    status, out, _ = run(capsys, *command[:3], "--sequences", 40)
    assert (status, json.loads(out)["recipe"]["training_after"]) == (0, 90_000)
