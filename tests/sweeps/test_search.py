"""A search proposes the same points whatever disturbs it, from what its runs came to."""

import json
import math
from types import SimpleNamespace

import pytest

from ntmlab import InputError
from ntmlab.recipes import find_recipe
from ntmlab.sweeps import attempts
from ntmlab.sweeps.search import make_search, propose
from ntmlab.sweeps.space import Choice, Range, read_space
from ntmlab.sweeps.study import Study, Wanted, add_study, parse_grid, plan, read_study
from ntmlab.training.step import HostStep, not_finite
from tests.cli.commands import run
from tests.sweeps.cases import SETTINGS, Inline, begin, drive

RATE = "learning_rate=1e-4..1e-1:log"
NUMBERS = {"seeds": [0], "points": 30, "ahead": 1}


def searched(points: int, *settings: str, seeds=(0,), ahead: int = 2):
    given = dict(setting.split("=", 1) for setting in (*SETTINGS, "sequences=160", *settings))
    grid = parse_grid(f"{key}={value}" for key, value in given.items())
    numbers = {"points": points, "ahead": ahead}
    return plan(Wanted(["ngrams-quick"], [], None, list(seeds), grid, numbers), "cpu", 1)


class KilledError(BaseException):
    """As SIGKILL for a driver, but that this process lives on."""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A search of four points whose driver works on to the end; the second one's runs fail."""
    pytest.importorskip("optuna")
    return finish(tmp_path_factory.mktemp("searches") / "whole")


