"""Validation: bits and gap on fixed sequences while training goes on."""

from typing import NamedTuple

from ntmlab.evaluation.bits import cost_bits, divergence_bits, mean_and_error
from ntmlab.evaluation.compare import predict
from ntmlab.evaluation.wrong import count_wrong, summed
from ntmlab.models import LSTM, NTM, ModulePredictor
from ntmlab.sequences import Task

# The evaluation set of a task: the first sequences of this seed.
EVALUATION_SEED = 0
EVALUATION_SEQUENCES = 1000


class ValidationScore(NamedTuple):
    """Mean bits per sequence and gaps to the optimum, with standard errors."""

    bits: float
    bits_se: float
    gap: float
    gap_se: float
    kl: float
    kl_se: float
    wrong_rate: float | None = None  # where targets follow from the inputs

    def values(self) -> dict[str, float]:
        """The numbers by name, less those that are none."""
        return {name: value for name, value in self._asdict().items() if value is not None}


class Validation:
    """Scores a model on a task's evaluation set; the optimum is computed once."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.sequences = task.sample(EVALUATION_SEQUENCES, EVALUATION_SEED)
        self.targets, self.mask = self.sequences.targets.numpy(), self.sequences.mask.numpy()
        self.optimal = predict(task.optimal(), self.sequences, "optimal")
        self.optimal_cost = cost_bits(self.optimal, self.targets, self.mask).sum(1)

    def __call__(self, model: NTM | LSTM) -> ValidationScore:
        probabilities = predict(ModulePredictor(model), self.sequences, "model")
        cost = cost_bits(probabilities, self.targets, self.mask).sum(1)
        divergence = divergence_bits(self.optimal, probabilities, self.mask).sum(1)
        wrong = count_wrong(probabilities, self.targets, self.mask, self.task.marker_channels)
        return ValidationScore(
            *mean_and_error(cost),
            *mean_and_error(cost - self.optimal_cost),
            *mean_and_error(divergence),
            summed(wrong).wrong_rate if self.task.deterministic else None,
        )
