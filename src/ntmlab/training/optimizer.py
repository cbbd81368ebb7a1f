"""Optimisers: Graves's form of RMSProp, as in the paper, and Adam."""

from collections.abc import Callable, Iterable
from typing import Any, overload

import torch
from torch import Tensor
from torch.optim import Optimizer

from ntmlab.errors import InputError, unknown_name

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


def adam(parameters: Iterable[Tensor], lr: float, weight_decay: float) -> Optimizer:
    """Adam with a second-moment decay of 0.99: the NTM's gradients change scale quickly."""
    return _adam(parameters, lr, weight_decay, betas=(0.9, 0.99))


# Damping of "adam-damped", against root mean squares of clipped gradients near 4e-3 while a machine
# learns and 1e-6 once it has learnt.
ADAM_DAMPING = 1e-5


def adam_damped(parameters: Iterable[Tensor], lr: float, weight_decay: float) -> Optimizer:
    """Adam whose steps shrink with the gradients where these are tiny.

    Plain Adam makes full steps of any gradient, however small: a machine that errs on nothing walks
    on, until one rare sequence throws it off its solution. Graves's RMSProp has such a damping.
    """
    return _adam(parameters, lr, weight_decay, betas=(0.9, 0.99), eps=ADAM_DAMPING)


def adam_smooth(parameters: Iterable[Tensor], lr: float, weight_decay: float) -> Optimizer:
    """Adam that averages over more steps: gradients over 20, not 10, their squares over 1,000.

    Where single gradients say little, as in sorting, steps follow their mean more closely.
    """
    return _adam(parameters, lr, weight_decay, betas=(0.95, 0.999))


def _adam(
    parameters: Iterable[Tensor],
    lr: float,
    weight_decay: float,
    *,
    betas: tuple[float, float],
    eps: float = 1e-8,
) -> Optimizer:
    """Adam whose decay of weights is apart from the gradients' moments (Loshchilov, Hutter 2019).

    At each step every parameter first loses the part ``lr * weight_decay`` of itself.
    """
    return torch.optim.AdamW(
        parameters, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, fused=True
    )


def graves_rmsprop(parameters: Iterable[Tensor], lr: float, weight_decay: float) -> Optimizer:
    """The paper's optimiser, which has no decay of weights; raises InputError if asked for one."""
    if weight_decay:
        raise InputError(
            f"graves-rmsprop has no weight_decay: set it to 0, not {weight_decay:g}, first"
        )
    return GravesRMSProp(parameters, lr)


OPTIMIZERS: dict[str, Callable[[Iterable[Tensor], float, float], Optimizer]] = {
    "adam": adam,
    "adam-damped": adam_damped,
    "adam-smooth": adam_smooth,
    "graves-rmsprop": graves_rmsprop,
}


def make_optimizer(
    name: str, parameters: Iterable[Tensor], lr: float, weight_decay: float = 0.0
) -> Optimizer:
    """The optimiser of a name; raises InputError for an unknown one, or one without the decay."""
    if name not in OPTIMIZERS:
        raise unknown_name("optimizer", name, OPTIMIZERS)
    return OPTIMIZERS[name](parameters, lr, weight_decay)


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