def finish(path, disturb=lambda driver: None):
    """Drives a search of four points; at the second, training meets a number that is none."""
    sweep, take = begin(path, searched(4, RATE)), HostStep.take

    def step(self, sequences):
        if self.course.recipe.learning_rate == second:
            course = self.course
            course.keeper.fail(sequences, course.model, course.progress, not_finite(math.nan, 0))
        take(self, sequences)

    first = propose(read_study(sweep).search, [])
    second = float(propose(read_study(sweep).search._replace(made=[first]), [])["learning_rate"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HostStep, "take", step)
        done, told = drive(sweep, read_study(sweep), executor=Inline(), disturb=disturb)
    return sweep, done, told


def test_a_search_trains_what_it_proposes_and_takes_a_failure_as_a_result(undisturbed, capsys):
    sweep, done, told = undisturbed
    study = read_study(sweep)
    assert done
    assert len(study.search.made) == len(study.units) == 4
    rates = [float(point["learning_rate"]) for point in study.search.made]
    assert all(1e-4 <= rate <= 1e-1 for rate in rates)
    assert [unit.recipe.learning_rate for unit in study.units.values()] == rates
    assert [unit.recipe.sequences for unit in study.units.values()] == [160] * 4
    assert sum(": failed: loss" in line for line in told) == 1
    status, out, _ = run(capsys, "sweep", sweep.path, "--show", "--json")
    states = [row["state"] for row in json.loads(out)["runs"]]
    assert states.count(attempts.FAILED) == 1
    assert status == 0


def test_a_driver_killed_again_and_again_proposes_the_same_points(undisturbed, tmp_path):
    whole, kills = undisturbed[0], []

    def kill(driver):
        if len(driver.states) > len(kills):
            kills.append(len(driver.states))
            raise KilledError

    for _ in range(3):
        with pytest.raises(KilledError):
            finish(tmp_path / "sweep", kill)
    sweep, done, _ = finish(tmp_path / "sweep")
    assert done
    assert kills == [2, 3, 4]
    assert sweep.study.read_bytes() == whole.study.read_bytes()


def test_a_finished_search_takes_more_points_and_keeps_those_it_has(undisturbed, tmp_path):
    made = read_study(undisturbed[0]).search.made
    sweep = begin(tmp_path / "sweep", searched(2, RATE))
    study = read_study(sweep)
    study = study._replace(search=study.search._replace(made=made[:2]))
    add_study(sweep, study)
    add_study(sweep, searched(3, RATE))
    there = read_study(sweep).search
    assert (there.points, there.made) == (3, made[:2])
    for other in (searched(3, RATE, ahead=3), searched(3, "learning_rate=1e-4..1e-1")):
        with pytest.raises(InputError, match="is another search"):
            add_study(sweep, other)


def test_a_folder_of_another_spelling_is_the_same_search(tmp_path):
    search = searched(2, "learning_rate=1e-3,3e-3").search
    older = search._replace(grid={"learning_rate": ["1e-3", "3e-3"]})
    sweep = begin(tmp_path / "sweep", Study({}, "cpu", 1, older))
    add_study(sweep, searched(3, "learning_rate=1e-3,3e-3"))
    there = read_study(sweep).search
    assert (there.points, there.grid) == (3, older.grid)


def test_later_points_lie_where_earlier_ones_were_best():
    pytest.importorskip("optuna")
    grid = parse_grid([RATE, "optimizer=adam,adam-damped"])
    search = make_search(find_recipe("ngrams-quick"), grid, NUMBERS, is_own=False)
    values = []
    while len(search.made) < search.points:
        point = propose(search, values)
        assert point == propose(search, values)
        search = search._replace(made=[*search.made, point])
        away = abs(math.log10(float(point["learning_rate"])) + 2)
        values.append(None if away > 1 else away + (point["optimizer"] == "adam"))
    last = [(float(p["learning_rate"]), p["optimizer"]) for p in search.made[-10:]]
    assert sum(3e-3 < rate < 3e-2 for rate, _ in last) >= 6
    assert [optimizer for _, optimizer in last].count("adam-damped") >= 8


def test_numbers_stay_within_their_range_when_they_are_rounded():
    assert Range("0.12343", "1", False).text(0.123431) == "0.12343"
    assert Range("0.1", "0.123449", False).text(0.12344899) == "0.1234"
    assert Range("4", "64", True).text(5) == "5"
    assert Range("0.1", "0.12346", False).text(0.123459) == "0.12346"  # not 0.1235
    assert [type(Range("4", high, True).value("5")) for high in ("64", "64.5")] == [int, float]
    with pytest.raises(InputError, match=r"decay=1\.\.1: a range goes up"):
        read_space({"decay": ["1..1"]})
    space = read_space(
        parse_grid(["batch=4..64", "decay=0.5..1", "optimizer=adam,x", "sequences=9"])
    )
    assert space == {
        "batch": Range("4", "64", False),
        "decay": Range("0.5", "1", False),
        "optimizer": Choice(["adam", "x"]),
    }


@pytest.mark.parametrize("log", [True, False])
def test_a_range_is_drawn_as_it_says(log):
    drawn = SimpleNamespace(
        IntDistribution=lambda low, high, log: ("whole", low, high, log),
        FloatDistribution=lambda low, high, log: ("real", low, high, log),
    )
    assert Range("4", "64", log).distribution(drawn) == ("whole", 4, 64, log)
    assert Range("4", "6.5", log).distribution(drawn) == ("real", 4.0, 6.5, log)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--search", "3"], "needs a range to choose from"),
        (["--search", "0", "--set", RATE], "at least 1 point"),
        (["--search", "3", "--ahead", "0", "--set", RATE], "at least 1 ahead"),
        (["--search", "3", "--set", "learning_rate=1e-2..1e-4"], "a range goes up"),
        (["--search", "3", "--set", "learning_rate=0..1:log"], "have a logarithm"),
        (["--search", "3", "--set", "batch=1.5..3"], "batch must be of type int"),
        (["--search", "3", "--set", "learning_rate=1,2..3"], "one range, or a list"),
        (
            ["--search", "3", "--recipe", "ngrams-ntm", "ngrams-lstm", "--set", RATE],
            "of one recipe",
        ),
        (["--set", RATE], "a range is for a search: --search N"),
        (["--ahead", "3"], "--ahead is for a search"),
    ],
)
def test_wrong_searches_are_a_line_and_make_nothing(
    capsys, tmp_path, monkeypatch, options, message
):
    monkeypatch.chdir(tmp_path)
    recipe = [] if "--recipe" in options else ["--recipe", "ngrams-quick"]
    status, _, err = run(capsys, "sweep", *recipe, *options)
    assert status == 2
    assert message in err
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
