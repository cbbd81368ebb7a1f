"""A recipe: a complete named training configuration, and how to override its values."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import torch

from ntmlab.errors import InputError, unknown_name
from ntmlab.given import check_whole, is_number
from ntmlab.models import MODELS, Model, make_model, split_model
from ntmlab.models.specification import SIZES, settable_options
from ntmlab.names import PAPER_TASK
from ntmlab.recipes.optimizers import check_optimizer
from ntmlab.recipes.settings import MADE_BY, PARTS, SPECIFIED, check_name, taken_apart, typed
from ntmlab.recipes.shown import check_reached, check_shown
from ntmlab.recipes.starts import check_restarts, check_starts
from ntmlab.sequences import Task
from ntmlab.specifications import parse_value
from ntmlab.tasks import TASKS, Source, make_task, split_task
from ntmlab.tasks.options import of_length, option_names
from ntmlab.trusted import check_trusted

MOST_SNAPSHOTS = 1000
MOST_AT_ONCE = 2**16  # sequences of a batch: all of them are drawn before the first update


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what a training run does, but for its seed.

    ``training_options`` are options of the task that training sequences have beside the task's own,
    or instead of them: what throws a machine off is rare in some tasks, and can be shown more
    often; with ``training_after``, so many sequences of the task's own come first, and no others in
    a run that has no more. Validation and scores have the task's own.

    ``learning_rate`` is constant, then falls linearly to 0 over the last ``decay`` part of
    training. At each step every parameter, biases and initial states too, loses the part rate times
    ``weight_decay`` of itself. Gradients are clipped to ``clip_norm`` (2-norm over all parameters)
    or, component by component, to ``clip_value``. What an NTM's step sends back to the state before
    it is clipped to ``clip_steps``, component by component, for the cost of one sequence in nats
    (so a mean over a batch has a smaller limit, and over a smaller last batch a larger one); the
    paper's section 4.6 has 10. 0 switches each off. With ``fewest_slots``, each batch of an NTM has
    a memory of its own size, uniform from so many slots to all: what it writes behind its back then
    comes round in time to be noticed; 0 gives every batch all slots. With ``longest``, each batch
    has sequences of a length of its own, log-uniform from the task's to so many steps; 0 gives
    every batch the task's. With ``weights``, a shipped model, a run folder or a weights file, a run
    begins with those, not with a draw. A run that has learnt nothing starts again: at
    ``restart_every`` sequences and its next multiples, ``restarts`` of them in all, weights are
    drawn anew if the last row's training cost is above ``restart_above`` bits. All sequences count:
    a run ends, and its rate falls, where it would have without; no start is made at the end or
    after it. With ``starts``, a run first tries as many draws of weights in turn, on
    ``start_sequences`` each; the one whose training cost over the second half of these is lowest,
    the earlier of equals, goes on from where it was. Raises InputError for values out of range, or
    settings that model or optimiser lack.
    """

    name: str
    about: str
    model: str
    model_options: Mapping[str, Any] = field(default_factory=dict)
    task: str = PAPER_TASK
    task_options: Mapping[str, Any] = field(default_factory=dict)
    training_options: Mapping[str, Any] = field(default_factory=dict)
    training_after: int = 0  # sequences before them
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    decay: float = 0.4
    weight_decay: float = 0.0
    clip_norm: float = 1.0
    clip_value: float = 0.0
    clip_steps: float = 10.0
    fewest_slots: int = 0
    longest: int = 0  # steps
    batch: int = 16
    sequences: int = 1_000_000
    validate_every: int = 10_000  # sequences between rows of metrics
    snapshots: int = 0  # weights kept on the way, evenly spaced, beside those of the start
    restarts: int = 0  # times at which a run may start again with other weights
    restart_every: int = 0  # sequences; a multiple of validate_every
    restart_above: float = 0.0  # bits
    starts: int = 1  # draws of weights that are tried; the best one goes on
    start_sequences: int = 0  # of each; a multiple of validate_every
    weights: str = ""

    def __post_init__(self) -> None:
        check_name(self.task)
        check_whole("batch", self.batch, 1, MOST_AT_ONCE)
        for name in ("sequences", "validate_every"):
            check_whole(name, getattr(self, name), 1)
        check_whole("snapshots", self.snapshots, 0, MOST_SNAPSHOTS)
        for name in (one.name for one in dataclasses.fields(self) if one.type is float):
            value = getattr(self, name)
            if not is_number(value) or not 0 <= value < float("inf"):
                raise InputError(f"{name} must be a number and must not be negative, not {value!r}")
        if self.decay > 1:
            raise InputError(f"decay is a part of training, at most 1, not {self.decay}")
        check_optimizer(self.optimizer, self.weight_decay)
        for size in SIZES:
            if size in self.model_options:
                raise InputError(f"{size} follows from the task; a recipe does not set it")
        if self.fewest_slots:
            self._check_slots()
        if self.longest:
            self._check_longest()
        check_shown(self)
        check_restarts(self)
        check_starts(self)

    def _check_slots(self) -> None:
        if self.model != "ntm":
            raise InputError(f"fewest_slots is for an NTM: set it to 0, not {self.fewest_slots}")
        slots = self._sized().options()["slots"]
        if not 1 <= self.fewest_slots <= slots:
            raise InputError(
                f"fewest_slots must be from 0 to the memory's {slots}, not {self.fewest_slots}"
            )

    def _check_longest(self) -> None:
        task = self.shown_task()
        if not isinstance(task, Source):
            raise InputError(f"longest is for sources of symbols, not {task.name}: set it to 0")
        if self.longest < task.steps:
            raise InputError(
                f"longest must be 0 or at least the task's {task.steps} steps, not {self.longest}"
            )
        of_length(task, self.longest)

    def restart_due(self, before: int, after: int, train_bits: float) -> bool:
        """Whether a run starts again at a row of metrics on the sequences ``before`` to ``after``.

        >>> from ntmlab.recipes import RECIPES
        >>> rule = ["restarts=1", "restart_every=10000", "restart_above=9"]
        >>> recipe = RECIPES["copy-quick"].override(rule)
        >>> [recipe.restart_due(at - 2_000, at, 9.5) for at in (8_000, 10_000, 20_000)]
        [False, True, False]
        """
        if not self.restarts or after >= self.sequences:
            return False
        number = after // self.restart_every
        crossed = before // self.restart_every < number <= self.restarts
        return crossed and train_bits > self.restart_above

    def tries_at(self, sequences: int) -> bool:
        """Whether a step after so many sequences belongs to one of several starts."""
        return self.starts > 1 and sequences < self.starts * self.start_sequences

    def make_task(self) -> Task:
        """The task that the model is for, validated and scored on."""
        return make_task(self.task, **self.task_options)

    def shown_task(self) -> Task:
        """The task that training sequences are drawn from."""
        return make_task(self.task, **{**self.task_options, **self.training_options})

    def make_model(self) -> Model:
        """A new model, its weights drawn from PyTorch's generator."""
        task = self.make_task()
        sizes = {"input_size": task.input_size, "output_size": task.output_size}
        return make_model(self.model, **sizes, **self.model_options)

    def check_trusted(self, where: str) -> None:
        """Raises InputError unless code that a recipe ``where`` names is the user's, or trusted."""
        for name in self.own_code:
            check_trusted(name, where)

    @property
    def own_code(self) -> set[str]:
        """The user's own factories that the recipe names."""
        task, model = split_task(self.task)[0], split_model(self.model)[0]
        return ({task} - TASKS.keys()) | ({model} - MODELS.keys())

    @property
    def own_files(self) -> set[str]:
        """Those, and the file that a task is read from, as a hidden Markov model's."""
        file = self.task_options.get("file")
        return self.own_code | ({file} if isinstance(file, str) else set())

    def rate_at(self, sequences: int) -> float:
        """The learning rate after a number of sequences."""
        left = 1 - sequences / self.sequences
        return self.learning_rate * min(1.0, left / self.decay if self.decay else 1.0)

    def snapshot_due(self, before: int, after: int) -> bool:
        """Whether a snapshot belongs between two numbers of sequences, the later one included."""
        return self.snapshots * after // self.sequences > self.snapshots * before // self.sequences

    def override(self, settings: Iterable[str]) -> Self:
        """This recipe with ``key=value`` settings.

        ``task.key``, ``training.key`` and ``model.key`` reach into its options, as do those of a
        specification that ``task`` or ``model`` is set to. Values are read as JSON, or as text
        where they are none; what they allow together is looked at when all are in, so that their
        order does not matter. Raises InputError for an unknown key, a missing "=" or a value of the
        wrong type.
        """
        parts = {part: dict(getattr(self, f"{part}_options")) for part in PARTS}
        own, inside = dict[str, Any](), list[tuple[str, str, Any]]()
        spelled = set[str]()  # within a specification
        for setting in settings:
            key, equals, text = setting.partition("=")
            if not equals:
                raise InputError(f"--set takes key=value, not {setting!r}")
            part, dot, option = key.partition(".")
            value = parse_value(text)
            if dot and part in parts:
                inside.append((part, option, value))
                continue
            own[key] = self._own_value(key, value)
            if key in SPECIFIED:
                own[key], options = SPECIFIED[key](value)
                parts[key] |= options
                spelled |= {f"{key}.{option}" for option in options}
        for part, option, value in inside:
            if f"{part}.{option}" in spelled:
                raise InputError(f"{part}.{option} is given twice")
            if MADE_BY[part] not in own:  # else what is made of all of them says so
                self._check_option(part, option)
            parts[part][option] = value
        own |= {f"{part}_options": values for part, values in parts.items()}
        changed = dataclasses.replace(self, **own)
        changed.check_options()
        if "training_after" in own:
            check_reached(changed)
        return changed

    def _check_option(self, part: str, option: str) -> None:
        known = settable_options(self.model) if part == "model" else self._task_options()
        if known is not None and option not in known:
            raise unknown_name(f"{part} option", option, known)

    def _own_value(self, key: str, value: Any) -> Any:
        plain = {f.name: f.type for f in dataclasses.fields(self) if not f.name.endswith("options")}
        settable = {name: type_ for name, type_ in plain.items() if name not in ("name", "about")}
        if key not in settable:
            raise unknown_name("recipe key", key, [*settable, *(f"{part}.KEY" for part in PARTS)])
        return typed(key, value, settable[key])

    def check_options(self) -> None:
        """Raises InputError for options that the task, or a built-in model, does not take.

        And for more snapshots than steps, which a run that is there already may have asked for.
        """
        steps = -(-self.sequences // self.batch)
        if self.snapshots > steps:
            raise InputError(
                f"snapshots must be at most {steps:,}, the steps of training ({self.sequences:,} "
                f"sequences in batches of {self.batch:,}), not {self.snapshots:,}"
            )
        self.make_task()
        if self.model in MODELS:
            self._sized()

    def _task_options(self) -> set[str]:
        """Options that a recipe can give its task."""
        task = self.make_task()
        return {*task.options(), *option_names(task)}

    def _sized(self) -> Model:
        """The built-in model without weights, for a task of the least sizes."""
        with torch.device("meta"):
            return make_model(self.model, input_size=1, output_size=1, **self.model_options)

    def to_json(self) -> dict[str, Any]:
        """The recipe as JSON values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, value: object) -> Self:
        """The recipe of `to_json`'s values; raises InputError for anything else."""
        if not isinstance(value, dict):
            raise InputError(f"a recipe is a JSON object, not {value!r}")
        types = {f.name: f.type for f in dataclasses.fields(cls)}
        for key in value:
            if key not in types:
                raise unknown_name("recipe key", key, types)
        for key in ("name", "about", "model"):
            if key not in value:
                raise InputError(f"the recipe has no {key}")
        return cls(**taken_apart({k: typed(k, part, types[k]) for k, part in value.items()}))
