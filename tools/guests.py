"""Public packages of sequence models, and how each is made into a model of bits.

Every one is fed ids: 0 and 1 are the bits, 2 the start. Legend: B batch, T time, D width.
"""

import importlib
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from ntmlab import from_torch

WIDTH = 32  # D
LONG = 2048  # at least the longest sequence that is checked
WORDS = {"num_tokens": 4, "dim": WIDTH, "depth": 2}
COMMON = [  # what several of them import
    "einops==0.8.2",
    "einx==0.4.3",
    "frozendict==2.5.1",
    "hyper-connections==0.4.11",
    "rotary-embedding-torch==0.9.1",
    "torch-einops-utils==0.2.0",
    "tqdm==4.67.1",
    "scipy==1.17.1",
]


class Guest(NamedTuple):
    """A release, what of it is checked, and how it is made."""

    package: str
    version: str
    what: str
    make: Callable[[], nn.Module]
    state: str | None = None  # the argument of the module that takes its state

    @property
    def name(self) -> str:
        """One of its own.

        >>> GUESTS[0].name
        'mingru-pytorch 0.2.1, minGRU'
        """
        return f"{self.package} {self.version}, {self.what}"


class Layered(nn.Module):
    """A layer of vectors (B, T, D) between an embedding and a linear reading.

    ``call`` is what is asked: vectors, or vectors and a state where it takes one, as a pair back.
    """

    def __init__(self, layer: nn.Module, call: Callable[..., Any]) -> None:
        super().__init__()
        self.embed = nn.Embedding(4, WIDTH)
        self.layer, self.call = layer, call
        self.read = nn.Linear(WIDTH, 4)

    def forward(self, ids: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """Logits (B, T, 4) for ids (B, T), and the state."""
        found, state = self.call(self.layer, self.embed(ids), state)
        return self.read(found), state


class Said(nn.Module):
    """A language model whose logits are what ``call`` says."""

    def __init__(self, model: nn.Module, call: Callable[..., Tensor]) -> None:
        super().__init__()
        self.model, self.call = model, call

    def forward(self, ids: Tensor) -> Tensor:
        """Logits (B, T, 4) for ids (B, T)."""
        return self.call(self.model, ids)


def made(guest: Guest) -> nn.Module:
    """The model of a package, with the weights of seed 0."""
    torch.manual_seed(0)
    module = guest.make().eval()
    given: dict[str, Any] = {"ids": [0, 1], "start": 2, "state": guest.state}
    return from_torch(module, inputs="ids", outputs="logits", **given)


def _found(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name)


def _min_gru() -> nn.Module:
    layer = _found("minGRU_pytorch", "minGRU")(WIDTH)
    return Layered(layer, lambda f, x, s: f(x, s, return_next_prev_hidden=True))


def _min_lstm() -> nn.Module:
    layer = _found("minGRU_pytorch.minLSTM", "minLSTM")(WIDTH)
    return Layered(layer, lambda f, x, s: f(x, s, return_next_prev_hidden=True))


def _mamba() -> nn.Module:
    config = _found("mambapy.mamba", "MambaConfig")(d_model=WIDTH, n_layers=2)
    return Layered(_found("mambapy.mamba", "Mamba")(config), lambda f, x, _: (f(x), None))


def _s5() -> nn.Module:
    def call(layer: Any, x: Tensor, state: Any) -> Any:
        return layer(x, state=state, return_state=True)

    return Layered(_found("s5", "S5")(WIDTH, 16), call)


def _lru() -> nn.Module:
    layer = _found("LRU_pytorch", "LRU")(WIDTH, WIDTH, 16)
    return Layered(layer, lambda f, x, _: (f(x), None))


def _retnet() -> nn.Module:
    sizes = {"d_model": WIDTH, "nhead": 2, "num_layers": 2, "dim_feedforward": 2 * WIDTH}
    model = _found("yet_another_retnet.retnet", "RetNet")(4, **sizes)
    return Said(model, lambda f, ids: f.forward_parallel(ids))


def _cfc() -> nn.Module:
    return Layered(_found("ncps.torch", "CfC")(WIDTH, WIDTH), lambda f, x, s: f(x, s))


def _tcn() -> nn.Module:
    layer = _found("pytorch_tcn", "TCN")(WIDTH, [WIDTH] * 4, causal=True, input_shape="NLC")
    return Layered(layer, lambda f, x, _: (f(x), None))


def _gateloop() -> nn.Module:
    def call(layer: Any, x: Tensor, state: Any) -> Any:
        return layer(x, cache=state, return_cache=True)

    return Layered(_found("gateloop_transformer", "SimpleGateLoopLayer")(WIDTH), call)


def _gss() -> nn.Module:
    return _lm("gated_state_spaces_pytorch", "GatedStateSpacesLM", dss_kernel_H=32)


def _light() -> nn.Module:
    layer = _found("light_recurrent_unit_pytorch", "LightRecurrentUnitLayer")(WIDTH)
    return Layered(layer, lambda f, x, s: _last(f(x, s)))


def _last(found: Tensor) -> tuple[Tensor, Tensor]:
    return found, found[:, -1]


def _infini() -> nn.Module:
    model = _found("infini_transformer_pytorch", "InfiniTransformer")(**WORDS, heads=2, dim_head=16)
    return Said(model, lambda f, ids: f(ids).logits)


def _flash() -> nn.Module:
    return _lm("flash_pytorch", "FLASHTransformer", causal=True, group_size=64)


def _hourglass() -> nn.Module:
    more = {"shorten_factor": 2, "max_seq_len": LONG, "heads": 2, "dim_head": 16}
    depth = (1, 1, 1)
    return _lm("hourglass_transformer_pytorch", "HourglassTransformerLM", depth=depth, **more)


def _h_1d() -> nn.Module:
    return _lm("h_transformer_1d", "HTransformer1D", causal=True, max_seq_len=LONG, block_size=32)


def _feedback() -> nn.Module:
    more = {"mem_len": 64, "seq_len": 2, "heads": 2, "dim_head": 16}
    return _lm("feedback_transformer_pytorch", "FeedbackTransformer", **more)


def _local() -> nn.Module:
    more = {"max_seq_len": LONG, "local_attn_window_size": 32, "heads": 2, "dim_head": 16}
    return _lm("local_attention", "LocalTransformer", **more)


def _fast_grnn() -> nn.Module:
    layer = _found("comfi_fast_grnn_torch", "ComfiFastGRNN")(WIDTH, WIDTH)
    return Layered(layer, lambda f, x, s: f(x, s))


def _lm(module: str, name: str, **more: Any) -> nn.Module:
    model = _found(module, name)(**WORDS | more)
    return Said(model, lambda f, ids: f(ids))


GUESTS = [
    Guest("mingru-pytorch", "0.2.1", "minGRU", _min_gru, "state"),
    Guest("mingru-pytorch", "0.2.1", "minLSTM", _min_lstm, "state"),
    Guest("light-recurrent-unit-pytorch", "0.1.4", "layer", _light, "state"),
    Guest("comfi-fast-grnn-torch", "0.0.3", "ComfiFastGRNN", _fast_grnn),
    Guest("ncps", "1.0.1", "CfC", _cfc, "state"),
    Guest("lru-pytorch", "0.1.3", "LRU", _lru),
    Guest("s5-pytorch", "0.2.1", "S5", _s5, "state"),
    Guest("mambapy", "1.2.0", "Mamba", _mamba),
    Guest("gated-state-spaces-pytorch", "0.1.0", "language model", _gss),
    Guest("gateloop-transformer", "0.2.5", "SimpleGateLoopLayer", _gateloop, "state"),
    Guest("pytorch-tcn", "1.2.3", "TCN", _tcn),
    Guest("yet-another-retnet", "0.5.1", "RetNet, parallel", _retnet),
    Guest("local-attention", "1.11.2", "LocalTransformer", _local),
    Guest("infini-transformer-pytorch", "0.2.1", "InfiniTransformer", _infini),
    Guest("flash-pytorch", "0.1.9", "FLASHTransformer", _flash),
    Guest("feedback-transformer-pytorch", "0.0.11", "FeedbackTransformer", _feedback),
    Guest("hourglass-transformer-pytorch", "0.0.6", "language model", _hourglass),
    Guest("h-transformer-1d", "0.1.9", "HTransformer1D", _h_1d),
]
