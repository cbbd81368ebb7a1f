"""Tables, goals and values of points, by hand: which runs count, and by which cost."""

import pytest
import torch
from safetensors.torch import save_file

from ntmlab import InputError
from ntmlab.evaluation.score import Score, score_table
from ntmlab.evaluation.wrong import WrongBits
from ntmlab.recipes import RECIPES
from ntmlab.records import append_row, write_object
from ntmlab.runs.folder import RunFolder
from ntmlab.sweeps import attempts
from ntmlab.sweeps.attempts import Sweep, begin_attempt
from ntmlab.sweeps.carry import carry_over
from ntmlab.sweeps.goal import Goal, success
from ntmlab.sweeps.search import Search, known, value_of
from ntmlab.sweeps.show import group_rows, run_rows, to_csv, to_text
from ntmlab.sweeps.standing import RETRIES, WAITING, fruitless, standing
from tests.sweeps.cases import begin, make_study

NOTHING = dict.fromkeys(("bits", "gap", "kl", "wrong_rate"))


def run(seed, state="finished", rate="1", **costs):
    head = {"name": f"r{rate}-{seed}", "recipe": "r", "set.rate": rate, "seed": seed}
    return {**head, "state": state, "why": "nan", **NOTHING, **costs}


RUNS = [
    run(0, bits=9.0, kl=3.0),
    run(1, bits=7.0, kl=1.0),
    run(2, bits=12.0, kl=2.0),
    run(3, "failed", bits=1.0, kl=0.5),
    run(4, "waiting", bits=1.0, kl=0.25),
    run(0, rate="2", bits=5.0),
]


def test_a_group_has_the_best_median_and_worst_of_its_finished_runs():
    first, other = group_rows(RUNS)
    assert {k: first[k] for k in ("set.rate", "runs", "finished", "failed")} == {
        "set.rate": "1",
        "runs": 5,
        "finished": 3,
        "failed": 1,
    }
    assert first["kl"] == {"best": 1.0, "median": 2.0, "worst": 3.0, "best_seed": 1}
    assert first["bits"] == {"best": 7.0, "median": 9.0, "worst": 12.0, "best_seed": 1}
    assert (other["runs"], "kl" in other, "wrong_rate" in other) == (1, False, False)
    table = [line.split() for line in to_text(RUNS, Goal("gap", 1.0)).splitlines()]
    assert table[1] == ["r", "rate=1", "5", "3", "1", "bits", "7.0000", "9.0000", "12.0000"]
    assert table[2] == ["gap", "(KL)", "1.0000", "2.0000", "3.0000"]
    assert table[3][:4] == ["gap", "(paired)", "0", "of"]  # of a cost that none has
    assert table[-1] == ["r1-3", "failed:", "nan"]


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle():
    (group,) = group_rows([run(seed, bits=bits) for seed, bits in enumerate((1.0, 4.0, 2.0, 9.0))])
    assert group["bits"]["median"] == 3.0


def test_a_line_a_run_has_the_settings_of_all_runs():
    other = {"set.batch": "8", **run(1, bits=2.0)}
    head, first, second = to_csv([run(0, bits=1.0), other]).splitlines()
    column = head.split(",").index("set.batch")
    assert [line.split(",")[column] for line in (first, second)] == ["", "8"]


def test_of_a_finished_run_attempts_are_those_that_it_took(tmp_path):
    study = make_study(seeds=(0,))
    sweep, (name,) = begin(tmp_path / "s", study), study.units
    sweep.run(name).mkdir(parents=True)
    told = {"progress": '{"sequences": 480, "attempt": 3}'}
    save_file({"weight": torch.zeros(1)}, RunFolder(sweep.run(name)).checkpoint, told)
    append_row(RunFolder(sweep.run(name)).metrics, {"sequences": 480, "bits": 9.0})
    (row,) = run_rows(sweep)
    assert (row["state"], row["attempts"]) == ("finished", 3)


def test_costs_are_called_what_scores_call_them():
    """A rate of wrong bits of 0.25 was in a line of "wrong bits", which are so many a sequence."""
    wrong = WrongBits(2.0, 0.1, 0.25, None, None)
    head, *_ = score_table({"a": Score(3.0, 0.1, 0.0, 0.0, 0.0, 0.0, wrong)}).splitlines()
    assert head.split("  ")[-1].strip() == "wrong rate"
    runs = [run(0, bits=3.0, kl=3.0, gap=3.0, wrong_rate=0.25)]
    lines = [line.split("  ") for line in to_text(runs).splitlines()]
    names = [[word.strip() for word in line if word.strip()] for line in lines]
    assert names[-1] == ["wrong rate", "0.2500", "0.2500", "0.2500"]
    assert [row[0] for row in names[2:]] == ["gap (KL)", "wrong rate"]


@pytest.mark.parametrize(
    ("goal", "cost", "reached", "of"),
    [
        (Goal(None, 2.0), "kl", 2, 4),  # at most 2, of those that ended, the failed one too
        (Goal(None, 1.99), "kl", 1, 4),
        (Goal("bits", 9.0), "bits", 2, 4),
        (Goal("wrong_rate", 1.0), "wrong_rate", 0, 4),  # which none has
    ],
)
def test_a_goal_is_of_the_runs_that_have_ended(goal, cost, reached, of):
    found = success(RUNS[:5], goal)
    assert (found["cost"], found["reached"], found["of"]) == (cost, reached, of)
    assert found["rate"] == reached / of


