"""The NTM as a causal language model of transformers.

Legend: B batch, T time, k letters, V = k + 1 ids, the last of them the start symbol.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import GenerationConfig, GenerationMixin, PreTrainedModel
from transformers.utils.generic import ModelOutput

from ntmlab.errors import InputError
from ntmlab.models import NTM, NTMState
from ntmlab.models.sizes import GivenState
from ntmlab.transformers.config import NTMConfig

PARTS = ("input_size", "output_size")  # of an NTM's options: the letters decide them


@dataclass
class NTMOutput(ModelOutput):
    """What a pass gives; ``state`` is the machine after each row's last token."""

    loss: Tensor | None = None
    logits: Tensor | None = None  # (B, T, V)
    state: NTMState | None = None


class NTMForCausalLM(PreTrainedModel, GenerationMixin):  # type: ignore[no-untyped-call]
    """An NTM that says the next letter after each id; ``model(input_ids).logits`` are (B, T, V).

    Logits at an id are those of the letter after it, as all such models have them; the start
    symbol, which is never predicted, has the lowest number there is. So the first letter is
    predicted from the start symbol, as `ntmlab.NTM` predicts it from a step of zeros.

    The state is the cache: it comes back as ``state`` and is taken back under that name, and
    `generate` carries it. Rows padded left or right, with an ``attention_mask``, are each what they
    are alone; without one `generate` takes start symbols before a start for padding. ``labels`` are
    ids, shifted inside; -100 is not scored, and with ``num_items_in_batch``, as `Trainer` gives it,
    the loss is the sum over so many. Raises InputError for ids outside the vocabulary.

    >>> model = NTMForCausalLM(NTMConfig(letters=2, options={"slots": 8, "controller_size": 8}))
    >>> model(torch.tensor([[2, 0, 1]])).logits.shape
    torch.Size([1, 3, 3])
    """

    config_class = NTMConfig
    main_input_name = "input_ids"
    _is_stateful = True  # no token can be taken back

    def __init__(self, config: NTMConfig) -> None:
        super().__init__(config)
        self.ntm = NTM(**config.sizes)
        self.post_init()  # type: ignore[no-untyped-call]

    @classmethod
    def from_ntmlab(cls, model: NTM | str) -> "NTMForCausalLM":
        """The same machine: an `ntmlab.NTM`, or whatever `ntmlab.load_model` takes.

        Raises InputError for another kind of model, or one whose outputs are not the next letter.
        """
        from ntmlab.weights import load_model

        own = load_model(model) if isinstance(model, str) else model
        if not isinstance(own, NTM) or own.input_size != own.output_size or own.output_size == 2:
            raise InputError(
                "from_ntmlab takes an NTM of next letters: inputs and outputs both 1, or both 3 on"
            )
        letters = max(2, own.output_size)
        options = {name: value for name, value in own.options().items() if name not in PARTS}
        made = cls(NTMConfig(letters=letters, options=options))
        made.ntm.load_state_dict(own.state_dict())
        made.train(own.training)
        return made

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        state: GivenState = None,
        labels: Tensor | None = None,
        use_cache: bool | None = None,
        return_dict: bool | None = None,
        **others: Any,
    ) -> NTMOutput | tuple[Any, ...]:
        """Logits (B, T, V) of the letter after each id (B, T), the loss of labels, the state."""
        inputs, order, lengths = self._inputs(input_ids), None, None
        if attention_mask is not None:
            order, lengths = _gathered(attention_mask[:, -input_ids.shape[1] :])
        if order is not None:
            inputs = inputs.gather(1, order[..., None].expand_as(inputs))
        said, end = self.ntm(inputs, state, lengths)
        if order is not None:
            back = order.argsort(1)
            said = said.gather(1, back[..., None].expand_as(said))
        logits = self._logits(said)
        loss = None
        if labels is not None:
            size = logits.shape[-1]
            loss = self.loss_function(logits=logits, labels=labels, vocab_size=size, **others)
        found = NTMOutput(loss=loss, logits=logits, state=None if use_cache is False else end)
        wanted = self.config.return_dict if return_dict is None else return_dict
        return found if wanted else found.to_tuple()

    def _inputs(self, ids: Tensor) -> Tensor:
        """What the machine is shown, (B, T, I): a letter as a bit or a 1 among k, a start as 0."""
        letters = self.config.letters
        if ids.dim() != 2 or (ids.numel() and not 0 <= ids.min() <= ids.max() <= letters):
            raise InputError(f"input_ids must be (batch, time) with ids from 0 to {letters}")
        shown = nn.functional.one_hot(ids, letters + 1)[..., :letters]
        return shown[..., letters - self.ntm.input_size :].to(self.ntm.read_weights.dtype)

    def _logits(self, said: Tensor) -> Tensor:
        """Logits of every id, (B, T, V): a bit's logit is that of 1 against 0."""
        if self.ntm.output_size == 1:
            said = torch.cat([torch.zeros_like(said), said], -1)
        return nn.functional.pad(said, (0, 1), value=torch.finfo(said.dtype).min)

    def prepare_inputs_for_generation(
        self,
        input_ids: Tensor,
        state: GivenState = None,
        attention_mask: Tensor | None = None,
        is_first_iteration: bool = False,
        **others: Any,
    ) -> dict[str, Any]:
        """The whole prompt at first, then the newest id alone and the state before it."""
        if state is not None and not is_first_iteration:
            input_ids = input_ids[:, -1:]
        return {"input_ids": input_ids, "state": state, "attention_mask": attention_mask}

    def _prepare_attention_mask_for_generation(
        self,
        inputs_tensor: Tensor,
        generation_config: GenerationConfig,
        model_kwargs: dict[str, Any],
    ) -> Any:
        """What `generate` takes for tokens where no mask is given: all but starts before a start.

        Whatever id pads: transformers would leave out every token of that id, the one start
        symbol that a row begins with, or a letter.
        """
        if inputs_tensor.dim() != 2:
            raise InputError("input_ids must be (batch, time)")
        leading = (inputs_tensor == self.config.letters).long().cumprod(1)
        return 1 - nn.functional.pad(leading[:, 1:], (0, 1))

    def _update_model_kwargs_for_generation(
        self, outputs: ModelOutput, model_kwargs: dict[str, Any], *others: Any, **named: Any
    ) -> dict[str, Any]:
        model_kwargs["state"] = getattr(outputs, "state", None)
        updated: dict[str, Any] = super()._update_model_kwargs_for_generation(
            outputs, model_kwargs, *others, **named
        )
        return updated

    def _beam_search(self, *given: Any, **named: Any) -> Any:
        raise InputError("beams would need states of their own; use greedy search or sampling")

    @classmethod
    def _supports_default_dynamic_cache(cls) -> bool:
        return False  # its state is no cache of keys and values

    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, NTM):
            module.reset_parameters()


def _gathered(mask: Tensor) -> tuple[Tensor | None, list[int] | None]:
    """For each row the order in which its tokens come before its padding, and how many they are.

    None where there is no padding.
    """
    if bool(mask.all()):
        return None, None
    return (mask == 0).int().argsort(dim=1, stable=True), mask.sum(1).tolist()
