"""Options of tasks at their bounds, which are taken, and just beyond, which is refused by name."""

import math

import pytest

from ntmlab import InputError, make_task
from ntmlab.outputs import MOST_LETTERS

BELOW_1 = repr(math.nextafter(1, 0))
BOUNDS = [  # task, option, what is taken, what is not
    ("copy", "width", (1, 64), (0, 65)),
    ("copy", "min_length", (1, 20), (0, 21)),
    ("copy", "max_length", (1, 32767), (0, 32768)),  # of 65,535 and 65,537 steps
    ("copy", "blanks", (0, BELOW_1), (1, -1e-300)),
    ("repeat-copy", "width", (1, 64), (0, 65)),
    ("repeat-copy", "min_length", (1, 10), (0, 11)),
    ("repeat-copy", "min_repeats", (1, 10), (0, 11)),
    ("repeat-copy", "count_range", ("1/2", "1/100"), ("0/2", "1/1", "2/1")),
    ("repeat-copy", "blanks", (0, BELOW_1), (1, -1e-300)),
    ("recall", "width", (1, 64), (0, 65)),
    ("recall", "item_length", (1, 9), (0,)),
    ("recall", "min_items", (2, 6), (1, 7)),
    ("recall", "alike", (0, BELOW_1), (1, -1e-300)),
    ("sort", "width", (1, 64), (0, 65)),
    ("sort", "count", (16, 100), (0, 15)),
    ("sort", "kept", (1, 20), (0, 21)),
    ("dynamic-ngrams", "order", (1, 17), (0, 18)),
    ("dynamic-ngrams", "length", (1, 10**8 + 1), (0, -1)),
    ("dynamic-ngrams:order=1", "letters", (2, MOST_LETTERS), (1, MOST_LETTERS + 1)),
    ("change-points", "hazard", (0, 1), (-1e-300, 1.0000000000000002)),
    ("partition-tree", "depth", (0, 62), (-1, 63)),
    ("partition-tree", "split", (0, 1), (-1e-300, 1.0000000000000002)),
    ("context-trees", "split", (0, 1), (-1e-300, 1.0000000000000002)),
    ("coins", "m", (1, 1024), (0, 1025)),
    ("lags", "most", (1, 1024), (0, 1025)),
    ("hmm:mess3", "length", (1, 10**8 + 1), (0, -1)),
]


def written(task, option, value):
    return f"{task}{',' if ':' in task else ':'}{option}={value}"


@pytest.mark.parametrize(("task", "option", "taken", "refused"), BOUNDS)
def test_bounds_are_taken_and_what_is_just_beyond_is_refused(task, option, taken, refused):
    for value in taken:
        assert make_task(written(task, option, value)).name == task.partition(":")[0]
    for value in refused:
        with pytest.raises(InputError) as caught:
            make_task(written(task, option, value))
        assert "\n" not in str(caught.value)


def test_a_mixture_has_at_most_sixteen_sources():
    make_task("mixture:of=" + "+".join(["coins"] * 16))
    with pytest.raises(InputError, match="at most 16 sources, not 17"):
        make_task("mixture:of=" + "+".join(["coins"] * 17))


@pytest.mark.parametrize("task", ["dynamic-ngrams:order=1", "hmm:mess3"])
def test_a_sequence_of_a_hundred_million_letters_and_one_is_not_drawn(task):
    """It may be walked."""
    long = make_task(f"{task},length={10**8 + 1}")
    with pytest.raises(InputError, match=r"^length must be a whole number from 1 to 100000000,"):
        long.sample(1, seed=0)
