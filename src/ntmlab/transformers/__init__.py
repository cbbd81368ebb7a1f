"""The NTM among the models of transformers: ``AutoModelForCausalLM`` makes, saves and loads it.

Needs the extra: ``pip install 'ntmlab[transformers]'``. Importing this folder registers both names.
"""

try:
    import transformers
except ImportError as error:
    raise ImportError(
        "ntmlab.transformers needs transformers: pip install 'ntmlab[transformers]'"
    ) from error

from ntmlab.transformers.config import NTMConfig
from ntmlab.transformers.model import NTMForCausalLM, NTMOutput
from ntmlab.transformers.tokenizer import letters_tokenizer

__all__ = ["NTMConfig", "NTMForCausalLM", "NTMOutput", "letters_tokenizer"]

transformers.AutoConfig.register(NTMConfig.model_type, NTMConfig, exist_ok=True)
transformers.AutoModelForCausalLM.register(NTMConfig, NTMForCausalLM, exist_ok=True)
