"""What the page without a server says of what its usual questions do not reach, beside Python."""

import json
import re

import pytest

from ntmlab.explore.catalog import Catalog
from ntmlab.explore.static_page import write_static
from ntmlab.explore.wasm import BUILT
from tests.explore.conftest import served, watched
from tests.explore.local import check_refused, on_view, refusals

pytestmark = pytest.mark.skipif(not BUILT.exists(), reason="needs kernels.wasm: make wasm")

BITS = "0110100110010110" * 4


@pytest.mark.parametrize(
    "question",
    [
        {"symbols": BITS, "models": ["optimal", "oracle", "entropy", "kt-2"]},
        {"symbols": BITS, "models": ["oracle"]},
        {"seed": 0, "models": ["ntm", "kt-2"]},
        {"seed": 0, "models": ["optimal", "noise-0.001-5"], "arrows": 20},
        {"seed": 0, "models": ["optimal", "kt-2"], "arrows": 20, "window": [50, 120]},
        {"symbols": BITS, "models": ["optimal", "kt-2"], "arrows": 5, "window": [40, 90]},
        {"seed": 0, "models": ["optimal", "ctw-17", "kt-16"], "task": "dynamic-ngrams:letters=3"},
        {"seed": 0, "models": ["optimal", "ctw-17", "kt-16"], "task": "dynamic-ngrams:length=30"},
        {"seed": 0, "models": ["optimal", "kt-7", "ctw-3"], "task": "change-points:letters=5"},
    ],
)
def test_what_is_shown_is_what_the_server_shows(local, catalog, question):
    on_view(catalog, local, **question)


FURTHER = [
    "hmm:golden-mean",
    "hmm:length=30,process=rrxor",
    "hmm:mess3,x=1e-45",
    "change-points:hazard=0.3,prior=1e-150",
    "change-points:hazard=0.3,prior=1e-101",
    "lags:letters=3,prior=1e-110",
    "change-points:hazard=1.0",
    "change-points:hazard=0.0",
    "change-points:letters=256,length=8",
    "change-points:letters=4,prior=1/2/3/4",
    "change-points:letters=6,prior=2.0/2.0/2.0/2.0/2.0/2.0",
    "change-points:letters=6,prior=2.0/2.0/2.0/2.0/2.0/1.0",
    "dynamic-ngrams:order=17,length=20",
    "dynamic-ngrams:prior=0.3/2.5",
    "context-trees:depth=2,split=1",
    "hmm:mess3,x=0.25,a=1",
    "coins:biases=0.2/0.9",
    "coins:biases=1/0.5",
    "lags:length=6000,prior=50.0",
]


@pytest.mark.parametrize("task", FURTHER)
def test_further_forms_of_sources(local, catalog, task):
    models = ["optimal", "oracle", "entropy", "padded-1", "padded-3"]
    on_view(catalog, local, task=task, seed=1, models=models)


@pytest.mark.parametrize(
    ("task", "symbols"),
    [
        ("hmm:golden-mean", "0110111100"),
        ("hmm:golden-mean", "1111"),
        ("coins:biases=0.0/0.0", "0110"),
        ("coins:biases=1.0/0.5", "1101"),
        ("coins:biases=1.0/1.0", "1101"),
    ],
)
@pytest.mark.filterwarnings("ignore:the optimum of this comparison:ntmlab.errors.Remark")
def test_what_is_impossible_teaches_nothing(local, catalog, task, symbols):
    on_view(catalog, local, task=task, symbols=symbols, models=["optimal"])


def test_letters_of_context_where_a_name_has_none_are_as_many_as_python_takes(local, catalog):
    for letters in (5, 6, 9):
        task = f"change-points:letters={letters}"
        on_view(catalog, local, task=task, seed=0, models=["optimal", "padded"])


@pytest.mark.parametrize(
    "question",
    [
        {"changes": [{"kind": "clear", "step": 3, "slots": [1]}]},
        {"task": "hmm:mess3", "machine": "ntm"},
        {"task": "change-points:prior=10000000"},
        {"task": "change-points:prior=0"},
        {"task": "change-points:prior=1e-301"},
        {"task": "change-points:prior=1/2/3"},
        {"task": "change-points:letters=100,length=9999"},
        {"task": "dynamic-ngrams:letters=3,order=12"},
        {"task": "context-trees:depth=17"},
        {"task": "context-trees:letters=3,depth=11"},
        {"task": "hmm:rrxor,x=0.1"},
        {"task": "hmm:mess3,x=0"},
        {"task": "coins:m=3,biases=0.1/0.2"},
        {"task": "coins:biases=0.5/2"},
        {"task": "lags:letters=65,most=1024"},
        {"task": "change-points:3"},
        {"task": "dynamic-ngrams:order"},
        {"task": "dynamic-ngrams:order=3,order=4"},
        {"task": "dynamic-ngrams:order=3,,length=5"},
        {"task": "dynamic-ngrams:order=3,length="},
        {"task": "dynamic-ngrams:letters=3,prior=0.5/0.5"},
        {"task": "hmm:mess3,process=rrxor"},
        {"machine": "ntm", "changes": [{"kind": "clear", "step": 200, "slots": [1]}]},
    ],
)
def test_what_is_refused(local, catalog, question):
    check_refused(catalog, local, "view", {"seed": 0, "models": ["optimal"], **question})


