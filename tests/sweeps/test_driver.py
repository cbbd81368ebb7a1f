"""A sweep's runs are ordinary runs; what fails is told and kept, what cannot go on is bounded."""

import json
import math
import sys
import warnings
from dataclasses import replace
from types import ModuleType, SimpleNamespace

import pytest

from ntmlab import InputError
from ntmlab.files import locked, make_folders
from ntmlab.records import write_object
from ntmlab.runs.success import wilson
from ntmlab.sweeps import attempts, display
from ntmlab.sweeps.attempts import Sweep, attempts_at, begin_attempt
from ntmlab.sweeps.driver import Driver, Rules
from ntmlab.sweeps.executors.processes import Processes
from ntmlab.sweeps.goal import Goal, success
from ntmlab.sweeps.heart import read_beat
from ntmlab.sweeps.show import group_rows, remark_on_code, run_rows, to_csv, to_json, to_text
from ntmlab.sweeps.standing import WAITING, standing
from ntmlab.training.step import HostStep, not_finite
from tests.cli.commands import run
from tests.sweeps.cases import Inline, begin, drive, make_study, undisturbed
from tests.training.test_loop import assert_same_run

GOOD, BAD = (f"ngrams-quick-learning_rate={rate}-seed0" for rate in ("0.01", "1e+30"))


