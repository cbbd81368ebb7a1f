"""Models by specification: ``lstm:hidden_size=64``, or a user's own ``package.module:factory``.

A name that an installed package registers stands for such a factory.
"""

import inspect
from collections.abc import Callable
from typing import Any

import torch

from ntmlab.errors import InputError, unknown_name
from ntmlab.foreign import described, find_foreign, is_foreign, is_importable
from ntmlab.models.delta import DeltaNet
from ntmlab.models.dnc import DNC
from ntmlab.models.foreign import Foreign
from ntmlab.models.gru import GRU
from ntmlab.models.lstm import LSTM
from ntmlab.models.mingru import MinGRU
from ntmlab.models.ntm import NTM
from ntmlab.models.protocol import Model
from ntmlab.models.ssm import SSM
from ntmlab.models.transformer import Transformer
from ntmlab.registered import registered, registered_factory
from ntmlab.specifications import parse_specification

MODELS: dict[str, Callable[..., Model]] = {
    NTM.kind: NTM,
    LSTM.kind: LSTM,
    GRU.kind: GRU,
    Transformer.kind: Transformer,
    MinGRU.kind: MinGRU,
    DeltaNet.kind: DeltaNet,
    SSM.kind: SSM,
    DNC.kind: DNC,
}

SIZES = ("input_size", "output_size")  # follow from the task


def make_model(text: str, /, **options: Any) -> Model:
    """A new model of a specification, its weights drawn from PyTorch's generator.

    Keyword options come on top, ``input_size`` and ``output_size`` among them.

    >>> make_model("lstm:hidden_size=8", input_size=1, output_size=1).hidden_size
    8

    Raises InputError for an unknown name or option, with the nearest ones, or a wrong value, and
    for whatever goes wrong in a user's code.
    """
    name, own = split_model(text)
    own |= options
    if name not in MODELS:
        if missing := [size for size in SIZES if size not in own]:
            raise InputError(
                f"model {name} needs {' and '.join(missing)}, which follow from a task"
            )
        return Foreign(name, own.pop("input_size"), own.pop("output_size"), own)
    known = list(inspect.signature(MODELS[name]).parameters)
    for option in own:
        if option not in known:
            raise unknown_name(f"option of model {name}", option, known)
    try:
        return MODELS[name](**own)
    except InputError:
        raise
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise InputError(f"model {name}: {described(error)}") from None


def split_model(text: str) -> tuple[str, dict[str, Any]]:
    """Name and options of a specification; raises InputError for an unknown name.

    A user's module may be called as a model is: with a gru.py about, gru:GRU is what stands in it.
    """
    text = registered_factory(text) or text
    head, factory = [*text.split(":"), ""][:2]
    is_hidden = head in MODELS and is_importable(head)
    if head in MODELS and not is_hidden and factory.isidentifier():
        raise InputError(
            f"model {head} has no variants such as {factory!r}; give key=value; for a {factory} of "
            f"your own there is no {head}.py here"
        )
    name, variant, options = parse_specification(text, "model", {} if is_hidden else MODELS)
    if name not in MODELS and not is_foreign(name):
        raise unknown_name("model kind", name, [*MODELS, *registered(), "package.module:factory"])
    if variant is not None:
        raise InputError(f"model {name} has no variants such as {variant!r}; give key=value")
    return name, options


def settable_options(name: str) -> set[str] | None:
    """Options that a specification may set; None for a user's factory that takes any."""
    if name in MODELS:
        with torch.device("meta"):  # sizes only
            return set(MODELS[name](1, 1).options()) - set(SIZES)
    takes = inspect.signature(find_foreign("model", name)).parameters.values()
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in takes):
        return None
    return {parameter.name for parameter in takes} - set(SIZES)


def names_code(text: str) -> bool:
    """Whether a specification names a user's own factory, with options or without.

    So does a name that a package registers.

    >>> names_code("mine:GRU"), names_code("mine:GRU:width=8"), names_code("lstm:layers=2")
    (True, True, False)
    """
    return is_foreign(":".join(text.split(":")[:2])) or registered_factory(text) is not None


def import_model(name: str) -> None:
    """Imports a user's code, so that no import comes between a seed and the weights drawn."""
    if name not in MODELS:
        find_foreign("model", name)
