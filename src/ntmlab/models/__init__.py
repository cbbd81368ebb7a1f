"""Models: ordinary PyTorch modules, batch first, logits out."""

from typing import Any

from ntmlab.errors import InputError, unknown_name
from ntmlab.kernels.lstm_scan import LSTMState
from ntmlab.models.lstm import LSTM
from ntmlab.models.ntm import NTM, NTMState
from ntmlab.models.ntm_trace import NTMTrace
from ntmlab.models.predictor import ModulePredictor

MODELS: dict[str, type[NTM] | type[LSTM]] = {NTM.kind: NTM, LSTM.kind: LSTM}

__all__ = [
    "LSTM",
    "MODELS",
    "NTM",
    "LSTMState",
    "ModulePredictor",
    "NTMState",
    "NTMTrace",
    "make_model",
]


def make_model(kind: str, **options: Any) -> NTM | LSTM:
    """A new model of a kind; raises InputError for an unknown kind or option, or a wrong value."""
    if kind not in MODELS:
        raise unknown_name("model kind", kind, MODELS)
    try:
        return MODELS[kind](**options)
    except TypeError as error:
        raise InputError(f"model {kind}: {error}") from None
