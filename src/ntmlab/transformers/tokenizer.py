"""Letters as text, for what asks for a tokenizer beside a model."""

from typing import Any, Final

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from ntmlab.errors import InputError
from ntmlab.letters import SIGNS, write_letters

MOST: Final = len(SIGNS)
START: Final = "<s>"


def letters_tokenizer(letters: int) -> Any:
    """The tokenizer of an NTM over so many letters: a character 0…9a…z each, ``<s>`` the start.

    Saved into the model's folder it lets others, lm-eval for one, read text there. Text begins with
    the start symbol, unless ``add_special_tokens=False``: no machine was trained on a sequence
    without one.

    >>> tokenizer = letters_tokenizer(2)
    >>> tokenizer("0110").input_ids, tokenizer.decode([1, 0, 1])
    ([2, 0, 1, 1, 0], '101')

    Raises InputError for more letters than there are characters.
    """
    if not 2 <= letters <= MOST:
        raise InputError(f"letters are written as one character up to {MOST}, not {letters}")
    words = {write_letters([letter], letters): letter for letter in range(letters)}
    made = Tokenizer(models.WordLevel(words | {START: letters}, unk_token=START))
    made.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    made.decoder = decoders.Fuse()
    made.post_processor = processors.TemplateProcessing(
        single=f"{START} $A", pair=f"{START} $A $B", special_tokens=[(START, letters)]
    )
    special = {"bos_token": START, "eos_token": START, "pad_token": START}
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=made, clean_up_tokenization_spaces=False, **special
    )