@pytest.mark.parametrize(
    "question",
    [
        {"task": "hmm:nothing"},
        {"task": "nothing"},
        {"task": "dynamic-ngrams:orders=3"},
        {"models": ["small@7"]},
        {"models": ["kt-9"]},
    ],
)
def test_unknown_names_are_said_without_the_nearest(local, catalog, question):
    question = {"seed": 0, "models": ["optimal"], **question}
    here, there = refusals(catalog, local, "view", question)
    there = re.sub(r"; did you mean [^?]*\?", "", there).replace(" package.module:factory,", "")
    assert here == there


@pytest.mark.parametrize(
    "task",
    [
        "mixture:of=coins:m=3+hmm:golden-mean+dynamic-ngrams:order=2;prior=1,weights=0.7/0.2/0.1",
        "change-points:prior=10000000",  # more than a page may ask for otherwise
    ],
)
def test_a_task_that_the_page_opens_on_is_python_s(browser, tmp_path, task):
    write_static(tmp_path / "page", task=task)
    with served(tmp_path / "page") as address, watched(browser, address) as page:
        page.goto(f"{address}#models=optimal")
        page.wait_for_selector("body[data-drawn]")
        for seed in range(6):
            on_view(Catalog(task=task), page, seed=seed, models=["optimal", "oracle"])


@pytest.mark.filterwarnings("ignore:the optimum of this comparison:ntmlab.errors.Remark")
def test_a_belief_that_had_vanished_comes_back(browser, tmp_path):
    """Two dice that never turn into each other: after 400 of a letter one has 1e-381."""
    both = {"transition": [[1, 0], [0, 1]], "emission": [[0.9, 0.1, 0], [0.1, 0.9, 0]]}
    (tmp_path / "dice.json").write_text(json.dumps(both | {"start": [0.5, 0.5]}))
    task = f"hmm:file={tmp_path}/dice.json"
    write_static(tmp_path / "page", task=task)
    with served(tmp_path / "page") as address, watched(browser, address) as page:
        page.goto(f"{address}#models=optimal")
        page.wait_for_selector("body[data-drawn]")
        for symbols in ("0" * 400 + "1" * 420, "0" * 400 + "2" + "1" * 420, "012"):
            _, arrays = on_view(Catalog(task=task), page, symbols=symbols, models=["optimal"])
        assert arrays["distributions"].shape == (1, 3, 3)


@pytest.mark.parametrize(
    "question",
    [
        {"model": "recall-ntm", "sizes": {"items": 1}},
        {"model": "copy-ntm", "sizes": {"length": 5000}},
        {"model": "repeat-copy-ntm", "sizes": {"length": 3333, "repeats": 2}},
        {"model": "recall-ntm", "sizes": {"items": 2499}},
        {"model": "copy-ntm", "sizes": {"items": 3}},
        {"model": "sort-ntm", "sizes": {"length": 3}},
        {"model": "copy-ntm", "task": "recall"},
        {"model": "ntm"},
        {"model": "kt-4"},
        {"model": "kt-4", "task": "copy"},
    ],
)
def test_answers_that_are_refused(local, catalog, question):
    check_refused(catalog, local, "answer", {"seed": 0, "sizes": {}, **question})


def test_a_sequence_that_goes_on_or_ends_before_says_what_a_new_one_does(local, catalog):
    """Sequences of one beginning and several lengths, and changes in any order."""
    clear = {"kind": "clear", "step": 20, "slots": [5]}
    swap = {"kind": "swap", "step": 8, "slots": [1, 5]}
    question = {"models": ["optimal", "ntm", "ntm-lstm", "lstm"], "machine": "ntm"}
    for steps in (40, 24, 60, 25, 1, 33):
        on_view(catalog, local, **question, symbols=BITS[:steps], changes=[])
        if steps > 20:
            for changes in ([clear, swap], [swap], [swap, clear]):
                on_view(catalog, local, **question, symbols=BITS[:steps], changes=changes)
