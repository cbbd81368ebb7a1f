"""What a person reads of a sweep at work: how far each run is, and how long the rest will take."""

from ntmlab.recipes import RECIPES
from ntmlab.records import append_row
from ntmlab.sweeps import attempts, display
from ntmlab.sweeps.attempts import begin_attempt
from ntmlab.sweeps.driver import Active, Driver, Rules
from ntmlab.sweeps.heart import Heart
from ntmlab.sweeps.search import Search
from ntmlab.sweeps.show import run_rows
from ntmlab.sweeps.standing import UNDER_WAY, WAITING
from ntmlab.training.estimate import in_words
from tests.sweeps.cases import Inline, begin, make_study

STUDY = make_study()
ONE, OTHER = STUDY.units


def test_a_run_at_work_is_as_far_as_its_last_sign_of_life_or_row(tmp_path):
    sweep = begin(tmp_path / "sweep", STUDY)
    driver, attempt = Driver(sweep, STUDY, Inline(), Rules()), begin_attempt(sweep, ONE, 3, {})
    active = driver.active[ONE] = Active(ONE, attempt, None, 0, 0.0)
    assert display.Display()._row(driver, active) == (ONE, "3", "0 of 480", "", "")
    attempt.run.mkdir()
    append_row(attempt.run / "metrics.jsonl", {"sequences": 200, "bits": 11.5, "kl": 0.25})
    rows = {row["name"]: row for row in run_rows(sweep)}
    told = ("state", "attempts", "sequences", "bits", "kl", "gap", "seconds")
    assert [rows[ONE][key] for key in told] == [UNDER_WAY, 3, 200, 11.5, 0.25, None, None]
    assert [rows[OTHER][key] for key in told] == [WAITING, 0, 0, *[None] * 4]
    heart = Heart(attempt, 1.0)
    for heart.sequences, done in ((112, 200), (256, 256)):
        heart.beat()
        row = display.Display()._row(driver, active)
        assert row == (ONE, "3", f"{done} of 480", "11.500", "0.250")


def test_runs_that_a_search_will_name_count_among_those_that_are_left(tmp_path, monkeypatch):
    """Three points of two seeds, each as long as those that wait."""
    now = [0.0]
    monkeypatch.setattr(display.time, "monotonic", lambda: now[0])
    sweep = begin(tmp_path / "sweep", STUDY)
    driver, shown = Driver(sweep, STUDY, Inline(), Rules()), display.Display()
    recipe = RECIPES["ngrams-quick"].override(["sequences=480"])
    driver.searcher.search = Search(recipe, False, {}, [0, 1], points=4, ahead=1, made=[{}])
    driver.states = {ONE: attempts.FAILED, OTHER: "waiting"}
    driver.waiting = [OTHER]
    assert shown._title(driver) == "0 of 8 finished, 1 failed, 0 at work"  # of which 6 unnamed
    driver.active = {OTHER: Active(OTHER, begin_attempt(sweep, OTHER, 1, {}), None, 0, 0.0)}
    driver.waiting, now[0] = [], 10.0
    heart = Heart(driver.active[OTHER].attempt, 1.0)
    heart.sequences = 480 // 2
    heart.beat()
    left = 10 * (480 // 2 + 6 * 480) / (480 // 2)  # seconds: 10 of them took half a run
    assert left == 130
    assert shown._title(driver) == "0 of 8 finished, 1 failed, 1 at work; 2 minutes left"


def test_the_rest_of_a_run_that_failed_was_not_made(tmp_path, monkeypatch):
    """One fails at a quarter, in 10 seconds: the other's whole takes four times as long."""
    now = [0.0]
    monkeypatch.setattr(display.time, "monotonic", lambda: now[0])
    sweep = begin(tmp_path / "sweep", STUDY)
    driver, shown = Driver(sweep, STUDY, Inline(), Rules()), display.Display()
    first = begin_attempt(sweep, ONE, 1, {})
    driver.active, driver.waiting = {ONE: Active(ONE, first, None, 0, 0.0)}, [OTHER]
    driver.states = {ONE: UNDER_WAY, OTHER: WAITING}
    assert shown._left(driver) == ""
    heart, now[0] = Heart(first, 1.0), 10.0
    heart.sequences = 480 // 4
    heart.beat()
    assert shown._left(driver) == f"; {in_words(10 * (480 * 3 // 4 + 480) / (480 // 4))} left"
    driver.active, driver.states[ONE] = {}, attempts.FAILED
    assert shown._left(driver) == f"; {in_words(40)} left"
    now[0], driver.waiting, driver.states[OTHER] = 50.0, [], attempts.FINISHED
    assert shown._left(driver) == f"; {in_words(0)} left"


def test_what_was_made_before_a_driver_began_is_not_of_its_speed(tmp_path, monkeypatch):
    """One was finished when it began; a quarter of the other takes 10 seconds."""
    now = [0.0]
    monkeypatch.setattr(display.time, "monotonic", lambda: now[0])
    sweep = begin(tmp_path / "sweep", STUDY)
    driver, shown = Driver(sweep, STUDY, Inline(), Rules()), display.Display()
    attempt = begin_attempt(sweep, OTHER, 1, {})
    driver.states = {ONE: attempts.FINISHED, OTHER: UNDER_WAY}
    driver.active = {OTHER: Active(OTHER, attempt, None, 0, 0.0)}
    assert shown._left(driver) == ""
    heart, now[0] = Heart(attempt, 1.0), 10.0
    heart.sequences = 480 // 4
    heart.beat()
    assert shown._left(driver) == f"; {in_words(30)} left"


def test_a_run_whose_last_attempt_saved_nothing_is_as_far_as_the_one_before(tmp_path, monkeypatch):
    sweep = begin(tmp_path / "sweep", STUDY)
    driver, first = Driver(sweep, STUDY, Inline(), Rules()), begin_attempt(sweep, ONE, 1, {})
    begin_attempt(sweep, ONE, 2, {})
    monkeypatch.setattr(display, "saved", lambda run: (240 if run == first.run else 0, 0))
    assert display.Display()._done(driver, ONE) == 240
