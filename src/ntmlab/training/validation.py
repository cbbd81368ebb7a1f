"""Validation: bits and gap on fixed sequences while training goes on."""

from typing import NamedTuple

from torch import Tensor, nn

from ntmlab.evaluation.bits import mean_and_error
from ntmlab.evaluation.doubts import Doubt
from ntmlab.evaluation.scored import score_batch, score_optimal
from ntmlab.evaluation.wrong import count_wrong, summed
from ntmlab.models import ModulePredictor
from ntmlab.sequences import Task
from ntmlab.tasks.draws import EVALUATION_SEED
from ntmlab.tasks.optimum import optimum_of

EVALUATION_SEQUENCES = 1000  # the first of `EVALUATION_SEED`


class ValidationScore(NamedTuple):
    """Mean bits per sequence and gaps to the optimum, with standard errors.

    The gaps are None on a task whose optimum is not known.
    """

    bits: float
    bits_se: float
    gap: float | None = None
    gap_se: float | None = None
    kl: float | None = None
    kl_se: float | None = None
    wrong_rate: float | None = None  # where targets follow from the inputs

    def values(self) -> dict[str, float]:
        """The numbers by name, less those that are none."""
        return {name: value for name, value in self._asdict().items() if value is not None}


class Validation:
    """Scores a model on a task's evaluation set; the optimum is computed once.

    A remark says where a user's optimum is surely not exact.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.sequences = task.sample(EVALUATION_SEQUENCES, EVALUATION_SEED)
        exact = optimum_of(task)
        self.optimal = None
        if exact is not None:
            self.optimal, cost, _ = score_optimal(self.sequences, exact)
            doubt = Doubt(task, exact)
            doubt.see(self.sequences, self.optimal, cost.sum(1))
            doubt.tell()

    def predict(self, model: nn.Module) -> Tensor:
        """A model's probabilities (B, T, O)."""
        return ModulePredictor(model, self.task.outputs)(self.sequences.inputs)

    def score(self, probabilities: Tensor) -> ValidationScore:
        """What probabilities cost."""
        said = {"model": lambda inputs: probabilities}
        batch = score_batch(self.sequences, said, self.optimal)
        steps, gap = batch.found["model"], batch.gap("model")
        score = ValidationScore(*mean_and_error(steps.cost.sum(1)))
        if gap is not None and steps.divergence is not None:
            pair = (*mean_and_error(gap), *mean_and_error(steps.divergence.sum(1)))
            score = ValidationScore(score.bits, score.bits_se, *pair)
        if not self.task.deterministic:
            return score
        targets, mask = self.sequences.targets.numpy(), self.sequences.mask.numpy()
        wrong = count_wrong(steps.probabilities, targets, mask, self.task.marker_channels)
        return score._replace(wrong_rate=summed(wrong).wrong_rate)
