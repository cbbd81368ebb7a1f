"""The table of campaigns and the sentence about the latest draw are what the files say."""

import json

import pytest

from tools.docs.trust import TRIED, WRONG, campaigns_table, latest_draw
from tools.mutations import NAMED

KINDS = [name for name in TRIED if name not in ("named", "drawn")]


def written(folder, day, kind, **entries):
    path = folder / f"{day}-{kind}.json"
    path.write_text(json.dumps({"date": day, "about": "a day", **entries}))


def trials(command, tries, **more):
    return {"command": f"python -m tools.{command} --seed 1", "tries": tries, **more}


@pytest.fixture
def folder(tmp_path):
    """Every kind of campaign once, and some again."""
    every = {name: trials(name, 5, failures=[]) for name in KINDS}
    written(tmp_path, "2026-01-01", "trust", **every)
    again = {
        "a": trials("crash --sweeps", 1000, failures=["lost"], date="2026-01-02"),
        "b": trials("fuzz commands", 30, wrong=["one thing", "seen twice"], faults=1),
        "seconds": {"crash": 0.06},
    }
    written(tmp_path, "2026-01-03", "trust", **again)
    drawn = {"mutants": 20, "noticed": 10, "gaps": 9}
    named = {"mutants": 3, "noticed": 2}
    written(tmp_path, "2026-01-01", "mutants", **{"named, all": named, "drawn, seed 1": drawn})
    last = {"chosen": {"mutants": 2, "noticed": 2}, "covered": {"percent": 92}}
    last |= {"drawn, seed 2": {"mutants": 60, "noticed": 52, "gaps": 6, "date": "2026-01-05"}}
    written(tmp_path, "2026-01-04", "mutants", named=named, **last)
    return tmp_path


def test_tries_and_wrong_are_summed_by_kind_with_the_last_date(folder):
    rows = [line.strip("| ").split(" | ") for line in campaigns_table(folder).splitlines()[2:]]
    found = [(cells[1].strip("`"), cells[2], cells[3], cells[-1]) for cells in rows]
    assert found == [
        ("crash", "5", "0", "2026-01-01"),
        ("crash --sweeps", "1,005", "1", "2026-01-02"),
        ("fuzz files", "5", "0", "2026-01-01"),
        ("fuzz contents", "5", "0", "2026-01-01"),
        ("fuzz requests", "5", "0", "2026-01-01"),
        ("fuzz commands", "35", "1", "2026-01-03"),
        ("mutants", "6", "2", "2026-01-04"),
        ("mutants", "82", "18", "2026-01-05"),
    ]
    assert rows[-2][0].startswith(f"{len(NAMED)} faults by name")


def test_a_campaign_without_a_row_is_told(folder):
    written(folder, "2026-01-06", "trust", new=trials("fuzz weather", 5, wrong=[]))
    with pytest.raises(SystemExit, match=r"new: no row .* python -m tools.fuzz weather"):
        campaigns_table(folder)


def test_what_was_wrong_is_said_in_fifteen_words():
    assert WRONG.keys() == TRIED.keys()
    assert max(len(words.split()) for words in WRONG.values()) <= 15


def test_of_the_latest_draw_the_rate_with_its_interval(folder):
    said = " ".join(latest_draw(folder).split())
    assert "2026-01-05, seed 2) took 60 mutants. The tests did not notice 8; 6 of these" in said
    assert "10 %, with 4.7 % to 20 % as Wilson's 95 % interval" in said
    assert said.endswith("At most 2 % is aimed at, and not reached.")
    many = {"drawn, seed 3": {"mutants": 1000, "noticed": 997, "gaps": 2}}
    written(folder, "2026-01-06", "mutants", **many)
    assert latest_draw(folder).endswith("aimed at, and reached.")
