"""What notebooks show of each thing, and what pandas is given."""

import io
import sys
import types
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ntmlab import NTM, InputError, check_predictor, compare, make_task
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.figures import strips
from ntmlab.notebook import Table, to_html
from ntmlab.runs.folder import RunFolder
from ntmlab.runs.results import shipped_runs
from ntmlab.studies.drawing import Drawing

TASK = make_task("dynamic-ngrams:order=2,length=20")
HOSTILE = '<script>alert("1")</script><img src=x onerror=alert(1)>&amp;'


class Texts(HTMLParser):
    """Tags and texts of a page; fails where tags do not close."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.texts, self.open = [], [], []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.open.append(tag)
        assert [name for name, _ in attrs] in ([], ["style"])
        assert not any("color:" in value.replace("currentColor", "") for _, value in attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def shown(thing):
    page = Texts(thing._repr_html_())
    assert set(page.tags) <= {"table", "caption", "thead", "tbody", "tr", "th", "td", "div"}
    return page.texts


def comparison(name="Model"):
    half = lambda inputs: torch.full(inputs.shape, 0.5, dtype=torch.float64)  # noqa: E731
    return compare(TASK.sample(5, seed=0), {"Optimal": TASK.optimal(), name: half}, unchecked=True)


def test_a_comparison_shows_what_its_table_says():
    found = comparison()
    cells = shown(found)
    assert cells[0] == "bits per sequence"
    assert " ".join(cells[1:]).split() == found.table().split()
    assert found.records()[1]["predictor"] == "Model"
    assert found.records()[1]["gap"] == found.score("Model").gap


def test_hostile_names_are_texts(tmp_path):
    assert HOSTILE in shown(comparison(HOSTILE))
    folder = str(tmp_path / HOSTILE.replace("/", "|"))
    assert folder in shown(RunFolder(Path(folder)))
    everywhere = Table([HOSTILE], [[HOSTILE]], HOSTILE, [HOSTILE])
    assert Texts(to_html(everywhere)).texts == [HOSTILE] * 4


def test_scores_checks_and_traces_show_themselves():
    scores = evaluate(TASK, {"Best": TASK.optimal()}, 4, 0)
    assert "Best" in shown(scores)
    checks = check_predictor(TASK.optimal(), TASK, names=["shape", "gradients"], lengths=[8])
    assert isinstance(checks, list)
    assert [text for text in shown(checks) if text in ("passed", "skipped")] == [
        "passed",
        "skipped",
    ]
    assert [record["name"] for record in checks.records()] == ["shape", "gradients"]
    with torch.no_grad():
        trace = NTM(2, 3, controller_size=4, slots=5, slot_width=6).trace(torch.rand(1, 7, 2))
    cells = shown(trace)
    assert cells[cells.index("logits") + 1] == "1 × 7 × 3"
    assert cells[cells.index("reads") + 1] == "1 × 7 × 1 × 6"


def test_a_run_folder_shows_how_far_it_is_or_what_is_wrong(tmp_path):
    run = RunFolder(shipped_runs("ngrams-ntm")[0])
    cells = shown(run)
    assert cells[cells.index("state") + 1] == "finished"
    assert run.records()[-1]["sequences"] == int(cells[cells.index("sequences") + 1])
    assert "is not a run folder" in " ".join(shown(RunFolder(tmp_path)))


def test_pictures_show_themselves_at_their_size():
    ax = strips(comparison(), width=4.0)
    for thing in (ax, ax.figure, Drawing(ax.figure, {"a": np.zeros(1)}, "")):
        file, size = thing._repr_png_()
        assert Image.open(io.BytesIO(file)).size[0] == 2 * size["width"] == 2 * 4 * 96


def test_pandas_is_given_the_records_or_asked_for(monkeypatch):
    found, run = comparison(), RunFolder(shipped_runs("ngrams-ntm")[0])
    checks = check_predictor(TASK.optimal(), TASK, names=["shape"], lengths=[8])
    stand_in = types.SimpleNamespace(DataFrame=lambda records: ("frame", records))
    monkeypatch.setitem(sys.modules, "pandas", stand_in)
    for thing in (found, checks, run):
        assert thing.to_frame() == ("frame", thing.records())
    monkeypatch.setitem(sys.modules, "pandas", None)
    for thing in (found, checks, run):
        with pytest.raises(InputError, match="pip install pandas"):
            thing.to_frame()
