"""What a run's rows say: that it stands still, or has lost what it had."""

from pathlib import Path

import pytest

from ntmlab.records import append_row
from ntmlab.runs.course import read_course
from ntmlab.runs.folder import create, read_metrics
from ntmlab.runs.results import shipped_runs
from ntmlab.runs.status import read_status
from ntmlab.training.loop import Observer
from ntmlab.training.progress import watched
from tests.training.test_loop import RECIPE

# Validations of `recall-ntm-lstm` as trained: seed 2 collapses after its twelfth and comes back.
COLLAPSING = (
    17.4,
    17.1,
    16.4,
    16.1,
    15.9,
    15.8,
    15.6,
    15.5,
    15.2,
    12.0,
    1.1,
    0.1,
    12.5,
    17.2,
    14.0,
)
NEVER_LEARNT = (17.8, 17.4, 16.8, 16.3, 16.1, *(16.0, 16.05, 15.9, 15.95, 16.0, 15.93, 15.97, 16.1))


def rows_of(costs, key="bits"):
    return [{"sequences": 2000 * n, "bits": 200.0, key: cost} for n, cost in enumerate(costs, 1)]


def test_a_collapse_is_seen_when_half_of_what_was_learnt_is_lost_for_three_rows():
    rows = rows_of(COLLAPSING)
    found = [read_course(rows[:n]) for n in range(1, len(rows) + 1)]
    assert [course is not None for course in found] == [False] * 13 + [True, True]
    assert (found[-1].kind, found[-1].bits, found[-1].since) == ("collapse", 0.1, 24_000)
    assert read_course([*rows, *rows_of([0.2, 0.1, 0.1])]) is None  # it came back


def test_a_run_that_starts_again_did_not_collapse_and_is_looked_at_from_there_on():
    before = rows_of([*COLLAPSING[:12], *(17.4, 16.4, 16.1, 15.9)])
    assert read_course(before) is not None
    again = [{**row, "restarts": int(n >= 12)} for n, row in enumerate(before)]
    assert read_course(again) is None
    later = rows_of([*COLLAPSING[:12], *NEVER_LEARNT])
    again = [{**row, "restarts": int(n >= 12)} for n, row in enumerate(later)]
    found = read_course(again)
    assert found is not None
    assert (found.kind, found.since > 24_000) == ("plateau", True)


def test_a_run_that_goes_on_with_the_best_of_several_starts_did_not_collapse():
    before = rows_of([*COLLAPSING[:12], *(17.4, 16.4, 16.1, 15.9)])
    assert read_course([{**row, "start": int(n >= 12)} for n, row in enumerate(before)]) is None


def test_what_stands_still_is_a_plateau_unless_that_is_near_the_optimum():
    found = read_course(rows_of(NEVER_LEARNT))
    assert found.words() == "plateau: no better than 15.9 bits since 12,000 sequences"
    assert "restart_every" in found.advice()
    near = [20.0, 2.0, *[0.19] * 12]
    assert read_course(rows_of(near, "kl")) is None
    assert read_course(rows_of([5.0, *near[1:]], "kl")).bits == 0.19


@pytest.mark.parametrize(
    ("costs", "kind"),
    [
        ([10.0] * 11, None),  # too few rows
        ([10.0] * 12, "plateau"),
        ([10.0] * 6 + [9.51] * 6, "plateau"),  # less than a twentieth better
        ([10.0] * 6 + [9.49] * 6, None),
        ([10.0] * 20 + [9.0] * 20, "plateau"),  # recent is a quarter of many rows, not half
        ([10.0] * 29 + [9.0] * 11, "plateau"),
        ([10.0] * 30 + [9.0] * 10, None),
        ([5.0] + [0.101] * 12, "plateau"),  # above a tenth of a bit
        ([5.0] + [0.1] * 12, None),
        ([5.0] + [0.104] * 6 + [0.0995] * 6, None),  # came to since
        ([100.0] + [1.01] * 12, "plateau"),  # and a hundredth of the first cost
        ([100.0] + [0.99] * 12, None),
        ([20.0] + [9.9] * 9 + [19.0] * 3, "collapse"),  # half of the first cost was taken off
        ([20.0] + [10.1] * 9 + [19.0] * 3, "plateau"),
        ([20.0] + [2.0] * 9 + [11.1] * 3, "collapse"),  # half of what was is lost
        ([20.0] + [2.0] * 9 + [11.0] * 3, "plateau"),
        ([20.0] + [2.0] * 9 + [19.0, 19.0, 2.0], "collapse"),  # the median of three rows
        ([20.0] + [2.0] * 9 + [2.0, 19.0, 2.0], "plateau"),
    ],
)
def test_each_rule_begins_where_it_says(costs, kind):
    found = read_course(rows_of(costs))
    assert (None if found is None else found.kind) == kind


def test_what_was_reached_is_the_lowest_before_the_rows_that_lost_it():
    found = read_course(rows_of([20.0, *[9.9] * 8, 9.8, 19.0, 19.0, 2.0]))
    assert (found.bits, found.since) == (9.8, 20_000)


def test_of_the_shipped_runs_those_stand_still_that_their_page_says():
    """The LSTM at the paper's rate is at its best long before the end (docs/ngrams.md)."""
    recipes = ("ngrams-lstm-paper", "ngrams-lstm", "copy-ntm", "sort-ntm")
    courses = {
        name: {read_course(read_metrics(path)) is not None for path in shipped_runs(name)}
        for name in recipes
    }
    assert courses == {name: {name == "ngrams-lstm-paper"} for name in recipes}


def test_it_is_said_once_and_again_only_when_it_changes(capsys):
    rows = rows_of([18.0] * 12)
    with watched(100_000, 0, Observer(), []) as observer:
        for row in [*rows, *rows[-2:]]:
            observer.row(row)
    said = [line for line in capsys.readouterr().err.splitlines() if "plateau" in line]
    assert len(said) == 1
    assert "--set restarts=N" in said[0]


@pytest.mark.parametrize(("costs", "words"), [([18.0] * 12, "plateau"), ([18.0, 1.0], None)])
def test_a_status_says_it(tmp_path: Path, costs, words):
    run = create(tmp_path / "run", RECIPE, 0)
    for row in rows_of(costs):
        append_row(run.metrics, row)
    status = read_status(run.path)
    assert (status.values()["course"] or {}).get("kind") == words
    assert ("plateau" in status.words()) == (words == "plateau")
