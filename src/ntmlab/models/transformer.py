"""A causal Transformer with rotary positions, whose state is its keys and values.

*Attention is all you need* (Vaswani et al. 2017), equation 1; *RoFormer* (Su et al. 2021), equation
15, computed as in section 3.4.2: pairs of numbers of queries and keys are turned by an angle that
grows with the position, so that their product depends on how far apart they are.

Legend: B batch, T time, P earlier steps, D width, H heads, E numbers of a head, L layers.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from ntmlab.errors import InputError
from ntmlab.models.sizes import check_positive
from ntmlab.models.stack import Mixer, Parts, StackModel

BASE = 10_000.0  # of the wavelengths, as in both papers
TIME = 3  # the axis of a state that grows


class TransformerState(NamedTuple):
    """Every step so far: P grows by one a step."""

    keys: Tensor  # (B, L, H, P, E), turned to their positions
    values: Tensor  # (B, L, H, P, E)


class Transformer(StackModel[TransformerState]):
    """Blocks of causal attention and a feedforward layer, normalised before each.

    ``outputs, state = model(inputs, state=None)`` takes inputs (B, T, I) and returns logits
    (B, T, O). Raises InputError for sizes that are no whole numbers of at least 1, or a width that
    is no even number for every head.

    >>> model = Transformer(1, 1, width=16, heads=2, layers=1)
    >>> model(torch.zeros(2, 5, 1))[1].keys.shape
    torch.Size([2, 1, 2, 5, 8])
    """

    kind = "transformer"
    state_type = TransformerState
    free = TIME

    def __init__(
        self,
        input_size: int,
        output_size: int,
        *,
        width: int = 64,
        layers: int = 2,
        heads: int = 4,
        expansion: int = 2,
    ) -> None:
        check_positive(width=width, layers=layers, heads=heads)
        if width % (2 * heads):
            raise InputError(f"width must be a multiple of 2 x {heads} heads, not {width}")
        mixers = [Attention(width, heads) for _ in range(layers)]
        super().__init__(
            input_size,
            output_size,
            mixers,
            width=width,
            layers=layers,
            heads=heads,
            expansion=expansion,
        )


class Attention(Mixer):
    """Each step looks at itself and all before it."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.enter = nn.Linear(width, 3 * width)
        self.leave = nn.Linear(width, width)

    def start(self, batch: int) -> Parts:
        """No steps."""
        size = self.leave.in_features // self.heads
        none = self.leave.weight.new_zeros(batch, self.heads, 0, size)
        return none, none

    def forward(self, x: Tensor, parts: Parts) -> tuple[Tensor, Parts]:
        """(B, T, D) for (B, T, D), and all keys and values so far."""
        past = parts[0].shape[2]
        split = self.enter(x).unflatten(-1, (3, self.heads, -1))  # (B, T, 3, H, E)
        queries, keys, values = split.permute(2, 0, 3, 1, 4).unbind()  # (B, H, T, E)
        keys = torch.cat([parts[0], turned(keys, past)], 2)
        values = torch.cat([parts[1], values], 2)
        seen = attention(turned(queries, past), keys, values)
        return self.leave(seen.transpose(1, 2).flatten(2)), (keys, values)


def attention(queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """Equation 1 for queries (B, H, T, E), the last T of the steps of keys and values.

    With gradients in plain operations, so that second derivatives exist; without them by PyTorch's
    fused operation, which keeps no weights of T x T.
    """
    length, every = queries.shape[2], keys.shape[2]
    allowed = torch.ones(length, every, dtype=torch.bool, device=keys.device).tril(every - length)
    if not torch.is_grad_enabled():
        mask = None if length == every else allowed
        return nn.functional.scaled_dot_product_attention(
            queries, keys, values, attn_mask=mask, is_causal=mask is None
        )
    likeness: Tensor = queries @ keys.mT / queries.shape[-1] ** 0.5
    return likeness.masked_fill(~allowed, -torch.inf).softmax(-1) @ values


def turned(x: Tensor, first: int) -> Tensor:
    """Vectors (..., T, E) turned to the positions from ``first`` on.

    Number i is paired with number i + E/2. Angles are taken in float64: at position 10,000 a
    float32 knows them to a thousandth only.
    """
    half = x.shape[-1] // 2
    rates = BASE ** (-torch.arange(half, dtype=torch.float64, device=x.device) / half)
    places = torch.arange(first, first + x.shape[-2], dtype=torch.float64, device=x.device)
    angles = places[:, None] * rates  # (T, E/2)
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)
