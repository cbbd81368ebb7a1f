"""What the browser may ask: everything is checked, and whatever is wrong is named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntmlab import InputError
from ntmlab.explore.questions import (
    LARGEST_SEED,
    LONGEST,
    AnswerQuestion,
    ViewQuestion,
    answer_question,
    view_question,
)

GOOD = {"symbols": "0110", "models": ["optimal"]}


def test_a_question_is_understood():
    asked = view_question(
        {
            "task": "dynamic-ngrams:order=3",
            "seed": 3,
            "models": ["optimal", "ntm"],
            "arrows": 4,
            "window": [5, 20],
            "machine": "ntm",
            "changes": [{"kind": "swap", "step": 7, "slots": [1, 2]}],
        }
    )
    assert (asked.task, asked.seed, asked.symbols) == ("dynamic-ngrams:order=3", 3, None)
    assert (asked.arrows, asked.window) == (4, (5, 20))
    assert asked.changes == (("swap", 7, (1, 2)),)


def test_a_sequence_is_enough_of_a_question():
    usual = ViewQuestion(None, None, 0, ("optimal",), 2, None, None, ())
    assert view_question({"seed": 0}) == usual
    assert view_question({"symbols": "0"}) == usual._replace(symbols="0", seed=None)
    assert answer_question({"model": "x"}) == AnswerQuestion(None, "x", 0, {})


@pytest.mark.parametrize(
    "change",
    [
        {"symbols": "0" * (4 * LONGEST)},
        {"symbols": None, "seed": LARGEST_SEED},
        {"task": "x" * 1000},
        {"models": [str(number) for number in range(8)]},
        {"models": ["x" * 200]},
        {"machine": "x" * 200},
        {"arrows": 0},
        {"arrows": 20},
        {"window": [0, 1]},
        {"window": [LONGEST - 1, LONGEST]},
        {"changes": [{"kind": "freeze", "step": LONGEST - 1}] * 32},
        {"changes": [{"kind": "clear", "step": 0, "slots": [0]}]},
        {"changes": [{"kind": "swap", "step": 0, "slots": [0, 2**20]}]},
    ],
)
def test_the_ends_of_every_bound_may_be_asked(change):
    asked = view_question(GOOD | change)
    for name, value in change.items():
        if name != "changes":
            found = getattr(asked, name)
            assert (list(found) if isinstance(found, tuple) else found) == value
    told = [{"kind": c.kind, "step": c.step, "slots": [*c.slots]} for c in asked.changes]
    assert told == [{"slots": []} | one for one in change.get("changes", [])]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"symbols": ""}, "symbols must be a text"),
        ({"symbols": "0" * (4 * LONGEST + 1)}, "1 to 40000"),
        ({"symbols": 11}, "symbols must be a text"),
        ({"symbols": None}, "either symbols or a seed"),
        ({"seed": 1}, "either symbols or a seed"),
        ({"symbols": None, "seed": -1}, "seed must be"),
        ({"symbols": None, "seed": 2**64}, "seed must be"),
        ({"task": 3}, "task must be a text"),
        ({"task": "x" * 1001}, "1 to 1000"),
        ({"bits": "01"}, "unknown field 'bits'"),
        ({"models": []}, "at least one model"),
        ({"models": ["ntm", "ntm"]}, "none twice"),
        ({"models": ["x"] * 9}, "at most 8"),
        ({"models": [1]}, "a model must be a text"),
        ({"models": "ntm"}, "must be a list"),
        ({"models": ["x" * 201]}, "1 to 200"),
        ({"machine": "x" * 201}, "1 to 200"),
        ({"arrows": -1}, "arrows must be"),
        ({"arrows": 21}, "arrows must be"),
        ({"window": [-1, 5]}, "window's start"),
        ({"window": [LONGEST, LONGEST + 1]}, "window's start"),
        ({"window": [5, LONGEST + 1]}, "window's end"),
        ({"window": [1, 2, 3]}, "at most 2"),
        ({"window": [5, 5]}, "window's end"),
        ({"window": [1]}, "first step and a later end"),
        ({"machine": ""}, "machine must be a text"),
        ({"changes": [{"kind": "burn", "step": 1}]}, "kind must be one of clear, swap, freeze"),
        ({"changes": [{"kind": [], "step": 1}]}, "kind must be one of"),
        ({"changes": [{"kind": "clear", "step": 1}]}, "clear takes 1 slots, not 0"),
        ({"changes": [{"kind": "freeze", "step": 1, "slots": [1]}]}, "freeze takes 0"),
        ({"changes": [{"kind": "freeze", "step": -1}]}, "step must be"),
        ({"changes": [{"kind": "freeze", "step": LONGEST}]}, "step must be"),
        ({"changes": [{"kind": "clear", "step": 1, "slots": [-1]}]}, "a slot must be"),
        ({"changes": [{"kind": "clear", "step": 1, "slots": [2**20 + 1]}]}, "a slot must be"),
        ({"changes": [{"kind": "swap", "step": 1, "slots": [1, 2, 3]}]}, "at most 2"),
        ({"changes": [7]}, "JSON object"),
        ({"changes": [{"kind": "freeze", "step": 1}] * 33}, "at most 32"),
        ({"nonsense": 1}, "unknown field 'nonsense'"),
    ],
)
def test_wrong_questions_are_named(change, message):
    with pytest.raises(InputError, match=message):
        view_question(GOOD | change)


def test_wrong_questions_about_answers_are_named():
    for size in (1, 7, LONGEST):
        given = {"model": "copier", "sizes": {"length": size}}
        assert answer_question(given).sizes == {"length": size}
    least, most = {"model": "x", "seed": 0}, {"model": "x", "seed": LARGEST_SEED}
    assert (answer_question(least).seed, answer_question(most).seed) == (0, 2**64 - 1)
    for wrong in (
        *({}, [], {"model": "x", "sizes": {"height": 1}}, {"model": "x", "seed": "1"}),
        *(least | {"seed": -1}, most | {"seed": 2**64}),
        *(least | {"sizes": {"length": 0}}, least | {"sizes": {"items": LONGEST + 1}}),
    ):
        with pytest.raises(InputError):
            answer_question(wrong)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = ("task", "symbols", "seed", "models", "arrows", "window", "machine", "changes")


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(st.sampled_from(FIELDS), ANY_JSON) | ANY_JSON)
def test_no_json_gives_anything_but_an_answer_or_an_input_error(value):
    for check in (view_question, answer_question):
        try:
            check(value)
        except InputError as error:
            said = str(error)
        else:
            said = ""
        assert "\n" not in said
