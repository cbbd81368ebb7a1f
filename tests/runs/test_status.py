"""How far a run is: at its end, failed, stopped or training, by what is in its folder."""

import json

import pytest

from ntmlab import InputError
from ntmlab.recipes.seeds import LARGEST_SEED
from ntmlab.records import append_row
from ntmlab.runs.folder import create, locked, read_config, read_timing
from ntmlab.runs.results import seconds_of
from ntmlab.runs.status import find_runs, finished, last_row, read_status
from ntmlab.runs.weights import save_model
from tests.training.test_loop import RECIPE

END = RECIPE.sequences


@pytest.fixture
def run(tmp_path):
    return create(tmp_path / "runs" / "b", RECIPE, 5)


def test_a_run_is_finished_from_its_last_sequence_on(run):
    assert read_status(run.path)[1:6] == (RECIPE.name, 5, 0, END, "stopped")
    for done, state in ((END - 1, "stopped"), (END, "finished"), (END + 1, "finished")):
        append_row(run.metrics, {"sequences": done, "bits": 3.0})
        found = read_status(run.path)
        assert (found.sequences, found.state, last_row(run.path)["sequences"]) == (
            done,
            state,
            done,
        )


def test_one_that_failed_is_told_from_one_that_was_stopped_and_one_at_work(run):
    run.failure.touch()
    assert read_status(run.path).state == "failed"
    with locked(run):
        assert read_status(run.path).state == "training"
    append_row(run.metrics, {"sequences": END, "bits": 3.0})
    assert read_status(run.path).state == "finished"


@pytest.mark.parametrize(
    ("row", "card", "end"), [(END, END, True), (END, END - 1, False), (END - 1, END, False)]
)
def test_rows_and_weights_are_both_of_the_end(run, row, card, end):
    append_row(run.metrics, {"sequences": row, "bits": 3.0})
    assert not finished(run.path)  # without weights
    known = {"format": "ntmlab-weights-1", "model": "ntm", "options": {}, "sequences": card}
    run.model.with_suffix(".json").write_text(json.dumps(known))
    assert finished(run.path) == end


def test_runs_are_found_below_a_folder_in_order(run, tmp_path):
    other = create(tmp_path / "runs" / "a" / "c", RECIPE, 0)
    assert list(find_runs(tmp_path)) == [other.path, run.path]
    with pytest.raises(InputError, match="is not a folder"):
        list(find_runs(tmp_path / "none"))


def test_snapshots_are_in_order_of_their_sequences(run):
    (run.path / "snapshots").mkdir()
    for name in ("100", "9", "x", "20"):
        (run.path / "snapshots" / f"{name}.safetensors").touch()
    assert list(run.snapshots()) == [9, 20, 100]
    assert run.snapshots()[20] == run.snapshot(20)


@pytest.mark.parametrize(
    ("seed", "fits"), [(0, True), (LARGEST_SEED, True), (LARGEST_SEED + 1, False), (-1, False)]
)
def test_a_seed_of_a_configuration_is_one_that_training_takes(run, seed, fits):
    config = json.loads(run.config.read_text())
    run.config.write_text(json.dumps(config | {"seed": seed}))
    if fits:
        assert read_config(run.path)[2] == seed
    else:
        with pytest.raises(InputError, match=f"damaged: its seed is {seed}"):
            read_config(run.path)


@pytest.mark.parametrize(
    "row",
    [
        {"seconds": "x", "sequences": 4},
        {"seconds": None, "sequences": 4},
        {"seconds": 1.5},
        {"seconds": 1.5, "sequences": [4]},
        {"resumed_at": 4, "environment": "cpu"},
    ],
    ids=str,
)
def test_times_that_are_none_are_refused(run, row):
    append_row(run.timing, {"sequences": 2, "seconds": 1})
    assert read_timing(run) == [{"sequences": 2, "seconds": 1}]
    append_row(run.timing, row)
    for read in (read_timing, seconds_of):
        with pytest.raises(InputError, match=r"timing\.jsonl is damaged: it"):
            read(run)


def test_a_run_whose_rows_are_gone_is_not_one_without_any(run):
    """Weights are saved on the way to the first row too, and have none yet."""
    model = RECIPE.make_model()
    for done, state in ((0, "stopped"), (RECIPE.validate_every - 1, "stopped"), (END, None)):
        save_model(model, run.model, {"sequences": done})
        if state is not None:
            assert read_status(run.path)[3:6] == (0, END, state)
            continue
        with pytest.raises(InputError, match=r"are of \d+ of \d+ sequences, .* not there"):
            read_status(run.path)
        append_row(run.metrics, {"sequences": END, "bits": 3.0})
        assert read_status(run.path).state == "finished"


def test_of_a_run_shorter_than_the_way_to_its_first_row_weights_of_the_end_say_that_rows_are_gone(
    tmp_path,
):
    recipe = RECIPE.override([f"validate_every={2 * END}"])
    run = create(tmp_path / "run", recipe, 0)
    save_model(recipe.make_model(), run.model, {"sequences": END})
    with pytest.raises(InputError, match="the rows of its validations"):
        read_status(run.path)


def test_the_words_of_a_run_are_its_cost_and_its_gap(run):
    assert read_status(run.path).words() == f"{RECIPE.name}, seed 5, 0 of {END:,}, stopped"
    append_row(run.metrics, {"sequences": END, "bits": 3.0, "gap": 0.5, "kl": 0.25})
    words = f"{RECIPE.name}, seed 5, {END:,} of {END:,}, finished, 3.000 bits, gap 0.250"
    assert read_status(run.path).words() == words


@pytest.mark.parametrize("sequences", [{}, {"sequences": 1.5}, {"sequences": "4"}])
def test_a_row_that_does_not_say_of_how_many_sequences_it_is_is_damaged(run, sequences):
    append_row(run.metrics, {"bits": 3.0, **sequences})
    with pytest.raises(InputError, match="a row lacks sequences or costs"):
        last_row(run.path)


def test_what_a_killed_write_left_keeps_no_run_from_beginning(run):
    (run.path / ".partial-1").touch()
    assert create(run.path, RECIPE, 6) == run
    (run.path / "notes").touch()
    with pytest.raises(InputError, match="is not an empty folder"):
        create(run.path, RECIPE, 7)
