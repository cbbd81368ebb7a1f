"""What small studies tell in words, JSON and arrays: each number where its name stands."""

import numpy as np
import pytest

from ntmlab import DynamicNGrams, compare
from ntmlab.errors import InputError
from ntmlab.evaluation.ratios import Profile
from ntmlab.evaluation.scored import Batch, Steps
from ntmlab.figures.style import new_figure
from ntmlab.optimal import ContextKT
from ntmlab.studies.claims import Claim, claims_text
from ntmlab.studies.finite import finite_divergence, known_optimum
from ntmlab.studies.nearest import Nearest
from ntmlab.studies.nearest import drawing as nearest_drawing
from ntmlab.studies.nearest import to_text as nearest_text
from ntmlab.studies.probe import to_json as probe_json
from ntmlab.studies.probe import to_text as probe_text
from ntmlab.studies.probe.measure import Probe
from ntmlab.studies.sorting import SortWrites, example_drawing, fit_drawing, fit_priority
from ntmlab.studies.sorting.report import _second
from ntmlab.studies.strips import drawing as strips_drawing
from ntmlab.tasks import PrioritySort


def known(bits, weights):
    names, profile = ["kt-1", "coin", "ptw"], np.arange(6.0).reshape(3, 2)
    own = Profile(profile, profile / 8, np.full((3, 2), 50))
    blocks = np.array([0, 5, 10])
    return Nearest(names, np.array(bits), np.array(bits) / 4, blocks, own, np.array(weights), 0.125)


def test_the_nearest_estimator_comes_first_and_the_heaviest_of_the_mixture(monkeypatch):
    found = {"early": known([9.0, 1.0, 4.0], [0.0, 0.9, 0.1])}
    found["late"] = known([8.0, 6.0, 2.0], [0.304, 0.004, 0.692])
    head, *rows, mixture = nearest_text(found).split("\n\n")[1].splitlines()[1:]
    assert [row.split("  ")[1].strip() for row in rows] == ["ptw", "coin", "kt-1"]
    cells = [[cell.strip() for cell in row.split("  ") if cell.strip()][1:] for row in rows]
    assert cells == [
        ["2.000 ± 0.500", "0.692"],
        ["6.000 ± 1.500", "0.004"],
        ["8.000 ± 2.000", "0.304"],
    ]
    assert "bits a sequence" in head
    assert mixture.strip() == "nearest mixture: 69% ptw, 30% kt-1; 0.1250 bits from it"
    plain = {"weights": new_figure(1, 1).add_subplot()}
    monkeypatch.setattr("ntmlab.studies.nearest.report.nearest", lambda found: plain)
    drawn = nearest_drawing(found)
    assert drawn.words == "nearest to ptw, 2.000 bits"
    assert drawn.arrays["bits"].tolist() == [[9, 1, 4], [8, 6, 2]]


def test_what_was_read_has_its_numbers_and_error():
    found = {"hidden": Probe(64, {"belief": (3, 0.75, 0.0625)})}
    words = probe_text(found).splitlines()[1].split()
    assert words == ["hidden", "64", "belief", "3", "0.7500", "±", "0.0625"]
    own = {"belief": {"numbers": 3, "r2": 0.75, "r2_se": 0.0625}}
    assert probe_json(found) == {"hidden": {"features": 64, "known": own}}


def test_the_head_that_follows_priority_is_told_with_its_mean_and_the_next_best():
    priorities, writes = np.linspace(-1, 1, 8), np.eye(16)[np.arange(8)]
    quality = np.array([[0.2, 0.5, 0.9], [0.4, 0.7, np.nan]])  # means 0.3, 0.6 and 0.45
    fit, reads = fit_priority(priorities, writes), 3 * np.eye(16)[:5]
    found = fit_drawing(SortWrites(1, priorities, fit, writes, reads, quality))
    assert found.words.startswith("write head 2 of 3, R² 1.000 on the sequence shown, 0.600 on av")
    said = " ".join(
        text.get_text() for text in found.figure.findobj(lambda a: hasattr(a, "get_text"))
    )
    assert "write head 2 of 3, over 100 sequences:\nmean R² 0.60; next best head 0.45" in said
    assert max(image.get_array().max() for ax in found.figure.axes for image in ax.images) == 1
    assert _second(np.array([0.3])) == 0  # of a single head there is none


