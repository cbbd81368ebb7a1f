"""Optimisers: Graves's form of RMSProp, as in the paper, and Adam."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, overload

import torch
from torch import Tensor
from torch.optim import Optimizer

from ntmlab.models.sizes import has_numbers
from ntmlab.recipes.optimizers import ADAM, GRAVES, check_optimizer

# Constants of Graves 2013, "Generating Sequences With Recurrent Neural Networks"
# (arXiv:1308.0850), equations 38-41, which the paper's section 4.6 uses too.
DECAY = 0.95
MOMENTUM = 0.9
DAMPING = 1e-4


class GravesRMSProp(Optimizer):
    """RMSProp as Graves defines it: gradients centred, the damping inside the root, momentum.

    n <- .95 n + .05 g²;  m <- .95 m + .05 g;  d <- .9 d - lr g / sqrt(n - m² + 1e-4);  w <- w + d.
    ``torch.optim.RMSprop`` differs: it adds its epsilon outside the root. With a tensor
    ``found_inf`` that is not 0, weights and state stay as they are, as in ``torch.optim.AdamW``.
    """

    found_inf: Tensor | None = None

    def __init__(self, parameters: Iterable[Tensor], lr: float) -> None:
        super().__init__(parameters, {"lr": lr})

    @overload
    def step(self, closure: None = None) -> None: ...
    @overload
    def step(self, closure: Callable[[], float]) -> float: ...
    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """One update of every parameter that has a gradient."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            trained = [w for w in group["params"] if w.grad is not None]
            if self.found_inf is not None:
                self._update_unless(self.found_inf != 0, trained, group["lr"])
                continue
            for w in trained:
                self._update(w, w.grad, group["lr"])
        return loss

    def _update_unless(self, left_out: Tensor, trained: list[Tensor], lr: Tensor) -> None:
        """One update of all, each operation for all at once, if ``left_out`` is not True.

        Where it is, gradients count as 0, n, m and d are kept whole, and no d is added.
        """
        for w in trained:
            self._start(w)
        n, m, delta = ([self.state[w][name] for w in trained] for name in ("n", "m", "delta"))
        g = [torch.where(left_out, 0.0, w.grad) for w in trained if w.grad is not None]
        one = torch.ones_like(lr)
        kept, momentum = torch.where(left_out, one, DECAY), torch.where(left_out, one, MOMENTUM)
        torch._foreach_mul_(n, kept)
        torch._foreach_addcmul_(n, g, g, value=1 - DECAY)
        torch._foreach_mul_(m, kept)
        torch._foreach_add_(m, g, alpha=1 - DECAY)
        root = torch._foreach_addcmul(n, m, m, value=-1)
        torch._foreach_add_(root, DAMPING)
        torch._foreach_sqrt_(root)
        torch._foreach_mul_(delta, momentum)
        torch._foreach_addcdiv_(delta, torch._foreach_mul(g, lr), root, value=-1)
        torch._foreach_add_(trained, torch._foreach_mul(delta, torch.where(left_out, 0.0, one)))

    def _start(self, w: Tensor) -> None:
        """Makes a parameter's state where there is none."""
        if not self.state[w]:
            self.state[w].update({name: torch.zeros_like(w) for name in ("n", "m", "delta")})

    def _update(self, w: Tensor, g: Tensor, lr: float) -> None:
        self._start(w)
        state = self.state[w]
        n, m, delta = state["n"], state["m"], state["delta"]
        n.mul_(DECAY).addcmul_(g, g, value=1 - DECAY)
        m.mul_(DECAY).add_(g, alpha=1 - DECAY)
        root = n.addcmul(m, m, value=-1).add_(DAMPING).sqrt_()
        delta.mul_(MOMENTUM).addcdiv_(g, root, value=-lr)
        w.add_(delta)


def make_optimizer(
    name: str, parameters: Iterable[Tensor], lr: float, weight_decay: float = 0.0
) -> Optimizer:
    """The optimiser of a name, as `check_optimizer` allows it.

    With Adam's decay of weights (Loshchilov, Hutter 2019, arXiv:1711.05101) every parameter first
    loses the part ``lr * weight_decay`` of itself at each step; moments do not see it.
    """
    check_optimizer(name, weight_decay)
    if name == GRAVES:
        return GravesRMSProp(parameters, lr)
    return torch.optim.AdamW(parameters, lr, weight_decay=weight_decay, fused=True, **ADAM[name])


class Steering:
    """The rate of S optimisers, and which of them leave a step out, as tensors on their device.

    A step can then be recorded once and repeated at other rates.
    """

    def __init__(self, optimizers: Sequence[Optimizer], device: torch.device) -> None:
        self.optimizers = optimizers
        # PyTorch's kernel reads the rate in float32 on a GPU, and as it is on the CPU.
        wide = torch.float64 if device.type == "cpu" else torch.float32
        self.rate = torch.zeros((), dtype=wide, device=device)
        self.left_out = torch.zeros(len(optimizers), device=device)
        self.set = 0.0
        for optimizer, left_out in zip(optimizers, self.left_out, strict=True):
            optimizer.found_inf = left_out  # type: ignore[attr-defined]
            for group in optimizer.param_groups:
                group["lr"] = self.rate
                group["capturable"] = device.type == "cuda"

    def set_rate(self, rate: float) -> None:
        """Sets the rate of the steps that follow."""
        if rate != self.set:
            self.rate.fill_(rate)
            self.set = rate

    def step(self, taken: Tensor) -> None:
        """One update of each for which ``taken`` (S,) is True."""
        self.left_out.copy_(~taken)
        for optimizer in self.optimizers:
            optimizer.step()


def forget(optimizer: Optimizer) -> None:
    """Sets the state of an optimiser back, in place: counts and moments begin at 0."""
    for state in optimizer.state.values():
        for value in state.values():
            value.zero_()


def put_back(optimizer: Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Sets the state of an optimiser back, in place, to what `optimizer_tensors` gave earlier."""
    for name, value in optimizer_tensors(optimizer).items():
        if name in tensors:
            value.copy_(tensors[name])
        else:  # of a parameter that had no gradient until then
            value.zero_()


def optimizer_tensors(optimizer: Optimizer) -> dict[str, Tensor]:
    """The state of an optimiser as flat named tensors, for a checkpoint."""
    state: dict[int, dict[str, Any]] = optimizer.state_dict()["state"]
    return {f"{i}.{name}": value for i, row in state.items() for name, value in row.items()}


def load_optimizer_tensors(optimizer: Optimizer, tensors: dict[str, Tensor]) -> None:
    """Puts back what `optimizer_tensors` gave.

    Parameters that `has_numbers` leaves out are not counted.
    """
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        index, name = key.split(".", 1)
        state.setdefault(int(index), {})[name] = value
    left_out = [i for i, row in state.items() if not all(map(has_numbers, row.values()))]
    state = {i - sum(j < i for j in left_out): row for i, row in state.items() if i not in left_out}
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})
