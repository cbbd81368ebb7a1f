"""The memory of a DNC: what it allocates, links, writes and reads.

*Hybrid computing using a neural network with dynamic external memory* (Graves et al. 2016),
Methods; each function names the section that its formula is from.

Legend: B batch, N slots, W slot width, R read heads.
"""

import torch
from torch import Tensor

# Within the norm of a key or slot: chosen for its gradient, which would grow without a bound as a
# slot is erased.
SMOOTHING = 1e-4

# No slot is less used than this: its logarithm, in which products are taken, stays finite.
LEAST_USAGE = 1e-6


def content_weighting(memory: Tensor, keys: Tensor, strengths: Tensor) -> Tensor:
    """Content-based addressing: (B, R, N) for memory (B, N, W), keys (B, R, W), strengths (B, R).

    A softmax over cosine similarities times the strength.
    """
    likeness = _directions(keys) @ _directions(memory).mT
    return torch.softmax(strengths.unsqueeze(-1) * likeness, -1)


def usage_after(usage: Tensor, written: Tensor, read: Tensor, free: Tensor) -> Tensor:
    """Dynamic memory allocation: u_t, (B, N).

    From u_{t-1} and the write weighting (B, N) and read weightings (B, R, N) of the step before,
    with this step's free gates (B, R): what was written is used, what was read and freed is not.
    """
    retained = (1 - free.unsqueeze(-1) * read).prod(1)
    return (usage + written - usage * written) * retained


def allocation(usage: Tensor) -> Tensor:
    """Dynamic memory allocation: a_t (B, N), the least used slot first.

    Equation 1, a_t[φ_j] = (1 - u[φ_j]) Π_{i<j} u[φ_i] where φ lists the slots by usage. As in the
    paper the order itself has no gradient.
    """
    bounded = LEAST_USAGE + (1 - LEAST_USAGE) * usage
    order = torch.argsort(bounded.detach(), dim=-1, stable=True)
    logs = bounded.gather(-1, order).log()
    before = torch.exp(logs.cumsum(-1) - logs)
    in_order = (1 - usage.gather(-1, order)) * before
    return in_order.gather(-1, torch.argsort(order, dim=-1))


def write_weighting(content: Tensor, allocated: Tensor, allocate: Tensor, write: Tensor) -> Tensor:
    """Write weighting, equation 2: (B, N) from those by content and allocation, gates (B, 1)."""
    return write * (allocate * allocated + (1 - allocate) * content)


def written_memory(memory: Tensor, weighting: Tensor, erase: Tensor, add: Tensor) -> Tensor:
    """Reading and writing to memory: (B, N, W) after erasing and adding vectors (B, W)."""
    weighting = weighting.unsqueeze(-1)
    return memory * (1 - weighting * erase.unsqueeze(1)) + weighting * add.unsqueeze(1)


def precedence_after(precedence: Tensor, weighting: Tensor) -> Tensor:
    """Temporal memory linkage: p_t (B, N), how far each slot is the one written last."""
    return (1 - weighting.sum(-1, keepdim=True)) * precedence + weighting


def link_after(link: Tensor, precedence: Tensor, weighting: Tensor) -> Tensor:
    """Temporal memory linkage: L_t (B, N, N), [i, j] how far i was written right after j.

    From L_{t-1}, p_{t-1} and this step's write weighting; no slot follows itself.
    """
    to, come = weighting.unsqueeze(-1), weighting.unsqueeze(-2)
    linked = (1 - to - come) * link + to * precedence.unsqueeze(-2)
    slots = link.shape[-1]
    return linked * (1 - torch.eye(slots, dtype=link.dtype, device=link.device))


def read_weightings(link: Tensor, before: Tensor, content: Tensor, modes: Tensor) -> Tensor:
    """Read weighting: (B, R, N) from those of the step before, and by content.

    ``modes`` (B, R, 3) are the shares of going backward, of content, and of going forward.
    """
    backward, forward = before @ link, before @ link.mT
    back, stay, on = modes.unsqueeze(-1).unbind(-2)
    return back * backward + stay * content + on * forward


def _directions(x: Tensor) -> Tensor:
    return x * torch.rsqrt(x.square().sum(-1, keepdim=True) + SMOOTHING)