def test_a_goal_of_no_cost_is_the_gap_where_any_run_has_one_and_bits_elsewhere():
    assert success([RUNS[5]], Goal(None, 5.0))["cost"] == "bits"
    assert success([RUNS[5], RUNS[0]], Goal(None, 5.0))["cost"] == "kl"
    assert success([RUNS[4]], Goal(None, 5.0))["of"] == 0


@pytest.mark.parametrize(("recipe", "key"), [("ngrams-quick", "kl"), ("copy-quick", "bits")])
def test_a_point_is_worth_the_mean_of_its_seeds_at_their_ends(tmp_path, recipe, key):
    """The gap where the optimum costs something; nothing where a seed failed, or is infinite."""
    sweep, names = Sweep(tmp_path), ["a", "b"]
    for name, end in zip(names, (2.0, 5.0), strict=True):
        sweep.run(name).mkdir(parents=True)
        for value in (100.0, end):
            row = {"bits": 90.0, "kl": 90.0} | {key: value}
            append_row(sweep.run(name) / "metrics.jsonl", {"sequences": 10, **row})
    search = Search(RECIPES[recipe], False, {}, [0, 1], 4, 2, [])
    done = dict.fromkeys(names, attempts.FINISHED)
    assert value_of(sweep, search, names, done) == 3.5
    assert value_of(sweep, search, names, done | {"b": attempts.FAILED}) is None
    append_row(sweep.run("b") / "metrics.jsonl", {"sequences": 20, "wrong_rate": 0.0, "bits": 1.0})
    if key == "kl":
        with pytest.raises(InputError, match="b: its last validation has no kl"):
            value_of(sweep, search, names, done)


@pytest.mark.parametrize(
    ("made", "ahead", "first"), [(0, 1, 0), (3, 1, 3), (3, 2, 2), (3, 4, 0), (3, 9, 0)]
)
def test_a_point_sees_all_but_the_last_before_it(made, ahead, first):
    assert known(Search(RECIPES["ngrams-quick"], False, {}, [0], 9, ahead, [{}] * made)) == first


def test_an_attempt_goes_on_from_the_latest_that_has_a_checkpoint(tmp_path):
    """With rows, times and configuration of that one, whatever others left."""
    sweep = Sweep(tmp_path)
    made = [begin_attempt(sweep, "a", number, {}) for number in (1, 2, 3, 4)]
    files = ("config.json", "environment.json", "metrics.jsonl", "timing.jsonl")
    for attempt in made[:3]:
        attempt.run.mkdir()
        for name in (*files, *(["checkpoint.safetensors"] if attempt.number < 3 else [])):
            (attempt.run / name).write_text(f"{name} of {attempt.number}")
    carry_over(made[3], made[:3])
    found = {path.name: path.read_text() for path in made[3].run.iterdir()}
    assert found == {name: f"{name} of 2" for name in (*files, "checkpoint.safetensors")}
    carry_over(made[2], made[:2])  # which has a run folder already
    assert (made[2].run / "config.json").read_text() == "config.json of 3"


def test_attempts_in_a_row_count_that_failed_and_came_no_further_than_any_before(
    tmp_path, monkeypatch
):
    sweep, reached = Sweep(tmp_path), (100, 50, 80, 100)  # sequences
    made = [begin_attempt(sweep, "a", number, {}) for number in (1, 2, 3, 4)]
    ends = (attempts.ERROR, attempts.ERROR, attempts.STOPPED, attempts.ERROR)
    for attempt, end in zip(made, ends, strict=True):
        write_object(attempt.end, {"how": end, "why": "memory"})
    saved = {one.run: (count, 0) for one, count in zip(made, reached, strict=True)}
    monkeypatch.setattr("ntmlab.sweeps.standing.saved", saved.__getitem__)
    assert [fruitless(made[:n]) for n in range(5)] == [0, 0, 1, 1, 2]
    assert standing(sweep, "a", 2).state == WAITING
    assert standing(sweep, "a", 1)[::3] == (attempts.FAILED, "memory")
    assert RETRIES == 3


def test_a_finished_run_without_rows_is_damaged_and_no_row(tmp_path):
    """It counted as finished, while best, median and worst were those of the others."""
    study = make_study(seeds=(0,))
    sweep, (name,) = begin(tmp_path / "s", study), study.units
    sweep.run(name).mkdir(parents=True)
    with pytest.raises(InputError, match=f"{name} is damaged: it is finished, and has no row"):
        run_rows(sweep)


@pytest.mark.parametrize("end", [{}, {"how": "error"}, {"how": "error", "why": 3}])
def test_an_end_that_lacks_a_part_is_a_line(end, tmp_path):
    study = make_study(seeds=(0,))
    sweep, (name,) = begin(tmp_path / "s", study), study.units
    write_object(begin_attempt(sweep, name, 1, {}).end, end)
    with pytest.raises(InputError, match=r"end\.json is damaged: "):
        run_rows(sweep)
