"""What is timed on a GPU: dynamic N-grams at the paper's sizes, 200 steps.

"ntmlab" is a pass as a CUDA graph, as training takes it; everything else says how it is launched.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import torch
from torch import Tensor, nn

from ntmlab.bench.cases import (
    STEPS,
    STEPS_OF_RECIPE,
    TOLERANCE,
    Action,
    Check,
    TorchLSTM,
    against_reference,
    recipe_call,
    with_backend,
)
from ntmlab.bench.flops import lstm_flops, ntm_flops
from ntmlab.bench.gpu.machines import Machines
from ntmlab.bench.gpu.outside import outside
from ntmlab.bench.gpu.passes import batches, launched, recorded
from ntmlab.bench.traffic import lstm_bytes, ntm_bytes
from ntmlab.errors import Remark, one_line
from ntmlab.kernels.backend import BACKENDS, choose
from ntmlab.models import LSTM, NTM
from ntmlab.recipes import find_recipe

CUDNN_TOLERANCE = 5e-5  # its gates are off by up to 2e-5

Candidates = dict[str, tuple[int, Action]]
Make = Callable[[], Action]  # raises RuntimeError where it cannot be had


@dataclass(frozen=True)
class GpuCase:
    """As a `Case`; what is timed is made when it is asked for, since graphs hold memory."""

    batch: int  # sequences a call
    make: dict[str, Make]
    flops: float  # per sequence
    bytes: float  # per sequence
    check: Callable[[], Check]
    bare: Action  # a pass of ours, for its memory
    outside: tuple[Callable[[], dict[str, float]], ...] = ()

    def candidates(self) -> Candidates:
        """Those that can be had; of others a remark says why not."""
        found: Candidates = {}
        for name, make in self.make.items():
            try:
                found[name] = (self.batch, make())
            except RuntimeError as error:
                said = str(error).splitlines()[0]
                warnings.warn(one_line(f"{name} is not timed: {said}"), Remark, stacklevel=2)
        return found


def ntm_case(
    options: dict[str, Any], batch: int, device: torch.device, *, peers: tuple[str, ...] = ()
) -> GpuCase:
    """An NTM beside its reference and programs in processes of their own."""
    model = NTM(1, 1, **options).to(device)
    drawn = batches(batch, device)
    make = both(model, drawn)
    if "reference" in peers:
        make |= both(with_backend(model, "reference"), drawn, "reference")
    return GpuCase(
        batch,
        make,
        ntm_flops(model, STEPS, backward=True),
        ntm_bytes(model, STEPS),
        lambda: against_reference(model, batch, device),
        launched(model, drawn),
        tuple(partial(outside, peer, batch) for peer in peers if peer != "reference"),
    )


def lstm_case(batch: int, device: torch.device, *, slow: bool = False) -> GpuCase:
    """The LSTM by each of its backends beside torch.nn.LSTM, without and with TF32."""
    model, plain = LSTM(1, 1).to(device), TorchLSTM().to(device)
    drawn = batches(batch, device)
    scanned = scan_tensors(model, batch)
    chosen = choose("lstm_scan", "auto", scanned).name
    make = both(model, drawn)
    for name in other_rows(scanned, chosen, slow=slow):
        make |= both(with_backend(model, name), drawn, f"backend {name}", graph=name == "cudnn")
    make |= both(plain, drawn, "torch.nn.LSTM")
    make["torch.nn.LSTM with TF32"] = lambda: with_tf32(launched(plain, drawn))
    tolerance = CUDNN_TOLERANCE if chosen == "cudnn" else TOLERANCE
    return GpuCase(
        batch,
        make,
        lstm_flops(model, STEPS, backward=True),
        lstm_bytes(model, STEPS),
        lambda: against_reference(model, batch, device, tolerance),
        launched(model, drawn),
    )


def scan_tensors(model: LSTM, batch: int) -> list[Tensor]:
    """What the scan of a model gets, in its order."""
    inputs = model.input_weights.new_zeros(batch, 1, model.input_size)
    weights = (model.input_weights, model.bias, model.recurrent_weights, model.layer_weights)
    return [inputs, *weights, *model.initial_state(batch)]


def other_rows(scanned: list[Tensor], chosen: str, *, slow: bool) -> list[str]:
    """The backends that can run a scan beside the one chosen; the slow if wanted."""
    names = [row.name for row in BACKENDS["lstm_scan"] if row.why_not(scanned) is None]
    left_out = {chosen} if slow else {chosen, "layered", "reference"}
    return [name for name in names if name not in left_out]


def seeds_case(machines: int, batch: int, device: torch.device) -> GpuCase:
    """Many machines in one launch."""
    model = NTM(1, 1)
    many: Any = Machines([NTM(1, 1) for _ in range(machines)]).to(device)
    total = machines * batch
    drawn = batches(total, device)
    return GpuCase(
        total,
        both(many, drawn),
        ntm_flops(model, STEPS, backward=True),
        ntm_bytes(model, STEPS),
        lambda: against_reference(many, total, device),
        launched(many, drawn),
    )


def recipe_case(name: str, batch: int, device: torch.device) -> GpuCase:
    """Training steps of a recipe with all that belongs to them, beside the bare passes."""
    recipe = find_recipe(name).override([f"batch={batch}", "sequences=1000000000"])
    model = recipe.make_model().to(device)
    assert isinstance(model, NTM)
    drawn = batches(batch, device)

    def bare() -> Action:
        once = recorded(model, drawn)

        def call() -> None:
            for _ in range(STEPS_OF_RECIPE):
                once()

        return call

    count = STEPS_OF_RECIPE * batch
    whole = partial(recipe_call, recipe, count, device)
    return GpuCase(
        count,
        {"whole step": whole, "bare passes": bare},
        ntm_flops(model, STEPS, backward=True),
        ntm_bytes(model, STEPS),
        lambda: against_reference(model, batch, device),
        launched(model, drawn),
    )


def both(
    model: nn.Module, drawn: list[Any], name: str = "ntmlab", *, graph: bool = True
) -> dict[str, Make]:
    """A model's pass as a graph, and launched one by one."""
    singly, as_graph = partial(launched, model, drawn), partial(recorded, model, drawn)
    if name == "ntmlab":
        return {name: as_graph, f"{name}, no graph": singly}
    return {name: singly, f"{name}, graph": as_graph} if graph else {name: singly}


