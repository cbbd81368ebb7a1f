"""The page without a server, in Chromium: its answers are those of the server's code."""

import base64
import json
import platform
import subprocess
import sys

import numpy as np
import pytest

from ntmlab.errors import InputError
from ntmlab.explore.answers import answer
from ntmlab.explore.pack import unpack
from ntmlab.explore.questions import answer_question
from ntmlab.explore.static_page import write_static
from ntmlab.explore.wasm import BUILT
from tests.explore.conftest import GIVEN, SHOTS, watched
from tests.explore.local import asked, check_alike, check_array, check_refused, on_view
from tests.explore.steps import ask

pytestmark = pytest.mark.skipif(not BUILT.exists(), reason="needs kernels.wasm: make wasm")

BITS = "0110100110010110"
WITHOUT = """
import sys
sys.modules |= dict.fromkeys(("starlette", "uvicorn"))  # as if they were not installed
from ntmlab.cli import main
sys.exit(main(["explore", "--static", "page"]))
"""


def test_files_are_written_where_no_server_is_installed(tmp_path):
    command = [sys.executable, "-c", WITHOUT]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "page/index.html").exists()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"cannot create .*page"):
        write_static(tmp_path / "file/page")


SOURCES = [
    "dynamic-ngrams",
    "dynamic-ngrams:order=4,prior=2.0/0.5,length=50",
    "dynamic-ngrams:letters=3,order=3",
    "hmm:mess3",
    "hmm:mess3,x=0.15,a=0.6",
    "hmm:rrxor",
    "hmm:golden-mean",
    "change-points",
    "change-points:hazard=0.1,letters=3,prior=2.0",
    "context-trees:depth=3",
    "context-trees:letters=3,depth=2,split=0.8",
    "partition-tree:depth=6",
    "coins:m=3",
    "lags:most=3",
    "lags:letters=3,prior=0.05",
    "mixture",
]


@pytest.mark.parametrize("task", SOURCES)
def test_every_source_is_drawn_and_predicted_as_in_python(local, catalog, task):
    models = ["optimal", "oracle", "coin", "kt-2"]
    for seed in (0, 14, 2**40 + 1):
        on_view(catalog, local, task=task, seed=seed, models=models, arrows=3)


def test_shipped_models_and_runs_say_the_same(local, catalog):
    models = ["optimal", "ntm", "ntm-lstm", "lstm", "small"]
    for seed in range(3):
        on_view(catalog, local, seed=seed, models=models, machine="ntm-lstm", changes=[])
    on_view(catalog, local, symbols=BITS, models=models, machine="small", changes=[])


def test_a_long_sequence_says_the_same_as_long_as_processors_do(local, catalog):
    """From step 490 on what `ngrams-ntm` says depends on the processor (docs/explorer.md)."""
    on_view(catalog, local, task="dynamic-ngrams:length=400", seed=5, models=["optimal", "ntm"])
    models = ["optimal", "lstm", "kt-4"]
    on_view(catalog, local, task="dynamic-ngrams:length=2000", seed=5, models=models)


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="sums may be fused")
@pytest.mark.parametrize("machine", ["ntm", "ntm-lstm"])
def test_server_and_page_say_the_same_to_the_bit(local, web, machine):
    """Far beyond training a machine multiplies differences in a last bit: here there are none."""
    change = {"step": 700, "kind": "clear", "slots": [3]}
    for seed, changes in [(0, []), (1, [change])]:
        question = {
            "task": "dynamic-ngrams:length=2000",
            "seed": seed,
            "models": ["ntm", "ntm-lstm"],
            "machine": machine,
            "changes": changes,
        }
        own = asked(local, "view", question)[1]
        status, (_, served) = ask(web, "/packed/view", question)
        assert status == 200
        np.testing.assert_array_equal(own["probabilities"], served["probabilities"])
        for name in set(own) - {"probabilities"}:
            check_array(name, own[name].astype(float), served[name].astype(float))


@pytest.mark.parametrize("name", GIVEN)
def test_every_reference_predictor_says_the_same(local, catalog, name):
    for task in ("dynamic-ngrams", "dynamic-ngrams:letters=3,order=3"):
        on_view(catalog, local, task=task, seed=3, models=["optimal", name])