def diverging(course, sequences):
    """A step of training at whose end the loss is no number."""
    course.keeper.fail(sequences, course.model, course.progress, not_finite(math.nan, 0))


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A sweep of two runs that end and one that meets a number that is none."""
    study = make_study("learning_rate=0.01,1e30", seeds=(0,))
    study.units.update(make_study("learning_rate=0.01", seeds=(1,)).units)
    sweep = begin(tmp_path_factory.mktemp("sweeps") / "sweep", study)
    take = HostStep.take

    def step(self, sequences):
        if self.course.recipe.learning_rate > 1:
            diverging(self.course, sequences)
        take(self, sequences)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HostStep, "take", step)
        return sweep, study, drive(sweep, study, executor=Inline())


def test_runs_are_those_of_train_bit_for_bit(swept, tmp_path):
    sweep, study, (done, told) = swept
    assert done
    assert f"{GOOD}: finished" in told
    only = study._replace(units={GOOD: study.units[GOOD]})
    undisturbed(tmp_path, only)
    assert_same_run(sweep.run(GOOD), tmp_path / GOOD)
    assert json.loads((sweep.run(GOOD) / "environment.json").read_text())["threads"] == 1


def test_a_worker_gives_ten_signs_of_life_within_the_time_after_which_it_is_thought_dead(swept):
    sweep, _, _ = swept
    attempt = attempts_at(sweep, BAD)[0]  # those of runs that ended well are cleared away
    assert json.loads(attempt.ticket.read_text())["beat_s"] == 60 / 10


def test_without_a_sign_of_life_that_can_be_read_there_is_none(tmp_path):
    study = make_study(seeds=(0,))
    (name,) = study.units
    attempt = begin_attempt(begin(tmp_path / "sweep", study), name, 1, {})
    assert read_beat(attempt) == (0, 0)
    for text, found in (("3 40\n", (3, 40)), ("3", (0, 0)), ("3 4 5", (0, 0)), ("a b", (0, 0))):
        attempt.beat.write_text(text)
        assert read_beat(attempt) == found


@pytest.mark.parametrize(
    ("executor", "there", "ends_at", "beats_at", "given_up", "killed"),
    [
        ({"share_s": 5.0}, True, 3.0, None, 8.0, False),  # what it wrote may be on its way
        ({}, True, 3.0, None, 3.0, False),
        ({}, True, None, None, 120.5, True),  # it has not begun: Python takes its time
        ({}, True, None, 2.0, 12.5, True),
        ({"queues": True}, True, None, None, None, False),  # it may wait for a place for days
        ({"queues": True}, True, None, 2.0, 12.5, True),
        ({}, False, None, None, 10.5, False),  # of a driver before, and out of reach
        ({}, False, None, 2.0, 12.5, False),
    ],
)
def test_an_attempt_is_given_up_in_its_time(
    tmp_path, monkeypatch, executor, there, ends_at, beats_at, given_up, killed
):
    """Looked at every half a second, after 10 s without a sign of life."""
    clock, kills, study = [0.0], [], make_study(seeds=(0,))
    monkeypatch.setattr("ntmlab.sweeps.driver.time", SimpleNamespace(monotonic=lambda: clock[0]))
    (name,) = study.units
    sweep = begin(tmp_path / "sweep", study)
    place = SimpleNamespace(**({"queues": False, "share_s": 0.0, "jobs": 1} | executor))
    driver = Driver(sweep, study, place, Rules(dead_after_s=10.0))
    process = SimpleNamespace(
        ended=lambda: "" if ends_at is not None and clock[0] >= ends_at else None,
        kill=lambda: kills.append(clock[0]),
    )
    attempt = begin_attempt(sweep, name, 1, {})
    driver._watch(name, attempt, process if there else None)
    while driver.active and clock[0] < 200:
        clock[0] += 0.5
        if clock[0] == beats_at:
            attempt.beat.write_text("1 0")
        driver._look(driver.active[name])
    assert (None if driver.active else clock[0]) == given_up
    assert kills == ([given_up] if killed else [])
    assert driver.waiting == ([name] if given_up else [])
    if given_up:  # what nobody saw end counts for none of its retries
        assert attempt.how_it_ended()["how"] == (attempts.ERROR if there else attempts.LOST)


def test_the_attempt_that_had_come_furthest_is_gone_on_from(tmp_path, monkeypatch):
    """One that came to nothing lies between."""
    study, told = make_study(seeds=(0,)), []
    (name,) = study.units
    sweep = begin(tmp_path / "sweep", study)
    place = SimpleNamespace(queues=False, share_s=0.0, jobs=1, start=lambda job: None)
    monkeypatch.setattr(
        "ntmlab.sweeps.driver.saved", lambda path: (300 * (path.parent.name == "1"), 1)
    )
    for number in (1, 2):
        begin_attempt(sweep, name, number, {})
    driver = Driver(sweep, study, place, Rules(dead_after_s=10.0), told.append)
    driver.states, driver.waiting = {name: WAITING}, [name]
    driver._fill()
    assert [event.what for event in told] == ["attempt 3 goes on from 300 sequences"]


@pytest.mark.parametrize(("threads", "jobs"), [(1, 6), (2, 3), (4, 1), (6, 1), (7, 1)])
def test_there_are_as_many_workers_as_cores_have_room_for_their_threads(monkeypatch, threads, jobs):
    monkeypatch.setattr("os.sched_getaffinity", lambda process: set(range(6)), raising=False)
    assert Processes(threads).jobs == jobs
    assert Processes(threads, 5).jobs == 5
    monkeypatch.delattr("os.sched_getaffinity")  # as on macOS
    monkeypatch.setattr("os.cpu_count", lambda: 6)
    assert Processes(threads).jobs == jobs
    monkeypatch.setattr("os.cpu_count", lambda: None)  # not known
    assert Processes(threads).jobs == 1


def test_a_number_that_is_none_is_a_result_with_its_failure_kept(swept):
    sweep, study, (_, told) = swept
    assert any(line.startswith(f"{BAD}: failed: loss") for line in told)
    found = standing(sweep, BAD, 3)
    assert found.state == attempts.FAILED
    assert (found.path / "failure.safetensors").exists()
    done, told = drive(sweep, study, executor=Inline())  # nothing is done again
    assert done
    assert told == []


def test_tables_have_every_run_and_failure(swept, capsys):
    sweep, _, _ = swept
    runs = run_rows(sweep, 3)
    assert [row["state"] for row in runs] == ["finished", "failed", "finished"]
    good = next(row for row in runs if row["name"] == GOOD)
    assert (good["attempts"], good["sequences"], good["set.learning_rate"]) == (1, 480, "0.01")
    by = {row.get("set.learning_rate"): row for row in group_rows(runs)}
    assert (by["1e+30"]["failed"], by["1e+30"]["finished"]) == (1, 0)
    assert by["0.01"]["kl"]["best"] == by["0.01"]["kl"]["median"] == good["kl"]
    assert to_csv(runs).splitlines()[0].startswith("name,recipe,set.learning_rate,seed,state")
    assert len(to_csv(runs).splitlines()) == 4
    status, out, _ = run(capsys, "sweep", sweep.path, "--show", "--json")
    assert status == 0
    assert json.loads(out) == json.loads(json.dumps(to_json(runs)))
    assert run(capsys, "sweep", sweep.path, "--show", "--csv")[:2] == (0, to_csv(runs))
    status, out, _ = run(capsys, "sweep", sweep.path)
    assert status == 1  # one has failed
    assert f"{BAD} failed: loss" in out


def test_the_table_calls_gaps_by_what_they_are():
    """Its gap is `kl` of the other outputs, in which `gap` is the paired difference."""
    costs = {"bits": 9.0, "gap": 1.7, "kl": 1.6, "wrong_rate": None}
    runs = [{"recipe": "a", "seed": 0, "state": attempts.FINISHED, **costs}]
    lines = [line.split() for line in to_text(runs).splitlines()]
    assert ["gap", "(KL)", *["1.6000"] * 3] in lines
    assert not any("1.7000" in line for line in lines)
    lines = [line.split() for line in to_text(runs, Goal("gap", 2.0)).splitlines()]
    assert ["gap", "(paired)", *["1.7000"] * 3] in [line[:5] for line in lines]


def test_the_best_seed_is_of_those_that_have_the_cost():
    costs = dict.fromkeys(("bits", "gap", "kl", "wrong_rate"))
    run = {"recipe": "a", "state": "finished", **costs}
    rows = [{**run, "seed": seed, "kl": kl} for seed, kl in ((0, None), (1, 3.0), (2, 1.0))]
    (group,) = group_rows(rows)
    assert group["kl"] == {"best": 1.0, "median": 2.0, "worst": 3.0, "best_seed": 2}


def test_runs_of_two_versions_of_ones_own_code_are_remarked_upon(tmp_path):
    sweep, runs = Sweep(tmp_path), [{"name": name, "state": "finished"} for name in "abc"]

    def said(*digests):
        for row, digest in zip(runs, digests, strict=True):
            make_folders(sweep.run(row["name"]))
            write_object(sweep.run(row["name"]) / "model.json", {"code": {"mine:GRU": digest}})
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            remark_on_code(sweep, runs)
        return [str(one.message) for one in caught]

    assert not said("1", "1", "1")
    (words,) = said("1", "2", "1")
    assert "trained with 2 versions of the file of mine:GRU" in words


def test_a_sweep_gives_its_rows_and_a_frame_of_them(swept, monkeypatch):
    sweep, _, _ = swept
    frames = ModuleType("pandas")
    frames.DataFrame = list
    monkeypatch.setitem(sys.modules, "pandas", frames)
    assert sweep.to_frame() == sweep.records() == run_rows(sweep, 3)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(InputError, match="pandas"):
        sweep.to_frame()


def test_what_brings_a_run_no_further_is_tried_again_so_many_times(tmp_path):
    sweep = begin(tmp_path / "sweep", make_study())
    name = "ngrams-quick-seed0"
    for number, how in enumerate(("error", "stopped", "lost", "error"), start=1):
        attempt = begin_attempt(sweep, name, number, {})
        attempt.end.write_text(json.dumps({"how": how, "why": "no memory"}))
    assert standing(sweep, name, 2).state == WAITING
    found = standing(sweep, name, 1)
    assert (found.state, found.why) == (attempts.FAILED, "no memory")


def test_an_error_in_a_worker_is_tried_again_and_told(tmp_path):
    study = make_study(seeds=(0,))
    sweep = begin(tmp_path / "sweep", study)
    unit = study.units["ngrams-quick-seed0"]
    recipe = replace(unit.recipe, model="nowhere.module:Model")
    study.units["ngrams-quick-seed0"] = unit._replace(recipe=recipe)
    done, told = drive(sweep, study, retries=1, executor=Inline())
    assert done
    assert len(attempts_at(sweep, "ngrams-quick-seed0")) == 2
    assert told[-1].startswith("ngrams-quick-seed0: failed:")
    assert "nowhere.module:Model" in told[-1]


def test_a_sweep_takes_one_driver(tmp_path):
    study = make_study()
    sweep = begin(tmp_path / "sweep", study)
    with locked(sweep.lock, ""), pytest.raises(InputError, match="another driver is at work"):
        drive(sweep, study, executor=Inline())


def test_the_picture_has_the_seeds_of_each_setting(swept, capsys, tmp_path):
    sweep, _, _ = swept
    status, _, err = run(capsys, "sweep", sweep.path, "--show", "--plot", tmp_path / "curves.svg")
    assert err == f"{tmp_path / 'curves.svg'}\n"
    assert status == 0
    assert {path.name for path in tmp_path.iterdir()} == {"curves.svg", "curves.npz"}


def test_success_is_the_share_of_ended_runs_that_reach_a_goal(swept, capsys):
    sweep, _, _ = swept
    runs = run_rows(sweep, 3)
    best = min(row["kl"] for row in runs if row["kl"] is not None)
    by = {row.get("set.learning_rate"): row["goal"] for row in group_rows(runs, Goal(None, best))}
    assert (by["1e+30"]["reached"], by["1e+30"]["of"]) == (0, 1)  # one that failed did not
    assert {(goal["reached"], goal["of"], goal["cost"]) for goal in by.values()} >= {(1, 1, "kl")}
    assert all((goal["low"], goal["high"]) == wilson(goal["reached"], 1) for goal in by.values())
    assert success([], Goal("bits", 1.0))["rate"] is None
    status, out, _ = run(capsys, "sweep", sweep.path, "--show", "--goal", best)
    assert status == 0
    assert "1 of 1 (21 to 100 %)" in out
    assert "0 of 1 (0 to 79 %)" in out
    status, out, _ = run(capsys, "sweep", sweep.path, "--show", "--json", "--goal", "bits=99")
    goals = [group["goal"] for group in json.loads(out)["groups"]]
    assert [goal["cost"] for goal in goals] == ["bits"] * len(goals)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--goal", "kil=1"], "unknown cost of --goal 'kil'; did you mean 'kl'"),
        (["--goal", "much"], "takes MOST or COST=MOST"),
        (["--goal", "nan"], "takes MOST or COST=MOST"),
        (["--goal", "1", "--csv"], "--csv has a line a run"),
    ],
)
def test_a_wrong_goal_is_a_line(swept, capsys, options, message):
    status, out, err = run(capsys, "sweep", swept[0].path, "--show", *options)
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert message in err


def test_without_a_terminal_a_line_says_how_far_the_sweep_is(tmp_path, capsys, monkeypatch):
    """Seldom: each pause is twice the one before, up to the longest."""
    now = [0.0]
    monkeypatch.setattr(display.time, "monotonic", lambda: now[0])
    sweep, study = begin(tmp_path / "sweep", make_study()), make_study()
    shown, (one, other) = display.Display(), study.units
    driver = Driver(sweep, study, Inline(), Rules())
    driver.states, driver.waiting = dict.fromkeys(study.units, "waiting"), [one, other]
    shown.draw(driver)
    said = []
    for now[0] in range(0, 3000, 2):
        if now[0] == 20:
            driver.states[one], driver.waiting = attempts.FINISHED, [other]
        shown.draw(driver)
        said += [(now[0], line) for line in capsys.readouterr().err.splitlines()]
    assert [at for at, _ in said] == [10, 30, 70, 150, 310, 630, 1230, 1830, 2430]
    assert said[0][1] == "0 of 2 finished, 0 at work"
    assert said[1][1] == "1 of 2 finished, 0 at work; 30 seconds left"
