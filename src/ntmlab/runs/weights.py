"""Weights on disk: a safetensors file and a JSON card beside it. Nothing is ever unpickled."""

import hashlib
import os
from pathlib import Path
from statistics import mode

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.files import replacing_all
from ntmlab.foreign import described, remark_on_code
from ntmlab.models import MODELS, Model, make_model, split_model
from ntmlab.models.sizes import has_numbers
from ntmlab.records import Record, read_object, to_bytes
from ntmlab.trusted import check_trusted

FORMAT = "ntmlab-weights-1"
DIGEST = "sha256"  # of the weights file, in its card


def save_model(model: Model, path: Path, card: Record) -> None:
    """Writes ``path`` (.safetensors) and its card, a JSON with the same stem.

    The card gets the model's kind and options and the weights' digest; ``card`` adds task, recipe,
    seed, commit and score.
    """
    full = {"format": FORMAT, "model": model.kind, "options": model.options(), **card}
    tensors = {
        name: tensor.detach().clone(memory_format=torch.contiguous_format)
        for name, tensor in model.state_dict().items()
    }
    content = save(tensors)
    full[DIGEST] = digest(content)
    with replacing_all([path, path.with_suffix(".json")]) as (weights, beside):
        weights.write_bytes(content)
        beside.write_bytes(to_bytes(full))


def digest(content: bytes) -> str:
    """The SHA-256 of a weights file, as its card has it."""
    return hashlib.sha256(content).hexdigest()


def read_card(path: Path) -> Record:
    """The card of a weights file; raises InputError where it is missing, damaged or foreign."""
    card_path = path.with_suffix(".json")
    card = read_object(card_path)
    if card is None and not os.path.exists(path):
        raise InputError(f"there is no weights file {path}")
    if card is None:
        raise InputError(f"no card {card_path} beside the weights {path.name}")
    if card.get("format") != FORMAT:
        raise InputError(f"{card_path} is not a card of ntmlab weights (format {FORMAT})")
    parts = (card.get("options"), card.get("code", {}))
    if not isinstance(card.get("model"), str) or not all(isinstance(one, dict) for one in parts):
        raise InputError(f"{card_path} does not say which model the weights belong to")
    return card


def code_of(path: Path) -> Record:
    """The digests of a user's own code that a weights file was trained with, as its card says."""
    code: Record = (read_object(path.with_suffix(".json")) or {}).get("code", {})
    return code


def load_weights(path: Path) -> Model:
    """The model of a weights file, in evaluation mode; half precision on disk becomes float32.

    A remark says where code of a user's that they were trained with has another file now. Raises
    InputError where file or card is missing, damaged, foreign, or does not fit the other.
    """
    card = read_card(path)
    stored = _read(path, card.get(DIGEST))
    half = torch.float16
    tensors = {name: t.float() if t.dtype == half else t for name, t in stored.items()}
    if card["model"] in MODELS:
        model = _built_in(card, tensors, path)
    else:
        model = _foreign(card, tensors, path)
    remark_on_code(card.get("code", {}), str(path))
    return model.eval()


def _read(path: Path, expected: object) -> dict[str, Tensor]:
    """The tensors of a weights file; cards of earlier versions expect no digest."""
    try:
        content = path.read_bytes()
        stored = load(content)
    except FileNotFoundError:
        raise InputError(f"there is no weights file {path}") from None
    except (OSError, SafetensorError) as error:
        raise InputError(f"{path} is not a readable safetensors file: {error}") from None
    if expected is not None and digest(content) != expected:
        raise InputError(
            f"{path} is damaged, or not the file that its card was written for: its digest is "
            "another; if it is of a run, going on with the run makes it good"
        )
    return stored


def _built_in(card: Record, tensors: dict[str, Tensor], path: Path) -> Model:
    with torch.device("meta"):  # sizes only: a wrong card cannot claim memory
        model = make_model(card["model"], **card["options"])
    tensors = {name: tensor for name, tensor in tensors.items() if has_numbers(tensor)}
    expected = {name: tensor.shape for name, tensor in model.state_dict().items()}
    found = {name: tensor.shape for name, tensor in tensors.items()}
    if expected != found:
        wrong = sorted(n for n in expected | found if expected.get(n) != found.get(n))
        raise InputError(f"{path} does not hold the weights its card names; wrong: {wrong[0]}")
    dtypes = {name: tensors[name].dtype for name in sorted(tensors)}  # a file has no order
    usual = mode(dtypes.values())
    for name, dtype in dtypes.items():
        if not dtype.is_floating_point or dtype != usual:
            raise InputError(f"{path}: {name} is {dtype}; weights are floats, all of one dtype")
    model.load_state_dict(tensors, assign=True)
    return model.requires_grad_(True)


def _foreign(card: Record, tensors: dict[str, Tensor], path: Path) -> Model:
    """A user's model, made by code that the card may name; no random number is used up."""
    check_trusted(split_model(card["model"])[0], str(path.with_suffix(".json")))
    try:
        return made_again(card["model"], card["options"], tensors)
    except (RuntimeError, KeyError) as error:
        raise InputError(
            f"{path} does not hold the weights its card names: {described(error)}"
        ) from None


def made_again(kind: str, options: Record, tensors: dict[str, Tensor]) -> Model:
    """A user's model with weights that were kept; no random number is used up.

    Raises RuntimeError or KeyError where it does not take them.
    """
    with torch.random.fork_rng([]):
        model = make_model(kind, **options)
    model.load_state_dict(tensors)
    return model