def with_tf32(action: Action) -> Action:
    """The action while cuDNN may take TF32, as PyTorch allows by default."""

    def call() -> None:
        torch.backends.cudnn.allow_tf32 = True
        try:
            action()
        finally:
            torch.backends.cudnn.allow_tf32 = False

    return call


FEEDFORWARD: Final[dict[str, Any]] = {}
WITH_LSTM: Final = {"controller": "lstm"}
EVERY: Final = ("reference", "jax_ntm", "compiled_ntm")

GPU_CASES: Final[dict[str, Callable[[torch.device], GpuCase]]] = {
    "NTM feedforward, batch 64": partial(ntm_case, FEEDFORWARD, 64, peers=EVERY),
    "NTM feedforward, batch 256": partial(ntm_case, FEEDFORWARD, 256),
    "NTM feedforward, batch 1024": partial(ntm_case, FEEDFORWARD, 1024, peers=EVERY[:2]),
    "NTM LSTM controller, batch 64": partial(ntm_case, WITH_LSTM, 64, peers=EVERY[:1]),
    "NTM LSTM controller, batch 1024": partial(ntm_case, WITH_LSTM, 1024),
    "LSTM 3x128, batch 16": partial(lstm_case, 16),
    "LSTM 3x128, batch 64": partial(lstm_case, 64, slow=True),
    "LSTM 3x128, batch 1024": partial(lstm_case, 1024),
    "32 seeds x batch 32, NTM feedforward": partial(seeds_case, 32, 32),
    "recipe ngrams-ntm, batch 64": partial(recipe_case, "ngrams-ntm", 64),
    "recipe ngrams-ntm, batch 256": partial(recipe_case, "ngrams-ntm", 256),
}
