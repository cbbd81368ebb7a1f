"""Causal language models of transformers, as predictors of next symbols.

Legend: B batch, T time, k letters, V vocabulary.
"""

import copy
import importlib
import inspect
import warnings
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import torch
from torch import Tensor, nn

from ntmlab.errors import InputError, Remark
from ntmlab.evaluation.adapters.module import Adapted, from_torch
from ntmlab.foreign import guarded

# What such a model returns besides what it keeps for the next tokens.
NO_CACHES: Final = ("logits", "loss", "aux_loss", "hidden_states", "attentions")

TRIED: Final = (2, 33, 67, 130)  # tokens, whole and in pieces, before a cache is used


class Carried(NamedTuple):
    """A model's cache, and how many tokens it has seen."""

    cache: Any
    steps: int


class Tokens(nn.Module):
    """``logits, carried = module(ids, carried=None)``: ids (B, T) in, logits (B, T, V) out.

    ``cache`` is the name under which the model returns its cache and takes it back; without one it
    runs whole passes. A cache that is handed in is copied first, since such models write into it,
    and positions are always said, since some begin again at 0.
    """

    def __init__(self, model: nn.Module, cache: str | None) -> None:
        super().__init__()
        self.model, self.cache = model, cache
        self._takes_positions = "position_ids" in _arguments(model)

    def forward(self, ids: Tensor, carried: Carried | None = None) -> tuple[Tensor, Carried | None]:
        """Logits (B, T, V), and what carries on after them."""
        if self.cache is None:
            return self.model(input_ids=ids, use_cache=False).logits, None
        before = 0 if carried is None else carried.steps
        given = {} if carried is None else {self.cache: copy.deepcopy(carried.cache)}
        if self._takes_positions:
            places = torch.arange(before, before + ids.shape[1], device=ids.device)
            given["position_ids"] = places.expand_as(ids)
        said = self.model(input_ids=ids, use_cache=True, **given)
        return said.logits, Carried(said[self.cache], before + ids.shape[1])


def from_transformers(
    model: Any,
    letters: int = 2,
    *,
    ids: Sequence[int] | None = None,
    start: int | None = None,
    renormalise: bool = False,
    cache: bool | None = None,
) -> Adapted:
    """A causal language model of transformers as a predictor of ``letters`` symbols.

    ``model`` is the model, a configuration, of which one with new weights is made, or the folder of
    a saved one. It is put into float32 and evaluation mode.

    ``ids`` are the tokens of the letters: the first k unless given. ``start`` is what it is fed
    first: its own first token (bos) unless given, or where that is none or a letter the first id
    that is no letter; if there is none either, the first symbol is said to be any with 1/k.

    Probability on tokens that are no letters counts for no letter. If there is more of it than
    rounding, InputError says how much; with ``renormalise`` it is left out, the letters' are scaled
    to 1, and a remark says how much it was.

    It is asked for whole passes, unless ``cache``: True takes its cache for right, None tries it
    now, and uses it where pieces equal the whole and the caller's cache stays what it was. A remark
    says so where they do not. A cache belongs to one batch of sequences and is never shared.

    Raises InputError for what is no causal model; without transformers installed for a
    configuration or a folder.
    """
    made = _made(model)
    width, returned = _tried(made)
    known = tuple(range(letters)) if ids is None else tuple(ids)
    if not all(0 <= token < width for token in known):
        raise InputError(f"ids must lie below the vocabulary's {width}, not be {list(known)}")
    first = _start(made, known, width) if start is None else start
    options: dict[str, Any] = {"inputs": "ids", "outputs": "logits", "start": first, "ids": known}
    name = next((name for name in returned if name in _arguments(made)), None)
    if cache is True and name is None:
        raise InputError(f"{type(made).__name__} returns no cache that it takes back")
    carried = None
    if cache is not False and name is not None:
        carried = from_torch(Tokens(made, name), letters, state="carried", **options)
    if carried is None or (cache is None and not _carries(carried, letters)):
        carried = from_torch(Tokens(made, None), letters, **options)
    carried.renormalise = renormalise
    return carried


def _made(model: Any) -> nn.Module:
    """The model, in float32 and evaluation mode."""
    if not isinstance(model, nn.Module):
        try:
            library: Any = importlib.import_module("transformers")
        except ImportError:
            raise InputError(
                "this needs transformers: pip install 'ntmlab[transformers]'"
            ) from None
        is_configuration = isinstance(model, library.PretrainedConfig)
        way = "from_config" if is_configuration else "from_pretrained"
        if not is_configuration:
            model = str(model)
        model = guarded(
            "from_transformers: making the model", getattr(library.AutoModelForCausalLM, way), model
        )
    if "input_ids" not in _arguments(model):
        raise InputError(f"{type(model).__name__} is no model of transformers: no input_ids")
    right = all(p.dtype == torch.float32 for p in model.parameters() if p.is_floating_point())
    made: nn.Module = (model if right else model.float()).eval()
    return made


@torch.no_grad()
def _tried(model: nn.Module) -> tuple[int, list[str]]:
    """Its vocabulary, and the names of what it returns that may be a cache."""
    like = next(model.parameters(), torch.zeros(1))
    ids = torch.zeros(1, 2, dtype=torch.int64, device=like.device)
    said = guarded(f"{type(model).__name__}: a first pass", model, input_ids=ids, use_cache=True)
    logits = getattr(said, "logits", None)
    if not isinstance(logits, Tensor) or logits.shape[:2] != ids.shape:
        raise InputError(
            f"{type(model).__name__} returns no logits a token: is it a causal language model?"
        )
    return logits.shape[-1], [name for name in said if name not in NO_CACHES]


def _arguments(model: nn.Module) -> list[str]:
    return list(inspect.signature(model.forward).parameters)


def _start(model: nn.Module, letters: Sequence[int], width: int) -> int | None:
    """The token that comes first: bos, else the first that is no letter, None if all are."""
    own = getattr(getattr(model, "config", None), "bos_token_id", None)
    if isinstance(own, int) and own < width and own not in letters:
        return own
    return next((token for token in range(width) if token not in letters), None)


def _carries(model: Adapted, letters: int) -> bool:
    """Whether pieces with the cache equal one pass; a remark says where they do not."""
    from ntmlab.evaluation.checks import check_predictor  # which know the adapters

    task = f"dynamic-ngrams:order=1,letters={letters}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Remark)  # of mass outside the alphabet
        checks = check_predictor(model, task, names=["state", "untouched"], lengths=TRIED)
    model.outside = model.remarked = 0.0
    wrong = next((check for check in checks if check.passed is False), None)
    if wrong is not None:
        name = type(model.module.model).__name__
        about = f"the cache of {name} is not used: {wrong.message}"
        warnings.warn(about, Remark, stacklevel=3)
    return all(check.passed for check in checks)
