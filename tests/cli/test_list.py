"""Runs that are listed, and the sweep that several runs of `ntmlab train` are."""

import json
from argparse import Namespace

from ntmlab.cli.as_sweep import as_sweep
from ntmlab.runs.folder import create
from tests.cli.commands import run
from tests.training.test_loop import RECIPE


def test_runs_of_a_folder_are_listed_and_a_damaged_one_is_said_beside_them(
    capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    for folder, seed in (("runs/a", 1), ("runs/b", 2), ("runs/c", 3), ("others/d", 4)):
        create(tmp_path / folder, RECIPE, seed)
    (tmp_path / "runs/b/config.json").write_text('{"format": "none"}')
    for given, seeds in (((), [1, 3]), (("runs",), [1, 3]), (("others",), [4])):
        status, out, err = run(capsys, "list", "runs", *given)
        assert status == 0
        assert [int(line.split("seed ")[1].split(",")[0]) for line in out.splitlines()] == seeds
        assert ("b/config.json is not of format" in err) == (len(seeds) == 2)
        told = json.loads(run(capsys, "list", "runs", *given, "--json")[1])
        assert [one["seed"] for one in told.values()] == seeds


def test_the_sweep_of_the_same_runs_has_every_option_of_theirs():
    one = {"recipe": "copy-ntm", "model": None, "task": None, "seed": "3", "seeds": None}
    one |= {"sequences": 100, "device": "cuda", "jobs": 2, "out": "x y", "snapshots": 50}
    given = Namespace(**one, set=["batch=8,16"])
    assert as_sweep(given) == (
        "ntmlab sweep --recipe copy-ntm --seeds 3 --sequences 100 --device cuda --jobs 2 "
        "--out 'x y' --set batch=8,16 --set snapshots=50"
    )
    given.seeds, given.snapshots, given.device, given.set = "0:4", None, None, []
    assert as_sweep(given) == (
        "ntmlab sweep --recipe copy-ntm --seeds 0:4 --sequences 100 --jobs 2 --out 'x y'"
    )
