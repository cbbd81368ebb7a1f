"""Several NTMs of one size with weights of their own, as one module: their scans are one launch."""

import torch
from torch import Tensor, nn

from ntmlab.models import NTM
from ntmlab.models.ntm_seeds import seeds_logits


class Machines(nn.Module):
    """The first rows of a batch belong to the first machine, and so on."""

    def __init__(self, models: list[NTM]) -> None:
        super().__init__()
        self.count, self.like = len(models), (models[0],)  # whose weights are not this module's
        for name, _ in models[0].named_parameters():
            parts = torch.stack([getattr(model, name).detach() for model in models])
            self.register_parameter(name, nn.Parameter(parts))

    @property
    def backend(self) -> str:
        """Of all machines."""
        return self.like[0].backend

    @backend.setter
    def backend(self, backend: str) -> None:
        self.like[0].backend = backend

    def forward(self, inputs: Tensor) -> tuple[Tensor, None]:
        """Logits (S B, T, O) for inputs (S B, T, I)."""
        given = inputs.unflatten(0, (self.count, -1))
        return seeds_logits(self.like[0], dict(self.named_parameters()), given).flatten(0, 1), None
