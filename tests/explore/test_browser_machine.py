"""The page in a real browser: the machine, changes to its memory, snapshots, other tasks."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from ntmlab import DynamicNGrams, load_model
from ntmlab.evaluation.wrong import count_wrong
from ntmlab.explore.machine import run_machine
from ntmlab.explore.questions import Change
from ntmlab.models import ModulePredictor
from ntmlab.tasks import Copy
from tests import instruction_sets
from tests.explore.conftest import SHOTS
from tests.explore.steps import (
    after,
    drawn_anew,
    open_view,
    probabilities,
    rounded,
    saved_data,
    until,
)

MODELS = "models=optimal,ntm"


def sequences(seed=14, length=200):
    return DynamicNGrams(length=length).sample(1, seed)


def memory_before(model, inputs, step):
    """The memory that a step reads, from the machine itself."""
    with torch.no_grad():
        _, state = model(inputs[:, :step])
    return state.memory[0].numpy()


TRACED = """
import numpy as np, torch
from ntmlab import DynamicNGrams, load_model
inputs = DynamicNGrams(length=200).sample(1, 14).inputs
with torch.no_grad():
    trace = load_model("ntm").trace(inputs)
names = ("read_weightings", "write_weightings", "adds", "erases")
np.savez("trace.npz", allow_pickle=False, **{name: getattr(trace, name)[0] for name in names})
"""


def traced(folder):
    """What the machine does on the default sequence, on the vectors that the server takes."""
    environment = instruction_sets.environment("baseline")
    subprocess.run([sys.executable, "-c", TRACED], cwd=folder, env=environment, check=True)
    return np.load(folder / "trace.npz")


def test_the_memory_under_the_cursor_is_the_machines(page, server, tmp_path):
    open_view(page, server, f"{MODELS}&at=120&pinned=1")
    model, drawn = load_model("ntm"), sequences()
    page.locator("#strips").focus()
    for step in (120, 60):  # forwards, and from the start again
        for place in range(110, step - 1, -10):
            page.keyboard.press("Shift+ArrowLeft")
            now = "document.querySelector('#strips').getAttribute('aria-valuenow')"
            until(page, f"{now} == '{place}'")
        data = saved_data(page, tmp_path / "data.json")
        assert data["cursor"] == step
        expected = memory_before(model, drawn.inputs, step)
        np.testing.assert_allclose(data["memory_at_cursor"], expected, atol=1e-4)
    trace = traced(tmp_path)
    for name in trace:
        np.testing.assert_allclose(data["arrays"][name], trace[name], atol=1e-6)
    read = int(trace["read_weightings"][60, 0].argmax())
    assert f"Most read: slot {read}." in page.locator("#memory-text").inner_text()
    page.locator("#machine-panel").screenshot(path=SHOTS / "machine.png")
    page.locator("#memory-panel").screenshot(path=SHOTS / "memory.png")


def test_a_context_is_marked_wherever_it_recurs(page, server):
    open_view(page, server, f"{MODELS}&at=90&pinned=1")
    plain = page.locator("#machine").evaluate("(c) => c.toDataURL()")
    page.keyboard.press("m")
    bits = page.locator("#symbols").input_value()
    context = bits[85:90]
    count = sum(bits[t - 5 : t] == context for t in range(5, 200))
    until(page, "document.querySelector('#mark-text').innerText !== ''")
    text = page.locator("#mark-text").inner_text()
    assert f"Context {context} comes before {count} steps" in text
    trace = load_model("ntm").trace(sequences().inputs)
    reads, writes = trace.read_weightings[0, :, 0], trace.write_weightings[0, :, 0]
    steps = [t for t in range(5, 199) if bits[t - 5 : t] == context]
    weight = np.mean([float(writes[t + 1, reads[t].argmax()].detach()) for t in steps])
    assert f"{weight:.2f} on the next step" in text
    assert page.locator("#machine").evaluate("(c) => c.toDataURL()") != plain
    assert page.locator("#mark").get_attribute("aria-pressed") == "true"
    page.screenshot(path=SHOTS / "marked.png", full_page=True)
    page.locator("#mark").click()
    until(page, "document.querySelector('#mark-text').innerText === ''")
    page.locator("#context").fill("000")
    three = sum(bits[t - 3 : t] == "000" for t in range(3, 200))
    words = f"Context 000 comes before {three} steps"
    until(page, f"document.querySelector('#mark-text').innerText.startsWith('{words}')")


def test_changes_to_the_memory_change_every_later_prediction(page, server, tmp_path):
    open_view(page, server, f"{MODELS}&at=100&pinned=1&slot=6")
    after(page, page.locator("#clear-slot").click)
    page.locator("#other-slot").fill("9")
    after(page, page.locator("#swap-slots").click)
    page.locator("#strips").focus()
    page.keyboard.press("Shift+ArrowRight")
    until(page, "document.querySelector('#strips').getAttribute('aria-valuenow') == '110'")
    after(page, page.locator("#freeze").click)
    assert page.locator("#changes li").count() == 3
    changes = [
        Change("clear", 100, (6,)),
        Change("swap", 100, (6, 9)),
        Change("freeze", 110, ()),
    ]
    run = run_machine(load_model("ntm"), sequences().inputs, changes)
    data = saved_data(page, tmp_path / "data.json")
    assert [model["label"] for model in data["models"]] == ["Optimal", "NTM", "NTM changed"]
    shown = np.array(data["arrays"]["probabilities"])
    np.testing.assert_allclose(shown[2], run.probabilities[:, 0], atol=1e-5)
    assert np.abs(shown[1, 111:] - shown[2, 111:]).max() > 0.05
    np.testing.assert_allclose(data["memory_at_cursor"], run.memory[2], atol=1e-4)
    page.screenshot(path=SHOTS / "changed.png", full_page=True)
    until(page, "location.hash.includes('changes=clear.6@100,swap.6.9@100,freeze@110')")
    for left in (2, 1, 0):
        after(page, page.locator("#changes button").first.click)
        assert page.locator("#changes li").count() == left
    assert page.locator("#readout tbody tr").count() == 2


def test_a_click_on_the_memory_chooses_a_slot(page, server):
    open_view(page, server, f"{MODELS}&slots=all")
    box = page.locator("#memory").bounding_box()
    row = (box["height"] - 24) / 128
    page.locator("#memory").click(position={"x": 150, "y": 20 + 17.5 * row})
    until(page, "document.querySelector('#memory-text').innerText.includes('Slot 17:')")
    assert page.locator("#slot").input_value() == "17"


def test_the_machine_can_be_another_or_none(page, server):
    open_view(page, server, MODELS)
    after(page, lambda: page.locator("#machine-name").select_option("ntm-lstm"))
    assert page.locator("#machine").is_visible()
    after(page, lambda: page.locator("#machine-name").select_option(""))
    assert not page.locator("#memory").is_visible()


def test_a_slider_goes_over_the_snapshots_of_a_run(page, server):
    open_view(page, server, "models=optimal,small&machine=small&at=11&pinned=1&length=12")
    inputs = sequences(length=12).inputs
    slider = page.locator("#snapshot-small")
    seen = []
    for place, sequences_seen in enumerate((0, 160, 320, 480)):
        after(page, lambda place=place: slider.fill(str(place)))
        path = server.folder / "small" / "snapshots" / f"{sequences_seen}.safetensors"
        expected = ModulePredictor(load_model(str(path)))(inputs)[0, 11, 0]
        assert probabilities(page)[1] == rounded([expected])[0]
        labels = page.locator("#readout tbody th").all_inner_texts()
        assert labels[1] == f"small after {sequences_seen}"
        seen.append(probabilities(page)[1])
    assert len(set(seen)) == 4
    page.screenshot(path=SHOTS / "snapshots.png")
    after(page, lambda: slider.fill("4"))
    assert page.locator("#readout tbody th").all_inner_texts()[1] == "small"
    assert probabilities(page)[1] == seen[-1]


def open_task(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_copy_shows_input_target_output_and_wrong_bits(page, server, tmp_path):
    open_view(page, server, "model=copier&seed=3")
    after(page, lambda: open_task(page, "Copy"))
    for length, words in ((20, "20 of 20 in training"), (60, "60, beyond the 20 of training")):
        if length != 20:
            after(page, lambda: page.locator("#size-length").fill("60"))
        drawn = Copy(min_length=length, max_length=length).sample(1, 3)
        p = ModulePredictor(load_model(str(server.folder / "copier")))(drawn.inputs).numpy()
        wrong, scored, *_ = count_wrong(p, drawn.targets.numpy(), drawn.mask.numpy(), 0)[:, 0]
        assert page.locator("#size-length").get_attribute("aria-valuetext") == words
        text = page.locator("#answer-caption").inner_text()
        assert f"{wrong:.0f} of {scored:.0f} bits wrong" in text
    data = saved_data(page, tmp_path / "copy.json")
    np.testing.assert_allclose(data["arrays"]["outputs"], p[0], atol=1e-6)
    np.testing.assert_array_equal(data["arrays"]["targets"], drawn.targets[0])
    assert np.sum(data["arrays"]["wrong_bits"]) == wrong > 0
    page.locator("#answer").focus()
    page.keyboard.press("End")
    until(page, "document.querySelector('#answer-readout').innerText.includes('Step 120')")
    assert page.locator("#answer-readout dt").all_inner_texts() == ["target", "output", "wrong"]
    assert page.locator("#machine").is_visible()
    assert page.locator("#memory").is_visible()
    page.screenshot(path=SHOTS / "copy.png", full_page=True)
    until(page, "location.hash.includes('sizes=length:60')")


def test_one_of_several_heads_can_be_chosen(page, server, tmp_path):
    open_view(page, server, "task=copy&model=copier&seed=3&at=30&pinned=1")
    tall = page.locator("#machine").bounding_box()["height"]
    page.locator("#head").select_option("2")
    until(page, "location.hash.includes('head=2')")
    drawn_anew(page)
    assert page.locator("#machine").bounding_box()["height"] < tall
    data = saved_data(page, tmp_path / "data.json")
    drawn = Copy(min_length=20, max_length=20).sample(1, 3)
    expected = memory_before(load_model(str(server.folder / "copier")), drawn.inputs, 30)
    np.testing.assert_allclose(data["memory_at_cursor"], expected, atol=1e-4)
    open_view(page, server, MODELS)
    assert not page.locator("#head").is_visible()


def test_the_snapshots_of_a_run_for_copy_are_shown_too(page, server):
    open_view(page, server, "task=copy&model=copier&seed=3")
    drawn = Copy(min_length=20, max_length=20).sample(1, 3)
    after(page, lambda: page.locator("#snapshot-copier").fill("1"))
    path = server.folder / "copier" / "snapshots" / "32.safetensors"
    p = ModulePredictor(load_model(str(path)))(drawn.inputs).numpy()
    wrong, *_ = count_wrong(p, drawn.targets.numpy(), drawn.mask.numpy(), 0)[:, 0]
    caption = page.locator("#answer-caption").inner_text()
    assert caption.startswith(f"copier after 32: {wrong:.0f} of 160 bits wrong")


TASKS = {"Copy": "copy", "Repeat copy": "repeat-copy", "Recall": "recall", "Sort": "sort"}


@pytest.mark.parametrize("title", TASKS)
def test_every_task_lists_its_models_or_says_that_there_are_none(page, server, title):
    open_view(page, server, MODELS)
    told = page.evaluate("fetch('api/catalog').then((answer) => answer.json())")
    task = next(task for task in told["tasks"] if task["name"] == TASKS[title])
    names = task["models"]
    open_task(page, title)
    if names:
        page.wait_for_selector("#answer-model")
        options = page.locator("#answer-model option")
        assert [options.nth(i).get_attribute("value") for i in range(options.count())] == names
        sliders = page.locator("#answer-controls [id^=size-]")
        assert sliders.count() == len(task["sizes"])
    else:
        assert f"No model for {TASKS[title]}" in page.locator("#answer-none").inner_text()
        assert not page.locator("#machine-panel").is_visible()
    drawn_anew(page)
    page.screenshot(path=SHOTS / f"task-{TASKS[title]}.png")
