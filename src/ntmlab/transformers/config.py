"""The sizes of an NTM as transformers keeps them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from transformers import PretrainedConfig

from ntmlab.outputs import next_symbol_outputs


class NTMConfig(PretrainedConfig):  # type: ignore[no-untyped-call]
    """An NTM over ``letters`` letters, whose ids are 0 to k - 1; id k is the start symbol (bos).

    ``options`` are those of `ntmlab.NTM` but for its inputs and outputs, which the letters decide.

    >>> config = NTMConfig(letters=3, options={"controller_size": 8, "slots": 16})
    >>> config.vocab_size, config.bos_token_id
    (4, 3)

    Raises InputError for fewer than 2 letters or more than 256.
    """

    model_type = "ntmlab-ntm"
    keys_to_ignore_at_inference: ClassVar = ["state"]  # by Trainer, which gathers all that is given

    def __init__(
        self, letters: int = 2, options: Mapping[str, Any] | None = None, **others: Any
    ) -> None:
        next_symbol_outputs(letters)
        self.letters, self.options = letters, dict(options or {})
        decided = {"vocab_size": letters + 1, "bos_token_id": letters, "tie_word_embeddings": False}
        super().__init__(**(others | decided))
        self.vocab_size = letters + 1

    @property
    def sizes(self) -> dict[str, Any]:
        """The keyword arguments of the NTM."""
        channels = next_symbol_outputs(self.letters).channels
        return {"input_size": channels, "output_size": channels, **self.options}
