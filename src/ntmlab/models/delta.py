"""Linear attention that writes by the gated delta rule.

*Gated delta networks* (Yang, Kautz and Hatamizadeh 2024): the state is a matrix, which forgets by a
factor a_t, and in which the value at key k_t is moved towards v_t by a part b_t:

    S_t = a_t (I - b_t k_t k_tᵀ) S_{t-1} + b_t k_t v_tᵀ,    o_t = S_tᵀ q_t

(there transposed). With ``rule="additive"`` it writes b_t k_t v_tᵀ without looking, which is linear
attention with forgetting. Steps go in chunks (Yang et al. 2024, *Parallelizing linear transformers
with the delta rule over sequence length*): what each step writes follows from one triangular system
a chunk.

Legend: B batch, T time, D width, H heads, E numbers of a head, C steps of a chunk, L layers.
"""

from typing import Literal, NamedTuple, get_args

import torch
from torch import Tensor, nn

from ntmlab.errors import InputError
from ntmlab.models.convolution import Convolution
from ntmlab.models.sizes import check_choice, check_positive
from ntmlab.models.stack import Mixer, Parts, StackModel, norm, unit

Rule = Literal["delta", "additive"]
CHUNK = 64  # steps of a triangular system: its work a step grows with them
FASTEST, SLOWEST = 0.5, 1e-3  # what the heads forget a step, at the start


class DeltaState(NamedTuple):
    """After a step."""

    memory: Tensor  # (B, L, H, E, E), keys by values
    seen: Tensor  # (B, L, W - 1, 3 D): what the convolution still needs


class DeltaNet(StackModel[DeltaState]):
    """Blocks of the gated delta rule and a feedforward layer, normalised before each.

    ``outputs, state = model(inputs, state=None)`` takes inputs (B, T, I) and returns logits
    (B, T, O). Queries, keys and values pass a causal convolution over ``convolution`` steps.
    Raises InputError for sizes that do not fit, or an unknown rule.

    >>> DeltaNet(1, 1)(torch.zeros(2, 5, 1))[1].memory.shape
    torch.Size([2, 2, 4, 16, 16])
    """

    kind = "delta"
    state_type = DeltaState

    def __init__(
        self,
        input_size: int,
        output_size: int,
        *,
        width: int = 64,
        layers: int = 2,
        heads: int = 4,
        rule: Rule = "delta",
        convolution: int = 4,
        expansion: int = 2,
    ) -> None:
        check_positive(width=width, layers=layers, heads=heads, convolution=convolution)
        check_choice("rule", rule, *get_args(Rule))
        if width % heads:
            raise InputError(f"width must be a multiple of {heads} heads, not {width}")
        mixers = [DeltaRule(width, heads, rule, convolution) for _ in range(layers)]
        super().__init__(
            input_size,
            output_size,
            mixers,
            width=width,
            layers=layers,
            heads=heads,
            rule=rule,
            convolution=convolution,
            expansion=expansion,
        )


class DeltaRule(Mixer):
    """One layer of heads."""

    def __init__(self, width: int, heads: int, rule: Rule, convolution: int) -> None:
        super().__init__()
        self.heads, self.rule = heads, rule
        self.enter = nn.Linear(width, 3 * width)
        self.before = Convolution(3 * width, convolution)
        self.gates = nn.Linear(width, 2 * heads)
        self.show = nn.Linear(width, width)
        self.norm = norm(width // heads)
        self.leave = nn.Linear(width, width)
        with torch.no_grad():  # a head's bias of forgetting: rates evenly spaced by their logarithm
            rates = torch.logspace(0, 1, heads, base=FASTEST / SLOWEST) * SLOWEST
            self.gates.bias[:heads] = rates.expm1().log()

    def start(self, batch: int) -> Parts:
        """An empty matrix, and nothing seen."""
        size = self.leave.in_features // self.heads
        memory = self.leave.weight.new_zeros(batch, self.heads, size, size)
        return memory, self.before.start(batch)

    def forward(self, x: Tensor, parts: Parts) -> tuple[Tensor, Parts]:
        """(B, T, D) for (B, T, D), and the matrix after the last step."""
        mixed, seen = self.before(self.enter(x), parts[1])
        split = nn.functional.silu(mixed).unflatten(-1, (3, self.heads, -1))  # (B, T, 3, H, E)
        queries, keys, values = split.permute(2, 0, 3, 1, 4).unbind()  # (B, H, T, E)
        forget, part = self.gates(x).mT.chunk(2, 1)  # (B, H, T)
        log_decay, part = -nn.functional.softplus(forget), torch.sigmoid(part)
        arguments = (unit(queries), unit(keys), values, log_decay, part)
        said, memory = delta_rule(*arguments, parts[0], self.rule)
        shown = self.norm(said).transpose(1, 2).flatten(2)  # (B, T, D)
        return self.leave(shown * nn.functional.silu(self.show(x))), (memory, seen)


def delta_rule(
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    log_decay: Tensor,
    part: Tensor,
    memory: Tensor,
    rule: Rule = "delta",
) -> tuple[Tensor, Tensor]:
    """What is read at every step, (B, H, T, E), and the matrix after the last.

    ``queries``, ``keys`` and ``values`` are (B, H, T, E), ``log_decay`` (natural, at most 0) and
    ``part`` (B, H, T), ``memory`` (B, H, E, E).
    """
    said = []
    steps = (x.split(CHUNK, 2) for x in (queries, keys, values, log_decay, part))
    for q, k, v, a, b in zip(*steps, strict=True):
        read, memory = _chunk(q, k, v, a, b.unsqueeze(-1), memory, rule)
        said.append(read)
    return torch.cat(said, 2), memory


def _chunk(
    q: Tensor, k: Tensor, v: Tensor, log_decay: Tensor, b: Tensor, memory: Tensor, rule: Rule
) -> tuple[Tensor, Tensor]:
    """One chunk of C steps.

    With u_t for what step t writes at key k_t and g_ti for what is left of step i at step t, S_t is
    g_t0 S_0 + Σ_{i≤t} g_ti k_i u_iᵀ, and u_t = b_t (v_t - a_t S_{t-1}ᵀ k_t) is a triangular system.
    """
    size = q.shape[2]
    total = log_decay.cumsum(-1)  # (B, H, C)
    upto = torch.ones(size, size, dtype=torch.bool, device=q.device).tril()
    apart = total.unsqueeze(-1) - total.unsqueeze(-2)
    left = apart.masked_fill(~upto, -torch.inf).exp()  # (B, H, C, C), g_ti
    first = total.exp().unsqueeze(-1)  # (B, H, C, 1), g_t0
    written = b * v
    if rule == "delta":
        known = b * first * (k @ memory)
        system = (b * left * (k @ k.mT)).tril(-1)
        one = torch.eye(size, dtype=q.dtype, device=q.device)
        written = torch.linalg.solve_triangular(
            one + system, written - known, upper=False, unitriangular=True
        )
    read = first * (q @ memory) + (left * (q @ k.mT)) @ written
    after = first[:, :, -1:] * memory + (left[:, :, -1].unsqueeze(-1) * k).mT @ written
    return read, after
