"""Is single precision enough, and do gradients reach where they should?

Legend: B batch, T time, I inputs, O output channels.
"""

import copy
from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from torch import Tensor

from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.checks.check import Check, Where, failing, passing, skipped
from ntmlab.evaluation.checks.compared import cost_of
from ntmlab.evaluation.checks.module import ModuleSubject
from ntmlab.evaluation.checks.probes import Probes, near
from ntmlab.evaluation.checks.subject import Subject
from ntmlab.foreign import described
from ntmlab.models.predictor import evaluating

# Rounding may cost so much a sequence, a hundredth of the gaps of good models, and move logits by
# so much of the largest; of half precision its own unit, and 16 of them.
MOST_BITS: Final = 1e-3
MOST_RELATIVE: Final = 1e-3
UNITS: Final = 16

BORDERS: Final = (0, 7, 15, 31, 33, 62, 63, 64)  # steps whose outputs must not see what follows
ROUNDING: Final = 1e-5  # of the largest gradient: sums that cancel leave so much


def precision(subject: Subject, probes: Probes, lengths: Sequence[int]) -> Check:
    """Logits beside those of a float64 copy, and of a copy on the GPU where there is one."""
    if not isinstance(subject, ModuleSubject):
        return skipped("precision", "it is no torch module, whose precision could be changed")
    inputs = probes.of(max(lengths))
    values = subject.values(inputs)
    exact = subject.in_double(inputs)
    if exact is None:
        return skipped("precision", "it does not run in float64")
    dtype = subject.like(inputs).dtype
    others = {"float64": exact, **_on_gpu(subject, inputs)}
    for name, other in others.items():
        if (wrong := _apart(subject, values, other, dtype, name)) is not None:
            return wrong
    size = float(np.abs(values - exact).max())
    return passing("precision", f"within {size:.1g} of {' and '.join(others)}")


def _apart(
    subject: Subject, values: Array, other: Array, dtype: torch.dtype, name: str
) -> Check | None:
    scale = float(np.abs(other).max(initial=1.0))
    apart = np.abs(values - other)
    bits = cost_of(subject, other, values)
    unit = torch.finfo(dtype).eps
    most = max(MOST_RELATIVE, UNITS * unit) * scale
    if bits <= max(MOST_BITS, unit) and apart.max() <= most:
        return None
    row, step, _ = map(
        int, np.unravel_index(int(np.nan_to_num(apart, nan=np.inf).argmax()), apart.shape)
    )
    size = float(apart[row, step].max())
    message = f"{str(dtype)[6:]} and {name} differ by {size:.2g} at step {step}"
    return failing("precision", message, Where(values.shape[1], step, row), size, bits)


def _on_gpu(subject: ModuleSubject, inputs: Tensor) -> dict[str, Array]:
    """Logits of a copy on the GPU, in whole float32; nothing where there is none or it fails."""
    if not torch.cuda.is_available() or subject.like(inputs).is_cuda:
        return {}
    try:
        copied = ModuleSubject(copy.deepcopy(subject.module).cuda(), subject.outputs)
        with torch.backends.cudnn.flags(allow_tf32=False):
            return {"the GPU": copied.values(inputs)}
    except Exception:  # a module need not run there
        return {}


def gradients(subject: Subject, probes: Probes, lengths: Sequence[int]) -> Check:
    """Each parameter has a gradient, and outputs have none from later inputs."""
    if not isinstance(subject, ModuleSubject):
        return skipped("gradients", "it is no torch module")
    named = {n: p for n, p in subject.module.named_parameters() if p.requires_grad}
    if not named:
        return skipped("gradients", "no parameter asks for a gradient")
    length = near(lengths)
    inputs = subject.like(probes.of(length)).requires_grad_()
    leaves = {**named, "the inputs": inputs}
    with torch.enable_grad(), evaluating(subject.module):
        logits, _ = subject.forward(inputs)
        try:
            wrong = _parameters(logits, leaves) or _later(logits, leaves, length)
        except RuntimeError as error:
            wrong = failing("gradients", f"the backward pass fails: {described(error)}")
    return wrong or passing("gradients", f"of all {len(named)} parameters; none from later inputs")


def _parameters(logits: Tensor, leaves: dict[str, Tensor]) -> Check | None:
    """Parameters that no gradient reaches, or that get one that is no number."""
    if not logits.requires_grad:
        return failing("gradients", "the outputs have no gradient: they are detached")
    weights = torch.linspace(0.5, 1.5, logits.numel(), device=logits.device).to(logits.dtype)
    found = _backward((torch.tanh(logits).flatten() * weights).sum(), leaves)
    unused = [name for name, g in found.items() if g is None and name != "the inputs"]
    if unused:
        more = f" and {len(unused) - 1} more" if len(unused) > 1 else ""
        return failing("gradients", f"no gradient reaches {unused[0]}{more}: they are not used")
    for name, gradient in found.items():
        if gradient is not None and not torch.isfinite(gradient).all():
            return failing("gradients", f"the gradient of {name} is not finite")
    return None


def _later(logits: Tensor, leaves: dict[str, Tensor], length: int) -> Check | None:
    """Gradients of the outputs up to a step with respect to inputs after it."""
    for step in sorted({*BORDERS, length // 2, length - 2} & set(range(length - 1))):
        found = _backward(logits[:, : step + 1].sum(), leaves)["the inputs"]
        if found is None:
            return None
        sizes = found.abs().amax((0, 2))
        later = sizes[step + 1 :]
        if later.max() > ROUNDING * sizes.max():
            other, size = step + 1 + int(later.argmax()), float(later.max())
            message = f"outputs up to step {step} have a gradient of {size:.2g} from input {other}"
            return failing("gradients", message, Where(length, step, None, other), size)
    return None


def _backward(loss: Tensor, leaves: dict[str, Tensor]) -> dict[str, Tensor | None]:
    """Gradients of the leaves by name, whose own are kept.

    By ``backward``, as in training: reentrant checkpoints do not allow ``torch.autograd.grad``.
    """
    kept = {name: leaf.grad for name, leaf in leaves.items()}
    try:
        for leaf in leaves.values():
            leaf.grad = None
        loss.backward(retain_graph=True)
        return {name: leaf.grad for name, leaf in leaves.items()}
    finally:
        for name, leaf in leaves.items():
            leaf.grad = kept[name]
