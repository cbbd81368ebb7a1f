"""What a user's task draws is as many sequences as asked for, each other than the first ones."""

import dataclasses
from typing import ClassVar

import numpy as np
import pytest
import torch

from ntmlab import InputError, compare
from ntmlab.errors import Remark
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.scored import Oracle, in_batches
from ntmlab.sequences import next_symbol
from ntmlab.tasks import Drawn, Source, Step, make_task
from ntmlab.tasks.fresh import ENOUGH, ROWS, are_again


class Kept:
    """Whole numbers that come from elsewhere than a seed and a number."""

    def __init__(self, draw):
        self.draw = draw

    def integers(self, low, high, shape):
        return np.asarray(self.draw(low, high, shape))


CHANCES = {
    "numpy": Kept(np.random.randint),
    "torch": Kept(torch.randint),
    "kept": Kept(np.random.default_rng(1).integers),
}


@dataclasses.dataclass(frozen=True)
class Own(Source):
    """A source that draws what it is told to, and has no truth unless told."""

    wrong: str = ""
    length: int = 6
    letters: int = 2
    name: ClassVar[str] = "own"

    def draw(self, rows, random):
        rows = {"few": 10, "more": rows + 1}.get(self.wrong, rows)
        steps = self.length + (self.wrong == "long") - (self.wrong == "short")
        given = random if self.wrong != "stuck" else np.random.default_rng(0)
        if self.wrong in CHANCES:
            given = CHANCES[self.wrong]
        letters = given.integers(0, self.letters, (rows, steps))
        if self.wrong == "constant":
            letters[:] = 1
        if self.wrong == "rare":
            letters[:] = (np.arange(rows) < 3)[:, None]
        if self.wrong == "nan":
            letters = np.full((rows, steps), np.nan)
        known = np.full((rows, steps, self.letters), 1 / self.letters)
        truth = {
            "one": known[..., :1],
            "all": known[:1],
            "less": known * 0.5,
            "beyond": known * 0 + np.linspace(-1, 2, self.letters),
            "none": known * np.nan,
            "": known,
        }
        return Drawn(letters, truth.get(self.wrong))


@dataclasses.dataclass(frozen=True)
class Walker(Source):
    """A source of steps, wrong in the way that is asked for."""

    wrong: str = ""
    length: int = 6
    letters: int = 2
    name: ClassVar[str] = "walker"

    def walk(self, rows, random):
        known = np.full((rows, 2), 0.5)
        for t in range(4 if self.wrong == "ends" else 10**9):
            letters = random.integers(0, 2, 1 if self.wrong == "one row" and t == 2 else rows)
            yield Step(letters, known[:1] if self.wrong == "one truth" else known)