def test_interventions_do_the_same_wherever_they_begin(local, catalog):
    """Each question differs from the one before at a step: what is kept up to there holds."""
    changes = [
        {"kind": "clear", "step": 70, "slots": [3]},
        {"kind": "swap", "step": 70, "slots": [0, 9]},
        {"kind": "freeze", "step": 120, "slots": []},
    ]
    bits = "".join(map(str, np.random.default_rng(0).integers(0, 2, 200)))
    for kept in (changes, changes[:2], [], changes[1:], changes[2:], changes):
        for at in (190, 64, 0):
            bits = f"{bits[:at]}{1 - int(bits[at])}{bits[at + 1 :]}"
            question = {"symbols": bits, "models": ["optimal", "ntm"], "machine": "ntm"}
            on_view(catalog, local, **question, changes=kept)


def test_a_flip_at_any_step_says_the_same(local, catalog):
    """What comes before it is kept, up to the last of the steps whose state is."""
    bits = [int(bit) for bit in np.random.default_rng(1).integers(0, 2, 200)]
    for at in (199, 198, 151, 57, 56, 55, 48, 9, 8, 7, 1, 0):
        bits[at] = 1 - bits[at]
        question = {"symbols": "".join(map(str, bits)), "models": ["optimal", "ntm", "lstm"]}
        on_view(catalog, local, **question, machine="ntm", changes=[])


@pytest.mark.parametrize(
    ("model", "sizes"),
    [
        ("copy-ntm", {"length": 30}),
        ("copy-lstm", {}),
        ("repeat-copy-ntm", {"length": 4, "repeats": 3}),
        ("recall-ntm", {"items": 4}),
        ("sort-ntm", {}),
        ("sort-lstm", {}),
        ("copier", {"length": 5}),
        ("blank", {"length": 12}),
        ("alike", {"items": 9}),
    ],
)
def test_tasks_with_answers_are_drawn_and_answered_as_in_python(local, catalog, model, sizes):
    for seed in (0, 5, 2**40 + 1):
        question = {"model": model, "seed": seed, "sizes": sizes}
        known = unpack(answer(catalog, answer_question(question)))
        own = asked(local, "answer", question)
        own[0]["task"] = known[0]["task"]  # told once, in the catalog
        check_alike(own, known)


@pytest.mark.parametrize(
    "question",
    [
        {"task": "dynamic-ngrams:order=18", "seed": 0},
        {"task": "change-points:hazard=2", "seed": 0},
        {"task": "mixture:of=coins+lags", "seed": 0},
        {"task": "partition-tree:depth=70", "seed": 0},
        {"task": "lags:most=0", "seed": 0},
        {"task": "dynamic-ngrams:length=20000", "seed": 0},
        {"task": "hmm:rrxor", "seed": 0, "models": ["small"]},
        {"seed": 0, "machine": "lstm"},
        {"seed": 0, "machine": "ntm", "changes": [{"kind": "clear", "step": 500, "slots": [1]}]},
        {"seed": 0, "machine": "ntm", "changes": [{"kind": "clear", "step": 5, "slots": [128]}]},
    ],
)
def test_what_is_refused_is_refused_in_the_same_words(local, catalog, question):
    check_refused(catalog, local, "view", {"models": ["optimal"], "changes": [], **question})


DROP = """async ([kind, files]) => {
  const given = new DataTransfer();
  for (const [name, text] of files) {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    given.items.add(new File([bytes], name));
  }
  document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: given, bubbles: true }));
}"""


def drop(page, *files):
    """Drags files over the page and drops them there."""
    content = [[path.name, base64.b64encode(path.read_bytes()).decode()] for path in files]
    page.evaluate(DROP, ["dragover", content])
    assert page.locator("body.taking").count() == 1
    page.evaluate(DROP, ["drop", content])
    assert page.locator("body.taking").count() == 0


