"""Copy, repeat copy, recall and sort: formats, scored steps, padding, draws, exact answers."""

import json

import numpy as np
import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from ntmlab import LSTM, NTM, InputError, compare
from ntmlab.models.paper import BASELINE, count_parameters
from ntmlab.sequences import Sequences
from ntmlab.tasks import (
    Copy,
    DynamicNGrams,
    PrioritySort,
    Recall,
    RepeatCopy,
    fix_sizes,
    make_task,
)
from ntmlab.tasks.draws import TRAINING_START

TASKS = [
    Copy(),
    Copy(width=3, min_length=2, max_length=5),
    Copy(min_length=120, max_length=120),
    RepeatCopy(),
    RepeatCopy(width=6, min_repeats=20, max_repeats=20),
    RepeatCopy(width=1, min_length=1, max_length=1, min_repeats=1, max_repeats=1),
    Recall(),
    Recall(width=1, item_length=1, min_items=4, max_items=4),  # items often alike
    Recall(min_items=20, max_items=20),
    PrioritySort(),
    PrioritySort(width=2, count=1, kept=1),
    Copy(blanks=0.3),
    RepeatCopy(blanks=0.3),
    Recall(alike=0.5),
]
VARYING = [Copy(), RepeatCopy(max_length=4, max_repeats=3), Recall()]


def name(task):
    return f"{task.name}-{'-'.join(str(v) for v in task.options().values())}"


@pytest.mark.parametrize("task", TASKS, ids=name)
def test_the_exact_answer_costs_nothing(task):
    sequences = task.sample(300, seed=3)
    comparison = compare(sequences, {"Optimal": task.optimal()})
    cost = comparison.cost("Optimal")
    if task.name == "recall" and task.width == 1:
        # Alike items leave the answer open. Given the query only, the item after is a fair coin
        # as far as its matches say; that the answer is calibrated is what can be asked of it.
        p = comparison.probabilities["Optimal"][sequences.mask.numpy() > 0].ravel()
        y = sequences.targets[sequences.mask > 0].numpy().ravel()
        assert abs((p - y).mean()) < 5 * 0.5 / np.sqrt(len(y))
        assert 0 < cost.sum(1).mean() < 1
    else:
        assert (cost == 0).all()


