"""The page of a sweep: its runs and curves, read from the folder while it runs."""

import asyncio
import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from ntmlab.explore.sweep.app import make_sweep_app
from ntmlab.explore.sweep.standing import Standings
from ntmlab.sweeps.attempts import begin_attempt
from ntmlab.training import read_metrics, train
from tests.explore.conftest import SHOTS, start, stop, watched
from tests.sweeps.cases import begin, make_study

DONE, OTHER, WAITS, FAILED = (f"ngrams-quick-seed{seed}" for seed in range(4))


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    """A sweep with a finished run, one under way, one that waits and one that failed."""
    study = make_study("validate_every=40", seeds=range(4))
    sweep = begin(tmp_path_factory.mktemp("swept") / "rates", study)
    assert train(study.units[DONE].recipe, 0, sweep.run(DONE))
    attempt = begin_attempt(sweep, OTHER, 1, {})
    recipe = study.units[OTHER].recipe.override(["sequences=240"])
    assert train(recipe, 1, attempt.run)
    attempt.beat.write_text("           7                 260\n")
    failed = begin_attempt(sweep, FAILED, 1, {})
    failed.end.write_text(json.dumps({"how": "failed", "why": "loss nan"}))
    return sweep


@pytest.fixture(scope="module")
def address(sweep, tmp_path_factory):
    running = start(tmp_path_factory.mktemp("served"), "--sweep", str(sweep.path), "--port", "0")
    yield running.url
    status, errors = stop(running)
    assert "Traceback" not in errors, errors
    assert status in (0, -15)


def test_what_the_page_is_told(sweep, address):
    with urllib.request.urlopen(f"{address}api/sweep") as answer:
        told = json.load(answer)
    runs = {run["name"]: run for run in told["runs"]}
    states = [runs[name]["state"] for name in (DONE, OTHER, WAITS, FAILED)]
    assert states == ["finished", "under way", "waiting", "failed"]
    rows = read_metrics(sweep.run(DONE))
    assert runs[DONE]["curve"] == [[row["sequences"], row["bits"], row["kl"]] for row in rows]
    assert (runs[OTHER]["sequences"], runs[OTHER]["of"]) == (260, 480)
    assert runs[OTHER]["left_s"] == pytest.approx(220 / runs[OTHER]["speed"])
    assert runs[FAILED]["why"] == "loss nan"
    assert told["sweep"] == "rates"


def test_a_fault_of_ours_is_told_in_json(sweep, monkeypatch):
    def fails(_):
        raise ZeroDivisionError

    monkeypatch.setattr(Standings, "read", fails)
    sent = []

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/api/sweep", "query_string": b""}
    asked = make_sweep_app(sweep)(scope | {"headers": [(b"host", b"localhost")]}, receive, send)
    with pytest.raises(ZeroDivisionError):  # which the server writes on stderr
        # In a thread of its own: a browser's tests leave a loop running in this one.
        ThreadPoolExecutor(1).submit(asyncio.run, asked).result()
    assert sent[0]["status"] == 500
    assert "ZeroDivisionError" in json.loads(sent[1]["body"])["error"]


@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_shows_runs_and_curves_and_what_comes(browser, sweep, address, width):
    with watched(browser, address) as page:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        page.wait_for_selector("body[data-drawn]")
        assert page.locator("#summary").inner_text() == "1 of 4 finished, 1 under way, 1 failed"
        assert page.locator("#runs tr").count() == 4
        assert page.locator("#curves .curve").count() == 2
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("#runs tr").first.hover()
        assert page.locator("#curves .chosen").count() == 1
        page.screenshot(path=SHOTS / f"sweep-{width}.png", full_page=True)
        page.select_option("#cost", "1")
        (sweep.attempts(OTHER) / "1" / "beat").write_text(f"  8   {270 + width}\n")
        page.wait_for_function(
            "text => document.getElementById('runs').innerText.includes(text)",
            arg=f"{270 + width:,} of 480",
        )
