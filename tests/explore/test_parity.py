"""The page without a server has all that the served one has: routes, controls, sources, predictors.

What is left out needs Python: a user's own code, and models of other kinds than NTM and LSTM.
"""

import pytest

from ntmlab.explore.app import make_app
from ntmlab.explore.guard import LOOPBACK
from ntmlab.explore.questions import CHANGES, AnswerQuestion, ViewQuestion
from ntmlab.explore.wasm import BUILT
from ntmlab.explore.worker import Worker
from ntmlab.names import EXACT
from ntmlab.tasks import TASKS, Source, make_task
from tests.explore.conftest import GIVEN, watched

pytestmark = pytest.mark.skipif(not BUILT.exists(), reason="needs kernels.wasm: make wasm")

# Where each route of the server went: a file beside the page, or what the page's worker is asked.
ROUTES = {
    "/": "index.html",
    "/static/{name:path}": "static/main.js",
    "/api/catalog": "catalog",
    "/saved.html": "page",
    "/packed/view": "view",
    "/packed/answer": "answer",
}
MODULES = """async () => {
  const from = (name) => import(new URL(`static/${name}.js`, document.baseURI));
  const { SOURCES } = await from("local/sources");
  const { TASKS } = await from("local/answers");
  const { MAKERS } = await from("local/named");
  const { ServerPredictors } = await from("predictors");
  const { LocalPredictors } = await from("local");
  const methods = (type) => Object.getOwnPropertyNames(type.prototype);
  const defaults = ([name, source]) => [name, source.defaults];
  return {
    defaults: Object.fromEntries(Object.entries(SOURCES).map(defaults)),
    answers: Object.keys(TASKS),
    forms: Object.values(MAKERS).map((maker) => maker.at(-1)),
    server: methods(ServerPredictors),
    local: methods(LocalPredictors),
  };
}"""
GO = "(hash) => (delete document.body.dataset.drawn, (location.hash = hash))"
# What can be used: name, place in the page, and whether it can be used now.
CONTROLS = """() => {
  document.querySelector("details").open = true;
  const told = (control) => {
    const words = control.ariaLabel ?? control.textContent;
    return [control.id, words, Boolean(control.closest(":disabled"))].join(" ");
  };
  const every = document.querySelectorAll("button, input, select, canvas, .chart, summary");
  return [...every].filter((control) => control.checkVisibility()).map(told);
}"""


@pytest.fixture(scope="module")
def modules(browser, site):
    with watched(browser, site) as page:
        page.goto(site)
        yield page.evaluate(MODULES)


def test_every_route_has_its_place(catalog, site, browser, modules):
    app = make_app(catalog, LOOPBACK, Worker(catalog.hung.add))
    assert {route.path for route in app.app.routes} == set(ROUTES)
    with watched(browser, site) as page:
        for place in ROUTES.values():
            if "." in place:
                assert page.request.get(f"{site}{place}").ok
    asked = {name for name in ROUTES.values() if "." not in name}
    assert asked <= set(modules["server"])
    assert asked <= set(modules["local"])
    assert set(modules["local"]) == set(modules["server"]) | {"take"}


def test_every_source_and_task_has_its_options(modules):
    sources = {name for name in TASKS if isinstance(make_task(name), Source)}
    assert set(modules["defaults"]) == sources
    assert set(modules["answers"]) == set(TASKS) - sources
    for name, defaults in modules["defaults"].items():
        assert set(make_task(name).options()) <= set(defaults), name


def test_every_predictor_is_there_and_compared(modules):
    named = set(EXACT) - {"optimal", "oracle", "entropy"}
    assert set(modules["forms"]) == named
    compared = {name.partition("-")[0] for name in (*GIVEN, "coin")}
    assert compared == {name.partition("-")[0] for name in {*named, "entropy"}}


def test_every_question_can_be_asked():
    """A field of a question, or a change to a memory, that the page learns must come here too."""
    fields = {"task", "symbols", "seed", "models", "arrows", "window", "machine", "changes"}
    assert set(ViewQuestion._fields) == fields
    assert set(AnswerQuestion._fields) == {"task", "model", "seed", "sizes"}
    assert set(CHANGES) == {"clear", "swap", "freeze"}


def test_every_control_is_there_on_every_task(browser, server, site):
    served, static = controls(browser, server.url), controls(browser, site)
    for task, known in served.items():
        assert len(known) > 20
        other = known ^ static[task]
        ours = {one for one in static[task] - known if one.startswith("own-choose ")}
        given = {one for one in other if one.startswith("model-")}  # others were given
        assert other == ours | given, task


def controls(browser, url):
    """The controls of a page on each task."""
    found = {}
    with watched(browser, url) as page:
        page.goto(url)
        for task in TASKS:
            page.wait_for_selector("body[data-drawn]")
            page.evaluate(GO, f"task={task}&models=optimal,coin")
            page.wait_for_selector("body[data-drawn]")
            found[task] = set(page.evaluate(CONTROLS))
    return found
