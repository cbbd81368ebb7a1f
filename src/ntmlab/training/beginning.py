"""A run that begins with the weights of a model that is there, instead of a draw."""

from ntmlab.errors import InputError
from ntmlab.models import Model
from ntmlab.weights import load_model


def take_weights(model: Model, name: str) -> None:
    """Puts the weights of a shipped model, run folder or weights file into a model of its sizes.

    Raises InputError where there is none, or it is a model of another kind or other sizes.
    """
    other = load_model(name)
    if type(other) is not type(model):
        raise InputError(
            f"weights {name} are of a model {other.kind}, the recipe's is {model.kind}"
        )
    own, found = model.state_dict(), other.state_dict()
    for part in own:
        shape = found[part].shape if part in found else None
        if shape != own[part].shape:
            raise InputError(
                f"weights {name} do not fit the recipe's model: its {part} is "
                f"{tuple(own[part].shape)}, theirs {'missing' if shape is None else tuple(shape)}"
            )
    model.load_state_dict(found)