@pytest.mark.parametrize("task", TASKS, ids=name)
def test_the_answer_never_looks_ahead(task):
    """Changing inputs after a step changes no probability up to it."""
    sequences = task.sample(4, seed=5)
    answer = task.optimal()
    whole = answer(sequences.inputs)
    scored = torch.nonzero(sequences.mask[0])[:, 0]
    for end in (int(scored[0]) + 1, int(scored[len(scored) // 2]) + 1):
        part = answer(sequences.inputs[:1, :end])
        assert torch.equal(part, whole[:1, :end])


@pytest.mark.parametrize("task", TASKS, ids=name)
def test_sizes_dtypes_and_options(task):
    drawn = task.sample(7, seed=0)
    assert {t.dtype for t in drawn[:3]} == {torch.float32}
    assert drawn.inputs.shape[2] == task.input_size
    assert drawn.targets.shape[2] == task.output_size
    assert drawn.inputs.shape[1] <= task.steps
    assert drawn.mask.any(0)[-1]  # padded to the longest, no further
    assert (drawn.targets * (1 - drawn.mask[..., None]) == 0).all()
    assert (drawn.inputs * drawn.mask[..., None] == 0).all()  # no help while answering
    again = make_task(task.name, **json.loads(json.dumps(task.options())))
    assert again == task


@pytest.mark.parametrize("task", TASKS, ids=name)
def test_a_sequence_depends_on_seed_and_number_only(task):
    whole = task.sample(600, seed=7)
    for start, count in [(0, 1), (5, 300), (255, 2), (599, 1)]:
        part = task.sample(count, seed=7, start=start)
        steps = part.mask.shape[1]
        assert torch.equal(part.inputs, whole.inputs[start : start + count, :steps])
        assert torch.equal(part.targets, whole.targets[start : start + count, :steps])
        assert torch.equal(part.mask, whole.mask[start : start + count, :steps])
        assert (whole.mask[start : start + count, steps:] == 0).all()
        assert (whole.inputs[start : start + count, steps:] == 0).all()
    far, other = task.sample(50, seed=7, start=TRAINING_START), task.sample(50, seed=8)
    for drawn in (far, other):
        steps = min(drawn.inputs.shape[1], whole.inputs.shape[1])
        assert not torch.equal(drawn.inputs[:, :steps], whole.inputs[:50, :steps])


def loss(model, sequences):
    logits, _ = model(sequences.inputs)
    weight = sequences.mask.unsqueeze(-1)
    return binary_cross_entropy_with_logits(
        logits, sequences.targets, weight=weight, reduction="sum"
    )


@pytest.mark.parametrize("task", VARYING, ids=name)
@pytest.mark.parametrize("kind", ["feedforward", "lstm", "baseline"])
def test_padding_changes_neither_cost_nor_gradient(task, kind):
    torch.manual_seed(0)
    sizes = (task.input_size, task.output_size)
    if kind == "baseline":
        model = LSTM(*sizes, hidden_size=6, layers=2)
    else:
        model = NTM(*sizes, controller=kind, controller_size=6, slots=5, slot_width=3)
    model = model.double()
    batch = Sequences(*(part.double() for part in task.sample(6, seed=2)[:3]))
    junk = torch.randn(6, 9, task.input_size, dtype=torch.float64)
    zeros = torch.zeros(6, 9, task.output_size, dtype=torch.float64)
    padded = Sequences(
        torch.cat([batch.inputs, junk], 1),
        torch.cat([batch.targets, zeros], 1),
        torch.cat([batch.mask, zeros[..., 0]], 1),
    )
    parameters = list(model.parameters())

    def cost_and_gradients(sequences):
        model.zero_grad()
        cost = loss(model, sequences)
        return cost, torch.autograd.grad(cost, parameters)

    expected, gradients = cost_and_gradients(padded)
    alone = [cost_and_gradients(batch.take(slice(i, i + 1)).trim()) for i in range(6)]
    assert len({len(batch.take(slice(i, i + 1)).trim().mask[0]) for i in range(6)}) > 1
    torch.testing.assert_close(sum(cost for cost, _ in alone), expected, rtol=1e-12, atol=0)
    for i, gradient in enumerate(gradients):
        total = sum(parts[i] for _, parts in alone)
        torch.testing.assert_close(total, gradient, rtol=1e-9, atol=1e-12)


def test_copy_by_hand():
    drawn = Copy(width=4, min_length=1, max_length=6).sample(40, seed=1)
    for inputs, targets, mask in zip(*drawn[:3], strict=True):
        length = int(mask.sum())
        assert mask.tolist() == [0] * (length + 1) + [1] * length + [0] * (
            len(mask) - 2 * length - 1
        )
        assert inputs[:, 4].tolist() == [float(t == length) for t in range(len(mask))]
        assert torch.equal(targets[length + 1 : 2 * length + 1], inputs[:length, :4])
        assert (inputs[length:, :4] == 0).all()


def test_repeat_copy_by_hand():
    task = RepeatCopy(width=3, max_length=4, max_repeats=5)
    seen = set()
    for inputs, targets, mask in zip(*task.sample(200, seed=1)[:3], strict=True):
        length = int(inputs[:, 3].argmax())
        repeats = round(float(inputs[length, 4]) * 8.25**0.5 + 5.5)
        seen.add((length, repeats))
        end = length + 1 + length * repeats
        assert inputs[:, 3].sum() == 1
        assert torch.count_nonzero(inputs[:, 4]) == 1
        assert torch.equal(targets[length + 1 : end, :3], inputs[:length, :3].repeat(repeats, 1))
        assert targets[:, 3].tolist() == [float(t == end) for t in range(len(mask))]
        assert (targets[end, :3] == 0).all()
        assert mask.tolist() == [float(length < t <= end) for t in range(len(mask))]
    assert seen == {(a, b) for a in range(1, 5) for b in range(1, 6)}


def test_the_repeat_count_is_normalised_by_the_training_range():
    """Mean 0 and variance 1 over 1..10; 20 repeats lie far outside on the same scale."""
    task = RepeatCopy()
    assert (task.count_mean, task.count_sd) == (5.5, pytest.approx(2.8723, abs=1e-4))
    drawn = RepeatCopy(min_repeats=20, max_repeats=20).sample(3, seed=0)
    assert drawn.inputs[..., 9].max() == pytest.approx((20 - 5.5) / 2.8723, abs=1e-4)
    other = RepeatCopy(max_repeats=3, count_range=[1, 3])
    assert other.count_sd == pytest.approx((2 / 3) ** 0.5)


def test_recall_by_hand():
    task = Recall(width=5, item_length=2, max_items=4)
    queries = task.queries(60, seed=1)
    for query, inputs, targets, mask in zip(queries, *task.sample(60, seed=1)[:3], strict=True):
        n = int(inputs[:, 5].sum())
        assert inputs[:, 5].tolist() == [float(t < 3 * n and t % 3 == 0) for t in range(len(mask))]
        assert torch.nonzero(inputs[:, 6])[:, 0].tolist() == [3 * n, 3 * n + 3]
        items = [inputs[3 * i + 1 : 3 * i + 3, :5] for i in range(n)]
        assert 0 <= query < n - 1
        assert torch.equal(inputs[3 * n + 1 : 3 * n + 3, :5], items[query])
        assert torch.equal(targets[3 * n + 4 : 3 * n + 6], items[query + 1])
        assert torch.nonzero(mask)[:, 0].tolist() == [3 * n + 4, 3 * n + 5]


def test_recall_says_both_where_two_items_are_meant():
    #            item 0     item 1     item 2     query 1     answer: 0 or nothing else
    bits = [0, 1, 0, 1, 0, 0, 0, 1, 0, 0]
    marks = [1, 0, 1, 0, 1, 0, 0, 0, 0, 0]
    asks = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0]
    inputs = torch.tensor([bits, marks, asks], dtype=torch.float32).T[None]
    assert Recall(width=1, item_length=1).optimal()(inputs)[0, -1].item() == 0.5


def test_sort_by_hand():
    drawn = PrioritySort(width=5, count=6, kept=4).sample(50, seed=1)
    for inputs, targets, mask in zip(*drawn[:3], strict=True):
        ranked = sorted(range(6), key=lambda i: -float(inputs[i, 5]))
        assert torch.equal(targets[7:], inputs[ranked[:4], :5])
        assert mask.tolist() == [0] * 7 + [1] * 4
        assert inputs[:, 6].tolist() == [float(t == 6) for t in range(11)]
        assert (inputs[:6, 5].abs() <= 1).all()


def test_of_vectors_of_equal_priority_the_earlier_comes_first():
    """64 of three priorities, as many as a quick sort would mix; each holds its own number."""
    random = np.random.default_rng(0)
    priorities = random.integers(0, 3, size=64) / 2
    numbers = (np.arange(64)[:, None] >> np.arange(6)) & 1
    task = PrioritySort(width=6, count=64, kept=50)
    inputs = torch.zeros_like(task.sample(1, seed=0).inputs)
    inputs[0, :64, :6] = torch.from_numpy(numbers)
    inputs[0, :64, 6] = torch.from_numpy(priorities)
    inputs[0, 64, 7] = 1
    expected = sorted(range(64), key=lambda number: (-priorities[number], number))[:50]
    said = task.optimal()(inputs)[0, 65:115].numpy()
    assert (said @ 2 ** np.arange(6)).tolist() == expected


@pytest.mark.parametrize("task", TASKS[:1] + TASKS[3:4] + TASKS[6:7] + TASKS[9:10], ids=name)
def test_bits_are_fair(task):
    drawn = task.sample(2000, seed=6)
    bits = drawn.targets[drawn.mask > 0][:, : task.width].numpy()
    fair = 0.5 if task.name != "repeat-copy" else 0.5 * (1 - 1 / (drawn.mask.sum(1)).mean())
    assert bits.mean() == pytest.approx(float(fair), abs=0.01)


def test_lengths_are_uniform():
    lengths = Copy(min_length=3, max_length=6).sample(4000, seed=0).mask.sum(1).numpy()
    counts = np.bincount(lengths.astype(int), minlength=7)
    assert counts[:3].sum() == 0
    assert (abs(counts[3:] - 1000) < 5 * np.sqrt(750)).all()


@pytest.mark.parametrize(
    ("paper", "task"),
    [("repeat copy", RepeatCopy(width=6)), ("associative recall", Recall())],
)
def test_channels_meet_the_parameter_counts_of_table_3(paper, task):
    units, count = BASELINE[paper]
    with torch.device("meta"):
        model = LSTM(task.input_size, task.output_size, hidden_size=units)
    assert count_parameters(model) == count


WRONG = [
    ("copy", {"width": 0}, "width must be"),
    ("copy", {"width": 65}, "from 1 to 64"),
    ("copy", {"width": 2.5}, "whole number"),
    ("copy", {"min_length": 0}, "min_length"),
    ("copy", {"max_length": "x"}, "max_length"),
    ("copy", {"min_length": 5, "max_length": 4}, "larger than max_length"),
    ("copy", {"lenght": 5}, "lenght"),
    ("repeat-copy", {"min_repeats": 0}, "min_repeats"),
    ("repeat-copy", {"min_repeats": 11}, "larger than max_repeats"),
    ("repeat-copy", {"count_range": [3, 3]}, "count_range"),
    ("repeat-copy", {"count_range": [3]}, "count_range"),
    ("repeat-copy", {"count_range": 3}, "count_range"),
    ("recall", {"min_items": 1}, "min_items must be a whole number at least 2"),
    ("recall", {"item_length": 0}, "item_length"),
    ("sort", {"kept": 21}, "kept must be"),
    ("sort", {"count": 0}, "count must be"),
    ("sort", {"kept": True}, "kept must be"),
]


@pytest.mark.parametrize(("task", "options", "message"), WRONG)
def test_wrong_sizes_are_refused(task, options, message):
    with pytest.raises(InputError, match=message):
        make_task(task, **options)


@pytest.mark.parametrize("task", TASKS[:1] + TASKS[3:4] + TASKS[6:7] + TASKS[9:10], ids=name)
def test_answers_refuse_other_inputs(task):
    with pytest.raises(InputError, match="shape"):
        task.optimal()(torch.zeros(2, 3, 1))
    with pytest.raises(InputError, match="number of sequences"):
        task.sample(0, seed=0)


def test_sizes_fix_a_range():
    assert fix_sizes("repeat-copy", {"length": 20, "repeats": 10}) == {
        "min_length": 20,
        "max_length": 20,
        "min_repeats": 10,
        "max_repeats": 10,
    }
    for task, size in [("sort", "items"), ("copy", "repeats"), ("recall", "length")]:
        with pytest.raises(InputError, match=f"task {task} has no --{size}"):
            fix_sizes(task, {size: 3})


def test_trimming_keeps_every_scored_step():
    drawn = Copy().sample(30, seed=0)
    assert drawn.trim() is drawn
    short = drawn.take(slice(0, 1)).trim()
    assert short.mask.sum() == drawn.mask[0].sum()
    assert short.mask[0, -1] == 1
    unscored = drawn._replace(mask=torch.zeros_like(drawn.mask))
    assert unscored.trim().inputs.shape[1] == 1


@pytest.mark.parametrize(
    "task",
    [
        Copy(min_length=4, max_length=4),
        RepeatCopy(min_length=3, max_length=3, min_repeats=2, max_repeats=2),
        Recall(min_items=3, max_items=3),
        PrioritySort(),
    ],
    ids=lambda task: task.name,
)
def test_a_task_has_the_steps_of_its_largest_sequences(task):
    assert task.sample(3, seed=0).inputs.shape[1] == task.steps


def test_tasks_are_of_the_papers_sizes_where_nothing_is_said():
    """Sections 4.1 to 4.5."""
    assert Copy().options() == {"width": 8, "min_length": 1, "max_length": 20, "blanks": 0}
    times = {"min_repeats": 1, "max_repeats": 10, "count_range": (1, 10)}
    assert RepeatCopy().options() == dict(width=8, min_length=1, max_length=10, blanks=0, **times)
    items = {"min_items": 2, "max_items": 6, "alike": 0}
    assert Recall().options() == dict(width=6, item_length=3, **items)
    assert PrioritySort().options() == {"width": 8, "count": 20, "kept": 16}
    assert DynamicNGrams().options() == {"order": 6, "length": 200, "prior": (0.5, 0.5)}


def test_how_far_the_sizes_of_tasks_are_moved_and_where_they_stand_at_first():
    assert Copy.ranges == {"length": (1, 20, 120)}
    assert RepeatCopy.ranges == {"length": (1, 10, 20), "repeats": (1, 5, 20)}
    assert Recall.ranges == {"items": (2, 6, 20)}
    assert DynamicNGrams.ranges == {"order": (1, 6, 17)}
