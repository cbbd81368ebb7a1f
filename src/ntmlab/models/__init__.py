"""Models: ordinary PyTorch modules, batch first, logits out."""

from ntmlab.kernels.lstm_scan import LSTMState
from ntmlab.models.foreign import Foreign
from ntmlab.models.lstm import LSTM
from ntmlab.models.ntm import NTM, NTMState
from ntmlab.models.ntm_trace import NTMTrace
from ntmlab.models.predictor import ModulePredictor
from ntmlab.models.protocol import Model
from ntmlab.models.reading import WritesFor, read_only
from ntmlab.models.specification import MODELS, make_model, names_code, split_model

__all__ = [
    "LSTM",
    "MODELS",
    "NTM",
    "Foreign",
    "LSTMState",
    "Model",
    "ModulePredictor",
    "NTMState",
    "NTMTrace",
    "WritesFor",
    "make_model",
    "names_code",
    "read_only",
    "split_model",
]