def test_the_example_of_sorting_has_vectors_answer_and_wrong_bits():
    task = PrioritySort(width=3, count=6, kept=4)
    drawn = task.sample(1, 5)
    wrong = lambda inputs: 1 - task.optimal()(inputs)  # noqa: E731
    found = example_drawing(task, 5, {"exact": task.optimal(), "wrong": wrong})
    np.testing.assert_array_equal(found.arrays["inputs"], drawn.inputs[0, :6, :4].numpy())
    np.testing.assert_array_equal(found.arrays["targets"], drawn.targets[0, 7:].numpy())
    np.testing.assert_array_equal(found.arrays["exact"], found.arrays["targets"])
    parts = ["4 of 6 vectors in order of priority", "exact: no wrong bit", "wrong: 12 of 12 bits"]
    assert found.words.startswith("; ".join(parts))


@pytest.mark.parametrize("marked", ["kt-1", "kt-3"])
def test_arrows_that_are_saved_are_those_that_are_drawn(marked, monkeypatch):
    """As many as were asked for, in the window, of the models that have some."""
    plain = new_figure(1, 1).add_subplot()
    monkeypatch.setattr("ntmlab.studies.strips.report.strips", lambda *given, **look: plain)
    task, models = DynamicNGrams(order=3, length=90), {"kt-1": ContextKT(1), "kt-3": ContextKT(3)}
    comparison = compare(task.sample(1, 4), {"Optimal": task.optimal(), **models})
    look = {"window": (40, 70), "arrows": 3, "arrow_models": [marked]}
    arrays = strips_drawing(comparison, **look).arrays
    steps = comparison.divergences(marked, 0, 3, slice(40, 70))
    assert arrays[f"arrows/{marked}"].tolist() == steps
    assert (
        arrays[f"departures/{marked}"].tolist() == comparison.divergence(marked)[0, steps].tolist()
    )
    assert [len(arrays[f"arrows/{name}"]) for name in models if name != marked] == [0]
    assert len(steps) == 3


def test_claims_are_yes_or_no_and_what_is_no_number_is_null():
    claims = [
        Claim("it counts", "5 bits", "4 or more", holds, 5.0, float("nan")) for holds in (1, 0)
    ]
    assert [line[:5] for line in claims_text(claims).splitlines()[::3]] == ["yes  ", "no   "]
    told = claims[1].to_json()
    assert (told["holds"], told["value"], told["error"]) == (False, 5.0, None)
    unknown = Claim("it forgets", "nan bits", "4 or more", False, float("nan"), float("nan"))
    assert claims_text([unknown]).startswith("?    it forgets\n")
    assert unknown.to_json()["holds"] is None


def test_a_loss_is_told_where_each_step_of_it_is_finite_and_an_optimum_known():
    drawn = DynamicNGrams(length=2).sample(1, 0)
    steps = Steps(np.full((1, 2, 1), 0.5), np.ones((1, 2)), np.array([[0.25, 0.5]]))
    assert finite_divergence(steps, "m").tolist() == [[0.25, 0.5]]
    for unknown in (None, np.array([[0.25, np.inf]]), np.array([[np.nan, 0.5]])):
        with pytest.raises(InputError, match="predictor m gives a probability of exactly 0 or 1"):
            finite_divergence(steps._replace(divergence=unknown), "m")
    with pytest.raises(InputError, match="optimal predictor is not known"):
        known_optimum(Batch(0, drawn, None, {}))
    assert known_optimum(Batch(0, drawn, steps, {})) is steps


def test_a_predictor_is_not_called_as_the_sequence_is():
    """Its predictions would stand in the file of arrays in the place of the sequence."""
    task = DynamicNGrams(order=2, length=8)
    both = {"optimal": task.optimal(), "Input": ContextKT(0)}
    with pytest.raises(InputError, match="a predictor called Input cannot be told from the"):
        strips_drawing(compare(task.sample(1, seed=0), both))
