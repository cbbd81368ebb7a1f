"""Optimisers: Graves's form of RMSProp, as in the paper, and Adam."""

from collections.abc import Callable, Iterable
from typing import Any, overload

import torch
from torch import Tensor
from torch.optim import Optimizer

from ntmlab.recipes.optimizers import ADAM, GRAVES, check_optimizer

# Constants of Graves 2013, "Generating Sequences With Recurrent Neural Networks"
# (arXiv:1308.0850), equations 38-41, which the paper's section 4.6 uses too.
DECAY = 0.95
MOMENTUM = 0.9
DAMPING = 1e-4


class GravesRMSProp(Optimizer):
    """RMSProp as Graves defines it: gradients centred, the damping inside the root, momentum.

    n <- .95 n + .05 g²;  m <- .95 m + .05 g;  d <- .9 d - lr g / sqrt(n - m² + 1e-4);  w <- w + d.
    ``torch.optim.RMSprop`` differs: it adds its epsilon outside the root.
    """

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
            for w in group["params"]:
                if w.grad is not None:
                    self._update(w, w.grad, group["lr"])
        return loss

    def _update(self, w: Tensor, g: Tensor, lr: float) -> None:
        state = self.state[w]
        if not state:
            state.update({name: torch.zeros_like(w) for name in ("n", "m", "delta")})
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


def optimizer_tensors(optimizer: Optimizer) -> dict[str, Tensor]:
    """The state of an optimiser as flat named tensors, for a checkpoint."""
    state: dict[int, dict[str, Any]] = optimizer.state_dict()["state"]
    return {f"{i}.{name}": value for i, row in state.items() for name, value in row.items()}


def load_optimizer_tensors(optimizer: Optimizer, tensors: dict[str, Tensor]) -> None:
    """Puts back what `optimizer_tensors` gave."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        index, name = key.split(".", 1)
        state.setdefault(int(index), {})[name] = value
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})
