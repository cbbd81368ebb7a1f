"""A module that a user brings, as a model like any other.

Legend: B batch, T time, I inputs, O outputs.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from ntmlab.errors import InputError
from ntmlab.foreign import guarded, make_foreign
from ntmlab.models.protocol import Model
from ntmlab.models.sizes import check_inputs, check_positive


class Foreign(Model):
    """What a user's ``package.module:factory`` makes, called with the options.

    The factory, a function or a class of modules, is given ``input_size`` and ``output_size`` if it
    takes them. Its module maps inputs (B, T, I) to logits (B, T, O), or to a tuple that starts with
    them and may end with a state, in its own dtype. Weights are kept under the module's own names.
    Raises InputError, one line with the model's name, for whatever goes wrong in the user's code.
    """

    def __init__(
        self, kind: str, input_size: int, output_size: int, options: Mapping[str, Any]
    ) -> None:
        super().__init__()
        check_positive(input_size=input_size, output_size=output_size)
        sizes = {"input_size": input_size, "output_size": output_size}
        made = make_foreign("model", kind, sizes, options)
        if not isinstance(made, nn.Module):
            raise InputError(
                f"model {kind}: its factory made a {type(made).__name__}, not a PyTorch module"
            )
        self.kind, self.module = kind, made
        self.input_size, self.output_size = input_size, output_size
        self.given = dict(options)

    def options(self) -> dict[str, Any]:
        """Sizes, and what the factory was given."""
        return {"input_size": self.input_size, "output_size": self.output_size, **self.given}

    def forward(self, inputs: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """Logits (B, T, O) in the inputs' dtype, and the module's state, None if it has none."""
        check_inputs(inputs, self.input_size)
        given = inputs.to(self.dtype, copy=True)  # which it may write into
        own = (given,) if state is None else (given, state)
        returned = guarded(f"model {self.kind}: its forward pass", self.module, *own)
        parts = returned if isinstance(returned, tuple) and returned else (returned,)
        expected = (*inputs.shape[:2], self.output_size)
        logits = parts[0]
        if not isinstance(logits, Tensor) or logits.shape != expected:
            found = tuple(logits.shape) if isinstance(logits, Tensor) else type(logits).__name__
            raise InputError(
                f"model {self.kind} must return logits {expected} for inputs "
                f"{tuple(inputs.shape)}, not {found}"
            )
        if not logits.is_floating_point():
            raise InputError(f"model {self.kind} must return real logits, not {logits.dtype}")
        return logits.to(inputs.dtype), parts[1] if len(parts) > 1 else None

    @property
    def dtype(self) -> torch.dtype:
        """What the module computes in: the type of its first parameter that is a real number."""
        real = (p.dtype for p in self.module.parameters() if p.is_floating_point())
        return next(real, torch.float32)

    def try_out(self, inputs: Tensor) -> None:
        """Raises InputError unless the module runs on these inputs and can be trained."""
        self.eval()
        logits, _ = self(inputs)
        trained = [p for p in self.parameters() if p.requires_grad]
        if not trained:
            raise InputError(f"model {self.kind} has no parameters to train")
        if not all(p.is_floating_point() for p in trained):
            raise InputError(f"model {self.kind} has parameters that are no real numbers")
        if not logits.requires_grad:
            raise InputError(f"model {self.kind} returns logits without a gradient")
        self._try_backward(logits, trained)
        for name, value in self.state_dict().items():
            if not isinstance(value, Tensor):
                raise InputError(f"model {self.kind} keeps {name}, which is no tensor")

    def _try_backward(self, logits: Tensor, trained: list[nn.Parameter]) -> None:
        """Raises InputError unless logits send gradients back that can be clipped."""
        options = {"allow_unused": True}
        what = f"model {self.kind}: its backward pass"
        back = guarded(what, torch.autograd.grad, logits.sum(), trained, **options)
        found = [gradient for gradient in back if gradient is not None]
        if not found:
            raise InputError(f"model {self.kind} returns logits without a gradient of parameters")
        if any(gradient.layout != torch.strided for gradient in found):
            raise InputError(
                f"model {self.kind} has sparse gradients, as of nn.Embedding(sparse=True), which "
                "cannot be clipped: leave out sparse=True"
            )

    def state_dict(self, *arguments: Any, **options: Any) -> Any:
        """The module's own."""
        return self.module.state_dict(*arguments, **options)

    def load_state_dict(self, *arguments: Any, **options: Any) -> Any:
        """The module's own."""
        return self.module.load_state_dict(*arguments, **options)