def test_own_weights_are_taken_and_foreign_ones_refused(local, runs, tmp_path, site):
    page = local
    problem, said = page.locator("#problem span"), "document.querySelector('#problem').innerText"
    weights = runs / "small" / "model.safetensors"
    drop(page, weights)
    page.wait_for_function(f"{said}.includes('card')")
    assert problem.inner_text().startswith("model.safetensors comes without its card")
    card = json.loads(weights.with_suffix(".json").read_text())
    damaged, other = tmp_path / "damaged.safetensors", tmp_path / "other.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    damaged.write_bytes(content)
    other.write_bytes(weights.read_bytes())
    for path, told, words in (
        (damaged, card, "is damaged"),
        (other, card | {"format": "theirs"}, "is not a card of ntmlab weights"),
    ):
        path.with_suffix(".json").write_text(json.dumps(told))
        drop(page, path, path.with_suffix(".json"))
        page.wait_for_function(
            f"document.querySelector('#problem span').textContent.includes('{words}')"
        )
    drop(page, weights, weights.with_suffix(".json"))
    page.wait_for_selector("#model-model:checked")
    chosen = [str(path) for path in (weights, weights.with_suffix(".json"))]
    page.locator("#own-files").set_input_files(chosen)  # the same by the button
    page.wait_for_selector("#model-model-2:checked")
    page.wait_for_function("document.querySelector('#readout').innerText.includes('model')")
    assert not problem.is_visible()


def opened(browser, site, broken, **route):
    """What a page says whose file ``broken`` is another, or does not come."""
    with watched(browser, site) as page:
        page.route(f"**/{broken}", lambda asked: asked.fulfill(**route) if route else asked.abort())
        page.goto(f"{site}#models=optimal,ntm,lstm&machine=ntm&length=20")
        page.wait_for_selector("body[data-drawn], #problem:not([hidden])")
        said = page.locator("#problem span").inner_text() or page.locator("#readout").inner_text()
        page.seen.console.clear()  # the browser's own words about a file that did not come
        return said


def test_a_browser_without_vectors_or_with_a_damaged_file_is_told_in_one_line(browser, site):
    newer = b"\0asm\1\0\0\0\1\5\1\x60\0\1\x7a"  # a type that no browser has
    said = opened(browser, site, "kernels.wasm", body=newer)
    assert said.startswith("This browser cannot run the page's kernels: WebAssembly with 128-bit")
    said = opened(browser, site, "kernels.wasm", body=b"<html>")
    assert said == "kernels.wasm is damaged: it is no WebAssembly."
    assert "kernels.wasm could not be fetched" in opened(browser, site, "kernels.wasm")


def test_without_a_second_worker_the_first_says_the_same(browser, site):
    alone = opened(browser, site, "static/local/second.js")
    assert alone == opened(browser, site, "nothing")
    assert "LSTM" in alone


def test_the_page_works_from_a_plain_file_server(browser, site):
    with watched(browser, site) as page:
        page.goto(f"{site}#models=optimal,ntm,lstm&machine=ntm")
        page.wait_for_selector("body[data-drawn]")
        before = page.locator("#symbols").input_value()
        drawn = int(page.evaluate("document.body.dataset.drawn"))
        page.locator("#strips").click(position={"x": 300, "y": 25})
        page.wait_for_function(f"Number(document.body.dataset.drawn) > {drawn}")
        after = page.locator("#symbols").input_value()
        assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
        page.screenshot(path=SHOTS / "static.png")


def test_what_is_waited_for_is_said_until_there_is_something_to_show(browser, site):
    held = []
    with watched(browser, site) as page:
        page.route("**/models/ntm.safetensors", lambda asked: held.append(asked))
        with page.expect_request("**/models/ntm.safetensors"):
            page.goto(f"{site}#models=optimal,ntm&machine=ntm")
        page.wait_for_function("document.querySelector('#waiting').innerText.includes('weights')")
        assert page.locator("#strips").bounding_box()["height"] == 0  # no white void
        assert page.locator("#tasks button").first.is_visible()
        page.screenshot(path=SHOTS / "waiting.png")
        held[0].continue_()
        page.wait_for_selector("body[data-drawn]")
        assert page.locator("#waiting").is_hidden()
        assert page.locator("#strips").bounding_box()["height"] > 50
