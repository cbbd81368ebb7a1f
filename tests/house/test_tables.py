"""Tables and claims say what results/ says: crafted results, and every verdict."""

from dataclasses import replace
from pathlib import Path

from ntmlab.recipes import RECIPES
from ntmlab.runs.results import Result
from ntmlab.studies.paper import claims
from ntmlab.training import find_recipe
from tools.docs import tables


def result(seed, *, bits=0.01, curve=(5.0, 0.01), wrong=0.0, recipe="copy-ntm", seconds=60.0):
    """A run of copy with two validations, and its score at the paper's lengths."""
    rows = [{"sequences": 1000 * (i + 1), "bits": cost} for i, cost in enumerate(curve)]
    sizes = [{"length": n, "wrong_rate": wrong * n} for n in (10, 20, 30, 50, 120)]
    score = {"sequences": 20_000, "bits": bits, "bits_se": 0.001, "wrong_rate": wrong}
    where = {"processor": "P", "threads": 1}
    path = Path(f"{recipe}/seed{seed}")
    return Result(path, find_recipe(recipe), seed, rows, where, seconds, {**score, "sizes": sizes})


def verdicts(results):
    found = {}
    for claim in claims.copy_claims():
        _, recipe, verdict, numbers = claims.answer(claim, results)
        found[claim.text, recipe.strip("`")] = (verdict, numbers)
    return found


def test_every_run_in_results_had_the_recipe_as_it_is_shipped():
    """A rate over seeds of an older recipe would be of a recipe that nobody can train."""
    for name in RECIPES.keys() & tables.by_recipe().keys():
        shipped = replace(find_recipe(name), about="")
        for found in tables.by_recipe()[name]:
            assert replace(found.recipe, about="") == shipped, found.path


def test_claims_hold_for_all_some_or_none():
    good, slow = result(0), result(1, curve=(5.0, 4.0), bits=4.0, wrong=0.001)
    text = "below 0.05 bits within 30,000 sequences"
    for seeds, verdict, numbers in [
        ([good], "yes", "2,000"),
        ([good, slow], "1 of 2", "2,000; never"),
        ([slow], "no", "never"),
    ]:
        found = verdicts({"copy-ntm": seeds})
        assert found[text, "copy-ntm"] == (verdict, numbers)
        assert found[text, "copy-ntm-lstm"] == ("not run", "-")
    found = verdicts({"copy-ntm": [slow]})
    assert found["under 1 % wrong at 120", "copy-ntm"] == ("no", "12 %")
    assert found["no wrong bit at 10, 20, 30 and 50", "copy-ntm"] == ("no", "5 %")


def test_claims_about_the_lstm_compare_it():
    ntm = [result(0, curve=(5.0, 0.01)), result(1, curve=(0.01, 0.01))]
    text = "slower than every NTM that was run: sequences to 0.05 bits"
    never = result(0, recipe="copy-lstm", curve=(9.0, 8.0), wrong=0.003)
    found = verdicts({"copy-ntm": ntm, "copy-lstm": [never]})
    assert found[text, "copy-lstm"] == ("yes", "never")
    assert found["fails past 20: wrong at 30", "copy-lstm"] == ("yes", "9 %")
    fast = result(0, recipe="copy-lstm", curve=(0.01,))
    found = verdicts({"copy-ntm": ntm, "copy-lstm": [fast]})
    assert found[text, "copy-lstm"][0] == "no"
    assert found["fails past 20: wrong at 30", "copy-lstm"] == ("no", "0 %")


def test_tables_show_median_range_and_hardware(monkeypatch):
    seeds = [result(k, bits=b, seconds=t) for k, (b, t) in enumerate([(3, 50), (1, 40), (2, 200)])]
    monkeypatch.setattr(tables, "by_recipe", lambda: {"copy-ntm": seeds})
    monkeypatch.setattr(tables, "shipped", dict)
    row = tables.answers_table().splitlines()[2]
    assert "| `copy-ntm` | 0, 1, 2 | 2,000 | 2.000 ± 0.001 (1.000 to 3.000) | 0 % |" in row
    assert "length 120: 0 %" in row
    assert row.endswith("| 50 seconds, 40 a second, P, 1 thread |")
    assert tables.results_table() == tables.NOTHING


def test_a_score_on_other_sequences_is_said(monkeypatch):
    few = result(4)
    monkeypatch.setattr(
        tables,
        "by_recipe",
        lambda: {"copy-ntm": [few._replace(score={**few.score, "sequences": 9})]},
    )
    assert "seed 4 scored on the 9 validation sequences only" in tables.answers_table()