class Stuck:
    """A task that ignores the number of its first sequence, or more."""

    name = "stuck"

    def __init__(self, wrong: str = "start"):
        self.wrong, self.inner = wrong, make_task("dynamic-ngrams:order=1,length=8")

    def __getattr__(self, member):
        return getattr(self.inner, member)

    def sample(self, count, seed, start=0):
        drawn = self.inner.sample(count, seed, start if self.wrong != "start" else 0)
        if self.wrong == "rows":
            return drawn.take(slice(3))
        if self.wrong == "from":  # chance of seed and first number, as `default_rng([seed, start])`
            return self.inner.sample(count, seed + start)
        if self.wrong == "unscored":  # another target each time where none is asked for
            drawn.mask[:, 0], drawn.targets[:, 0] = 0, torch.rand(1)
            return drawn
        if self.wrong == "mask":
            return drawn._replace(mask=drawn.mask[:, 1:])
        if self.wrong == "weights":
            return drawn._replace(mask=drawn.mask / 2)
        if self.wrong == "soft":
            return drawn._replace(targets=drawn.targets * 0.75)
        return tuple(drawn) if self.wrong == "tuple" else drawn


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("few", r"its draw gave letters of shape \(10, 6\), not \(256, 6\), for 256 rows"),
        ("more", r"letters of shape \(257, 6\)"),
        ("long", r"letters of shape \(256, 7\)"),
        ("short", r"letters of shape \(256, 5\)"),
        ("nan", "whole numbers from 0 to 1"),
    ],
)
def test_letters_of_another_shape_are_refused(wrong, message):
    with pytest.raises(InputError, match=f"^task own: .*{message}"):
        Own(wrong).sample(1000, seed=0)
    assert Own().sample(1000, seed=0).targets.shape == (1000, 6, 1)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("one", r"its draw gave a truth of shape \(256, 6, 1\), not \(256, 6, 2\)"),
        ("all", r"a truth of shape \(1, 6, 2\)"),
        ("less", "the truth is no P of each letter.*sum to 0.5 over the letters at step 0"),
        ("beyond", "the truth is no P of each letter"),
        ("none", "the truth is no P of each letter"),
    ],
)
@pytest.mark.parametrize("letters", [2, 3])
def test_a_truth_that_is_none_is_refused(wrong, message, letters):
    message = message.replace("6, 2", f"6, {letters}")
    with pytest.raises(InputError, match=f"^task own: .*{message}"):
        evaluate(Own(wrong, letters=letters), {"oracle": Oracle()}, 10)
    own = evaluate(Own(letters=letters), {"oracle": Oracle()}, 10)["oracle"]
    assert own.bits == pytest.approx(6 * np.log2(letters), rel=1e-12)


@pytest.mark.parametrize("task", [make_task("copy"), make_task("dynamic-ngrams"), Own()])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((2.0, 0), r"the number of sequences must be a whole number, not 2\.0"),
        ((0, 0), "the number of sequences must be at least 1, not 0"),
        ((2, 1.5), r"the seed must be a whole number, not 1\.5"),
        ((2, None), "the seed must be a whole number, not None"),
        ((2, 2**64), "a seed must be between 0"),
        ((2, 0, "3"), "the first number must be a whole number, not '3'"),
        ((2, 0, 2**64), "the first sequence's number must be between 0"),
    ],
)
def test_what_is_no_number_of_sequences_is_a_line(task, arguments, message):
    with pytest.raises(InputError, match=message):
        task.sample(*arguments)
    numbers = np.int64(2), np.uint64(2**64 - 1), np.int32(2**31 - 1)
    same = task.sample(*numbers).targets, task.sample(*map(int, numbers)).targets
    assert torch.equal(*same)


def test_a_truth_given_by_hand_is_checked():
    both = np.array([[[0.75, 0.25], [0.5, 0.5]]])
    assert next_symbol([[1, 0]], truth=both).truth.flatten().tolist() == [0.25, 0.5]
    with pytest.raises(InputError, match=r"\(B, T, k\) = \(1, 2, 2\), not \(1, 2, 1\)"):
        next_symbol([[1, 0]], truth=both[..., 1:])
    sequences = next_symbol([[1, 0]])._replace(truth=torch.full((1, 2, 1), 1.5))
    with pytest.raises(InputError, match=r"oracle returned no probabilities: 1\.5 at step 0"):
        compare(sequences, {"oracle": Oracle()})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("one row", r"its walk gave letters of shape \(1,\) at step 2, not \(256,\)"),
        ("one truth", r"its walk gave a truth of shape \(1, 2\) at step 0, not \(256, 2\)"),
        ("ends", "its walk ended after 4 of 6 steps"),
    ],
)
def test_a_walk_of_another_shape_is_refused(wrong, message):
    with pytest.raises(InputError, match=f"^task walker: {message}"):
        Walker(wrong).sample(3, seed=0, truth=True)
    assert Walker().sample(3, seed=0, truth=True).truth.shape == (3, 6, 1)


