"""What is timed: dynamic N-grams at the paper's sizes, 200 steps."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import Tensor, nn

from ntmlab.bench.flops import lstm_flops, ntm_flops
from ntmlab.models import LSTM, NTM, Model
from ntmlab.names import PAPER_TASK
from ntmlab.recipes import Recipe, find_recipe
from ntmlab.runs.folder import create
from ntmlab.sequences import Sequences
from ntmlab.tasks import make_task
from ntmlab.training.loop import Observer, Trainer

STEPS = 200
CHECK_STEPS, CHECK_BATCH = 20, 16  # of the check against the float64 reference
STEPS_OF_RECIPE = 40  # training steps per timing of a whole recipe

# Relative error an operation may have against its float64 reference to be worth timing.
TOLERANCE = 1e-5

CPU = torch.device("cpu")

Action = Callable[[], object]
Results = dict[str, Tensor]


@dataclass(frozen=True)
class Check:
    """Logits and every gradient of the same weights and sequences, computed three ways."""

    found: Results  # by what is timed
    expected: Results  # by the float64 reference
    rounded: Results  # by the reference in float32
    tolerance: float = TOLERANCE


@dataclass(frozen=True)
class Case:
    """Candidates that do the same work: name -> (sequences a call, call); the first is ours."""

    name: str
    candidates: dict[str, tuple[int, Action]]
    flops: float  # per sequence
    check: Callable[[], Check]


def cases() -> list[Case]:
    """All cases, quick ones first."""
    ff = NTM(1, 1)
    return [
        ntm_case("NTM feedforward, batch 64", ff, 64, reference_batch=64),
        ntm_case("NTM feedforward, batch 16", ff, 16, reference_batch=16),
        ntm_case("NTM feedforward, batch 1", ff, 1, reference_batch=1),
        ntm_case("NTM LSTM controller, batch 64", NTM(1, 1, controller="lstm"), 64, 64),
        lstm_case("LSTM 3x128, batch 16", 16),
        lstm_case("LSTM 3x128, batch 64", 64),
        inference_case(ff, 64),
        recipe_case("ngrams-ntm"),
    ]


def ntm_case(name: str, model: NTM, batch: int, reference_batch: int) -> Case:
    """Forward, backward and weight gradients of an NTM, native beside the reference."""
    slow = with_backend(model, "reference")
    candidates = {
        "ntmlab": (batch, training_call(model, batch)),
        "reference": (reference_batch, training_call(slow, reference_batch)),
    }
    flops = ntm_flops(model, STEPS, backward=True)
    return Case(name, candidates, flops, lambda: against_reference(model))


def lstm_case(name: str, batch: int) -> Case:
    """The LSTM baseline beside torch.nn.LSTM of the same width and depth, and its reference."""
    model = LSTM(1, 1)
    candidates = {
        "ntmlab": (batch, training_call(model, batch)),
        "torch.nn.LSTM": (batch, training_call(TorchLSTM(), batch)),
        "reference": (batch, training_call(with_backend(model, "reference"), batch)),
    }
    flops = lstm_flops(model, STEPS, backward=True)
    return Case(name, candidates, flops, lambda: against_reference(model))


def inference_case(model: NTM, batch: int) -> Case:
    """Outputs without gradients beside a training pass of the same model."""
    inputs = sequences(batch).inputs
    infer = torch.no_grad()(lambda: model(inputs))
    candidates = {
        "ntmlab": (batch, infer),
        "its training pass": (batch, training_call(model, batch)),
    }
    flops = ntm_flops(model, STEPS, backward=False)
    return Case("NTM inference, batch 64", candidates, flops, lambda: against_reference(model))


def recipe_case(name: str) -> Case:
    """Training steps of a recipe with all that belongs to them, beside the bare passes."""
    recipe = find_recipe(name)
    count = STEPS_OF_RECIPE * recipe.batch
    model = recipe.make_model()
    assert isinstance(model, NTM)
    bare = training_call(model, recipe.batch)

    def passes() -> None:
        for _ in range(STEPS_OF_RECIPE):
            bare()

    whole = recipe_call(recipe, count)
    candidates = {"whole step": (count, whole), "bare passes": (count, passes)}
    flops = ntm_flops(model, STEPS, backward=True)
    return Case(f"recipe {name}", candidates, flops, lambda: against_reference(model))


def recipe_call(recipe: Recipe, count: int, device: torch.device = CPU) -> Action:
    """Trains on the next ``count`` sequences at each call: drawing, optimiser and logging included.

    The run goes on from call to call; its set-up is not part of what is timed.
    """
    folder = TemporaryDirectory(prefix="ntmlab-bench-")
    run = create(Path(folder.name) / "run", recipe, 0, device.type)
    trainer = Trainer(run, recipe, 0, Observer(), device)
    steps = trainer.steps()

    def call() -> None:
        goal = trainer.progress.sequences + count
        while trainer.progress.sequences < goal:
            next(steps)
        assert folder.name  # the folder lives as long as this function

    return call


def training_call(model: nn.Module, batch: int) -> Action:
    """One forward and backward pass over a batch of sequences."""
    drawn = sequences(batch)

    def call() -> None:
        model.zero_grad()
        loss(model, drawn).backward()

    return call


def loss(model: nn.Module, drawn: Sequences) -> Tensor:
    """Cross-entropy in nats."""
    logits, _ = model(drawn.inputs)
    return nn.functional.binary_cross_entropy_with_logits(logits, drawn.targets)


def sequences(batch: int, seed: int = 0) -> Sequences:
    """A batch of dynamic N-grams."""
    return make_task(PAPER_TASK, length=STEPS).sample(batch, seed=seed)


def with_backend(model: Model, backend: str) -> Model:
    """The same model on another backend."""
    other = copy.deepcopy(model)
    other.backend = backend  # type: ignore[assignment]
    return other


def against_reference(
    model: Model, batch: int = CHECK_BATCH, device: torch.device = CPU, tolerance: float = TOLERANCE
) -> Check:
    """What the model gives, and what its reference gives in float64 and in float32."""
    drawn = make_task(PAPER_TASK, length=CHECK_STEPS).sample(batch, seed=1).to(device)
    slow = with_backend(model, "reference")
    inputs, targets, mask = (part.double() for part in drawn[:3])
    wide = Sequences(inputs, targets, mask, outputs=drawn.outputs)
    expected = results(copy.deepcopy(slow).double(), wide)
    return Check(results(model, drawn), expected, results(slow, drawn), tolerance)


def results(model: Model, drawn: Sequences) -> Results:
    """Logits and the gradient of every parameter."""
    model.zero_grad()
    loss(model, drawn).backward()
    gradients = {
        f"gradient of {name}": parameter.grad.clone()
        for name, parameter in model.named_parameters()
        if parameter.grad is not None
    }
    return {"logits": model(drawn.inputs)[0].detach()} | gradients


class TorchLSTM(nn.Module):
    """torch.nn.LSTM, three layers of 128, with an output layer: what a user would take instead."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(1, 128, num_layers=3, batch_first=True)
        self.output = nn.Linear(128, 1)

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """Logits and the final state."""
        hidden, state = self.lstm(inputs)
        return self.output(hidden), state
