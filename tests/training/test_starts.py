"""A run that tries several starts goes on with the one that costs least, to the bit."""

import math

import numpy as np
import pytest
import torch

from ntmlab import InputError, load_model
from ntmlab.runs.folder import create
from ntmlab.runs.status import read_status
from ntmlab.training import find_recipe, read_metrics, resume, train
from ntmlab.training.checkpoint import Progress
from ntmlab.training.cost import mean_cost
from ntmlab.training.data import batches
from ntmlab.training.loop import Observer, Trainer
from ntmlab.training.starts import count_row
from tests.training.test_loop import RECIPE, assert_same_run, stopped_after

# Four rows of 32 sequences a start, of which the last two count.
TRIES = RECIPE.override(["starts=3", "start_sequences=128", "validate_every=32", "decay=0.2"])
SEEDS = range(8)


def drawn(seed, start):
    """A start's weights: a run's own, then those of further draws."""
    own = seed if start == 0 else int(np.random.SeedSequence((seed, start)).generate_state(1)[0])
    torch.manual_seed(own)
    return TRIES.make_model().state_dict()


def trained_by_hand(seed, folder):
    """The starts one after another, their costs, and the best one's way to the end."""
    trainers, costs = [], []
    for start in range(3):
        trainer = Trainer(create(folder / f"{seed}-{start}", TRIES, seed), TRIES, seed, Observer())
        trainer.model.load_state_dict(drawn(seed, start))
        bits = []
        for sequences in batches(trainer.task, seed, 16, 128 * start, 128 * (start + 1)):
            with torch.no_grad():
                bits.append(mean_cost(trainer.model, sequences).item() / math.log(2))
            trainer.progress.sequences = 128 * start + 16 * (len(bits) - 1)
            trainer.way.take(sequences)
        trainers.append(trainer)
        costs.append(np.mean(bits[4:]))
    best = int(np.argmin(costs))
    trainer = trainers[best]
    trainer.progress.sequences = 384
    for sequences in batches(trainer.task, seed, 16, 384, 480):
        trainer.way.take(sequences)
        trainer.progress.sequences += 16
    return best, costs, trainer.model.state_dict()


@pytest.fixture(scope="module")
def wholes(tmp_path_factory):
    """Runs never interrupted, by seed."""
    folder = tmp_path_factory.mktemp("runs")
    for seed in SEEDS:
        assert train(TRIES, seed, folder / f"{seed}")
    return {seed: folder / f"{seed}" for seed in SEEDS}


def test_the_best_start_goes_on_from_where_it_was(wholes, tmp_path):
    """Of several seeds, so that each start is the best one once."""
    found = set()
    for seed, path in wholes.items():
        best, costs, weights = trained_by_hand(seed, tmp_path)
        rows = read_metrics(path)
        assert [row["start"] for row in rows] == [0] * 4 + [1] * 4 + [2] * 4 + [best] * 3
        for start, cost in enumerate(costs):
            second_half = [row["train_bits"] for row in rows[4 * start + 2 : 4 * start + 4]]
            assert np.mean(second_half) == pytest.approx(cost, rel=1e-6)
        ended = load_model(str(path)).state_dict()
        assert all(torch.equal(ended[name], value) for name, value in weights.items())
        found.add(best)
    assert found == {0, 1, 2}


def test_only_the_second_half_of_a_start_is_judged():
    progress, ended = Progress(start=1), []
    for row, done in enumerate((160, 192, 224, 256)):
        progress.sequences = done
        ended.append(count_row(TRIES, progress, done - 32, 10.0**row))
    assert ended == [False, False, False, True]
    assert (progress.start_bits, progress.start_rows) == (1100.0, 64)


def test_all_sequences_count(wholes):
    rows = read_metrics(wholes[1])
    assert [row["sequences"] for row in rows] == list(range(32, 481, 32))
    assert [row["learning_rate"] for row in rows[-4:-2]] == pytest.approx([0.01, 0.01 * 2 / 3])
    assert rows[-1]["learning_rate"] == 0.0


@pytest.mark.parametrize("sequences", [48, 128, 208, 256, 368, 384, 400])
def test_resume_changes_no_bit(wholes, tmp_path, sequences):
    stopped_after(tmp_path / "run", sequences, TRIES)
    assert resume(tmp_path / "run")
    assert_same_run(tmp_path / "run", wholes[1])


def test_rows_that_are_not_whole_batches(tmp_path):
    """Rows end with the batch that passes a multiple of 100: starts at 112, 208 and 304."""
    recipe = RECIPE.override(["starts=3", "start_sequences=100"])
    assert train(recipe, 1, tmp_path / "run")
    rows = read_metrics(tmp_path / "run")
    best = int(np.argmin([row["train_bits"] for row in rows[:3]]))
    assert [row["start"] for row in rows] == [0, 1, 2, best, best]
    stopped_after(tmp_path / "stopped", 208, recipe)
    assert resume(tmp_path / "stopped")
    assert_same_run(tmp_path / "stopped", tmp_path / "run")


def test_a_longer_run_goes_on_with_the_best(wholes, tmp_path):
    longer = TRIES.override(["sequences=640", "decay=0"])
    steady = TRIES.override(["decay=0"])
    assert train(steady, 1, tmp_path / "first")
    assert train(longer, 1, tmp_path / "asked")
    first, asked = (read_metrics(tmp_path / name) for name in ("first", "asked"))
    assert asked[: len(first)] == first
    assert {row["start"] for row in asked[12:]} == {first[-1]["start"]}


def test_only_rows_of_the_start_that_goes_on_tell_a_course(wholes):
    assert all(read_status(path).course is None for path in wholes.values())


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("starts=2", "set together"),
        ("start_sequences=2000", "set together"),
        ("starts=0 start_sequences=2000", "set together"),
        ("starts=2 start_sequences=3000", "multiple of validate_every, 2000"),
        ("starts=2 start_sequences=2000 batch=4000", "at least batch, 4000"),
        ("starts=20 start_sequences=2000", "20 starts of 2,000 sequences leave none of 20,000"),
        ("starts=2 start_sequences=2000 restarts=1 restart_every=2000", "not for one recipe"),
        ("starts=2 start_sequences=2000 weights=ngrams-ntm", "begins with weights"),
        ("starts=2.5 start_sequences=2000", "starts must be of type int"),
    ],
)
def test_settings_that_do_not_go_together(settings, said):
    with pytest.raises(InputError, match=said):
        find_recipe("ngrams-quick").override(["validate_every=2000", *settings.split()])
