"""Addressing: how a head turns its parameters into a weighting over memory slots.

Readable reference for *Neural Turing Machines* (Graves, Wayne, Danihelka 2014), section 3.3,
equations 5-9. Pure functions, differentiable, any floating dtype.

Legend: B batch, N slots, W slot width, H heads, S shifts (2 * shift range + 1).
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

# Added to both squared norms of Eq. 6. The cosine's gradient grows as 1/|M(i)|, so a slot erased to
# nearly nothing would send gradients of 1e7 and more; with this term it is bounded by 1/sqrt(1e-4).
NORM_SMOOTHING = 1e-4

# Added to a weighting before its logarithm in Eq. 9, so that an empty slot gives no log(0).
# Smaller than any weight that matters, larger than the least normal float32; of float16 the least
# normal number is added, whose reciprocal, the gradient, is finite in it as well.
LOG_FLOOR = 1e-30

# Upper limit of key strength and sharpening. A softmax is one-hot in float32 long before; the limit
# keeps products finite when a controller goes wild.
STRENGTH_LIMIT = 1e3


class Addressing(NamedTuple):
    """Activated addressing parameters of a group of heads."""

    key: Tensor  # (B, H, W) in [-1, 1]
    beta: Tensor  # (B, H) key strength >= 0
    g: Tensor  # (B, H) interpolation gate in [0, 1]
    s: Tensor  # (B, H, S) distribution over shifts -range..range
    gamma: Tensor  # (B, H) sharpening >= 1


def activate(key: Tensor, beta: Tensor, g: Tensor, s: Tensor, gamma: Tensor) -> Addressing:
    """The addressing parameters in the ranges of section 3.3, from raw controller outputs.

    Each is (..., H, its numbers): 1 of ``beta``, ``g`` and ``gamma``.
    """
    return Addressing(
        key=torch.tanh(key),
        beta=functional.softplus(beta).clamp(max=STRENGTH_LIMIT).squeeze(-1),
        g=torch.sigmoid(g).squeeze(-1),
        s=torch.softmax(s, dim=-1),
        gamma=(1 + functional.softplus(gamma)).clamp(max=STRENGTH_LIMIT).squeeze(-1),
    )


def similarity(key: Tensor, memory: Tensor) -> Tensor:
    """Cosine similarity K[key, M(i)] with smoothed norms, (B, H, N) (Eq. 6).

    ``key`` is (B, H, W), ``memory`` (B, N, W). A zero key or slot gives 0, with finite gradients,
    and so does a slot whose squared norm is beyond the dtype.
    """
    products = key @ memory.transpose(-1, -2)  # (B, H, N)
    key_norm = (key.square().sum(-1, keepdim=True) + NORM_SMOOTHING).sqrt()  # (B, H, 1)
    slot_norm = (memory.square().sum(-1) + NORM_SMOOTHING).sqrt().unsqueeze(-2)  # (B, 1, N)
    return products / key_norm / slot_norm  # their product has no gradient where one is infinite


def content(key: Tensor, beta: Tensor, memory: Tensor) -> Tensor:
    """Content weighting w_c, (B, H, N) (Eq. 5)."""
    return torch.softmax(beta.unsqueeze(-1) * similarity(key, memory), dim=-1)


def interpolate(w_c: Tensor, previous: Tensor, g: Tensor) -> Tensor:
    """Gated weighting w_g between content and the previous weighting, (B, H, N) (Eq. 7)."""
    return g.unsqueeze(-1) * w_c + (1 - g.unsqueeze(-1)) * previous


def shift(w_g: Tensor, s: Tensor) -> Tensor:
    """Circular convolution of a weighting with a shift distribution, (B, H, N) (Eq. 8).

    Entry k of ``s`` (B, H, S) is the probability of moving by k - range slots: all mass on shift
    +1 moves weight from slot i to slot i + 1, all mass on -1 from slot 2 to slot 1.

    >>> one_hot = torch.tensor([[[0.0, 0.0, 1.0, 0.0]]])
    >>> shift(one_hot, torch.tensor([[[1.0, 0.0, 0.0]]])).tolist()
    [[[0.0, 1.0, 0.0, 0.0]]]
    """
    reach = s.shape[-1] // 2
    rolled = [torch.roll(w_g, k - reach, dims=-1) * s[..., k : k + 1] for k in range(s.shape[-1])]
    return torch.stack(rolled).sum(0)


def sharpen(w: Tensor, gamma: Tensor) -> Tensor:
    """w^gamma, normalised to sum 1, (B, H, N) (Eq. 9), computed as softmax(gamma log w)."""
    floor = max(LOG_FLOOR, torch.finfo(w.dtype).smallest_normal)
    return torch.softmax(gamma.unsqueeze(-1) * torch.log(w + floor), dim=-1)


def address(parameters: Addressing, memory: Tensor, previous: Tensor) -> Tensor:
    """The weighting of each head, (B, H, N), from memory and its previous weighting (Fig. 2)."""
    w_c = content(parameters.key, parameters.beta, memory)
    w_g = interpolate(w_c, previous, parameters.g)
    return sharpen(shift(w_g, parameters.s), parameters.gamma)