def test_a_task_that_ignores_start_is_refused_where_it_is_made_and_where_it_is_scored():
    with pytest.raises(InputError, match="draws the same sequences from number 1,099,511,627,776"):
        make_task(f"{__name__}:Stuck")
    with pytest.raises(InputError, match="draws the same sequences from number 1,099,511,627,776"):
        make_task(f"{__name__}:Own:wrong=stuck")
    made = make_task(f"{__name__}:Stuck:wrong=no")
    assert len(list(in_batches(made, {}, 2048, seed=0))) == 2
    with pytest.raises(InputError, match="task stuck draws the same sequences from number 1,024"):
        list(in_batches(Stuck(), {}, 2048, seed=0))


@pytest.mark.parametrize("wrong", CHANCES)
def test_a_task_whose_chance_is_not_of_the_seed_is_refused(wrong):
    """Two commands would score on different sequences of one seed."""
    with pytest.raises(InputError, match="draws other sequences each time it is asked for the"):
        make_task(f"{__name__}:Own:wrong={wrong}")


@pytest.mark.filterwarnings("error::UserWarning")
def test_a_sequence_that_depends_on_where_a_draw_begins_is_remarked_upon():
    with pytest.warns(Remark, match="draws a sequence otherwise where it is drawn without those"):
        make_task(f"{__name__}:Stuck:wrong=from")
    make_task(f"{__name__}:Stuck:wrong=no")
    make_task(f"{__name__}:Stuck:wrong=unscored")


@pytest.mark.parametrize("wrong", ["", "constant", "rare", "few", "long"])
def test_a_task_that_has_few_sequences_or_fails_later_is_made(wrong):
    assert make_task(f"{__name__}:Own:wrong={wrong or 'no'}").letters == 2


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("rows", r"gave inputs of shape \(3, 8, 1\), not \(64, 8, …\)"),
        ("mask", r"gave mask of shape \(64, 7\), not \(64, 8\)"),
        ("tuple", "gave tuple in place of Sequences"),
        ("weights", r"gave a mask of 0\.5 at step 0 of sequence 0: it is 1 where a step is scored"),
        ("soft", r"gave a target of 0\.75 at step \d of sequence \d: it is 0 or 1"),
    ],
)
def test_a_sample_that_is_none_is_refused(wrong, message):
    with pytest.raises(InputError, match=message):
        make_task(f"{__name__}:Stuck:wrong={wrong}")


def test_a_long_source_is_asked_for_short_sequences():
    with pytest.raises(InputError, match="draws the same"):
        make_task(f"{__name__}:Own:wrong=stuck,length=1000000")


@pytest.mark.parametrize("others", range(ENOUGH + 2))
def test_so_many_rows_have_to_differ_for_two_draws_to_be_one(others):
    rows = np.zeros((ROWS, 3), dtype=int)
    rows[:others, 1] = 1
    drawn = next_symbol(rows)
    assert are_again(drawn, next_symbol(rows.copy())) == (others >= ENOUGH)
    rows[-1, 2] = 1
    assert not are_again(drawn, next_symbol(rows))


@dataclasses.dataclass(frozen=True)
class Elsewhere(Own):
    """Draws one part of its sequences in a type, or with a gradient, that NumPy cannot read."""

    part: str = "mask"
    kind: str = "bfloat16"
    name: ClassVar[str] = "elsewhere"

    def sample(self, count, seed, start=0, *, truth=False):
        drawn = super().sample(count, seed, start, truth=truth)
        own = getattr(drawn, self.part)
        grown = own.clone().requires_grad_() if self.kind == "grown" else own.bfloat16()
        return drawn._replace(**{self.part: grown})


@pytest.mark.parametrize("part", ["inputs", "targets", "mask"])
@pytest.mark.parametrize(
    ("kind", "said"),
    [("bfloat16", "torch.bfloat16 on cpu;"), ("grown", "torch.float32 on cpu, with a gradient;")],
)
def test_what_numpy_cannot_read_is_a_line(part, kind, said):
    message = f"task .*: its sample gave {part} in {said} sequences are float32 on the CPU"
    with pytest.raises(InputError, match=message):
        make_task(f"{__name__}:Elsewhere:part={part},kind={kind}")
    with pytest.raises(InputError, match=message):
        evaluate(Elsewhere(part=part, kind=kind), {}, 10)
